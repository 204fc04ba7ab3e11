"""The second walk: an unpaid quarter becomes a title, goes to one bailiff, is paid, and is erased."""

from __future__ import annotations

import io
import logging
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from audit.retention.models import Certificate, ErasureItem, ErasureList, ItemState, ListState
from recovery.arrears.models import DebtCharge, FormalNotice, RollState, SpecialRoll
from recovery.cases.models import (
    Act,
    ActKind,
    Document,
    DocumentKind,
    Mandate,
    MandatePermission,
    MandateState,
    Outcome,
    RecoveryFile,
    Title,
    TitleState,
)
from recovery.chamber.models import Cause, Departure
from recovery.portal.models import CollectedPayment, FollowUp
from secal.access.models import Office, User
from secal.access.unit_of_work import service_work
from secal.config.demo.browser import Browser, Page
from secal.config.demo.chamber import number_of
from secal.config.demo.evidence import (
    DidNotHold,
    amount_in,
    await_true,
    book_of,
    hold,
    let_a_day_pass,
    log_count,
    owed_on,
    plain,
    rows_at_portal,
    same,
)
from secal.config.demo.office import Open, fetch_list
from secal.config.demo.personas import MOREAU, PERSONAS
from secal.config.demo.seed.deed import deed_paper
from secal.config.demo.seed.employers import EmployerInventor
from secal.config.demo.seed.people import Inventor
from secal.config.demo.seed.recovery_told import unpaid_quarter
from secal.config.demo.seed.told import HELENE, SOPHIE
from secal.config.demo.statement_files import Transfer, write_statement
from secal.config.demo.walk import enter
from secal.kernel.identifiers import format_enterprise_number
from secal.kernel.money import format_amount, percentage
from secal.kernel.reckoning.procedure import BRUSSELS, opposition_delay
from secal.law import onss
from secal.ledger.models import EntryKind, Head, JournalEntry
from secal.office.clock import today
from secal.office.formatting import date_text
from secal.people.employers import EmployerDetails
from secal.people.models import Employer

BRIGITTE, GEERT, DIRK = "demo-brigitte-collard", "demo-geert-van-damme", "demo-dirk-aerts"
JAN, AN, PAUL = "demo-jan-de-clercq", "demo-an-willems", "demo-paul-renard"
AT_THE_OFFICE = (HELENE, BRIGITTE, GEERT, DIRK, AN, PAUL)
AT_THE_PORTAL = (SOPHIE, JAN)
CONTRIBUTIONS = Decimal("4200.00")
COSTS = Decimal("95.40")
NOTICED_BEFORE = 60
"""Days before today on which the notice was sent: its month has run."""
AWAY = Decimal("3000.00")


@dataclass
class RecoveryWalk:
    """What one step leaves for the next."""

    office: Open
    day: date = field(default_factory=today)
    people: dict[str, Browser] = field(default_factory=dict)
    employer: EmployerDetails = field(init=False)
    file_id: uuid.UUID = field(init=False)
    employer_id: uuid.UUID = field(init=False)
    roll_id: uuid.UUID = field(init=False)
    list_id: uuid.UUID = field(init=False)
    paid: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        self.employer = EmployerInventor(Inventor(random.SystemRandom())).firm(
            f"Ateliers {random.SystemRandom().randrange(10**9)}", "SRL", "fr", "bruxelles"
        )

    @property
    def file(self) -> RecoveryFile:
        return RecoveryFile.objects.select_related("employer", "book").get(pk=self.file_id)

    @property
    def title(self) -> Title:
        return Title.objects.get(file=self.file_id)

    @property
    def sent_on(self) -> date:
        return self.day - timedelta(days=NOTICED_BEFORE)

    def browser(self, subject: str) -> Browser:
        return self.people[subject]

    def url(self, name: str, *more: uuid.UUID) -> str:
        return reverse(name, args=[self.file_id, *more])

    def close(self) -> None:
        for browser in self.people.values():
            browser.session.close()


def portal_url(name: str, *arguments: uuid.UUID) -> str:
    return reverse(f"portal:{name}", args=arguments, urlconf="secal.config.portal_urls")


# The debt


