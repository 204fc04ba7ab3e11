"""An employer is registered once: its numbers are sealed, and find it again."""

from collections.abc import Callable
from datetime import date

import pytest

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.kernel.errors import DomainError
from secal.kernel.identifiers import compose_niss
from secal.people.employers import EmployerDetails, find_by_enterprise_number, register_employer
from secal.people.models import Employer, EmployerKind

ON = date(2026, 6, 1)
NUMBER = "0403.170.701"
NISS = compose_niss(date(1975, 5, 4), 17)


@pytest.fixture
def clerk(make_user: Callable[..., User]) -> User:
    return make_user(Role.ARREARS_CLERK)


def details(**changes: object) -> EmployerDetails:
    stated: dict[str, object] = {
        "kind": EmployerKind.LEGAL,
        "name": "Électricité Générale",
        "legal_form": "SA",
        "enterprise_number": NUMBER,
        "arrondissement": "bruxelles",
        "address": "Boulevard Pacheco 34, 1000 Bruxelles",
    }
    return EmployerDetails(**{**stated, **changes})  # type: ignore[arg-type]


@pytest.mark.obligation("17/006 §9")
def test_the_number_is_sealed_and_finds_the_employer(clerk: User) -> None:
    with acting_as(clerk.pk):
        made = register_employer(details(), on=ON).employer
    assert made.open_value("enterprise_number") == "0403170701"
    assert b"0403170701" not in bytes(made.enterprise_number)
    assert made.search_name == "electricite generale"
    assert find_by_enterprise_number("0403170701") == made


def test_the_same_number_written_otherwise_is_the_same_employer(clerk: User) -> None:
    with acting_as(clerk.pk):
        first = register_employer(details(), on=ON)
        again = register_employer(details(name="Autre nom", enterprise_number="BE 0403 170 701"), on=ON)
    assert (first.known, again.known) == (False, True)
    assert again.employer.name == "Électricité Générale"
    assert Employer.objects.count() == 1


def test_a_natural_person_may_have_an_onss_number_and_a_niss_only(clerk: User) -> None:
    stated = details(
        kind=EmployerKind.NATURAL, name="Ann De Wit", enterprise_number="", onss_number="123456-78", niss=NISS
    )
    with acting_as(clerk.pk):
        made = register_employer(stated, on=ON).employer
    assert made.open_value("niss") == NISS
    assert made.open_value("onss_number") == "12345678"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"enterprise_number": ""}, "employer.no_number"),
        ({"name": " "}, "employer.no_name"),
        ({"niss": NISS}, "employer.niss_of_firm"),
        ({"arrondissement": "atlantide"}, "employer.arrondissement"),
        ({"enterprise_number": "0403.170.702"}, "enterprise.checksum"),
    ],
)
def test_what_cannot_be_is_refused(clerk: User, changes: dict[str, object], code: str) -> None:
    with acting_as(clerk.pk), pytest.raises(DomainError) as refused:
        register_employer(details(**changes), on=ON)
    assert refused.value.code == code
    assert not Employer.objects.exists()


def test_an_onss_number_of_another_employer_is_refused(clerk: User) -> None:
    with acting_as(clerk.pk):
        register_employer(details(onss_number="12345678"), on=ON)
        with pytest.raises(DomainError) as refused:
            register_employer(details(enterprise_number="0202239951", onss_number="12345678"), on=ON)
    assert refused.value.code == "employer.numbers_differ"


def test_only_a_clerk_registers_an_employer(
    make_user: Callable[..., User], security_log: Callable[..., list[dict[str, object]]]
) -> None:
    other = make_user(Role.CASE_OFFICER)
    with pytest.raises(Refused), acting_as(other.pk):
        register_employer(details(), on=ON)
    assert not Employer.objects.exists()
    assert [row["act"] for row in security_log(kind="DENY")] == ["employer.register"]
