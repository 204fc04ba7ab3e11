"""What is to be done on a file, and what the officer found of its debtor's means."""

import json
import uuid
from datetime import date, timedelta
from decimal import Decimal

from secal.access.actors import service_actor
from secal.cases.models import EventKind, FileState, WorkKind
from secal.config.demo.seed.load import moment
from secal.config.demo.seed.story import FileStory, World, tell
from secal.kernel.calendar import delay_in_days, is_working_day
from secal.law import parameter
from secal.solvency.models import ReviewOutcome
from secal.solvency.rules import InventoryLine, balance
from secal.solvency.services import Findings, conclude

SHARES = ((ReviewOutcome.POSITIVE, 35), (ReviewOutcome.NEGATIVE, 50), (ReviewOutcome.FACILITIES, 15))
LATEST_AFTER = 20
"""Days within which most officers do a review that has come back."""

FOUND = {
    ReviewOutcome.POSITIVE: (
        "Revenu professionnel régulier, au-delà de la quotité insaisissable ; employeur connu.",
        (("salary", "salaire net", 1_950, 2_800), ("housing", "loyer", 600, 900)),
    ),
    ReviewOutcome.NEGATIVE: (
        "Revenu d’intégration pour seule ressource ; aucun bien connu, aucune saisie possible.",
        (("replacement", "revenu d’intégration", 980, 1_310), ("housing", "loyer", 450, 650)),
    ),
    ReviewOutcome.FACILITIES: (
        "Revenu modeste et charges prouvées ; le débiteur propose de payer par mensualités.",
        (
            ("salary", "salaire net", 1_500, 1_900),
            ("housing", "loyer", 650, 850),
            ("loans", "prêt", 120, 260),
        ),
    ),
}
"""What officers write for each outcome, and the means and charges that they found (euro, from, to)."""


def open_work(world: World, story: FileStory) -> None:
    """An application that is complete waits for its decision."""
    if story.state is FileState.TO_DECIDE and story.complete_on:
        days = parameter("decision_days", on=story.complete_on)
        world.loader.add(
            "cases.WorkItem",
            id=world.inventor.uuid(),
            file_id=story.id,
            kind=WorkKind.DECIDE_ADVANCE.value,
            source=story.application,
            legal_reference=days.article,
            since=story.complete_on,
            due_on=delay_in_days(story.complete_on, days.integer().value),
        )


def reviews(world: World, story: FileStory) -> None:
    """Reviews so far, and the day of the next one; a debtor whose day has come is on the officer's list."""
    decided_on = story.decided_on or world.today
    first = parameter("solvency_first_review_days", on=decided_on).integer().value
    due_on = decided_on + timedelta(days=first)
    review: uuid.UUID | None = None
    if story.cast.outcome:
        _told_reviews(world, story, due_on)
        return
    while due_on <= world.today - timedelta(days=world.chance.randrange(LATEST_AFTER)):
        reviewed_on = _working_day_until(due_on, world.today)
        review = world.inventor.uuid()
        outcome = world.chance.choices([one for one, _ in SHARES], [share for _, share in SHARES])[0]
        due_on = _write_review(world, story, review, reviewed_on, outcome)
    _enter_calendar(world, story, review, due_on)


def _told_reviews(world: World, story: FileStory, first_due_on: date) -> None:
    """One review with the outcome of the story; its next day is today where the story says so."""
    review = world.inventor.uuid()
    on = _working_day_until(min(first_due_on, world.today - timedelta(days=1)), world.today)
    wanted = world.today if story.cast.due_today else None
    next_on = _write_review(world, story, review, on, story.cast.outcome or ReviewOutcome.NEGATIVE, wanted)
    _enter_calendar(world, story, review, next_on)


def _enter_calendar(world: World, story: FileStory, review: uuid.UUID | None, due_on: date) -> None:
    brought_back_on = due_on if due_on <= world.today else None
    world.loader.add(
        "solvency.Reexamination",
        file_id=story.id,
        review_id=review,
        due_on=due_on,
        brought_back_on=brought_back_on,
    )
    if brought_back_on:
        _bring_back(world, story, due_on)


def _bring_back(world: World, story: FileStory, due_on: date) -> None:
    world.loader.add(
        "cases.WorkItem",
        id=world.inventor.uuid(),
        file_id=story.id,
        kind=WorkKind.REVIEW_SOLVENCY.value,
        source=story.id,
        legal_reference=parameter("solvency_review_latest_months", on=due_on).article,
        since=due_on,
        due_on=due_on,
    )
    tell(world, story, EventKind.REVIEW, "solvency_due", due_on, service_actor("solvency"))


def _working_day_until(day: date, last: date) -> date:
    while not is_working_day(day) and day < last:
        day += timedelta(days=1)
    return day


def _write_review(
    world: World,
    story: FileStory,
    review: uuid.UUID,
    on: date,
    outcome: ReviewOutcome,
    next_on: date | None = None,
) -> date:
    """A signed review as the office's rules conclude it; returns the day of the next one."""
    chance = world.chance
    reasons, ranges = FOUND[outcome]
    inventory = tuple(
        InventoryLine(kind, label, Decimal(chance.randrange(low, high, 10)), "déclaration du débiteur")
        for kind, label, low, high in ranges
    )
    procedure = "demand" if outcome is ReviewOutcome.POSITIVE else ""
    concluded = conclude(Findings(outcome, reasons, inventory, procedure, next_on), on=on)

    def sealed(column: str, text: str) -> bytes:
        return world.loader.seal("solvency.SolvencyReview", column, review, story.key_id, text)

    world.loader.add(
        "solvency.SolvencyReview",
        id=review,
        file_id=story.id,
        reviewed_on=on,
        signed_at=moment(on, 30),
        outcome=outcome.value,
        procedure=concluded.procedure.value,
        reasons=sealed("reasons", concluded.reasons),
        means=sealed("means", _as_frozen(inventory)),
        next_review_on=concluded.next_review_on,
        reviewed_by_id=story.officer.pk,
    )
    tell(
        world,
        story,
        EventKind.REVIEW,
        "solvency_reviewed",
        on,
        story.officer,
        outcome=outcome.value,
        next_review_on=concluded.next_review_on.isoformat(),
    )
    return concluded.next_review_on


def _as_frozen(inventory: tuple[InventoryLine, ...]) -> str:
    """The inventory in the form in which a review keeps it."""
    sums = balance(inventory)
    lines = [
        {"kind": line.kind, "label": line.label, "amount": str(line.amount), "source": line.source}
        for line in inventory
    ]
    return json.dumps(
        {"lines": lines, "means": str(sums.means), "charges": str(sums.charges)}, ensure_ascii=False
    )
