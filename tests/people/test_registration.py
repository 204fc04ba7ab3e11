"""Learning that somebody is known, or changing who they are, takes an act of registration (12/057 §22)."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.people.identifiers import niss_index
from secal.people.models import IdentityProposal, Person, RegistrationAct, RegistrationKind
from secal.people.services import PersonDetails, meet, register_person
from secal.vault.keystore import create_key
from tests import stories

pytestmark = pytest.mark.obligation("12/057 §22")


def registered(details: PersonDetails, *, by: User) -> Person:
    with acting_as(by.pk):
        person = register_person(details, file=uuid.uuid4()).person
    return Person.objects.get(pk=person)


@contextmanager
def refused_at_commit(words: str) -> Iterator[None]:
    """What is written inside would not be committed."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_whoever_meets_a_known_person_leaves_an_act_by_meeting_them(
    registrar: User, make_user: Callable[..., User]
) -> None:
    details, file = stories.els(), uuid.uuid4()
    person = registered(details, by=registrar)
    colleague = make_user(Role.REGISTRAR)
    with acting_as(colleague.pk):
        assert meet(details.niss, file=file) == person.pk
    act = RegistrationAct.objects.get(actor=colleague.pk)
    assert (act.kind, act.person, act.file) == ("person_linked", person, file)


def test_asking_for_somebody_unknown_leaves_nothing(registrar: User) -> None:
    with acting_as(registrar.pk):
        assert meet(stories.tom().niss, file=None) is None
    assert not RegistrationAct.objects.exists()


def test_the_application_cannot_ask_for_the_transaction_of_an_act(registrar: User) -> None:
    person = registered(stories.els(), by=registrar)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_registrationact (id, kind, person_id, actor_id, at, txid)"
            " VALUES (%s, 'person_linked', %s, %s, now(), '7') RETURNING txid = pg_current_xact_id()",
            [uuid.uuid4(), person.pk, registrar.pk],
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize("function", ["people_acted(uuid, uuid, text[], boolean)"])
def test_the_judge_of_acts_answers_the_database_only(db: None, function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('secal_app', %s, 'EXECUTE')", [function])
        assert cursor.fetchone() == (False,)


def test_a_person_is_made_by_an_act_in_the_same_transaction(registrar: User) -> None:
    with refused_at_commit("made by an act of registration"), acting_as(registrar.pk):
        Person.objects.create(
            key_id=create_key("person"), given_name="Els", family_name="Maes", search_name="els maes"
        )


@pytest.mark.parametrize("column", ["niss_bi", "merged_into_id", "id"])
def test_who_somebody_is_changes_by_no_act_of_one_person(registrar: User, column: str) -> None:
    person, other = registered(stories.els(), by=registrar), registered(stories.tom(), by=registrar)
    values = {"niss_bi": niss_index(stories.els().niss), "merged_into_id": other.pk, "id": uuid.uuid4()}
    changed = f"{column} = %s" + (", niss_bi = NULL" if column == "merged_into_id" else "")
    with acting_as(registrar.pk):
        proposal = IdentityProposal.objects.create(
            key_id=create_key("person"),
            kind="correction",
            stated_bi=b"\x07" * 32,
            paper_type="application/pdf",
            proposed_by=registrar,
            proposed_on="2026-10-05",
        )
        for kind in (RegistrationKind.IDENTIFIER_CORRECTED, RegistrationKind.PERSONS_MERGED):
            RegistrationAct.objects.create(kind=kind, person=person, proposal=proposal, actor=registrar.pk)
    with pytest.raises(IntegrityError, match="ident"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE people_person SET {changed} WHERE id = %s", [values[column], person.pk])
    assert Person.objects.get(pk=person.pk).niss_bi == person.niss_bi


def test_an_identity_changes_by_proposals_only(registrar: User) -> None:
    person = registered(stories.els(), by=registrar)
    with pytest.raises(IntegrityError, match="identity_changes_by_proposal"), transaction.atomic():
        RegistrationAct.objects.create(
            kind=RegistrationKind.IDENTIFIER_CORRECTED, person=person, actor=registrar.pk
        )


def test_of_two_registrars_of_one_unknown_person_the_second_meets_whom_the_first_made(
    registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both asked before either wrote: the unique index speaks, and nobody hears it."""
    details = stories.els()
    first = registered(details, by=registrar)
    from secal.people.services import persons

    answers: list[Any] = [None]
    real = persons.meet
    monkeypatch.setattr(persons, "meet", lambda *a, **k: answers.pop() if answers else real(*a, **k))
    assert registered(details, by=registrar) == first
    assert Person.objects.count() == 1
