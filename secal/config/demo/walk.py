"""The steps of the walk: what a registrar, an officer and a second signatory do, and what must be true after it."""

from __future__ import annotations

import os
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse

from secal.advances.models import AdvanceDecision, AdvanceRun, LineState, RunLine, RunState
from secal.cases.models import AlimonyFile, ApplicationState, FileState, MonthlyTerm, WorkItem, WorkKind
from secal.config.demo.browser import Browser, Page
from secal.config.demo.office import Open
from secal.config.demo.personas import PERSONAS
from secal.config.demo.seed.people import Invented, Inventor
from secal.config.demo.seed.told import KARIN, LUC, MIA, NADIA, PAPER, RITA
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.calendar import next_working_day
from secal.kernel.identifiers import compose_niss, format_ogm
from secal.kernel.money import cents, format_amount, percentage
from secal.kernel.periods import Month
from secal.law import parameter
from secal.ledger.models import (
    Account,
    BankStatement,
    EntryKind,
    JournalEntry,
    PaymentFile,
    PaymentFileState,
    Posting,
    Receipt,
    ReceiptState,
)
from secal.office.clock import today
from secal.solvency.models import Reexamination, SolvencyReview

FIRST_TERM, SECOND_TERM, PAID_OF_SECOND = Decimal("210.00"), Decimal("150.00"), Decimal("40.00")
FOR_THE_ADVANCES = Decimal("64.80")
"""What the debtor's payment leaves for the advances once the contributions are paid."""
FROM_A_STRANGER = Decimal("77.77")
JOB_SECONDS = 60.0
MONTHS_OF_MAINTENANCE = 20
DAYS_TO_NEXT_REVIEW = 45


class DidNotHold(AssertionError):
    """A step's effect is not there."""


def hold(condition: object, what: str) -> None:
    """Raise DidNotHold with these words unless the condition is true."""
    if not condition:
        raise DidNotHold(what)


def same(found: object, wanted: object, what: str) -> None:
    """Raise DidNotHold unless both are equal."""
    if found != wanted:
        raise DidNotHold(f"{what}: found {found}, wanted {wanted}")


@dataclass
class Walk:
    """What one step leaves for the next."""

    office: Open
    day: date = field(default_factory=today)
    people: dict[str, Browser] = field(default_factory=dict)
    inventor: Inventor = field(default_factory=lambda: Inventor(random.Random(7)))  # noqa: S311 - made-up names
    creditor: Invented | None = None
    debtor: Invented | None = None
    children: list[Invented] = field(default_factory=list)
    creditor_iban: str = ""
    file_id: uuid.UUID | None = None
    run_id: uuid.UUID | None = None
    next_review_on: date | None = None
    statement: bytes = b""

    @property
    def file(self) -> AlimonyFile:
        return AlimonyFile.objects.select_related("book", "application").get(pk=self.file_id)

    def browser(self, subject: str) -> Browser:
        return self.people[subject]

    def close(self) -> None:
        for browser in self.people.values():
            browser.session.close()


# What the amounts must be, from the application's own figures and the law


@dataclass(frozen=True)
class Reckoning:
    """The walk's own sums, made apart from the office's."""

    unpaid: tuple[Decimal, ...]
    advances: tuple[Decimal, Decimal]
    contributions: Decimal

    @property
    def principal(self) -> Decimal:
        return sum(self.unpaid, Decimal(0))

    @property
    def advanced(self) -> Decimal:
        return sum(self.advances, Decimal(0))

    @property
    def payment(self) -> Decimal:
        return self.contributions + FOR_THE_ADVANCES

    @property
    def left(self) -> Decimal:
        return self.principal + self.contributions - self.payment


def stated_months(day: date) -> list[Month]:
    """The months that the application states as unpaid: the last three whose first day lies before it."""
    latest = Month.of(day) if day.day > 1 else Month.of(day) - 1
    return [latest - 2, latest - 1, latest]


