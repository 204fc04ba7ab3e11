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
from secal.people.models import Person, RegistrationAct
from secal.people.selectors import account_on, find_by_niss, masked_niss, registered_by
from secal.people.services import add_account, register_person, searchable
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


def test_a_new_person_is_sealed_and_leaves_an_act_of_registration(registrar: User, as_user: AsUser) -> None:
    file = uuid.uuid4()
    with as_user(registrar):
        details = stories.els()
        registration = register_person(details, file=file, on=ON)
        person = Person.objects.get(pk=registration.person.pk)
        assert bytes(person.niss or b"") != details.niss.encode()
        assert person.open_value("niss") == details.niss
        assert person.open_value("address") == details.address
        assert find_by_niss(details.niss) == person
    act = RegistrationAct.objects.get()
    assert (act.kind, act.person, act.file, act.actor) == ("person_created", person, file, registrar)
    assert registered_by(registrar.pk, None, [person.pk])
    assert registered_by(registrar.pk, file, [])
    assert not registered_by(registrar.pk, uuid.uuid4(), [])


def test_a_known_person_is_linked_and_keeps_what_the_office_holds(registrar: User, as_user: AsUser) -> None:
    details = stories.els()
    with as_user(registrar):
        first = register_person(details, file=uuid.uuid4(), on=ON)
        again = register_person(
            stories.els(
                niss=details.niss,
                family_name="Janssens",
                address="Kerkstraat 1, 9000 Gent",
                iban="BE68539007547034",
            ),
            file=uuid.uuid4(),
            on=ON,
        )
        assert again.person == first.person
        assert again.differing == ("name", "address", "account")
        assert Person.objects.get().open_value("address") == details.address
    assert [act.kind for act in RegistrationAct.objects.order_by("at")] == ["person_created", "person_linked"]


def test_a_person_without_niss_is_always_a_new_one(registrar: User, as_user: AsUser) -> None:
    with as_user(registrar):
        for _time in range(2):
            register_person(stories.tom(niss=""), file=uuid.uuid4(), on=ON)
    assert Person.objects.count() == 2


def test_only_a_registrar_registers(officer: User, as_user: AsUser) -> None:
    with pytest.raises(Refused), as_user(officer):
        register_person(stories.els(), file=uuid.uuid4(), on=ON)
    assert not Person.objects.exists()


def test_the_account_of_a_day_is_the_latest_that_began_before_it(registrar: User, as_user: AsUser) -> None:
    with as_user(registrar):
        person = register_person(stories.els(), file=uuid.uuid4(), on=ON).person
        add_account(person, iban="BE68539007547034", valid_from=date(2026, 12, 1))
        nobody = register_person(stories.tom(), file=uuid.uuid4(), on=ON).person
        both = [person.pk, nobody.pk]
        assert account_on(both, date(2026, 10, 4)) == {}
        assert account_on(both, date(2026, 11, 30))[person.pk].open_value("iban") == stories.IBAN
        assert account_on(both, date(2026, 12, 1))[person.pk].open_value("iban") == "BE68539007547034"


def test_a_masked_niss_shows_only_its_last_three_digits(registrar: User, as_user: AsUser) -> None:
    with as_user(registrar):
        details = stories.els()
        person = register_person(details, file=uuid.uuid4(), on=ON).person
        shown = masked_niss([person])[person.pk]
    assert "".join(sign for sign in shown if sign.isdigit()) == details.niss[-3:]


def test_history_names_the_actor(registrar: User, as_user: AsUser) -> None:
    with as_user(registrar):
        person = register_person(stories.els(), file=uuid.uuid4(), on=ON).person
    row = person.history.get()
    assert (row.history_user_id, row.history_type) == (registrar.pk, "+")


@pytest.mark.obligation("12/057 §22")
def test_acts_of_registration_can_neither_be_changed_nor_removed(registrar: User, as_user: AsUser) -> None:
    with as_user(registrar):
        register_person(stories.els(), file=uuid.uuid4(), on=ON)
    for statement in (
        "DELETE FROM people_registrationact",
        "UPDATE people_registrationact SET kind = 'file_opened'",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RegistrationAct.objects.count() == 1