def log_in(walk: RecoveryWalk) -> str:
    """The office's six and two bailiffs of different offices."""
    for subject in (*AT_THE_OFFICE, *AT_THE_PORTAL):
        browser = Browser(walk.office.portal if subject in AT_THE_PORTAL else walk.office.web)
        home = enter(browser, subject)
        same(home.status, 200, f"home of {subject}")
        name = next(persona.name for persona in PERSONAS if persona.subject == subject)
        hold(name in home.text, f"the home page names {name}")
        walk.people[subject] = browser
    return f"{len(walk.people)} people logged in at their doors"


def register(walk: RecoveryWalk) -> str:
    """The employer by its number; a wrong check digit is refused."""
    helene, told = walk.browser(HELENE), walk.employer
    number = told.enterprise_number
    values = {
        "kind": told.kind,
        "enterprise_number": f"{number[:8]}{int(number[8:]) % 97 + 1:02d}",
        "name": told.name,
        "legal_form": told.legal_form,
        "address": told.address,
        "arrondissement": told.arrondissement,
        "language": told.language,
    }
    page = helene.submit(helene.get(reverse("arrears:employer")), "enterprise_number", values)
    hold(not Employer.objects.filter(name=told.name).exists(), "a wrong number registers nothing")
    values["enterprise_number"] = format_enterprise_number(number)
    page = helene.submit(page, "enterprise_number", values)
    employer = Employer.objects.get(name=told.name)
    same(page.url.endswith(reverse("arrears:debt", args=[employer.pk])), True, "the quarter comes next")
    walk.employer_id = employer.pk
    return f"registered once, found by {format_enterprise_number(number)}"


def record(walk: RecoveryWalk) -> str:
    """A quarter, its surcharge, and the file with its book."""
    helene, quarter = walk.browser(HELENE), unpaid_quarter(walk.sent_on)
    page = helene.get(reverse("arrears:debt", args=[walk.employer_id]))
    helene.submit(
        page,
        "contributions",
        {"quarter": quarter.isoformat(), "origin": "declared", "contributions": format_amount(CONTRIBUTIONS)},
    )
    file = RecoveryFile.objects.get(employer=walk.employer_id)
    walk.file_id = file.pk
    extra = percentage(CONTRIBUTIONS, Decimal(10))
    charged = dict(DebtCharge.objects.filter(debt__file=file).values_list("head", "amount"))
    same(charged, {"social": CONTRIBUTIONS, "surcharge": extra}, "what is charged")
    same(book_of(walk.file).due, CONTRIBUTIONS + extra, "the book")
    return f"{file.number}: {CONTRIBUTIONS} and 10 % of it"


def notice(walk: RecoveryWalk) -> str:
    """The last formal notice: checked, then sent; interest booked, paper kept, month open."""
    helene = walk.browser(HELENE)
    values = {"channel": "registered_paper", "sent_on": f"{walk.sent_on:%d/%m/%Y}"}
    check = helene.submit(helene.get(walk.url("arrears:notice")), "sent_on", values, button=("step", "check"))
    hold(not FormalNotice.objects.filter(file=walk.file_id).exists(), "checking writes nothing")
    helene.press(check, "step", "send")
    sent = FormalNotice.objects.get(file=walk.file_id)
    hold(sent.last_day and sent.last_day < walk.day, "the month has run")
    hold(sent.clause_version, "the notice bears the clause on the constraint")
    interest = DebtCharge.objects.get(debt__file=walk.file_id, head="interest")
    hold(interest.amount > 0, "interest is booked with the notice")
    papers = Document.objects.filter(file=walk.file_id, kind=DocumentKind.NOTICE)
    same(papers.count(), 1, "letters kept")
    return f"{sent.number}: month until {sent.last_day}, interest {interest.amount}"


# The title


def draw(walk: RecoveryWalk) -> str:
    """The clerk draws the roll up, and is refused when trying to sign it."""
    helene = walk.browser(HELENE)
    page = helene.get(walk.url("arrears:draw"))
    lines = [box.get("value") for box in page.document.iterfind(".//input[@name='lines']")]
    same(len(lines), 3, "lines whose month has run")
    _submit_lines(helene, page, lines)
    roll = SpecialRoll.objects.get(file=walk.file_id)
    walk.roll_id = roll.pk
    before = log_count(kind="DENY", act="roll.sign")
    page = helene.get(walk.url("arrears:roll", roll.pk))
    refused = helene.post(page, walk.url("arrears:sign", roll.pk))
    same(refused.status, 403, "the clerk signing her own roll")
    same(log_count(kind="DENY", act="roll.sign"), before + 1, "refusals to sign in the security log")
    same(SpecialRoll.objects.get(pk=roll.pk).state, RollState.DRAWN, "state after the refusal")
    return f"{roll.number} drawn up; its author may not sign"


