"""One of everything that an address can name: ours, the siblings', and what is given to nobody.

A `Thing` holds the values of an address's parameters and who reaches it. Each kind (`Matter.kind`) has its
things in one place, so a new page about a known kind is walked without another line; a new kind or a new
parameter is a line here. A kind of which each act meets its own is named "kind act". Everything is made by
the real services, committed.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from audit.retention.models import Certificate
from audit.retention.services import ERASE_JOB, propose_list
from audit.retention.services import approve as approve_list
from recovery.cases.models import Document, Mandate, RecoveryFile
from recovery.portal.models import PaymentWay
from recovery.portal.services import PaymentFacts, record_payment
from secal.access.models import Commitment, CommitmentKind, User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.advances.models import AdvanceRun, Outcome, RunLine
from secal.advances.services import runs
from secal.advances.services.decisions import decide_advance
from secal.cases.models import AlimonyFile, Attachment
from secal.cases.services.identity import propose_identity
from secal.config.demo.statement_files import Transfer, write_statement
from secal.files.models import IntakeDraft
from secal.ledger.models import BankStatement, Receipt
from secal.ledger.services.receipts import import_statement
from secal.office import jobs
from secal.office.clock import today
from secal.office.models import Job
from secal.people.designations import Correction, Designation, Merge
from secal.solvency.models import SolvencyReview
from tests import stories
from tests.access.commitments.conftest import give, in_force
from tests.cases.test_identity import PROOF
from tests.closing import close_long_ago
from tests.files import wizard
from tests.matrix import exceptional, listed, registered
from tests.matrix.things import (
    CASEWORK,
    EVERYONE,
    NOBODY,
    ONSS,
    ClientFor,
    MakeUser,
    Secret,
    Thing,
    Things,
    World,
    add,
    persons,
    secrets_of,
)
from tests.recovery import stories as recovery
from tests.recovery.arrears.test_oppositions import oppose
from tests.recovery.enforcement.conftest import proposed, sent
from tests.recovery.stories import People
from tests.solvency.test_reviews import ON as REVIEWED_ON
from tests.solvency.test_reviews import signed

MONTH, EXECUTION = date(2026, 11, 1), date(2026, 11, 24)
DECIDED_ON, PAID_ON = date(2026, 10, 20), date(2026, 11, 10)


@dataclass(frozen=True, slots=True)
class _Alimony:
    """A file in collection with all that its pages name."""

    file: AlimonyFile
    values: dict[str, uuid.UUID]


def build(make_user: MakeUser, client_for: ClientFor) -> World:
    """Ours in Brussels, the siblings in Liège, and bailiffs of two offices."""
    staff = recovery.people(make_user)
    ours = {
        Role.REGISTRAR: make_user(Role.REGISTRAR),
        Role.CASE_OFFICER: make_user(Role.CASE_OFFICER),
        Role.APPROVER: make_user(Role.APPROVER),
        Role.ARREARS_CLERK: staff.clerk,
        Role.RECOVERY_DIRECTORATE: staff.directorate,
        Role.ROLL_SIGNATORY: staff.signatory,
        Role.CONCESSION_OPERATOR: staff.operator,
        Role.USER_REGISTRAR: staff.user_registrar,
        Role.BAILIFF: staff.bailiff,
        Role.SECURITY_COORDINATOR: make_user(Role.SECURITY_COORDINATOR, given_name="Karel"),
        Role.DATA_PROTECTION_OFFICER: make_user(Role.DATA_PROTECTION_OFFICER, given_name="Dina"),
    }
    theirs = {
        Role.REGISTRAR: make_user(Role.REGISTRAR, section="Liège"),
        Role.CASE_OFFICER: make_user(Role.CASE_OFFICER, section="Liège"),
    }
    things: Things = {}
    secrets: list[Secret] = []
    _erased(ours, things)
    _alimony(ours, theirs, things, secrets)
    _drafts(ours, theirs, client_for, things, secrets)
    _recovery(staff, make_user, things, secrets)
    _jobs(ours, things)
    _proposals(ours, theirs, things)
    _commitments(ours, things)
    registered.build(ours, make_user, things, secrets)
    listed.build(ours, things)
    exceptional.build(ours, theirs, staff, make_user, things, secrets)
    for user in ours.values():
        # Some were told since who they are.
        user.refresh_from_db()
    return World(ours, things, secrets)


def _erased(ours: Mapping[Role, User], things: Things) -> None:
    """A file that had to go, its list and its certificate."""
    officer, approver = ours[Role.CASE_OFFICER], ours[Role.APPROVER]
    file = stories.granted_file(registrar=ours[Role.REGISTRAR], officer=officer)
    close_long_ago(file, officer=officer, approver=approver, on=DECIDED_ON)
    with service_work("retention"):
        made = propose_list(on=today())
    assert made is not None
    for watcher in (Role.SECURITY_COORDINATOR, Role.DATA_PROTECTION_OFFICER):
        with acting_as(ours[watcher].pk):
            approve_list(list_id=made.pk)
    jobs.run(Job.objects.get(kind=ERASE_JOB, period=str(made.pk)).pk)
    certificate = Certificate.objects.get()
    things["erasure_list"] = [Thing("list", {"list_id": made.pk}, EVERYONE)]
    things["certificate"] = [Thing("certificate", {"certificate_id": certificate.pk}, EVERYONE)]


def _alimony(
    ours: Mapping[Role, User],
    theirs: Mapping[Role, User],
    things: Things,
    secrets: list[Secret],
) -> None:
    """Our file and the siblings', each with a payment and a line in the month's run; and a payment of
    nobody's."""
    mine = _file(ours, "Griet", "Kwartelslag", "Ward", "Bladerkroon", "BE48001123456727")
    other = _file(theirs, "Machteld", "Quintelier", "Odilon", "Vlasgeers", "BE56001012698588")
    missing = {
        who: stories.register_file(
            registrar=staff[Role.REGISTRAR],
            officer=staff[Role.CASE_OFFICER],
            papers=(),
            **persons("Liv", family, "Joren", debtors, account),
        )
        for who, staff, family, debtors, account in (
            ("ours", ours, "Hazelworm", "Populierblad", "BE26001700112229"),
            ("theirs", theirs, "Wielewaal", "Meidoornhaag", "BE85001889900106"),
        )
    }
    statement = _paid(mine.file, other.file)
    run = _run(ours[Role.CASE_OFFICER])
    for name, made, reached in (("ours", mine, CASEWORK), ("theirs", other, NOBODY)):
        file = made.file
        registered = {Role.REGISTRAR} if name == "ours" else set()
        line = RunLine.objects.get(run=run, right__file=file)
        receipt = Receipt.objects.get(book=file.book)
        add(things, "alimony_file", name, made.values, reached)
        add(things, "book", name, {"pk": file.book_id}, reached)
        add(things, "receipt", name, {"pk": receipt.pk}, reached)
        add(things, "run_line", name, {"run_id": run.pk, "line_id": line.pk}, reached)
        add(things, "application", name, {"file_id": file.pk}, frozenset(registered))
        add(things, "open_application", name, {"file_id": missing[name].pk}, frozenset(registered))
        secrets += secrets_of("alimony_file", file.pk, reached, number=reached | registered)
        secrets += secrets_of("alimony_file", missing[name].pk, reached, number=reached | registered)
    waiting = Receipt.objects.get(book=None)
    add(things, "receipt", "waiting", {"pk": waiting.pk}, CASEWORK)
    add(things, "statement", "of the service", {"pk": statement.pk}, CASEWORK)
    add(things, "run", "of the month", {"run_id": run.pk}, EVERYONE)


