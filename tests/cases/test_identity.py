"""Correcting a NISS and merging two persons: two registrars who see nothing, one service, one answer."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.cases.errors import CaseError
from secal.cases.keeping import persons_only_of
from secal.cases.models import AlimonyFile, Beneficiary, CaseEvent, PersonProtection, WorkItem
from secal.cases.selectors import get_file
from secal.cases.services import receive_application
from secal.cases.services.identity import (
    SETTLING,
    approve_identity,
    propose_identity,
    refuse_identity,
    settle_identity,
)
from secal.office import jobs
from secal.office.models import Job
from secal.people.designations import Correction, Designation, Merge, Numbers
from secal.people.identifiers import niss_index
from secal.people.models import (
    IdentityOutcome,
    IdentityProposal,
    PaymentAccount,
    Person,
    RegistrationAct,
)
from secal.people.services import register_person
from secal.people.services.identity import Proof
from tests import stories
from tests.changing import change
from tests.registering import barred, nothing_readable

pytestmark = pytest.mark.obligation("12/057 §22")
AsUser = Callable[[User], AbstractContextManager[None]]
ON = date(2026, 10, 12)
PROOF = Proof("Le registre national donne un autre numéro.", stories.PDF, "application/pdf")


@pytest.fixture
def colleague(make_user: Callable[..., User]) -> User:
    """A second registrar, who decides."""
    return make_user(Role.REGISTRAR, given_name="Omar", family_name="Nys")


@pytest.fixture
def third(make_user: Callable[..., User]) -> User:
    """The registrar of the files, who has no part in the rest."""
    return make_user(Role.REGISTRAR, given_name="Ada", family_name="Smet")


def proposed(numbers: Numbers, *, by: User, as_user: AsUser) -> IdentityProposal:
    with as_user(by):
        return propose_identity(numbers, PROOF, on=ON)


def agreed(numbers: Numbers, *, by: User, and_by: User, as_user: AsUser) -> IdentityProposal:
    """Proposed, decided, and carried out by the worker."""
    proposal = proposed(numbers, by=by, as_user=as_user)
    with as_user(and_by):
        approve_identity(proposal.pk, typed=numbers, on=ON)
    settle(proposal)
    return proposal


def settle(proposal: IdentityProposal) -> None:
    job = jobs.run(Job.objects.get(kind=SETTLING, period=str(proposal.pk)).pk)
    assert (job.state, job.result, job.requested_by) == ("done", {}, None)


def code_of(proposal: IdentityProposal) -> str:
    return IdentityOutcome.objects.get(proposal=proposal).code


def test_a_niss_is_corrected_when_two_registrars_typed_the_same(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    wrong, right = stories.els(), stories.els().niss
    file = stories.register_file(registrar=third, officer=officer, creditor=wrong)
    numbers = Correction(Designation(niss=wrong.niss), right)
    proposal = agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    person = Person.objects.get(pk=file.creditor_id)
    assert (person.open_value("niss"), person.niss_bi) == (right, niss_index(right))
    assert code_of(proposal) == "done"
    assert CaseEvent.objects.get(code="niss_corrected").file == file
    assert person.history.count() == 2, "the wrong number stays in the history, sealed"


def test_whoever_types_the_number_of_somebody_known_never_consults_them(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    creditor = stories.els()
    file = stories.register_file(registrar=third, officer=officer, creditor=creditor)
    numbers = Correction(Designation(niss=creditor.niss), stories.els().niss)
    proposal = proposed(numbers, by=registrar, as_user=as_user)
    assert barred(registrar, file.creditor_id)
    assert not barred(colleague, file.creditor_id)
    with as_user(colleague):
        approve_identity(proposal.pk, typed=numbers, on=ON)
    assert barred(colleague, file.creditor_id)


def test_nobody_decides_what_they_proposed(registrar: User, as_user: AsUser) -> None:
    numbers = Correction(Designation(niss=stories.els().niss), stories.els().niss)
    proposal = proposed(numbers, by=registrar, as_user=as_user)
    with pytest.raises(Refused) as caught, as_user(registrar):
        approve_identity(proposal.pk, typed=numbers, on=ON)
    assert caught.value.reason == "same_person"
    assert IdentityProposal.objects.get().state == "proposed"
    with (
        pytest.raises(IntegrityError, match="identity_needs_a_second_person"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE people_identityproposal SET state = 'approved', decided_by_id = proposed_by_id,"
            " decided_on = '2026-10-12'"
        )


def test_other_numbers_than_those_proposed_are_no_agreement(
    registrar: User, colleague: User, officer: User, as_user: AsUser
) -> None:
    numbers = Correction(Designation(niss=stories.els().niss), stories.els().niss)
    other = Correction(numbers.person, stories.els().niss)
    proposal = proposed(numbers, by=registrar, as_user=as_user)
    with as_user(colleague), pytest.raises(CaseError) as caught:
        approve_identity(proposal.pk, typed=other, on=ON)
    assert caught.value.code == "identity.typed_differently"
    assert not Job.objects.filter(kind=SETTLING).exists()


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.APPROVER, Role.USER_REGISTRAR])
def test_only_registrars_propose(role: Role, make_user: Callable[..., User], as_user: AsUser) -> None:
    numbers = Merge(Designation(niss=stories.els().niss), Designation(niss=stories.els().niss))
    with pytest.raises(Refused):
        proposed(numbers, by=make_user(role), as_user=as_user)
    assert not IdentityProposal.objects.exists()


def test_a_registrar_does_not_change_their_own_identity(
    make_user: Callable[..., User], as_user: AsUser
) -> None:
    user, own = make_user(Role.REGISTRAR), stories.els().niss
    user.niss_bi = niss_index(own)
    user.save()
    with pytest.raises(Refused) as caught:
        proposed(Correction(Designation(niss=own), stories.els().niss), by=user, as_user=as_user)
    assert caught.value.reason == "actor_is_party"


@pytest.mark.parametrize("party", ["registrar", "colleague"])
@pytest.mark.parametrize("kind", [Correction, Merge])
def test_neither_who_proposes_nor_who_decides_reaches_themselves_by_a_place_in_a_file(
    party: str,
    kind: type[Numbers],
    registrar: User,
    colleague: User,
    third: User,
    officer: User,
    as_user: AsUser,
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    """The place is not known to be theirs before the service looks: it stops, and casework examines it."""
    own = stories.tom()
    file = stories.register_file(registrar=third, officer=officer, debtor=own)
    other = stories.els()
    stories.register_file(registrar=third, officer=officer, creditor=other)
    user = {"registrar": registrar, "colleague": colleague}[party]
    change(user, niss_bi=niss_index(own.niss))
    meant = Designation(file_number=file.number, place="debtor")
    numbers = (
        Correction(meant, stories.els().niss) if kind is Correction else Merge(Designation(other.niss), meant)
    )
    proposal = agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    assert code_of(proposal) == "own_identity"
    debtor = Person.objects.get(pk=file.debtor_id)
    assert (debtor.niss_bi, debtor.merged_into) == (niss_index(own.niss), None)
    assert WorkItem.objects.get(kind="examine_identity").file == file
    assert security_log(kind="DENY", act="identity.settle", reason="actor_is_party", subject=proposal.pk)


def test_a_refused_proposal_changes_nothing_and_keeps_nothing_of_what_was_typed(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    creditor = stories.els()
    file = stories.register_file(registrar=third, officer=officer, creditor=creditor)
    numbers = Correction(Designation(niss=creditor.niss), stories.els().niss)
    proposal = proposed(numbers, by=registrar, as_user=as_user)
    with as_user(colleague):
        refuse_identity(proposal.pk, on=ON)
    kept = IdentityProposal.objects.get()
    assert (kept.state, kept.stated, kept.reason, kept.paper) == ("refused", None, None, None)
    assert Person.objects.get(pk=file.creditor_id).niss_bi == niss_index(creditor.niss)
    with as_user(colleague), pytest.raises(CaseError):
        approve_identity(proposal.pk, typed=numbers, on=ON)


def test_a_number_that_is_another_persons_is_left_alone_and_casework_examines_it(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    first, second = stories.els(), stories.tom()
    file = stories.register_file(registrar=third, officer=officer, creditor=first)
    stories.register_file(registrar=third, officer=officer, debtor=second)
    numbers = Correction(Designation(niss=first.niss), second.niss)
    proposal = agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    assert code_of(proposal) == "taken"
    assert Person.objects.get(pk=file.creditor_id).niss_bi == niss_index(first.niss)
    assert WorkItem.objects.get(kind="examine_identity").file == file
    assert CaseEvent.objects.filter(code="identity_unclear").count() == 2


def test_a_designation_that_leads_to_nobody_ends_quietly(
    registrar: User, colleague: User, as_user: AsUser
) -> None:
    numbers = Correction(Designation(niss=stories.els().niss), stories.els().niss)
    proposal = agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    assert code_of(proposal) == "nobody"
    assert IdentityProposal.objects.get().stated is None
    assert not RegistrationAct.objects.exists()


@pytest.mark.parametrize("place", ["creditor", "debtor", "child"])
def test_a_party_without_niss_is_designated_by_a_place_in_a_file(
    place: str, registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    file = stories.register_file(
        registrar=third,
        officer=officer,
        creditor=stories.els(niss=""),
        debtor=stories.tom(niss=""),
        children=[stories.child(1, niss=""), stories.child(2, niss="")],
    )
    born = date(2015, 3, 2) if place == "child" else None
    niss = stories.els().niss
    numbers = Correction(Designation(file_number=file.number, place=place, born=born), niss)
    agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    person = Person.objects.get(niss_bi=niss_index(niss))
    expected = {
        "creditor": file.creditor_id,
        "debtor": file.debtor_id,
        "child": Person.objects.get(birth_date=date(2015, 3, 2)).pk,
    }
    assert person.pk == expected[place]
    assert barred(registrar, person.pk) and barred(colleague, person.pk)


def test_two_children_born_the_same_day_are_nobody(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    twins = [stories.child(1, niss=""), stories.child(1, niss="", given_name="Bram")]
    file = stories.register_file(registrar=third, officer=officer, children=twins)
    meant = Designation(file_number=file.number, place="child", born=date(2015, 3, 1))
    proposal = agreed(Correction(meant, stories.els().niss), by=registrar, and_by=colleague, as_user=as_user)
    assert code_of(proposal) == "nobody"
    assert not RegistrationAct.objects.filter(actor=registrar.pk).exists()


def test_registrars_who_can_read_no_person_propose_and_agree(
    committed_database: str, registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    creditor = stories.els()
    stories.register_file(registrar=third, officer=officer, creditor=creditor)
    numbers = Correction(Designation(niss=creditor.niss), stories.els().niss)
    with nothing_readable(committed_database, but=("people_identityproposal",)):
        proposal = proposed(numbers, by=registrar, as_user=as_user)
        with as_user(colleague):
            approve_identity(proposal.pk, typed=numbers, on=ON)
    settle(proposal)
    assert code_of(proposal) == "done"


# --- merging -----------------------------------------------------------------------------------------


def merged(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> tuple[AlimonyFile, AlimonyFile]:
    """Els was registered twice: with her NISS, and without it by somebody else."""
    whole, half = stories.els(iban="", address=""), stories.els(niss="")
    first = stories.register_file(registrar=third, officer=officer, creditor=whole)
    second = stories.register_file(registrar=third, officer=officer, creditor=half)
    numbers = Merge(Designation(niss=whole.niss), Designation(file_number=second.number, place="creditor"))
    agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    return first, second


def test_a_merging_moves_the_files_to_the_one_who_remains(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    first, second = merged(registrar, colleague, third, officer, as_user)
    emptied = Person.objects.get(pk=second.creditor_id)
    second.refresh_from_db()
    kept = Person.objects.get(pk=first.creditor_id)
    assert second.creditor_id == kept.pk
    assert (emptied.merged_into, emptied.niss_bi) == (kept, None)
    assert kept.open_value("address") == stories.els().address, "what only the emptied one held"
    assert PaymentAccount.objects.get().person == kept
    assert PaymentAccount.objects.get().open_value("iban") == stories.IBAN
    assert CaseEvent.objects.get(code="persons_merged").file == second
    assert second.history.count() > 1


def test_who_registered_the_emptied_one_is_barred_from_the_one_who_remains(
    registrar: User,
    colleague: User,
    third: User,
    officer: User,
    make_user: Callable[..., User],
    as_user: AsUser,
) -> None:
    whole = stories.els()
    first = stories.register_file(registrar=third, officer=officer, creditor=whole)
    earlier = make_user(Role.REGISTRAR, given_name="Pia")
    half = stories.els(niss="")
    second = stories.register_file(registrar=earlier, officer=officer, creditor=half)
    assert not barred(earlier, first.creditor_id)
    numbers = Merge(Designation(niss=whole.niss), Designation(file_number=second.number, place="creditor"))
    agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    for user in (registrar, colleague, third, earlier):
        assert barred(user, first.creditor_id)
    with as_user(officer):
        assert get_file(first.pk, purpose="file.work").pk == first.pk


def test_a_protection_goes_along_with_the_merging(
    registrar: User,
    colleague: User,
    third: User,
    officer: User,
    make_user: Callable[..., User],
    as_user: AsUser,
) -> None:
    whole = stories.els()
    first = stories.register_file(registrar=third, officer=officer, creditor=whole)
    second = stories.register_file(registrar=third, officer=officer, creditor=stories.els(niss=""))
    watcher = make_user(Role.SECURITY_COORDINATOR)
    PersonProtection.objects.create(
        person_id=second.creditor_id, ground="well_known", marked_by=watcher, marked_on=ON
    )
    numbers = Merge(Designation(niss=whole.niss), Designation(file_number=second.number, place="creditor"))
    agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    protection = PersonProtection.objects.get(person=first.creditor_id)
    assert (protection.ground, protection.marked_by) == ("well_known", watcher)


def test_a_merging_never_changes_where_money_goes(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    whole, half = stories.els(), stories.els(niss="", iban="BE68539007547034")
    first = stories.register_file(registrar=third, officer=officer, creditor=whole)
    second = stories.register_file(registrar=third, officer=officer, creditor=half)
    numbers = Merge(Designation(niss=whole.niss), Designation(file_number=second.number, place="creditor"))
    agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    kept = Person.objects.get(pk=first.creditor_id)
    assert [one.open_value("iban") for one in kept.accounts.all()] == [stories.IBAN]


def test_the_emptied_row_is_met_by_nobody_and_erased_with_the_one_who_remains(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    _first, second = merged(registrar, colleague, third, officer, as_user)
    emptied = Person.objects.get(merged_into__isnull=False)
    assert emptied.pk not in persons_only_of("default", second.pk), "the one who remains has another file"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM people_person WHERE niss_bi IS NOT NULL AND merged_into_id IS NOT NULL"
        )
        assert cursor.fetchone() == (0,)
    assert {emptied.merged_into_id} <= set(AlimonyFile.objects.values_list("creditor", flat=True))
    assert not AlimonyFile.objects.filter(creditor=emptied).exists()


def test_an_emptied_row_goes_with_the_last_file_of_the_one_who_remains(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    whole = stories.els()
    second = stories.register_file(registrar=third, officer=officer, creditor=stories.els(niss=""))
    with as_user(third):
        alone = register_person(whole, file=uuid.uuid4()).person
    numbers = Merge(Designation(niss=whole.niss), Designation(file_number=second.number, place="creditor"))
    agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    gone = set(persons_only_of("default", second.pk))
    assert {alone, Person.objects.get(merged_into=alone).pk} <= gone


def test_who_was_merged_twice_goes_with_the_last_file_of_the_one_who_remains(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    between, last = stories.els(), stories.els()
    file = stories.register_file(registrar=third, officer=officer, creditor=stories.els(niss=""))
    first = file.creditor_id
    with as_user(third):
        second, remaining = (register_person(whole, file=uuid.uuid4()).person for whole in (between, last))
    by_file = Designation(file_number=file.number, place="creditor")
    for numbers in (
        Merge(Designation(niss=between.niss), by_file),
        Merge(Designation(niss=last.niss), Designation(niss=between.niss)),
    ):
        agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    assert Person.objects.get(pk=first).merged_into_id == second
    assert Person.objects.get(pk=second).merged_into_id == remaining
    assert {first, second, remaining} <= set(persons_only_of("default", file.pk))


def test_what_was_stated_of_who_was_merged_twice_reaches_the_one_who_remains(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    between, last, nameless = stories.child(2), stories.child(), stories.child(niss="")
    with as_user(third):
        file = receive_application(stories.statement(children=[nameless]), on=stories.RECEIVED_ON)
        _second, remaining = (register_person(one, file=uuid.uuid4()).person for one in (between, last))
    in_file = Designation(file_number=file.number, place="child", born=nameless.birth_date)
    for numbers in (
        Merge(Designation(niss=between.niss), in_file),
        Merge(Designation(niss=last.niss), Designation(niss=between.niss)),
    ):
        agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    stories.arrive(file.pk)
    assert not CaseEvent.objects.filter(code="declared_differently").exists(), "as the last row has it"
    assert Beneficiary.objects.get(title__file=file).child_id == remaining


def test_two_parties_of_one_file_are_not_merged(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    creditor, debtor = stories.els(), stories.tom()
    file = stories.register_file(registrar=third, officer=officer, creditor=creditor, debtor=debtor)
    numbers = Merge(Designation(niss=creditor.niss), Designation(niss=debtor.niss))
    proposal = agreed(numbers, by=registrar, and_by=colleague, as_user=as_user)
    assert code_of(proposal) == "same_file"
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    assert WorkItem.objects.get(kind="examine_identity").file == file


def test_settling_twice_changes_nothing(
    registrar: User, colleague: User, third: User, officer: User, as_user: AsUser
) -> None:
    merged(registrar, colleague, third, officer, as_user)
    acts, lines = RegistrationAct.objects.count(), CaseEvent.objects.count()
    proposal = IdentityProposal.objects.get()
    Job.objects.filter(kind=SETTLING).update(state="waiting")
    settle(proposal)
    assert (RegistrationAct.objects.count(), CaseEvent.objects.count()) == (acts, lines)


def test_no_registrar_carries_out_what_they_agreed_on(
    registrar: User, colleague: User, as_user: AsUser
) -> None:
    numbers = Correction(Designation(niss=stories.els().niss), stories.els().niss)
    proposal = proposed(numbers, by=registrar, as_user=as_user)
    with as_user(colleague):
        approve_identity(proposal.pk, typed=numbers, on=ON)
    with pytest.raises(Refused), as_user(colleague):
        settle_identity(proposal.pk, on=ON)


# --- the database, past the services -----------------------------------------------------------------


def refused(statement: str, *values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_decided_proposal_is_neither_decided_again_nor_rewritten(
    registrar: User, colleague: User, as_user: AsUser
) -> None:
    numbers = Correction(Designation(niss=stories.els().niss), stories.els().niss)
    proposal = proposed(numbers, by=registrar, as_user=as_user)
    refused("UPDATE people_identityproposal SET stated = 'x'::bytea")
    with as_user(colleague):
        approve_identity(proposal.pk, typed=numbers, on=ON)
    refused("UPDATE people_identityproposal SET state = 'proposed', decided_by_id = NULL, decided_on = NULL")


def test_a_proposal_cannot_begin_as_decided(registrar: User, colleague: User) -> None:
    refused(
        "INSERT INTO people_identityproposal (id, key_id, kind, state, stated_bi, paper_type, proposed_by_id,"
        " proposed_on, decided_by_id, decided_on) VALUES (%s, %s, 'merge', 'approved', '\\x07', '', %s,"
        " '2026-10-05', %s, '2026-10-05')",
        uuid.uuid4(),
        uuid.uuid4(),
        registrar.pk,
        colleague.pk,
    )