def _submit_lines(browser: Browser, page: Page, lines: list[str | None]) -> None:
    form = page.form("lines")
    for box in page.document.iterfind(".//input[@name='lines']"):
        box.checked = True
    hold(all(lines), "each line has its identifier")
    browser.submit(page, "lines" if "lines" in form.fields else form.action)


def sign(walk: RecoveryWalk) -> str:
    """The delegated signatory makes the roll enforceable and issues the constraint: a tagged PDF."""
    brigitte = walk.browser(BRIGITTE)
    address = walk.url("arrears:sign", walk.roll_id)
    brigitte.submit(brigitte.get(walk.url("arrears:roll", walk.roll_id)), address)
    roll = SpecialRoll.objects.get(pk=walk.roll_id)
    same(roll.state, RollState.ENFORCEABLE, "state of the roll")
    hold(
        roll.enforceable_by_id != roll.drawn_by_id and roll.delegation_id,
        "signed by another, under delegation",
    )
    address = walk.url("arrears:issue", walk.roll_id)
    brigitte.submit(brigitte.get(walk.url("arrears:roll", walk.roll_id)), address)
    title = walk.title
    same(title.state, TitleState.ISSUED, "state of the constraint")
    paper = Document.objects.get(title=title, kind=DocumentKind.CONSTRAINT)
    answer = brigitte.session.get(walk.office.web + walk.url("arrears:document", paper.pk), timeout=60)
    marked, language = _tags(answer.content)
    hold(marked, "the constraint is a tagged PDF")
    same(language, walk.employer.language, "its language")
    return f"{title.number}: {len(answer.content) // 1024} kB, tagged"


def _tags(content: bytes) -> tuple[bool, str]:
    """Whether a PDF is tagged, and its language."""
    logging.getLogger("pikepdf").setLevel(logging.WARNING)
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as document:
        marks: Any = document.Root.get("/MarkInfo", {})
        return bool(marks.get("/Marked", False)), str(document.Root.get("/Lang", "")).lower()[:2]


# Concession and mandate


def transmit(walk: RecoveryWalk) -> str:
    """The directorate sends the constraint to the concessionaire."""
    geert = walk.browser(GEERT)
    page = geert.get(reverse("enforcement:to_transmit"))
    for box in page.document.iterfind(".//input[@name='titles']"):
        box.checked = box.get("value") == str(walk.title.pk)
    check = geert.press(page, "step", "check")
    same(walk.title.state, TitleState.ISSUED, "checking sends nothing")
    geert.press(check, "step", "confirm")
    same(walk.title.state, TitleState.TRANSMITTED, "state of the title")
    return f"{walk.title.number} sent to {settings.CONCESSIONAIRE_NAME}"


def distribute(walk: RecoveryWalk) -> str:
    """The operator gives it to Étude Moreau: only offices of the debtor's arrondissement are offered."""
    dirk, moreau = walk.browser(DIRK), Office.objects.get(name=MOREAU)
    page = dirk.get(reverse("enforcement:distribute", args=[walk.title.pk]))
    offered = {radio.get("value") for radio in page.document.iterfind(".//input[@name='office']")}
    places = set(Office.objects.filter(pk__in=offered).values_list("arrondissement", flat=True))
    same(places, {walk.employer.arrondissement}, "arrondissements of the offices offered")
    dirk.submit(page, "office", {"office": str(moreau.pk)})
    mandate = Mandate.objects.get(title=walk.title)
    same((mandate.office_id, mandate.state), (moreau.pk, MandateState.RUNNING), "mandate")
    hold(
        MandatePermission.objects.filter(content_object=walk.file_id).exists(), "Sophie may work on the file"
    )
    return f"{walk.title.number} is Étude Moreau's"