def _file(
    staff: Mapping[Role, User], given: str, family: str, debtor_given: str, debtor_family: str, iban: str
) -> _Alimony:
    """A decided and reviewed file of these people."""
    file = stories.register_file(
        registrar=staff[Role.REGISTRAR],
        officer=staff[Role.CASE_OFFICER],
        **persons(given, family, debtor_given, debtor_family, iban),
    )
    with acting_as(staff[Role.CASE_OFFICER].pk):
        decide_advance(file_id=file.pk, outcome=Outcome.GRANTED, motive="", on=DECIDED_ON)
        review = signed(file)
    file = AlimonyFile.objects.select_related("book").get(pk=file.pk)
    assert SolvencyReview.objects.filter(pk=review.pk, reviewed_on=REVIEWED_ON).exists()
    paper = Attachment.objects.filter(file=file).order_by("pk")[0]
    values = {
        "file_id": file.pk,
        "person_id": file.creditor_id,
        "paper_id": paper.pk,
        "review_id": review.pk,
    }
    return _Alimony(file, values)


def _paid(*files: AlimonyFile) -> BankStatement:
    """A statement: a payment for each file, and one whose communication is nobody's."""
    transfers = [
        Transfer(Decimal("50.00"), str(file.debtor), "BE79096012698533", ogm=file.book.communication)
        for file in files
    ]
    transfers.append(Transfer(Decimal("10.00"), "Onbekende betaler", "BE62510007547061", text="bonjour"))
    content = write_statement(
        transfers, account_iban=settings.OFFICE_IBAN, day=PAID_ON, opening=Decimal("1.00")
    )
    with service_work("bank"):
        return import_statement(content=content, on=PAID_ON)


