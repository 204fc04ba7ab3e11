"""The steps of the walk: what registrar, officer and second signatory do, and what must be true after it."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse

from secal.advances.models import AdvanceDecision, AdvanceRun, LineState, RunLine, RunState
from secal.cases.models import AlimonyFile, ApplicationState, FileState, WorkItem, WorkKind
from secal.config.demo.browser import Browser, Page
from secal.config.demo.evidence import (
    DidNotHold,
    await_run,
    await_true,
    debtor_balance,
    hold,
    log_count,
    plain,
    same,
)
from secal.config.demo.family import FOR_THE_ADVANCES, Family, reckon
from secal.config.demo.office import Open
from secal.config.demo.personas import PERSONAS
from secal.config.demo.seed.told import KARIN, LUC, MIA, NADIA, RITA, SOPHIE
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.calendar import next_working_day
from secal.kernel.identifiers import format_ogm
from secal.kernel.money import format_amount
from secal.kernel.periods import Month
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

FROM_A_STRANGER = Decimal("77.77")
DAYS_TO_NEXT_REVIEW = 45


@dataclass
class Walk:
    """What one step leaves for the next."""

    office: Open
    day: date = field(default_factory=today)
    people: dict[str, Browser] = field(default_factory=dict)
    family: Family = field(init=False)
    file_id: uuid.UUID = field(init=False)
    run_id: uuid.UUID = field(init=False)
    next_review_on: date | None = None
    statement: bytes = b""
    answer: str = ""
    """The words of the page that answered the first application."""

    def __post_init__(self) -> None:
        self.family = Family(self.day)

    @property
    def file(self) -> AlimonyFile:
        return AlimonyFile.objects.select_related("book", "application").get(pk=self.file_id)

    def browser(self, subject: str) -> Browser:
        return self.people[subject]

    def close(self) -> None:
        for browser in self.people.values():
            browser.session.close()


# Login


def log_in(walk: Walk) -> str:
    """Everybody who works in the walk, at the real provider; and the same answer without a login."""
    stranger = Browser(walk.office.web)
    page = stranger.get(reverse("files:worklist"))
    hold(reverse("access:login") in page.url, "without a login the worklist leads to the login page")
    for subject in (RITA, LUC, NADIA, MIA):
        browser = Browser(walk.office.web)
        home = enter(browser, subject)
        same(home.status, 200, f"home of {subject}")
        name = next(persona.name for persona in PERSONAS if persona.subject == subject)
        hold(name in home.text, f"the home page names {name}")
        walk.people[subject] = browser
    logins = log_count(kind="LOGIN")
    hold(logins >= len(walk.people), "each login left a row in the security log")
    return f"{len(walk.people)} people logged in at the provider"


def log_in_at_portal(walk: Walk) -> str:
    """A bailiff enters the portal and is refused at the office; an officer the other way round."""
    refused = log_count(kind="DENY", act="access.login")
    sophie = Browser(walk.office.portal)
    home = enter(sophie, SOPHIE)
    same(home.status, 200, "the bailiff's home")
    hold("Sophie Moreau" in home.text, "the bailiff's home names her")
    same(enter(Browser(walk.office.web), SOPHIE).status, 403, "the bailiff at the office")
    same(enter(Browser(walk.office.portal), LUC).status, 403, "the officer at the portal")
    same(log_count(kind="DENY", act="access.login"), refused + 2, "refusals in the security log")
    walk.people[SOPHIE] = sophie
    return "the portal lets its own people in and nobody else"


def accept_texts(walk: Walk) -> str:
    """Nothing opens to who has not accepted the texts: every page leads to them, every form is refused."""
    karin, texts = Browser(walk.office.web), reverse("commitments:mine")
    page = enter(karin, KARIN)
    if texts not in page.url:
        return "accepted in an earlier walk"
    hold(texts in karin.get(reverse("files:list")).url, "the list of files leads to the texts")
    refused = log_count(kind="DENY", reason="commitment_missing")
    same(karin.post(page, reverse("office:search"), {"q": "Peeters"}).status, 403, "a search before")
    same(log_count(kind="DENY", reason="commitment_missing"), refused + 1, "its refusal in the log")
    accepted = 0
    while texts in page.url:
        page = karin.submit(page, "agreed", {"agreed": "on"})
        same(page.status, 200, "the page after a text was accepted")
        accepted += 1
    walk.people[KARIN] = karin
    return f"{accepted} texts accepted, then the desk opens"


def enter(browser: Browser, subject: str) -> Page:
    """Log in by the identity provider; the page that follows."""
    page = browser.get(reverse("access:login"))
    link = next(href for _, _, href, _ in page.document.iterlinks() if reverse("access:begin") in href)
    choice = browser.get(link)
    hold(not choice.url.startswith(browser.office), "the login goes by the identity provider")
    return browser.press(choice, "sub", subject)


# Registration


def register(walk: Walk) -> str:
    """The wizard with real values; sequence 000 is refused; what is missing is said, then brought."""
    rita, received = walk.browser(RITA), _send_application(walk, try_impossible=True)
    walk.file_id, walk.answer = _file_of(received), _without_number(received)
    application = walk.file.application
    same(application.state, ApplicationState.INCOMPLETE, "state without the signed order")
    same(application.missing, ["order_to_collect"], "what is missing")
    page = rita.get(reverse("files:papers", args=[walk.file_id]))
    rita.submit(page, "order_signed", {"order_signed": "on"})
    await_true(lambda: walk.file.state == FileState.TO_DECIDE, "state once complete")
    return f"{walk.file.number}: incomplete without the order, complete with it"


def register_known(walk: Walk) -> str:
    """The same persons again: the same answer word for word; the officer finds a second application."""
    received = _send_application(walk, try_impossible=False)
    again = _file_of(received)
    hold(again != walk.file_id, "a second application has a file of its own")
    same(_without_number(received), walk.answer, "answer to persons whom the office knows")
    work = WorkItem.objects.filter(file=again, kind=WorkKind.SECOND_APPLICATION, done_on=None)
    await_true(work.exists, "second application to examine")
    return "answered alike; casework sees a second application"


def _send_application(walk: Walk, *, try_impossible: bool) -> Page:
    """Through the wizard, step by step, to the page that says that it was received."""
    rita, family = walk.browser(RITA), walk.family
    page = rita.submit(rita.get(reverse("files:intake")), reverse("files:start"))
    page = _next(rita, page, "court", family.title())
    if try_impossible:
        impossible = {**family.creditor_step(), "niss": family.impossible(family.creditor.niss)}
        refused = _next(rita, page, "given_name", impossible)
        same(refused.url, page.url, "page after a NISS of sequence 000")
        page = refused
    page = _next(rita, page, "given_name", family.creditor_step())
    page = _next(rita, page, "given_name", family.party(family.debtor))
    page = rita.submit(page, "row-0-given_name", family.child_step(0), button=("action", "add"))
    page = _next(rita, page, "row-1-given_name", family.child_step(1))
    page = rita.submit(
        page, "signed", family.terms_step(page), button=("action", "next"), files=family.papers()
    )
    check = page.url.rpartition("/introduction/")[2].partition("/")[0]
    same(page.url.endswith(reverse("files:check", args=[check])), True, "every step of the wizard holds")
    page = rita.submit(page, reverse("files:check", args=[check]))
    same(page.url.endswith(reverse("files:received", args=[check])), True, "the application is received")
    return page


def _file_of(received: Page) -> uuid.UUID:
    return uuid.UUID(received.url.rstrip("/").split("/")[-2])


def _without_number(received: Page) -> str:
    """The answer's words without what names the file, and without the form tokens."""
    number = AlimonyFile.objects.get(pk=_file_of(received)).number
    main = received.document.find(".//main")
    return " ".join("".join(main.itertext()).split()).replace(number, "")