def reckon(day: date) -> Reckoning:
    """Two children, three months unpaid, EUR 40 paid on the second child's latest."""
    months = stated_months(day)
    unpaid = [FIRST_TERM, FIRST_TERM, FIRST_TERM, SECOND_TERM, SECOND_TERM, SECOND_TERM - PAID_OF_SECOND]
    paid_this_month = PAID_OF_SECOND
    if months[-1] != Month.of(day):
        unpaid += [FIRST_TERM, SECOND_TERM]
        paid_this_month = Decimal(0)
    cap = parameter("advance_cap_per_creditor_month", on=day).decimal().value
    share = parameter("contribution_debtor_pct", on=day).decimal().value
    return Reckoning(
        unpaid=tuple(unpaid),
        advances=(min(FIRST_TERM, cap), min(SECOND_TERM, cap) - paid_this_month),
        contributions=sum((percentage(amount, share) for amount in unpaid), Decimal(0)),
    )


# Login


def log_in(walk: Walk) -> str:
    """Everybody who works in the walk, at the real provider; and the same answer without a login."""
    stranger = Browser(walk.office.web)
    page = stranger.get(reverse("files:worklist"))
    hold(reverse("access:login") in page.url, "without a login the worklist leads to the login page")
    for subject in (RITA, LUC, NADIA, MIA):
        browser = Browser(walk.office.web)
        page = browser.get(reverse("access:login"))
        link = next(href for _, _, href, _ in page.document.iterlinks() if reverse("access:begin") in href)
        choice = browser.get(link)
        hold(choice.url.startswith(walk.office.identity), "the login goes by the identity provider")
        home = browser.press(choice, "sub", subject)
        same(home.status, 200, f"home of {subject}")
        name = next(persona.name for persona in PERSONAS if persona.subject == subject)
        hold(name in home.text, f"the home page names {name}")
        walk.people[subject] = browser
    logins = log_count(kind="LOGIN")
    hold(logins >= len(walk.people), "each login left a row in the security log")
    return f"{len(walk.people)} people logged in at the provider"


# Registration


def register(walk: Walk) -> str:
    """The wizard with real values; a NISS with sequence 000 is refused; what is missing is said, then brought."""
    rita = walk.browser(RITA)
    _invent_family(walk)
    page = rita.submit(rita.get(reverse("files:intake")), reverse("files:start"))
    walk.file_id = uuid.UUID(page.url.rstrip("/").split("/")[-2])
    page = _next(rita, page, "court", _title_values(walk.day))
    refused = _next(rita, page, "given_name", {**_party(walk.creditor), "niss": _niss_000(walk)})
    hold("000" in refused.text and refused.url == page.url, "a NISS of sequence 000 is refused")
    page = _next(rita, refused, "given_name", {**_party(walk.creditor), "iban": walk.creditor_iban, "lives_in_belgium": "yes"})
    page = _next(rita, page, "given_name", _party(walk.debtor))
    page = rita.submit(page, "row-0-given_name", _child(walk, 0, page), button=("action", "add"))
    page = rita.submit(page, "row-1-given_name", _child(walk, 1, page), button=("action", "next"))
    page = rita.submit(page, "signed", _terms_values(walk, page), button=("action", "next"), files=_papers())
    hold(page.url.endswith(reverse("files:check", args=[walk.file_id])), f"all steps hold; still at {page.url}")
    page = rita.submit(page, TOKEN)
    hold(page.url.endswith(reverse("files:received", args=[walk.file_id])), "the application is received")
    application = walk.file.application
    same(application.state, ApplicationState.INCOMPLETE, "state without the signed order")
    same(application.missing, ["order_to_collect"], "what is missing")
    page = rita.get(reverse("files:papers", args=[walk.file_id]))
    rita.submit(page, "order_signed", {"order_signed": "on"})
    same(walk.file.state, FileState.TO_DECIDE, "state once complete")
    return f"{walk.file.number}: incomplete without the order, complete with it"


def refuse_registrar(walk: Walk) -> str:
    """Who registered never opens what was registered; the refusal is logged."""
    before = log_count(kind="DENY", file=walk.file_id)
    page = walk.browser(RITA).get(reverse("files:page", args=[walk.file_id]))
    hold(page.status in (403, 404), f"the registrar is refused, got {page.status}")
    hold(log_count(kind="DENY") > 0 and page.status != 200, "the refusal is logged")
    return f"refused with {page.status}; {log_count(kind='DENY', file=walk.file_id) - before} row(s) about the file"