def _run(officer: User) -> AdvanceRun:
    """The month's run, reckoned and waiting for its approval."""
    with acting_as(officer.pk):
        run = runs.prepare(month=MONTH, execution_on=EXECUTION)
    jobs.run(Job.objects.get(kind="advances.compute", period=str(run.pk)).pk)
    return run


def _drafts(
    ours: Mapping[Role, User],
    theirs: Mapping[Role, User],
    client_for: ClientFor,
    things: Things,
    secrets: list[Secret],
) -> None:
    """An application that each registrar has typed and not sent."""
    for name, staff, family in (("ours", ours, "Ratelpopulier"), ("theirs", theirs, "Zwartkopvink")):
        browser = client_for(staff[Role.REGISTRAR])
        draft = wizard.begin(browser)
        wizard.fill(
            browser,
            draft,
            creancier=wizard.creditor(family_name=family, address=f"Beemd 3, {family}dorp"),
        )
        reached = frozenset({Role.REGISTRAR}) if name == "ours" else NOBODY
        assert IntakeDraft.objects.filter(pk=draft, sent_at=None).exists()
        add(things, "draft", name, {"file_id": draft}, reached)
        secrets += [Secret(family, "draft.name", reached), Secret(f"{family}dorp", "draft.address", reached)]


def _recovery(staff: People, make_user: MakeUser, things: Things, secrets: list[Secret]) -> None:
    """A file with our bailiff, one with the siblings', one still at the ONSS, and a title that waits."""
    office, bailiff = recovery.office_with_bailiff(make_user, "Kantoor Zilverden", given_name="Jef")
    siblings = replace(staff, office=office, bailiff=bailiff)
    everywhere = ONSS | {Role.CONCESSION_OPERATOR}
    mine = _enforced(staff, "Kantwerk Nachtpauwoog")
    other = _enforced(siblings, "Garage Schermbloem")
    waiting = recovery.made_title(staff, **_firm("Drukkerij Vuurdoorn"))
    transmission = sent(staff, waiting)
    kept_back = recovery.made_title(staff, **_firm("Bakkerij Wolfsmelk"))
    for name, values, reached in (
        ("ours", mine, everywhere | {Role.BAILIFF}),
        ("theirs", other, everywhere),
        ("at the ONSS", _named(kept_back.file), ONSS),
    ):
        file = RecoveryFile.objects.get(pk=values["file_id"])
        add(things, "recovery_file", name, values, reached - {Role.BAILIFF})
        add(things, "book", f"employer, {name}", {"pk": file.book_id}, ONSS - {Role.ROLL_SIGNATORY})
        add(things, "employer", name, {"employer_id": file.employer_id}, EVERYONE)
        if name != "at the ONSS":
            add(things, "mandated_file", name, values, reached & {Role.BAILIFF})
        secrets += secrets_of("recovery_file", file.pk, reached, number=reached)
    hopeless = recovery.mandated_title(staff, **_firm("Brasserie Nachtegaal")).file
    proposal = proposed(staff, hopeless)
    for unit_id, reached in (
        (waiting.file_id, everywhere),
        (hopeless.pk, everywhere | {Role.BAILIFF}),
    ):
        secrets += secrets_of("recovery_file", unit_id, reached, number=reached)
    add(things, "proposal", "proposal", {"proposal_id": proposal.pk}, EVERYONE)
    add(things, "transmission", "sent", {"transmission_id": transmission.pk}, EVERYONE)
    operator = frozenset({Role.CONCESSION_OPERATOR})
    add(things, "waiting_title", "waiting", {"title_id": waiting.pk}, operator)
    add(things, "waiting_title", "at the ONSS", {"title_id": kept_back.pk}, NOBODY)


