"""The register of users as addresses name it: persons, their rights, the quarterly reviews of these."""

import uuid
from collections.abc import Mapping
from datetime import date

from secal.access.models import Charge, User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.office.clock import today
from secal.register.models import Review
from secal.register.services import reviews
from tests.matrix.things import EVERYONE, NOBODY, REGISTER, MakeUser, Secret, Things, add
from tests.register.test_reviews import answer_own_of, answered

QUARTERS_AGO = date(2026, 4, 20)
"""In a quarter of which the review is over."""


def build(ours: Mapping[Role, User], make_user: MakeUser, things: Things, secrets: list[Secret]) -> None:
    """Somebody in each state of the register, and two reviews: one confirmed, one that waits."""
    officer, bailiff, left = ours[Role.CASE_OFFICER], ours[Role.BAILIFF], _left()
    for name, user in (("an officer", officer), ("a bailiff", bailiff), ("who left", left)):
        add(things, "register_entry", name, {"user_id": user.pk}, EVERYONE)
    add(things, "appointed", "an officer", {"user_id": officer.pk}, EVERYONE)
    add(things, "appointed", "who left", {"user_id": left.pk}, NOBODY)
    add(things, "chargeable", "an officer", {"user_id": officer.pk}, EVERYONE)
    add(things, "chargeable", "a bailiff", {"user_id": bailiff.pk}, NOBODY)
    _rights(officer, things)
    _reviews(ours, things)
    _somebody_whom_only_the_register_knows(make_user, secrets)


def _rights(officer: User, things: Things) -> None:
    charge = Charge.objects.filter(user=officer).earliest("mission")
    rights = {
        "appointment": officer.appointments.get().pk,
        "user_role": officer.roles.get().pk,
        "charge": charge.pk,
    }
    for kind, right_id in rights.items():
        add(things, kind, "of an officer", {"right_id": right_id}, EVERYONE)
        # A right of another kind is none of this one.
        other = rights["charge" if kind != "charge" else "user_role"]
        add(things, kind, "of another kind", {"right_id": other}, NOBODY)


def _left() -> User:
    """Entered, and without any appointment."""
    return User.objects.create(
        subject=f"matrix-{uuid.uuid4()}", given_name="Wout", family_name="Lijsterbes", section=""
    )


def _reviews(ours: Mapping[Role, User], things: Things) -> None:
    coordinator, dpo = ours[Role.SECURITY_COORDINATOR], ours[Role.DATA_PROTECTION_OFFICER]
    made: list[Review] = []
    for day in (QUARTERS_AGO, today()):
        with acting_as(coordinator.pk):
            made.append(reviews.open_review(on=day))
    over, waiting = made
    answered(over, coordinator)
    answer_own_of(over, coordinator, dpo)
    with acting_as(dpo.pk):
        reviews.confirm(over.pk, on=today())
    for name, review, proved in (("confirmed", over, EVERYONE), ("waiting", waiting, NOBODY)):
        add(things, "review", name, {"review_id": review.pk}, EVERYONE)
        add(things, "confirmed_review", name, {"review_id": review.pk}, proved)


def _somebody_whom_only_the_register_knows(make_user: MakeUser, secrets: list[Secret]) -> None:
    """A registrar of a section of their own, who registered nothing yet."""
    make_user(Role.REGISTRAR, given_name="Merel", family_name="Tjiftjaf", section="Zandhagedis")
    for text, label in (("Tjiftjaf", "name"), ("Zandhagedis", "section"), ("Lijsterbes", "name")):
        secrets.append(Secret(text, f"register.{label}", REGISTER))