def sibling(walk: RecoveryWalk) -> str:
    """A bailiff of another office: 404 and a logged refusal on every page, no row by raw SQL."""
    jan, pages = walk.browser(JAN), ("file", "service", "act", "payment", "deed", "end")
    before = log_count(kind="DENY", file=walk.file_id)
    for name in pages:
        same(jan.get(portal_url(name, walk.file_id)).status, 404, f"Jan at {name}")
    same(log_count(kind="DENY", file=walk.file_id), before + len(pages), "his refusals in the log")
    same(set(rows_at_portal(JAN, walk.file_id).values()), {0}, "rows for Jan by raw SQL")
    hold(rows_at_portal(SOPHIE, walk.file_id)["recovery_cases_recoveryfile"] == 1, "one row for Sophie")
    return f"{len(pages)} pages refused and logged; 0 rows by SQL"


# At the portal


def serve(walk: RecoveryWalk) -> str:
    """Service opens the delay of opposition, as the law reckons it; its costs are charged."""
    sophie, at = walk.browser(SOPHIE), timezone.now().astimezone(BRUSSELS)
    walk.people[SOPHIE] = sophie = _again(walk, sophie)
    page = sophie.get(portal_url("service", walk.file_id))
    values = {**_now(at), "mode": "at_domicile", "residence": "belgium", "costs": format_amount(COSTS)}
    check = sophie.submit(page, "mode", values, button=("step", "check"))
    wanted = opposition_delay(
        served_on=at.date(), parameters=onss.opposition_parameters(on=at.date())
    ).last_day
    hold(date_text(wanted) in plain(check), f"the page says that opposition is possible until {wanted}")
    sophie.press(check, "step", "send")
    title = walk.title
    same((title.state, title.opposition_until), (TitleState.SERVED, wanted), "title after service")
    await_true(lambda: not FollowUp.objects.filter(title=title, done_at=None).exists(), "costs charged")
    costs = book_of(walk.file).quarters[0].parts
    same({part.due for part in costs if part.head == Head.COSTS}, {COSTS}, "costs in the book")
    return f"served; opposition until {wanted}"


def _again(walk: RecoveryWalk, browser: Browser) -> Browser:
    """The seat that looked at the rows by SQL ended the one of the browser: a person has one seat."""
    browser.session.close()
    fresh = Browser(walk.office.portal)
    enter(fresh, SOPHIE)
    return fresh


def _now(at: datetime) -> dict[str, str]:
    """This minute, with the judge's leave: walks are taken at night and on Sundays too."""
    return {
        "day": f"{at:%d/%m/%Y}",
        "hour": f"{at:%H:%M}",
        "place": "bruxelles",
        "leave_on": f"{at:%d/%m/%Y}",
    }


def act(walk: RecoveryWalk) -> str:
    """An order to pay, and its deed: the gate writes the PDF anew."""
    sophie, at = walk.browser(SOPHIE), timezone.now().astimezone(BRUSSELS)
    page = sophie.get(portal_url("act", walk.file_id))
    check = sophie.submit(
        page, "kind", {**_now(at), "kind": ActKind.ORDER_TO_PAY.value}, button=("step", "check")
    )
    sophie.press(check, "step", "send")
    done = Act.objects.get(file=walk.file_id, kind=ActKind.ORDER_TO_PAY)
    page = sophie.get(portal_url("deed", walk.file_id))
    paper = deed_paper("Commandement de payer")
    sophie.submit(
        page, "deed", {"act": str(done.pk)}, files={"deed": ("exploit.pdf", paper, "application/pdf")}
    )
    deed = Document.objects.get(act=done)
    with service_work("collection"):
        kept = deed.open_bytes("content")
    hold(kept not in (b"", paper), "what is kept was written anew")
    return f"order to pay and its deed of {deed.size} bytes"


def pay(walk: RecoveryWalk) -> str:
    """The debtor pays the bailiff what the portal asks, to the cent; the worker books it."""
    sophie = walk.browser(SOPHIE)
    walk.paid = owed_on(walk.file, walk.day)
    shown = sophie.get(portal_url("file", walk.file_id))
    hold(amount_in(shown, walk.paid), f"the portal asks {walk.paid}")
    page = sophie.get(portal_url("payment", walk.file_id))
    values = {
        "amount": format_amount(walk.paid),
        "received_on": f"{walk.day:%d/%m/%Y}",
        "way": "transfer",
    }
    sophie.press(sophie.submit(page, "amount", values, button=("step", "check")), "step", "send")
    payment = CollectedPayment.objects.get(file=walk.file_id)
    await_true(
        lambda: CollectedPayment.objects.filter(pk=payment.pk, booked_at__isnull=False).exists(),
        "the payment booked",
    )
    figures = book_of(walk.file)
    same((figures.open, figures.held), (Decimal("0.00"), walk.paid), "still due, and held by the bailiff")
    same(walk.file.outcome, Outcome.PAID, "outcome of the file")
    return f"{walk.paid} received, booked and held at the bailiff"


