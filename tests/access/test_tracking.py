"""Tracked rows are not written past their history; the configuration log keeps only what is named."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.db import ProgrammingError, connection, transaction

from secal.access import configuration
from secal.access.actors import service_actor
from secal.access.history import BulkWriteRefused, create_many, update_many
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.access.services.users import end_right
from secal.access.unit_of_work import acting_as, service_work
from secal.people.models import Person
from secal.vault.fields import BlindIndexField, SealedField
from secal.vault.keystore import create_key
from tests.changing import change
from tests.registering import imported

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]


def _person(name: str = "Els") -> Person:
    return Person(
        key_id=create_key("person"), given_name=name, family_name="Maes", search_name=f"{name} maes"
    )


def _entries(row: Any) -> list[LogEntry]:
    return list(LogEntry.objects.get_for_object(row).order_by("pk"))


def test_many_rows_are_written_with_their_history_and_its_author(db: None) -> None:
    with service_work("arrival"):
        made = create_many(Person, (_person(name) for name in ("Els", "Noor")))
        imported(*made)
        for person in made:
            person.family_name = "Peeters"
        assert update_many(Person, made, ["family_name"]) == 2
    for person in made:
        past = person.history.order_by("history_id")
        assert [(row.history_type, row.family_name) for row in past] == [("+", "Maes"), ("~", "Peeters")]
        assert {row.history_user_id for row in past} == {service_actor("arrival").id}


def test_a_model_without_history_of_rows_has_no_way_round(officer: User) -> None:
    with pytest.raises(BulkWriteRefused, match="write them one by one"):
        create_many(Office, [Office(name="x", arrondissement="namur")])


def test_a_write_that_passes_by_history_is_refused_also_through_a_relation(officer: User) -> None:
    person = create_many(Person, [_person()])[0]
    imported(person)
    for write in (
        lambda: Person.objects.update(family_name="x"),
        lambda: Person.objects.filter(pk=person.pk).update(family_name="x"),
        lambda: Person.objects.bulk_create([_person()]),
        lambda: Person.objects.bulk_update([person], ["family_name"]),
        lambda: person.accounts.update(valid_from=date(2020, 1, 1)),
        lambda: User.objects.filter(pk=officer.pk).update(is_active=False),
        lambda: officer.roles.update(valid_until=date(2020, 1, 1)),
    ):
        with pytest.raises(BulkWriteRefused):
            write()
    person.refresh_from_db()
    assert person.family_name == "Maes"


@pytest.mark.obligation("17/006 §16.1")
def test_a_change_of_a_user_or_role_is_kept_with_its_author(officer: User, make_user: MakeUser) -> None:
    keeper = make_user(Role.USER_REGISTRAR)
    with acting_as(keeper.pk):
        change(officer, section="Namur")
        end_right(officer.roles.get(), reason="moved")
    entry = _entries(officer)[-1]
    assert entry.changes == {"section": ["Bruxelles", "Namur"]}
    assert entry.additional_data == {"actor": str(keeper.pk), "name": "", "capacity": "user_registrar"}
    assert set(_entries(officer.roles.get())[-1].changes) == {"valid_until", "ended_at", "end_reason"}


def test_a_service_signs_by_its_name() -> None:
    with service_work("seed"):
        office = Office.objects.create(name="Étude Moreau", arrondissement="namur")
    (entry,) = _entries(office)
    assert entry.additional_data["name"] == "service:seed"


def test_neither_number_nor_federal_identifier_nor_words_of_a_person_are_kept(officer: User) -> None:
    change(officer, niss_bi=b"\x07" * 32, subject=f"test-{uuid.uuid4()}", section="Namur")
    entries = _entries(officer)
    assert [
        set(entry.changes or {}) & {"niss_bi", "subject", "password", "last_login"} for entry in entries
    ] == [set()] * len(entries)
    assert {(entry.object_repr, entry.serialized_data) for entry in entries} == {("", None)}


def test_what_is_kept_of_a_model_is_a_list_of_what_may_be_kept() -> None:
    assert set(configuration.FIELDS) == {model._meta.label for model in auditlog.get_models()}
    for model in auditlog.get_models():
        kept = auditlog.get_model_fields(model)
        assert kept["include_fields"] == list(configuration.FIELDS[model._meta.label])
        assert kept["mask_fields"] == []
        assert not auditlog.get_serialize_options(model)["serialize_data"]
        for name in kept["include_fields"]:
            assert not isinstance(model._meta.get_field(name), SealedField | BlindIndexField)


def test_a_sealed_field_is_refused_at_registration() -> None:
    with pytest.raises(ValueError, match="sealed"):
        configuration.track(Person, "given_name", "niss")
    with pytest.raises(ValueError, match="sealed"):
        configuration.track(User, "niss_bi")
    with pytest.raises(ValueError, match="name the fields"):
        configuration.track(Person)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE auditlog_logentry SET actor_id = NULL",
        "DELETE FROM auditlog_logentry",
        "TRUNCATE auditlog_logentry",
    ],
)
def test_what_was_kept_is_never_rewritten(statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