def refuse_registrar(walk: Walk) -> str:
    """Who registered never opens what was registered; the refusal is logged."""
    before = log_count(kind="DENY", act="file.open")
    page = walk.browser(RITA).get(reverse("files:page", args=[walk.file_id]))
    hold(page.status in (403, 404), f"the registrar is refused, got {page.status}")
    same(log_count(kind="DENY", act="file.open"), before + 1, "refusals to open a file in the log")
    hold(walk.family.creditor.family_name not in page.text, "the refusal names nobody")
    return f"refused with {page.status} and logged"


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
        hold(format_amount(amount) in plain(page), f"the proposal shows {amount}")
    hold("art. 4" in page.text and "art. 6" in page.text, "the proposal names its articles")
    luc.submit(page, "outcome", {"outcome": "granted"})
    file = walk.file
    same(file.state, FileState.ACTIVE, "state after the decision")
    decision = AdvanceDecision.objects.get(application__file=file)
    same(decision.rights.count(), 2, "rights given")
    charged = debtor_balance(file)
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
    run = await_run(walk.run_id, RunState.PROPOSED)
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
    same(
        log_count(kind="DENY", act="run.approve"), before + 1, "refusals of the approval in the security log"
    )
    same(AdvanceRun.objects.get(pk=walk.run_id).state, RunState.PROPOSED, "state after the refusal")
    page = nadia.get(reverse("advances:run", args=[walk.run_id]))
    nadia.submit(page, reverse("advances:run_approve", args=[walk.run_id]))
    run = await_run(walk.run_id, RunState.SENT)
    hold(run.approved_by_id != run.prepared_by_id, "a second person approved")
    sent = PaymentFile.objects.get(source=run.pk)
    same((sent.count, sent.control_sum), (run.count, run.total), "payment file")
    return f"{sent.message_id}: {sent.count} payments, EUR {sent.control_sum}"


