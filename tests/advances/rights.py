"""Many running rights in few statements: files of one child each, whose month's term is in the book."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count as count_from

from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.advances.models import AdvanceDecision, AdvanceRight, Outcome, RightState
from secal.cases.models import (
    AlimonyFile,
    Application,
    ApplicationState,
    Beneficiary,
    ExecutoryTitle,
    FileState,
    IndexClause,
    MonthlyTerm,
    TitleKind,
)
from secal.kernel.explanation import Explanation
from secal.ledger.models import BookKind, EntryKind, Head, Owner
from secal.ledger.services.books import ChargeLine, charge, open_book
from secal.people.models import PaymentAccount, Person
from secal.vault.blind_index import blind_index
from secal.vault.keystore import create_key
from tests.registering import imported

MONTH = date(2026, 11, 1)
FROM_ON, UNTIL_ON = date(2026, 9, 1), date(2027, 2, 28)
_serial = count_from(500_001)
OPENED_ON = date(2026, 8, 20)
GOOD_IBAN = "BE71096123456769"
CLOSED_IBAN = "NL84MOCK0000000003"
"""An account that the bank holds and has closed: it refuses a payment to it with AC04."""


@dataclass
class Granted:
    """One child's right with all that it stands on."""

    right: AdvanceRight
    file: AlimonyFile
    beneficiary: Beneficiary
    term: MonthlyTerm | None
    creditor: Person


def grant(
    *,
    officer: User,
    number: int = 1,
    amount: Decimal = Decimal("220.00"),
    month: date = MONTH,
    paid: Decimal = Decimal("0.00"),
    iban: str | None = GOOD_IBAN,
    state: RightState = RightState.RUNNING,
    with_term: bool = True,
    booked: bool = True,
    child: Person | None = None,
    creditor: Person | None = None,
) -> Granted:
    """A file with one child, a right to advances, and the month's term charged in the book."""
    with service_work("seed"):
        creditor = creditor or somebody("Els", f"Peeters {number}")
        if iban and not PaymentAccount.objects.filter(person=creditor).exists():
            give_account(creditor, iban, valid_from=OPENED_ON)
        file = _file(creditor, number)
        beneficiary = _beneficiary(file, child or somebody("Noor", f"Maes {number}"), amount)
        right = _right(file, beneficiary, officer, state)
        term = _term(file, beneficiary, amount, month, paid, booked) if with_term else None
    return Granted(right, file, beneficiary, term, creditor)


def add_term(granted: Granted, *, month: date, amount: Decimal = Decimal("220.00")) -> MonthlyTerm:
    """One more month of the same child."""
    with service_work("seed"):
        return _term(granted.file, granted.beneficiary, amount, month, Decimal("0.00"), True)


def give_account(person: Person, iban: str, *, valid_from: date) -> None:
    """The account to which the person is paid from this day on."""
    account = PaymentAccount(person=person, valid_from=valid_from, iban_bi=blind_index("account.iban", iban))
    account.seal_value("iban", iban)
    account.save()


def grant_many(count: int, *, officer: User, **changes: object) -> list[Granted]:
    return [grant(officer=officer, number=number, **changes) for number in range(1, count + 1)]  # type: ignore[arg-type]


def somebody(given_name: str, family_name: str, niss_bi: bytes | None = None) -> Person:
    """A person of the office."""
    person = Person.objects.create(
        key_id=create_key("person"),
        given_name=given_name,
        family_name=family_name,
        search_name=f"{given_name} {family_name}".lower(),
        birth_date=date(2015, 3, 1),
        niss_bi=niss_bi,
    )
    imported(person)
    return person


def _file(creditor: Person, number: int) -> AlimonyFile:
    file = AlimonyFile.objects.create(
        key_id=create_key("file"),
        number=f"SECAL-2026-{next(_serial):06d}",
        state=FileState.ACTIVE,
        book=open_book(kind=BookKind.ALIMONY_FILE, opened_on=OPENED_ON),
        creditor=creditor,
        debtor=somebody("Tom", f"Maes {number}"),
        section="Bruxelles",
        opened_on=OPENED_ON,
    )
    imported(file)
    return file


def _beneficiary(file: AlimonyFile, child: Person, amount: Decimal) -> Beneficiary:
    title = ExecutoryTitle.objects.create(
        file=file,
        kind=TitleKind.JUDGMENT,
        court="Tribunal de la famille de Namur",
        decided_on=date(2024, 3, 14),
        index_clause=IndexClause.NONE,
    )
    imported(child)
    return Beneficiary.objects.create(
        title=title, child=child, monthly_amount=amount, from_month=date(2024, 4, 1)
    )


def _right(file: AlimonyFile, beneficiary: Beneficiary, officer: User, state: RightState) -> AdvanceRight:
    application = Application.objects.create(
        file=file,
        state=ApplicationState.GRANTED,
        received_on=OPENED_ON,
        complete_on=OPENED_ON,
        registered_by=officer,
    )
    decision = AdvanceDecision.objects.create(
        application=application,
        outcome=Outcome.GRANTED,
        proposed=Outcome.GRANTED,
        decided_on=OPENED_ON,
        effect_on=OPENED_ON,
        appeal_until=date(2026, 9, 21),
        decided_by=officer,
        explanation=Explanation(code="advance_right.conditions").to_dict(),
    )
    return AdvanceRight.objects.create(
        decision=decision, file=file, beneficiary=beneficiary, from_on=FROM_ON, until_on=UNTIL_ON, state=state
    )


def _term(
    file: AlimonyFile, beneficiary: Beneficiary, amount: Decimal, month: date, paid: Decimal, booked: bool
) -> MonthlyTerm:
    term = MonthlyTerm.objects.create(
        file=file,
        beneficiary=beneficiary,
        month=month,
        due_on=month,
        amount=amount,
        paid_before_application=paid,
    )
    if booked and amount > paid:
        [claim] = charge(
            [
                ChargeLine(
                    book_id=file.book_id,
                    head=Head.BALANCE,
                    rank=5,
                    owner=Owner.CREDITOR,
                    beneficiary_id=beneficiary.child_id,
                    period=month,
                    due_on=month,
                    limitation_on=date(2031, 11, 1),
                    amount=amount - paid,
                    kind=EntryKind.TERM_DUE,
                    source=term.pk,
                    booked_on=month,
                )
            ]
        )
        MonthlyTerm.objects.filter(pk=term.pk).update(claim=claim)
        term.refresh_from_db()
    return term