def give_to_luc(walk: Walk) -> str:
    """The second signatory gives the file to Luc; nobody gives a file to themselves."""
    file = walk.file
    holder = file.assignments.filter(until_at=None).select_related("officer").first()
    luc = next(persona for persona in PERSONAS if persona.subject == LUC)
    if holder is not None and holder.officer.subject == LUC:
        return "it lay on Luc's desk already"
    nadia = walk.browser(NADIA)
    page = nadia.get(reverse("files:assign", args=[walk.file_id]))
    choices = {
        radio.get("value"): " ".join("".join(label.itertext()).split())
        for radio in page.document.iterfind(".//input[@name='officer']")
        for label in page.document.iterfind(".//label")
        if label.get("for") == radio.get("id")
    }
    wanted = next(value for value, words in choices.items() if luc.name in words)
    nadia.submit(page, "officer", {"officer": str(wanted)})
    now = file.assignments.filter(until_at=None).select_related("officer").get()
    same(now.officer.subject, LUC, "officer in charge")
    return "Nadia gave the file to Luc"


# Decision


def decide(walk: Walk) -> str:
    """The proposal shows the reckoning; confirmed, it opens rights and the book."""
    luc, wanted = walk.browser(LUC), reckon(walk.day)
    number = walk.file.number
    hold(number in luc.get(reverse("files:worklist")).text, "the decision is on Luc's worklist")
    page = luc.get(reverse("advances:decide", args=[walk.file_id]))
    same(page.status, 200, "decision page")
    for amount in wanted.advances:
        hold(format_amount(amount) in _plain(page), f"the proposal shows {amount}")
    hold("art. 4" in page.text and "art. 6" in page.text, "the proposal names its articles")
    luc.submit(page, "outcome", {"outcome": "granted"})
    file = walk.file
    same(file.state, FileState.ACTIVE, "state after the decision")
    decision = AdvanceDecision.objects.get(application__file=file)
    same(decision.rights.count(), 2, "rights given")
    charged = _debtor_balance(file)
    same(charged, wanted.principal + wanted.contributions, "charged to the debtor")
    return f"granted: {' + '.join(map(str, wanted.advances))} a month; {charged} charged"


# Payment


def prepare_run(walk: Walk) -> str:
    """Luc prepares the month's run, in the background; our two children are in it, to the cent."""
    luc, wanted = walk.browser(LUC), reckon(walk.day)
    page = luc.get(reverse("advances:runs"))
    month = Month.of(walk.day)
    page = luc.submit(
        page, "execution_on", {"month": str(month), "execution_on": next_working_day(walk.day).isoformat()}
    )
    walk.run_id = uuid.UUID(page.url.rstrip("/").split("/")[-1])
    run = _await_run(walk, RunState.PROPOSED)
    lines = RunLine.objects.filter(run=run, right__file=walk.file_id, state=LineState.CANDIDATE)
    same(sorted(line.amount for line in lines), sorted(wanted.advances), "our lines")
    excluded = RunLine.objects.filter(run=run, state=LineState.EXCLUDED)
    hold(not excluded.filter(exclusion="").exists(), "each exclusion has its reason")
    return f"{run.count} payments, EUR {run.total}; {excluded.count()} excluded with reasons"


def approve_run(walk: Walk) -> str:
    """Luc may not approve what he prepared; Nadia may, and the file goes to the bank."""
    luc, nadia = walk.browser(LUC), walk.browser(NADIA)
    before = log_count(kind="DENY", act="run.approve")
    page = luc.get(reverse("advances:run", args=[walk.run_id]))
    refused = luc.post(page, reverse("advances:run_approve", args=[walk.run_id]))
    same(refused.status, 403, "Luc approving his own run")
    same(log_count(kind="DENY", act="run.approve"), before + 1, "refusals of the approval in the security log")
    same(AdvanceRun.objects.get(pk=walk.run_id).state, RunState.PROPOSED, "state after the refusal")
    page = nadia.get(reverse("advances:run", args=[walk.run_id]))
    nadia.submit(page, reverse("advances:run_approve", args=[walk.run_id]))
    run = _await_run(walk, RunState.SENT)
    hold(run.approved_by_id != run.prepared_by_id, "a second person approved")
    sent = PaymentFile.objects.get(source=run.pk)
    same((sent.count, sent.control_sum), (run.count, run.total), "payment file")
    return f"{sent.message_id}: {sent.count} payments, EUR {sent.control_sum}"


