"""What follows a registration: done by a service, once, whoever starts it again; registrars read nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection

from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.cases import jobs as arrival_jobs
from secal.cases.models import (
    AlimonyFile,
    Application,
    Assignment,
    AttachmentKind,
    CaseEvent,
    Statement,
    WorkItem,
)
from secal.cases.selectors import own_applications
from secal.cases.services import (
    Completion,
    complete_application,
    examine_statement,
    receive_application,
)
from secal.cases.services.applications import ARRIVAL
from secal.cases.statements import Paper, PartyStatement, parties_as_text, parties_from_text
from secal.office import jobs
from secal.office.models import Job
from secal.people.models import PaymentAccount, Person, RegistrationAct
from tests import stories
from tests.registering import nothing_readable

AsUser = Callable[[User], AbstractContextManager[None]]
ON = date(2026, 10, 12)
PAPER = Paper(AttachmentKind.TITLE_COPY, "grosse.pdf", stories.PDF, "application/pdf")


def received(registrar: User, as_user: AsUser, **changes: Any) -> AlimonyFile:
    """As the registrar leaves it: nobody examined it yet."""
    with as_user(registrar):
        return receive_application(stories.statement(**changes), on=stories.RECEIVED_ON)


def waiting(file: AlimonyFile) -> list[Job]:
    statements = Statement.objects.filter(file=file, examined_at=None).order_by("at")
    return [Job.objects.get(kind=ARRIVAL, period=str(one.pk)) for one in statements]


@pytest.mark.obligation("12/057 §22")
def test_an_application_is_received_and_completed_by_somebody_who_can_read_no_person_and_no_file(
    committed_database: str, registrar: User, officer: User, as_user: AsUser
) -> None:
    known = stories.els()
    earlier = stories.register_file(registrar=registrar, creditor=known)
    with nothing_readable(committed_database, but=("cases_application",)):
        file = received(registrar, as_user, creditor=known, signed=False, papers=())
        with as_user(registrar):
            done = Completion(signed=True, papers=(PAPER, replace(PAPER, kind=AttachmentKind.SERVICE_PROOF)))
            assert complete_application(file.pk, brought=done, on=ON).state == "complete"
    with as_user(registrar):
        listed = [application.number for application in own_applications(current_actor())]
    assert listed == [file.number, earlier.number]
    stories.arrive(file.pk)
    assert AlimonyFile.objects.get(pk=file.pk).state == "to_decide"
    assert {paper.open_bytes("content") for paper in file.attachments.all()} == {stories.PDF}


def test_until_it_arrives_a_file_is_nobodys_and_asks_for_nothing(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = received(registrar, as_user)
    assert AlimonyFile.objects.get().state == "intake"
    assert not Assignment.objects.exists() and not WorkItem.objects.exists()
    assert not PaymentAccount.objects.exists()
    stories.arrive(file.pk)
    assert AlimonyFile.objects.get().state == "to_decide"
    assert Assignment.objects.get().officer == officer
    assert WorkItem.objects.get().kind == "decide_advance"
    assert PaymentAccount.objects.get().person == file.creditor
    codes = CaseEvent.objects.filter(file=file).order_by("at").values_list("code", flat=True)
    assert list(codes) == ["application_received", "application_complete", "file_assigned"]


def test_examining_again_changes_nothing(registrar: User, officer: User, as_user: AsUser) -> None:
    known = stories.els()
    stories.register_file(registrar=registrar, creditor=known)
    file = received(registrar, as_user, creditor=replace(known, family_name="Janssens"))
    (job,) = waiting(file)
    stories.arrive(file.pk)

    def left() -> list[int]:
        return [model.objects.count() for model in (CaseEvent, WorkItem, Assignment, PaymentAccount)]

    before = left()
    Job.objects.filter(pk=job.pk).update(state="waiting")
    assert jobs.run(job.pk).state == "done"
    assert left() == before
    assert CaseEvent.objects.get(code="declared_differently").params["details"] == ["name"]


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_finishes(
    registrar: User, officer: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the second of two statements, and inside the first: each is examined once."""
    file = received(registrar, as_user, signed=False)
    with as_user(registrar):
        complete_application(file.pk, brought=Completion(signed=True), on=ON)
    first, second = waiting(file)
    real, calls = arrival_jobs.examine_statement, []

    def dies(statement: Any) -> None:
        calls.append(statement)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(statement)

    monkeypatch.setattr(arrival_jobs, "examine_statement", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(second.pk)
    assert Statement.objects.filter(examined_at=None).count() == 1
    Job.objects.update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    monkeypatch.undo()
    assert [jobs.run(job.pk).state for job in (second, first)] == ["done", "done"]
    assert AlimonyFile.objects.get().state == "to_decide"
    assert Assignment.objects.count() == 1
    assert WorkItem.objects.get().since == ON


@pytest.mark.obligation("12/057 §22")
def test_a_job_of_arrival_tells_nobody_what_was_found(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    known = stories.els()
    stories.register_file(registrar=registrar, creditor=known)
    file = received(registrar, as_user, creditor=replace(known, family_name="Janssens"))
    stories.arrive(file.pk)
    assert {(job.requested_by, str(job.result), job.total) for job in Job.objects.all()} == {(None, "{}", 0)}


@pytest.mark.obligation("12/057 §22")
def test_no_registrar_examines_and_no_other_service(registrar: User, as_user: AsUser) -> None:
    file = received(registrar, as_user)
    statement = Statement.objects.get(file=file)
    with pytest.raises(Refused), as_user(registrar):
        examine_statement(statement.pk)
    assert Statement.objects.get().examined_at is None


def test_what_was_stated_stays_sealed_and_as_it_was(registrar: User, officer: User, as_user: AsUser) -> None:
    creditor = stories.els()
    file = received(registrar, as_user, creditor=creditor)
    stories.arrive(file.pk)
    statement = Statement.objects.get()
    assert creditor.niss.encode() not in bytes(statement.content)
    told = parties_from_text(statement.open_value("content"))
    assert told["creditor"] == PartyStatement(creditor, file.creditor_id)
    assert parties_from_text(parties_as_text(told)) == told
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_column_privilege('secal_app', 'cases_statement', 'content', 'UPDATE')")
        assert cursor.fetchone() == (False,)


def test_what_completes_an_application_is_compared_and_filled_in_too(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = received(registrar, as_user, debtor=stories.tom(address="", birth_place=""))
    brought = stories.tom(given_name="", family_name="", niss="", birth_date=date(1985, 7, 31))
    with as_user(registrar):
        complete_application(file.pk, brought=Completion(debtor=brought), on=ON)
    stories.arrive(file.pk)
    debtor = Person.objects.get(pk=file.debtor_id)
    assert debtor.open_value("address") == brought.address
    event = CaseEvent.objects.get(code="declared_differently")
    assert (event.params, event.happened_on) == ({"role": "debtor", "details": ["birth_date"]}, ON)


def test_of_two_files_of_the_same_parties_the_later_one_is_the_second_application(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    """Whichever of the two arrives first."""
    parties = {"creditor": stories.els(), "debtor": stories.tom()}
    first, second = (received(registrar, as_user, **parties) for _time in range(2))
    for file in (second, first):
        stories.arrive(file.pk)
    assert WorkItem.objects.get(kind="second_application").file == second


def test_the_registrar_of_an_arriving_file_is_still_the_only_one_barred_by_it(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = received(registrar, as_user)
    stories.arrive(file.pk)
    assert set(RegistrationAct.objects.values_list("actor", flat=True)) == {registrar.pk}
    assert Application.objects.get(file=file).registered_by == registrar
