"""Applications: what makes them complete by date, who gets the file, and second applications."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.cases.errors import CaseError
from secal.cases.models import AlimonyFile, Application, Assignment, AttachmentKind, CaseEvent, WorkItem
from secal.cases.rules import Brought, missing_contents
from secal.cases.selectors import missing_items
from secal.cases.services import Completion, assign, complete_application, receive_application
from secal.cases.statements import Paper
from secal.law.assembly import application_contents
from secal.people.identifiers import niss_index
from secal.people.models import Person, RegistrationAct
from tests import stories
from tests.changing import change

AsUser = Callable[[User], AbstractContextManager[None]]
PAPER = Paper(AttachmentKind.TITLE_COPY, "grosse.pdf", stories.PDF, "application/pdf")


@pytest.mark.obligation("12/057 §11")
@pytest.mark.parametrize(
    ("received_on", "adult", "missing"),
    [
        (
            date(2017, 3, 1),
            False,
            {"monthly_income", "income_proof_three_months", "authorisation_public_services"},
        ),
        (date(2019, 3, 1), True, {"studies_or_insertion_proof", "family_allowance_proof", "monthly_income"}),
        (date(2026, 10, 5), True, {"studies_or_insertion_proof", "family_allowance_proof"}),
        (date(2026, 10, 5), False, set()),
    ],
)
def test_what_is_missing_follows_the_law_of_the_day_of_receipt(
    received_on: date, adult: bool, missing: set[str]
) -> None:
    needed = application_contents(received_on=received_on, advance=True, adult=adult)
    brought = Brought(
        signed=True,
        order_signed=True,
        creditor_identified=True,
        debtor_identified=True,
        history_complete=True,
        papers=frozenset({"title_copy", "service_proof"}),
    )
    assert missing <= set(missing_contents(needed, brought))
    if not missing:
        assert missing_contents(needed, brought) == ()


@pytest.mark.parametrize("on", [date(2010, 1, 1), date(2016, 1, 1), date(2019, 1, 1), date(2021, 1, 1)])
@pytest.mark.parametrize("adult", [True, False])
def test_every_content_that_the_law_names_can_be_brought(on: date, adult: bool) -> None:
    needed = application_contents(received_on=on, advance=True, adult=adult)
    assert missing_contents(needed, Brought())
    whole = Brought(
        signed=True,
        order_signed=True,
        authorised=True,
        creditor_identified=True,
        debtor_identified=True,
        history_complete=True,
        declared_means=stories.Decimal(0),
        papers=frozenset(kind.value for kind in AttachmentKind),
    )
    assert missing_contents(needed, whole) == ()


@pytest.mark.obligation("12/057 §11")
def test_an_incomplete_application_starts_no_delay_and_says_what_it_needs_with_the_article(
    registrar: User, officer: User
) -> None:
    file = stories.register_file(
        registrar=registrar, officer=officer, papers=(), order_signed=False, debtor=stories.tom(address="")
    )
    application = file.application
    assert (file.state, application.state, application.complete_on) == ("intake", "incomplete", None)
    assert not WorkItem.objects.exists()
    assert {item.code for item in missing_items(application)} == {
        "order_to_collect",
        "executory_copy",
        "service_papers",
        "debtor_identity",
    }
    assert {item.source for item in missing_items(application)} == {"art. 7 §1"}


def test_what_is_brought_later_completes_the_application_and_starts_thirty_days(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = stories.register_file(
        registrar=registrar, officer=officer, papers=(AttachmentKind.SERVICE_PROOF,), signed=False
    )
    on = date(2026, 10, 12)
    with as_user(registrar):
        after = complete_application(file.pk, brought=Completion(signed=True), on=on)
        assert (after.state, after.missing) == ("incomplete", ["executory_copy"])
        after = complete_application(file.pk, brought=Completion(papers=(PAPER,)), on=on)
    stories.arrive(file.pk)
    assert (after.state, after.complete_on, after.missing) == ("complete", on, [])
    assert WorkItem.objects.get().due_on == date(2026, 11, 11)
    assert AlimonyFile.objects.get().state == "to_decide"


def test_whether_a_person_was_known_never_changes_what_is_missing(registrar: User, officer: User) -> None:
    known = stories.els()
    stories.register_file(registrar=registrar, officer=officer, creditor=known)
    unknown_answer = stories.register_file(
        registrar=registrar, officer=officer, creditor=stories.els(address="")
    )
    known_answer = stories.register_file(
        registrar=registrar, officer=officer, creditor=replace(known, address="")
    )
    assert known_answer.application.missing == unknown_answer.application.missing == ["creditor_identity"]


def test_only_the_registrar_of_an_application_completes_it(
    registrar: User, officer: User, make_user: Callable[..., User], as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer, papers=())
    colleague = make_user(Role.REGISTRAR)
    with pytest.raises(Refused) as caught, as_user(colleague):
        complete_application(file.pk, brought=Completion(papers=(PAPER,)), on=stories.RECEIVED_ON)
    assert caught.value.hidden
    assert not file.attachments.exists()


@pytest.mark.obligation("12/057 §22")
def test_every_person_and_the_file_leave_an_act_of_registration(registrar: User, officer: User) -> None:
    file = stories.register_file(registrar=registrar, officer=officer, children=2)
    acts = RegistrationAct.objects.filter(actor=registrar.pk, file=file.pk)
    assert sorted(acts.values_list("kind", flat=True)) == ["file_opened"] + ["person_created"] * 4


def test_a_file_goes_to_the_least_loaded_officer_who_registered_nothing_and_is_no_party(
    registrar: User, officer: User, make_user: Callable[..., User]
) -> None:
    free = make_user(Role.CASE_OFFICER, given_name="Zoé", family_name="Zwart")
    make_user(Role.CASE_OFFICER, given_name="Ann", section="Liège")
    creditor = stories.els()
    party = make_user(Role.CASE_OFFICER, given_name="Aa", family_name="Aa")
    change(party, niss_bi=niss_index(creditor.niss))
    stories.register_file(registrar=registrar, officer=officer)
    file = stories.register_file(registrar=registrar, creditor=creditor)
    assert Assignment.objects.get(file=file, until_at=None).officer == free


def test_the_service_assigns_in_its_own_name(registrar: User, officer: User) -> None:
    file = stories.register_file(registrar=registrar)
    assignment = Assignment.objects.get(file=file)
    assert assignment.granted_by not in {registrar.pk, officer.pk}
    assert CaseEvent.objects.get(file=file, code="file_assigned").actor_name == "service:arrival"


def test_a_second_application_is_a_file_like_any_other_and_a_matter_for_the_officer_of_the_first(
    registrar: User, officer: User, other_officer: User
) -> None:
    creditor, debtor = stories.els(), stories.tom()
    stories.register_file(registrar=registrar, officer=other_officer, creditor=creditor, debtor=debtor)
    second = stories.register_file(registrar=registrar, creditor=creditor, debtor=debtor)
    assert Assignment.objects.get(file=second, until_at=None).officer == other_officer
    kinds = WorkItem.objects.filter(file=second).values_list("kind", flat=True)
    assert set(kinds) == {"decide_advance", "second_application"}
    assert Person.objects.filter(niss_bi=niss_index(creditor.niss)).count() == 1


def test_what_differs_from_what_the_office_holds_is_told_to_casework_without_the_values(
    registrar: User, officer: User
) -> None:
    creditor = stories.els()
    stories.register_file(registrar=registrar, officer=officer, creditor=creditor)
    file = stories.register_file(
        registrar=registrar, officer=officer, creditor=replace(creditor, given_name="Elisabeth")
    )
    event = CaseEvent.objects.get(file=file, code="declared_differently")
    assert event.params == {"role": "creditor", "details": ["name"]}


def test_a_registrar_does_not_record_their_own_application(registrar: User, as_user: AsUser) -> None:
    own = stories.els()
    change(registrar, niss_bi=niss_index(own.niss))
    with pytest.raises(Refused) as caught, as_user(registrar):
        receive_application(stories.statement(creditor=own), on=stories.RECEIVED_ON)
    assert caught.value.reason == "actor_is_party"
    assert not Application.objects.exists()


def test_the_second_signatory_gives_a_file_to_another_officer(
    registrar: User, officer: User, other_officer: User, approver: User, as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with as_user(approver):
        assign(file_id=file.pk, officer_id=other_officer.pk, on=stories.RECEIVED_ON)
    current = Assignment.objects.get(file=file, until_at=None)
    assert (current.officer, current.granted_by) == (other_officer, approver.pk)
    assert Assignment.objects.filter(file=file, officer=officer, until_at__isnull=False).exists()


def test_nobody_gives_a_file_to_themselves_or_to_who_registered_it(
    registrar: User, officer: User, make_user: Callable[..., User], as_user: AsUser
) -> None:
    both = make_user(Role.APPROVER, Role.CASE_OFFICER, given_name="Nel")
    file = stories.register_file(registrar=registrar, officer=officer)
    for receiver in (both, registrar):
        with pytest.raises(CaseError) as caught, as_user(both):
            assign(file_id=file.pk, officer_id=receiver.pk, on=stories.RECEIVED_ON)
        assert caught.value.code == "cases.officer_not_eligible"


def test_an_officer_assigns_nothing(
    registrar: User, officer: User, other_officer: User, as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with pytest.raises(Refused), as_user(officer):
        assign(file_id=file.pk, officer_id=other_officer.pk, on=stories.RECEIVED_ON)


def test_the_papers_are_sealed_with_the_files_key(registrar: User, officer: User, as_user: AsUser) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    paper: Any = file.attachments.filter(kind="title_copy").get()
    assert stories.PDF not in bytes(paper.content)
    assert paper.content.key_id == file.key_id
    with as_user(officer):
        assert paper.open_bytes("content") == stories.PDF
