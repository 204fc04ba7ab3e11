"""How one invented file lives: the family, the application, the decision, then month after month.

Everything that happens is written on the day on which it happens, by whoever does it in the office: a
colleague registers, the officer in charge decides, a second person approves, the services do the rest.
"""

from datetime import timedelta

from secal.cases.models import EventKind, FileState
from secal.config.demo.seed.deciding import decide
from secal.config.demo.seed.intake import begin, state_terms, write_family, write_file, write_term
from secal.config.demo.seed.months import run_months
from secal.config.demo.seed.story import Cast, World, pick, tell
from secal.config.demo.seed.work import open_work, reviews
from secal.kernel.calendar import working_day_on_or_after

ANYBODY = Cast()
FATES = (("decided", 82), ("refused", 4), ("waiting", 9), ("incomplete", 5))


def live(world: World, *, serial: int, book_number: int, months: int, cast: Cast = ANYBODY) -> None:
    """Invent a file whose application came so many months ago, and let it live until today."""
    story = begin(world, serial, book_number, months, cast)
    write_family(world, story)
    state_terms(world, story)
    fate = cast.fate or pick(world.chance, FATES)
    if fate != "incomplete":
        story.complete_on = min(
            working_day_on_or_after(story.received_on + timedelta(days=world.chance.randrange(9))),
            world.today,
        )
        tell(world, story, EventKind.INTAKE, "application_complete", story.complete_on, story.registrar)
        story.state = FileState.TO_DECIDE
    if fate in ("decided", "refused") and story.complete_on:
        day = working_day_on_or_after(story.complete_on + timedelta(days=world.chance.randrange(4, 24)))
        if day <= world.today:
            story.creditor_in_belgium = fate != "refused"
            decide(world, story, story.complete_on, day)
    if story.state is FileState.ACTIVE:
        run_months(world, story)
    for term, _child in story.terms:
        write_term(world, story, term)
    write_file(world, story)
    open_work(world, story)
    if story.state is FileState.ACTIVE:
        reviews(world, story)
