"""Nobody works on their own debt: who is the employer of a file is refused there, and nowhere else."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recovery.arrears.models import Debt, Origin
from recovery.arrears.selectors import rolls_to_sign
from recovery.arrears.services.debts import record_debt
from recovery.cases.models import RecoveryFile
from recovery.cases.selectors import get_file, get_mandated_file, mandated_files, visible_files
from recovery.enforcement.selectors.distribution import waiting_count, waiting_titles
from recovery.enforcement.selectors.irrecoverability import pending_count, pending_proposals
from recovery.enforcement.selectors.transmission import issued_titles, open_extract
from recovery.enforcement.services.transmission import transmit
from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.identities import number_indexes
from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.ledger.guards import admit
from secal.people.employers import open_employer, register_employer
from secal.people.models import EmployerKind
from tests.changing import change
from tests.recovery.enforcement.conftest import proposed
from tests.recovery.stories import (
    QUARTER,
    RECORDED_ON,
    TRANSMITTED_ON,
    People,
    firm,
    made_file,
    made_title,
    mandated_title,
    transmitted_title,
)
from tests.stories import new_niss

Log = Callable[..., list[dict[str, Any]]]
BORN = date(1984, 3, 9)


@pytest.fixture
def own_number() -> str:
    return new_niss(BORN)


def natural(niss: str, name: str = "Nadia Benali") -> dict[str, Any]:
    """A natural person who is an employer."""
    return {"kind": EmployerKind.NATURAL, "name": name, "legal_form": "", "niss": niss, "birth_date": BORN}


def is_the_employer(user: User, niss: str) -> None:
    number = number_indexes(niss)
    change(user, niss_bi=number.person, employer_bi=number.employer)


def test_the_two_indexes_of_a_number_never_meet(own_number: str) -> None:
    number = number_indexes(own_number)
    assert number.person != number.employer


def test_a_clerk_does_not_open_their_own_file_and_opens_another(
    staff: People, own_number: str, security_log: Log
) -> None:
    own = made_file(staff, **natural(own_number))
    other = made_file(staff, **natural(new_niss(BORN), "Sofie Claes"))
    is_the_employer(staff.clerk, own_number)
    with pytest.raises(Refused) as refused, acting_as(staff.clerk.pk):
        get_file(own.pk)
    assert (refused.value.reason, refused.value.hidden) == ("actor_is_party", False)
    assert security_log(kind="DENY", actor=staff.clerk.pk, file=own.pk, reason="actor_is_party")
    assert not security_log(kind="READ", actor=staff.clerk.pk, file=own.pk, act="recovery.open")
    with acting_as(staff.clerk.pk):
        assert get_file(other.pk) == other
        assert set(visible_files(current_actor())) == {other}


def test_no_other_way_leads_a_clerk_to_their_own_file(
    staff: People, own_number: str, security_log: Log
) -> None:
    own = made_file(staff, **natural(own_number))
    is_the_employer(staff.clerk, own_number)
    debts = list(Debt.objects.values())
    ways: list[Callable[[], object]] = [
        lambda: open_employer(own.employer_id, act="debt.record"),
        lambda: admit(own.book, act="recovery.ledger", purpose="recovery"),
        lambda: register_employer(
            firm(**natural(own_number), enterprise_number=own.employer.open_value("enterprise_number")),
            on=RECORDED_ON,
        ),
        lambda: record_debt(
            employer_id=own.employer_id,
            quarter=QUARTER,
            origin=Origin.EX_OFFICIO,
            contributions=Decimal("1.00"),
            on=RECORDED_ON,
        ),
    ]
    for number, way in enumerate(ways, 1):
        with pytest.raises(Refused) as refused, acting_as(staff.clerk.pk):
            way()
        assert refused.value.reason == "actor_is_party"
        assert len(security_log(kind="DENY", actor=staff.clerk.pk, reason="actor_is_party")) == number
    assert list(Debt.objects.values()) == debts


def test_a_bailiff_does_not_see_their_own_debt(staff: People, own_number: str) -> None:
    own = mandated_title(staff, **natural(own_number)).file_id
    other = mandated_title(staff).file_id
    is_the_employer(staff.bailiff, own_number)
    with acting_as(staff.bailiff.pk):
        assert set(mandated_files(current_actor()).values_list("pk", flat=True)) == {other}
        assert get_mandated_file(other).pk == other
    with pytest.raises(Refused) as refused, acting_as(staff.bailiff.pk):
        get_mandated_file(own)
    assert refused.value.reason == "actor_is_party"
    assert RecoveryFile.objects.filter(pk=own).exists()


def test_no_list_shows_somebody_their_own_debt(staff: People, own_number: str) -> None:
    own, other = made_title(staff, **natural(own_number)), made_title(staff)
    is_the_employer(staff.directorate, own_number)
    with acting_as(staff.directorate.pk):
        assert [roll.file_id for roll in rolls_to_sign()] == [other.file_id]
        assert [title.pk for title in issued_titles()] == [other.pk]
        sent = transmit(title_ids=[own.pk, other.pk], on=TRANSMITTED_ON)
        assert [line.title_id for line in sent.lines.all()] == [other.pk]


def test_neither_lists_nor_counts_tell_an_operator_or_the_directorate_of_their_own_debt(
    staff: People, own_number: str
) -> None:
    own, other = transmitted_title(staff, **natural(own_number)), transmitted_title(staff)
    is_the_employer(staff.operator, own_number)
    with acting_as(staff.operator.pk):
        assert [title.pk for title in waiting_titles()] == [other.pk]
        assert waiting_count() == 1
    both = {proposed(staff, title.file) for title in (own, other)}
    with acting_as(staff.directorate.pk):
        assert (set(pending_proposals()), pending_count()) == (both, 2)
    change(staff.operator, niss_bi=None, employer_bi=None)
    is_the_employer(staff.directorate, own_number)
    with acting_as(staff.directorate.pk):
        assert [proposal.file_id for proposal in pending_proposals()] == [other.file_id]
        assert pending_count() == 1


def test_an_extract_does_not_leave_by_the_hands_of_a_debtor_in_it(
    staff: People, own_number: str, security_log: Log
) -> None:
    own = made_title(staff, **natural(own_number))
    with acting_as(staff.directorate.pk):
        sent = transmit(title_ids=[own.pk], on=TRANSMITTED_ON)
        assert len(open_extract(sent)) == 1
    is_the_employer(staff.directorate, own_number)
    with pytest.raises(Refused) as refused, acting_as(staff.directorate.pk):
        open_extract(sent)
    assert refused.value.reason == "actor_is_party"
    assert security_log(kind="DENY", actor=staff.directorate.pk, file=own.file_id, reason="actor_is_party")
