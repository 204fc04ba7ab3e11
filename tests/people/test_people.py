"""Persons: one row a NISS, sealed; known persons keep what the office holds; accounts count from their
day."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import acting_as, service_work
from secal.people.identifiers import niss_index
from secal.people.models import PaymentAccount, Person, RegistrationAct
from secal.people.selectors import account_on, masked_niss
from secal.people.services import (
    PersonDetails,
    add_account,
    register_person,
    searchable,
    take_statement,
)
from tests import stories

ON = date(2026, 10, 5)
AsUser = Callable[[User], AbstractContextManager[None]]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Élodie  D’Hondt", "elodie d'hondt"),
        ("GROẞ Müller", "gross muller"),
        (" Åse ", "ase"),
        ("ŒUVRE", "oeuvre"),
    ],
)
def test_a_name_is_searched_without_accents_or_case(name: str, found: str) -> None:
    assert searchable(name) == found


def registered(details: PersonDetails, *, by: User, file: uuid.UUID | None = None) -> Person:
    """As the registrar records them; the row as services find it afterwards."""
    with acting_as(by.pk):
        registration = register_person(details, file=file or uuid.uuid4())
    return Person.objects.get(pk=registration.person)


def stated(person: Person, details: PersonDetails) -> tuple[str, ...]:
    with service_work("arrival"):
        return take_statement(Person.objects.get(pk=person.pk), details, on=ON)


def test_a_new_person_is_sealed_and_leaves_an_act_of_registration(registrar: User) -> None:
    file, details = uuid.uuid4(), stories.els()
    person = registered(details, by=registrar, file=file)
    assert bytes(person.niss or b"") != details.niss.encode()
    assert person.open_value("niss") == details.niss
    assert person.open_value("address") == details.address
    assert Person.objects.get(niss_bi=niss_index(details.niss)) == person
    act = RegistrationAct.objects.get()
    assert (act.kind, act.person, act.file, act.actor) == ("person_created", person, file, registrar.pk)


def test_a_known_person_is_met_and_keeps_what_the_office_holds(registrar: User) -> None:
    details = stories.els()
    first = registered(details, by=registrar)
    stated(first, details)
    other = stories.els(
        niss=details.niss,
        family_name="Janssens",
        address="Kerkstraat 1, 9000 Gent",
        iban="BE68539007547034",
    )
    assert registered(other, by=registrar) == first
    assert stated(first, other) == ("name", "address", "account")
    assert Person.objects.get().open_value("address") == details.address
    assert PaymentAccount.objects.get().open_value("iban") == details.iban
    assert [act.kind for act in RegistrationAct.objects.order_by("at")] == ["person_created", "person_linked"]


def test_what_the_office_did_not_hold_yet_is_filled_in_once(registrar: User) -> None:
    details = stories.els()
    person = registered(stories.els(niss=details.niss, birth_place="", address="", iban=""), by=registrar)
    for _time in range(2):
        assert stated(person, details) == ()
    person = Person.objects.get()
    assert (person.open_value("birth_place"), person.open_value("address")) == ("Namur", details.address)
    assert PaymentAccount.objects.get().open_value("iban") == stories.IBAN
    assert person.history.count() == 2, "made, and filled once"


def test_a_person_without_niss_is_always_a_new_one(registrar: User) -> None:
    for _time in range(2):
        registered(stories.tom(niss=""), by=registrar)
    assert Person.objects.count() == 2


def test_only_a_registrar_registers(officer: User, as_user: AsUser) -> None:
    with pytest.raises(Refused), as_user(officer):
        register_person(stories.els(), file=uuid.uuid4())
    assert not Person.objects.exists()


def test_the_account_of_a_day_is_the_latest_that_began_before_it(registrar: User) -> None:
    person, nobody = registered(stories.els(), by=registrar), registered(stories.tom(), by=registrar)
    with service_work("arrival"):
        add_account(person, iban=stories.IBAN, valid_from=ON)
        add_account(person, iban="BE68539007547034", valid_from=date(2026, 12, 1))
        both = [person.pk, nobody.pk]
        assert account_on(both, date(2026, 10, 4)) == {}
        assert account_on(both, date(2026, 11, 30))[person.pk].open_value("iban") == stories.IBAN
        assert account_on(both, date(2026, 12, 1))[person.pk].open_value("iban") == "BE68539007547034"


def test_a_masked_niss_shows_only_its_last_three_digits(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    details = stories.els()
    person = registered(details, by=registrar)
    with as_user(officer):
        shown = masked_niss([person])[person.pk]
    assert "".join(sign for sign in shown if sign.isdigit()) == details.niss[-3:]


def test_history_names_the_actor(registrar: User) -> None:
    person = registered(stories.els(), by=registrar)
    row = person.history.get()
    assert (row.history_user_id, row.history_type) == (registrar.pk, "+")


@pytest.mark.obligation("12/057 §22")
def test_acts_of_registration_can_neither_be_changed_nor_removed(registrar: User) -> None:
    registered(stories.els(), by=registrar)
    for statement in (
        "DELETE FROM people_registrationact",
        "UPDATE people_registrationact SET kind = 'file_opened'",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RegistrationAct.objects.count() == 1