def bank_pays(walk: Walk) -> str:
    """The bank decides, its clock moves past the day of execution, its reports are collected, the books show it."""
    run, wanted = AdvanceRun.objects.get(pk=walk.run_id), reckon(walk.day)
    at_bank = {payment["end_to_end_id"] if "end_to_end_id" in payment else payment["endToEndId"] for payment in walk.office.bank.payments()}
    ours = set(PaymentFile.objects.get(source=run.pk).instructions.values_list("end_to_end_id", flat=True))
    hold(ours <= at_bank, "every payment is in the bank's own record")
    walk.office.bank.advance_to(next_working_day(next_working_day(run.execution_on)))
    luc = walk.browser(LUC)
    page = luc.get(reverse("advances:run", args=[walk.run_id]))
    luc.submit(page, reverse("advances:run_reports", args=[walk.run_id]))
    run = _await_run(walk, RunState.CONFIRMED)
    same(PaymentFile.objects.get(source=run.pk).state, PaymentFileState.EXECUTED, "payment file")
    file = walk.file
    paid = JournalEntry.objects.filter(book=file.book, kind=EntryKind.ADVANCE_PAID)
    same(paid.count(), 2, "advances in the book")
    out = Posting.objects.filter(entry__in=paid, account=Account.BANK).aggregate(sum=Sum("amount"))["sum"]
    same(-out, wanted.advanced, "paid out by the bank")
    rejected = RunLine.objects.filter(run=run, state=LineState.REJECTED).count()
    return f"confirmed: EUR {wanted.advanced} of advances in the book; {rejected} refused by the bank in the whole run"


# Receipts


def import_receipts(walk: Walk) -> str:
    """A statement with the debtor's payment and a stranger's: one allocated by article 23, one waiting in sight."""
    wanted, file = reckon(walk.day), walk.file
    walk.statement = write_statement(
        [
            Transfer(wanted.payment, name=_name(walk.debtor), iban=walk.inventor.iban(), ogm=file.book.ogm),
            Transfer(FROM_A_STRANGER, name="Inconnu", iban=walk.inventor.iban(), text="paiement"),
        ],
        account_iban=settings.OFFICE_IBAN,
        day=walk.day,
        opening=Decimal("1000.00"),
        number=900,
    )
    page = _upload(walk, walk.statement)
    hold(page.status == 200 and reverse("ledger:import") not in page.url, f"the statement is taken: {page.text[:200]}")
    receipt = Receipt.objects.get(book=file.book)
    same((receipt.state, receipt.amount), (ReceiptState.ALLOCATED, wanted.payment), "receipt")
    by_rank = {
        row["rank"]: row["sum"] for row in receipt.allocations.values("rank").annotate(sum=Sum("amount")).order_by("rank")
    }
    same(by_rank, {2: wanted.contributions, 4: FOR_THE_ADVANCES}, "allocation by rank")
    same(_debtor_balance(file), wanted.left, "still due")
    waiting = walk.browser(LUC).get(reverse("ledger:waiting"))
    hold(format_amount(FROM_A_STRANGER) in _plain(waiting), "the stranger's payment waits in sight")
    return f"{wanted.payment} allocated {by_rank}; {FROM_A_STRANGER} waits"


def refuse_statements(walk: Walk) -> str:
    """The same file again, and a file with an unreadable line: refused, and nothing is written."""
    before = (BankStatement.objects.count(), Receipt.objects.count())
    again = _upload(walk, walk.statement)
    hold(reverse("ledger:import") in again.url and again.status != 500, "the same file is refused")
    broken = write_statement(
        [Transfer(Decimal("12.34"), name="Inconnu", text="paiement")],
        account_iban=settings.OFFICE_IBAN,
        day=walk.day,
        opening=Decimal("1000.00"),
        number=901,
    ).replace(b">12.34<", b">12,34<")
    unreadable = _upload(walk, broken)
    hold("12,34" in unreadable.text or "ligne" in unreadable.text.lower(), "the refusal names what could not be read")
    same((BankStatement.objects.count(), Receipt.objects.count()), before, "statements and receipts after both")
    return "both refused, nothing written"


# Solvency


