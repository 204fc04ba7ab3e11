"""What the demonstration tells of the register: what ended, who came, and a review that was confirmed."""

import random
from datetime import date

import pytest

from secal.access.models import UserRole
from secal.access.roles import Plane, Role
from secal.access.unit_of_work import acting_as
from secal.config.demo.seed.author import author_at_work
from secal.config.demo.seed.register_told import AN, MIA, PAUL, tell_register
from secal.config.demo.seed.staff import hire
from secal.register.models import Review, Verdict
from secal.register.rules import Mark
from secal.register.selectors import watching

ON = date(2026, 11, 22)


@pytest.mark.django_db
def test_the_watchers_find_what_ended_last_quarter_what_came_in_this_one_and_a_confirmed_review() -> None:
    with author_at_work():
        staff = hire(random.Random(1))  # noqa: S311 - invented data
        tell_register(random.Random(2), staff, ON)  # noqa: S311 - invented data
    review = Review.objects.get()
    assert (review.period, review.opened_by, review.confirmed_by) == (
        date(2026, 7, 1),
        staff.by_subject[AN],
        staff.by_subject[PAUL],
    )
    assert set(review.lines.values_list("verdict", flat=True)) == {Verdict.KEEP}
    with acting_as(staff.by_subject[AN].pk):
        told = {}
        for plane in (Plane.CASEWORK, Plane.REGISTRATION):
            users = list(watching.holders(plane, on=ON, changed=True))
            for row in watching.rows(users, plane, on=ON):
                cells = zip(watching.columns(plane), row.cells, strict=True)
                told[row.user] = {column: cell.mark for column, cell in cells if cell is not None}
    assert told.pop(staff.by_subject[MIA])[Role.APPROVER] is Mark.ENDED
    ((newcomer, marks),) = told.items()
    assert marks == {Role.REGISTRAR: Mark.ADDED}
    assert UserRole.objects.get(user=newcomer).valid_from == date(2026, 10, 19)