def bank_pays(walk: Walk) -> str:
    """The bank decides, its clock moves past the day of execution, its reports reach the books."""
    run, wanted = AdvanceRun.objects.get(pk=walk.run_id), reckon(walk.day)
    at_bank = {payment["end_to_end_id"] for payment in walk.office.bank.payments()}
    ours = set(PaymentFile.objects.get(source=run.pk).instructions.values_list("end_to_end_id", flat=True))
    hold(ours <= at_bank, "every payment is in the bank's own record")
    walk.office.bank.advance_to(next_working_day(next_working_day(run.execution_on)))
    luc = walk.browser(LUC)
    page = luc.get(reverse("advances:run", args=[walk.run_id]))
    luc.submit(page, reverse("advances:run_reports", args=[walk.run_id]))
    run = await_run(walk.run_id, RunState.CONFIRMED)
    same(PaymentFile.objects.get(source=run.pk).state, PaymentFileState.EXECUTED, "payment file")
    file = walk.file
    paid = JournalEntry.objects.filter(book=file.book, kind=EntryKind.ADVANCE_PAID)
    same(paid.count(), 2, "advances in the book")
    out = Posting.objects.filter(entry__in=paid, account=Account.BANK).aggregate(sum=Sum("amount"))["sum"]
    same(-out, wanted.advanced, "paid out by the bank")
    rejected = RunLine.objects.filter(run=run, state=LineState.REJECTED).count()
    return (
        f"confirmed: EUR {wanted.advanced} of advances in the book; {rejected} of the run refused by the bank"
    )


# Receipts