def review(walk: Walk) -> str:
    """Luc reviews the debtor's means, checks, signs; the calendar holds the next day."""
    luc = walk.browser(LUC)
    walk.next_review_on = walk.day + timedelta(days=DAYS_TO_NEXT_REVIEW)
    page = luc.get(reverse("solvency:review", args=[walk.file_id]))
    page = luc.submit(
        page,
        "reasons",
        {
            "outcome": "positive",
            "procedure": "demand",
            "reasons": "Salaire régulier chez un employeur connu ; la quotité saisissable suffit.",
            "next_review_on": walk.next_review_on.isoformat(),
            "line-0-kind": "salary",
            "line-0-label": "salaire net",
            "line-0-amount": "2.150,00",
            "line-0-source": "fiche de paie",
        },
        button=("step", "check"),
    )
    page = luc.press(page, "step", "sign")
    signed = SolvencyReview.objects.get(file=walk.file_id)
    same(signed.next_review_on, walk.next_review_on, "next review")
    same(page.status, 200, "the signed review")
    hold(_worklist_item(walk) is None, "nothing is left to review today")
    return f"signed; next on {walk.next_review_on}"


def bring_back(walk: Walk) -> str:
    """On its day the scheduler's job puts the debtor on the officer's worklist."""
    if walk.next_review_on is None:
        raise DidNotHold("there is no next day")
    call_command("run_job", "solvency.due", walk.next_review_on.isoformat(), "--json", stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    same(Reexamination.objects.get(file=walk.file_id).brought_back_on, walk.next_review_on, "brought back")
    hold(_worklist_item(walk), "the review is open work")
    page = walk.browser(LUC).get(reverse("files:worklist"))
    hold(walk.file.number in page.text, "it is on Luc's worklist")
    return f"on Luc's worklist for {walk.next_review_on}"


# The file page and the log


def file_page(walk: Walk) -> str:
    """Identity, figures, chart, ledger and timeline on one page; and the book page adds up."""
    wanted, file = reckon(walk.day), walk.file
    luc = walk.browser(LUC)
    page = luc.get(reverse("files:page", args=[walk.file_id]))
    words = _plain(page)
    for part in (file.number, _name(walk.creditor), _name(walk.debtor), format_amount(wanted.left), format_amount(wanted.advanced)):
        hold(part in words, f"the file page shows {part}")
    hold(walk.creditor and walk.creditor.niss not in words.replace(".", "").replace("-", ""), "no NISS in clear")
    hold(page.document.find(".//svg") is not None, "the arrears chart is drawn")
    book = luc.get(reverse("ledger:book", args=[file.book_id]))
    hold(format_amount(wanted.left) in _plain(book), "the book's running balance")
    hold(format_ogm(file.book.ogm) in book.text, "the book's structured communication")
    return f"EUR {wanted.left} due, EUR {wanted.advanced} advanced"


def security_log(walk: Walk) -> str:
    """Each read of the file leaves its row, each refusal too; a stranger to the file is told nothing."""
    reads = log_count(kind="READ", file=walk.file_id)
    walk.browser(LUC).get(reverse("files:page", args=[walk.file_id]))
    after = log_count(kind="READ", file=walk.file_id)
    hold(after > reads, "a read of the file left a row")
    refusals = log_count(kind="DENY", file=walk.file_id)
    hidden = walk.browser(MIA).get(reverse("files:page", args=[walk.file_id]))
    same(hidden.status, 404, "a colleague who is not in charge")
    same(log_count(kind="DENY", file=walk.file_id), refusals + 1, "her refusal in the log")
    return f"{after} reads and {refusals + 1} refusals of this file in the log"


STEPS: tuple[tuple[str, Callable[[Walk], str]], ...] = (
    ("log in at the identity provider", log_in),
    ("register an application", register),
    ("registrar refused", refuse_registrar),
    ("give the file to an officer", give_to_luc),
    ("decide on the advance", decide),
    ("prepare the month's run", prepare_run),
    ("second person approves, file goes to the bank", approve_run),
    ("bank pays and reports", bank_pays),
    ("import receipts", import_receipts),
    ("refuse bad statements", refuse_statements),
    ("review solvency", review),
    ("bring the review back", bring_back),
    ("file page", file_page),
    ("security log", security_log),
)