def remit(walk: RecoveryWalk) -> str:
    """The bank's statement brings what the bailiff passed on: nothing is due and nothing is held."""
    helene, office = walk.browser(HELENE), Office.objects.get(name=MOREAU)
    content = write_statement(
        [Transfer(walk.paid, name=office.name, iban=office.iban, ogm=walk.file.book.ogm or "")],
        account_iban=settings.ONSS_IBAN,
        day=walk.day,
        opening=AWAY,
        number=2 * random.SystemRandom().randrange(1000, 49_000) + 1,
        owner=settings.ONSS_NAME,
    )
    page = helene.get(reverse("ledger:import"))
    helene.submit(page, "file", files={"file": ("extrait.xml", content, "application/xml")})
    entry = JournalEntry.objects.get(book=walk.file.book, kind=EntryKind.REMITTANCE)
    figures = book_of(walk.file)
    same(
        (figures.open, figures.held, figures.unallocated),
        (Decimal("0.00"), Decimal("0.00"), Decimal("0.00")),
        "open, held and too much",
    )
    return f"remittance booked as entry {entry.number}; paid to the cent"


def close(walk: RecoveryWalk) -> str:
    """Sophie closes: the file is out of her sight at once, and ends."""
    sophie = walk.browser(SOPHIE)
    page = sophie.get(portal_url("end", walk.file_id))
    check = sophie.submit(page, "how", {"how": "close", "close_reason": "paid"}, button=("step", "check"))
    home = sophie.press(check, "step", "send")
    hold(walk.employer.name not in home.text.partition("Mes dossiers")[2], "her list without the debtor")
    same(sophie.get(portal_url("file", walk.file_id)).status, 404, "the file at the portal")
    hold(not MandatePermission.objects.filter(content_object=walk.file_id).exists(), "her permission is gone")
    await_true(lambda: walk.file.ended_on, "the file ended")
    same(walk.file.ended_on, walk.day, "the day on which it ended")
    return f"404 at once; ended on {walk.day}"


# Erasure


def list_due(walk: RecoveryWalk) -> str:
    """A day later the night's job puts the file on a list."""
    let_a_day_pass(walk.file_id)
    call_command("run_job", "retention.list", walk.day.isoformat(), "--json", stdout=io.StringIO())
    item = ErasureItem.objects.select_related("list").get(unit_id=walk.file_id)
    walk.list_id = item.list_id
    same(item.list.state, ListState.PROPOSED, "state of the list")
    page = walk.browser(AN).get(reverse("retention:list", args=[walk.list_id]))
    hold(item.number in page.text, "the list names the file by its number")
    hold(walk.employer.name not in page.text, "the list names nobody")
    return f"{item.list.number}: {item.list.items.count()} units, {item.number} for {item.ground}"


def approve(walk: RecoveryWalk) -> str:
    """The security co-ordinator and the data protection officer approve; nothing goes after one only."""
    address = reverse("retention:approve", args=[walk.list_id])
    for subject, state in ((AN, ListState.PROPOSED), (PAUL, None)):
        browser = walk.browser(subject)
        browser.submit(browser.get(reverse("retention:list", args=[walk.list_id])), address)
        if state is not None:
            same(ErasureList.objects.get(pk=walk.list_id).state, state, "state after one approval")
    same(ErasureList.objects.get(pk=walk.list_id).approvals.count(), 2, "approvals")
    await_true(lambda: ErasureList.objects.get(pk=walk.list_id).state == ListState.DONE, "the list erased")
    return "two people approved; the worker erased"