def import_receipts(walk: Walk) -> str:
    """The debtor's payment is allocated by article 23, a stranger's waits in sight."""
    wanted, file = reckon(walk.day), walk.file
    walk.statement = write_statement(
        [
            Transfer(
                wanted.payment,
                name=walk.family.name(walk.family.debtor),
                iban=walk.family.debtor_iban,
                ogm=file.book.communication,
            ),
            Transfer(FROM_A_STRANGER, name="Inconnu", iban=walk.family.inventor.iban(), text="paiement"),
        ],
        account_iban=settings.OFFICE_IBAN,
        day=walk.day,
        opening=Decimal("1000.00"),
        number=walk.family.statement_number,
    )
    page = _upload(walk, walk.statement)
    hold(
        page.status == 200 and reverse("ledger:import") not in page.url,
        f"the statement is taken: {page.text[:200]}",
    )
    receipt = Receipt.objects.get(book=file.book)
    same((receipt.state, receipt.amount), (ReceiptState.ALLOCATED, wanted.payment), "receipt")
    by_rank = {
        row["rank"]: row["sum"]
        for row in receipt.allocations.values("rank").annotate(sum=Sum("amount")).order_by("rank")
    }
    same(by_rank, {2: wanted.contributions, 4: FOR_THE_ADVANCES}, "allocation by rank")
    same(debtor_balance(file), wanted.left, "still due")
    waiting = walk.browser(LUC).get(reverse("ledger:waiting"))
    hold(format_amount(FROM_A_STRANGER) in plain(waiting), "the stranger's payment waits in sight")
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
        number=walk.family.statement_number + 1,
    ).replace(b">12.34<", b">12,34<")
    unreadable = _upload(walk, broken)
    hold(
        "12,34" in unreadable.text or "ligne" in unreadable.text.lower(),
        "the refusal names what could not be read",
    )
    same(
        (BankStatement.objects.count(), Receipt.objects.count()), before, "statements and receipts after both"
    )
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
    hold(_open_review(walk) is None, "nothing is left to review today")
    return f"signed; next on {walk.next_review_on}"


def bring_back(walk: Walk) -> str:
    """On its day the scheduler's job puts the debtor on the officer's worklist."""
    if walk.next_review_on is None:
        raise DidNotHold("there is no next day")
    call_command("run_job", "solvency.due", walk.next_review_on.isoformat(), "--json", stdout=io.StringIO())
    same(Reexamination.objects.get(file=walk.file_id).brought_back_on, walk.next_review_on, "brought back")
    hold(_open_review(walk), "the review is open work")
    page = walk.browser(LUC).get(reverse("files:worklist"))
    hold(walk.file.number in page.text, "it is on Luc's worklist")
    return f"on Luc's worklist for {walk.next_review_on}"


# The file page and the log


def file_page(walk: Walk) -> str:
    """Identity, figures, chart, ledger and timeline on one page; and the book page adds up."""
    wanted, file = reckon(walk.day), walk.file
    luc = walk.browser(LUC)
    page = luc.get(reverse("files:page", args=[walk.file_id]))
    words = plain(page)
    for part in (
        file.number,
        walk.family.name(walk.family.creditor),
        walk.family.name(walk.family.debtor),
        format_amount(wanted.left),
        format_amount(wanted.advanced),
    ):
        hold(part in words, f"the file page shows {part}")
    hold(walk.family.creditor.niss not in words.replace(".", "").replace("-", ""), "no NISS in clear")
    hold(page.document.find(".//svg") is not None, "the arrears chart is drawn")
    book = luc.get(reverse("ledger:book", args=[file.book_id]))
    hold(format_amount(wanted.left) in plain(book), "the book's running balance")
    hold(format_ogm(file.book.communication) in book.text, "the book's structured communication")
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


def _next(browser: Browser, page: Page, wanted: str, values: dict[str, str]) -> Page:
    """Fill in a step of the wizard and go on."""
    return browser.submit(page, wanted, values, button=("action", "next"))


def _upload(walk: Walk, statement: bytes) -> Page:
    luc = walk.browser(LUC)
    page = luc.get(reverse("ledger:import"))
    return luc.submit(page, "file", files={"file": ("extrait.xml", statement, "application/xml")})


def _open_review(walk: Walk) -> WorkItem | None:
    return WorkItem.objects.filter(file=walk.file_id, kind=WorkKind.REVIEW_SOLVENCY, done_on=None).first()


STEPS: tuple[tuple[str, Callable[[Walk], str]], ...] = (
    ("log in at the identity provider", log_in),
    ("a bailiff at the portal", log_in_at_portal),
    ("accept the texts before anything opens", accept_texts),
    ("register an application", register),
    ("persons known already are answered alike", register_known),
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