def _firm(name: str) -> dict[str, Any]:
    """No detail of it is another's."""
    return {"name": name, "address": f"{name.split()[1]}laan 3, 1000 Bruxelles"}


def _enforced(staff: People, name: str) -> dict[str, uuid.UUID]:
    """A served and opposed title with an act, a payment and papers."""
    mandate = recovery.mandated_title(staff, **_firm(name))
    title = recovery.serve(staff, mandate)
    payment_id = uuid.uuid4()
    facts = PaymentFacts(mandate.pk, Decimal("100.00"), PAID_ON, PaymentWay.CASH)
    with acting_as(staff.bailiff.pk):
        record_payment(file_id=mandate.file_id, facts=facts, payment_id=payment_id, on=PAID_ON)
    opposition = oppose(staff, title)
    act = Mandate.objects.get(pk=mandate.pk).acts.order_by("recorded_at")[0]
    return {
        **_named(RecoveryFile.objects.get(pk=mandate.file_id)),
        "title_id": title.pk,
        "opposition_id": opposition.pk,
        "act_id": act.pk,
        "payment_id": payment_id,
    }


def _named(file: RecoveryFile) -> dict[str, uuid.UUID]:
    """What addresses name inside a file that has a constraint."""
    paper = Document.objects.filter(file=file).order_by("made_on", "kind")[0]
    return {
        "file_id": file.pk,
        "document_id": paper.pk,
        "notice_id": file.notices.get().pk,
        "roll_id": file.rolls.get().pk,
        "title_id": file.titles.get().pk,
    }


def _jobs(ours: Mapping[Role, User], things: Things) -> None:
    """A job of each who may ask for one, and one of the service's."""
    for role in (Role.CASE_OFFICER, Role.DATA_PROTECTION_OFFICER):
        with acting_as(ours[role].pk):
            job = jobs.request_job("ledger.collect", f"of {role}", ring=False)
        add(things, "job", f"of {role}", {"job_id": job.pk}, CASEWORK | {role})


def _proposals(ours: Mapping[Role, User], theirs: Mapping[Role, User], things: Things) -> None:
    """A correction and a merging, each proposed by either registrar: each decides the other's."""
    born = date(1990, 5, 17)
    for name, by, reached in (
        ("theirs", theirs[Role.REGISTRAR], {Role.REGISTRAR}),
        ("our own", ours[Role.REGISTRAR], NOBODY),
    ):
        numbers = [Designation(niss=stories.new_niss(born)) for _each in range(3)]
        with acting_as(by.pk):
            correction = propose_identity(
                Correction(numbers[0], stories.new_niss(born)), PROOF, on=DECIDED_ON
            )
            merging = propose_identity(Merge(numbers[1], numbers[2]), PROOF, on=DECIDED_ON)
        for act, made in (("correction", correction), ("merge", merging)):
            key = f"identity_proposal person.decide_{act}"
            add(things, key, name, {"proposal_id": made.pk}, reached)


def _commitments(ours: Mapping[Role, User], things: Things) -> None:
    """What an officer and a bailiff accepted."""
    for role in (Role.CASE_OFFICER, Role.BAILIFF):
        given = Commitment.objects.filter(user=ours[role]).first()
        made = given or give(ours[role], in_force(CommitmentKind.POLICY))
        add(things, "commitment", f"of {role}", {"commitment_id": made.pk}, {role})