def erased(walk: RecoveryWalk) -> str:
    """Rows, keys and history are gone; the scan found nothing; the certificate names no one."""
    item = ErasureItem.objects.get(unit_id=walk.file_id)
    same((item.state, item.reason), (ItemState.ERASED, ""), "what came of the file")
    hold(not RecoveryFile.objects.filter(pk=walk.file_id).exists(), "the file is gone")
    hold(not RecoveryFile.history.filter(id=walk.file_id).exists(), "its history is gone")
    hold(not Employer.objects.filter(pk=walk.employer_id).exists(), "the employer is gone")
    hold(not Employer.history.filter(id=walk.employer_id).exists(), "the employer's history is gone")
    certificate = Certificate.objects.get(item=item)
    hits = certificate.manifest["scan"]["hits"] if "scan" in certificate.manifest else 0
    same(hits, 0, "what the scan found afterwards")
    page = walk.browser(PAUL).get(reverse("retention:certificates"))
    hold(certificate.number in page.text, "the certificate is on its list")
    return f"{certificate.number}: nothing found in any column"


def past_looks(walk: RecoveryWalk) -> str:
    """By the identifier of the certificate the log still says who looked, and when."""
    paul = walk.browser(PAUL)
    page = paul.get(reverse("console:search"))
    asked = {"why": "audit", "reference": "CTRL-2026-1", "about": str(walk.file_id)}
    officers = {
        " ".join(option.text.split()): option.get("value") for option in page.form("about").iter("option")
    }
    for subject in (HELENE, GEERT, SOPHIE, JAN):
        who = next(persona for persona in PERSONAS if persona.subject == subject)
        chosen = officers[f"{who.family_name} {who.given_name}"]
        answer = plain(paul.submit(page, "about", {**asked, "officer": str(chosen)}))
        rows = answer.partition("Réponse du journal")[2]
        hold(who.name in rows, f"the log still says what {who.name} did")
        hold(walk.employer.name not in rows, "the log names no debtor")
    refused = walk.browser(HELENE).get(reverse("console:search"))
    same(refused.status, 403, "the clerk at the console")
    with service_work("retention"):
        left = ErasureItem.objects.filter(list_id=walk.list_id).exclude(state=ItemState.ERASED).count()
    if left:
        raise DidNotHold(f"{left} units of the list were not erased")
    return f"{log_count(file=walk.file_id)} rows of this file stay in the log"


def leave(walk: RecoveryWalk) -> str:
    """The National Chamber says who leaves: session and mandated files end at once; a colleague stays."""
    gone = next(persona for persona in PERSONAS if persona.subject == SOPHIE)
    home = portal_url("home")
    hold(gone.name in walk.browser(SOPHIE).get(home).text, f"{gone.name} is still at the portal")
    walk.office.chamber.say("left", number_of(gone.niss))
    fetch_list()
    await_true(lambda: not User.objects.get(subject=SOPHIE).is_active, f"{gone.name} loses the account")
    hold(gone.name not in walk.browser(SOPHIE).get(home).text, f"the session of {gone.name} is over")
    hold(User.objects.get(subject=JAN).is_active, "a colleague keeps the account")
    departure = Departure.objects.get(user__subject=SOPHIE)
    same(departure.cause, Cause.LEFT, "why access ended")
    return f"{gone.name} left; {MandatePermission.objects.filter(user=departure.user).count()} mandated files"


STEPS: tuple[tuple[str, Callable[[RecoveryWalk], str]], ...] = (
    ("recovery: log in at both doors", log_in),
    ("recovery: register an employer", register),
    ("recovery: record an unpaid quarter", record),
    ("recovery: send the formal notice", notice),
    ("recovery: draw up the roll; its author refused to sign", draw),
    ("recovery: another signs, and issues the constraint", sign),
    ("recovery: transmit to the concessionaire", transmit),
    ("recovery: give it to a bailiff's office", distribute),
    ("recovery: a sibling office sees nothing", sibling),
    ("recovery: serve the constraint", serve),
    ("recovery: an act and its deed", act),
    ("recovery: pay at the bailiff's", pay),
    ("recovery: the bailiff passes it on", remit),
    ("recovery: close the intervention", close),
    ("recovery: listed for erasure", list_due),
    ("recovery: two approvals, erased", approve),
    ("recovery: certificate, nothing found", erased),
    ("recovery: the past looks are in the log", past_looks),
    ("recovery: a bailiff leaves the Chamber's list", leave),
)
