"""What the register of users tells of the last months: a deputy whose task is over, a colleague who came,
and the review of the quarter before, answered by the co-ordinator and confirmed by the other watcher."""

import random
from datetime import date, datetime, time, timedelta
from uuid import UUID

from secal.access.models import Appointment, User, UserRole
from secal.access.roles import Role
from secal.config.demo.personas import GHENT
from secal.config.demo.seed.author import telling_of
from secal.config.demo.seed.names import NAMING
from secal.config.demo.seed.staff import SINCE, Staff, entered_then
from secal.office.formatting import BRUSSELS
from secal.register.models import Verdict
from secal.register.rules import quarter_before, quarter_of
from secal.register.services import reviews

AN, BART, MIA, PAUL = "demo-an-willems", "demo-bart-goossens", "demo-mia-peeters", "demo-paul-renard"


def tell_register(chance: random.Random, staff: Staff, today: date) -> None:
    """Write what happened since the start of the quarter before this one."""
    this_quarter = quarter_of(today)
    last_quarter = quarter_before(this_quarter)
    bart = staff.by_subject[BART].pk
    _deputy(staff.by_subject[MIA], by=bart, last=last_quarter + timedelta(days=44))
    _newcomer(chance, by=bart, since=min(this_quarter + timedelta(days=18), today))
    _review(staff, opened=last_quarter + timedelta(days=60))


def _deputy(mia: User, *, by: UUID, last: date) -> None:
    """Mia stood in for a second signatory until the middle of the last quarter."""
    role = UserRole.objects.create(
        user=mia,
        appointment=mia.appointments.get(),
        role=Role.APPROVER,
        plane=mia.appointments.get().plane,
        valid_from=SINCE,
        entered_by_id=by,
    )
    entered_then(role)
    role.ended_at = datetime.combine(last, time(17), tzinfo=BRUSSELS)
    role.ended_by, role.end_reason, role.valid_until = by, "task_over", last
    role.save()


def _newcomer(chance: random.Random, *, by: UUID, since: date) -> None:
    """A registrar who came this quarter."""
    naming = NAMING["nl"]
    user = User.objects.create(
        id=UUID(int=chance.getrandbits(128), version=4),
        subject=f"colleague-{chance.getrandbits(48):012x}",
        given_name=chance.choice(naming.women + naming.men),
        family_name=chance.choice(naming.families),
        language="nl",
        section=GHENT,
    )
    appointment = Appointment.objects.create(
        user=user, plane="registration", section=GHENT, valid_from=since, entered_by_id=by
    )
    role = UserRole.objects.create(
        user=user,
        appointment=appointment,
        role=Role.REGISTRAR,
        plane="registration",
        valid_from=since,
        entered_by_id=by,
    )
    entered_then(appointment, role)


def _review(staff: Staff, *, opened: date) -> None:
    """An kept every right of the others, Paul hers; then he confirmed."""
    an, paul = staff.by_subject[AN].pk, staff.by_subject[PAUL].pk
    with telling_of(an):
        review = reviews.open_review(on=opened)
        others = review.lines.exclude(holder=an)
        reviews.answer(review.pk, dict.fromkeys(others.values_list("pk", flat=True), Verdict.KEEP), on=opened)
    with telling_of(paul):
        own = review.lines.filter(holder=an)
        reviews.answer(review.pk, dict.fromkeys(own.values_list("pk", flat=True), Verdict.KEEP), on=opened)
        reviews.confirm(review.pk, on=opened + timedelta(days=6))
