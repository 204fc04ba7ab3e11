"""Thousands of running rights in a few seconds: the same rows as tests.advances.rights, written in bulk."""

import uuid
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import connection

from secal.access.history import create_many
from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.advances.models import AdvanceDecision, AdvanceRight, Outcome
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
from secal.kernel.identifiers import make_ogm
from secal.ledger.models import Book, BookKind, EntryKind, Head, Owner
from secal.ledger.services.books import ChargeLine, charge
from secal.people.models import PaymentAccount, Person
from secal.vault.blind_index import blind_index
from secal.vault.keystore import new_key_material
from tests.advances.rights import FROM_ON, GOOD_IBAN, MONTH, OPENED_ON, UNTIL_ON
from tests.registering import imported

FIRST_SERIAL = 600_001


def grant_in_bulk(
    count: int, *, officer: User, amount: Decimal = Decimal("220.00"), month: date = MONTH
) -> None:
    """`count` files of one child, each with a right, an account and the month's term in the book."""
    with service_work("seed"):
        files = _files(count)
        children = _persons("Noor", count)
        titles = create_many(
            ExecutoryTitle,
            (
                ExecutoryTitle(
                    file=file,
                    kind=TitleKind.JUDGMENT,
                    court="Namur",
                    decided_on=OPENED_ON,
                    index_clause=IndexClause.NONE,
                )
                for file in files
            ),
        )
        beneficiaries = create_many(
            Beneficiary,
            (
                Beneficiary(title=title, child=child, monthly_amount=amount, from_month=date(2024, 4, 1))
                for title, child in zip(titles, children, strict=True)
            ),
        )
        _rights(files, beneficiaries, officer)
        _terms(files, beneficiaries, amount, month)


def _files(count: int) -> list[AlimonyFile]:
    creditors, debtors = _persons("Els", count), _persons("Tom", count)
    _accounts(creditors)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger_book_number') FROM generate_series(1, %s)", [count])
        numbers = [number for (number,) in cursor.fetchall()]
    books = Book.objects.bulk_create(
        Book(kind=BookKind.ALIMONY_FILE, number=number, ogm=make_ogm(number), opened_on=OPENED_ON)
        for number in numbers
    )
    files = create_many(
        AlimonyFile,
        (
            AlimonyFile(
                key_id=key_id,
                number=f"SECAL-2026-{FIRST_SERIAL + place:06d}",
                state=FileState.ACTIVE,
                book=book,
                creditor=creditor,
                debtor=debtor,
                section="Bruxelles",
                opened_on=OPENED_ON,
            )
            for place, (key_id, book, creditor, debtor) in enumerate(
                zip(_keys("file", count), books, creditors, debtors, strict=True)
            )
        ),
    )
    imported(*files)
    return files


def _persons(given_name: str, count: int) -> list[Person]:
    persons = create_many(
        Person,
        (
            Person(key_id=key_id, given_name=given_name, family_name="Maes", search_name=f"{given_name} maes")
            for key_id in _keys("person", count)
        ),
    )
    imported(*persons)
    return persons


def _keys(purpose: str, count: int) -> list[uuid.UUID]:
    ids = [uuid.uuid4() for _ in range(count)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO keystore.data_key (id, purpose, wrapped, kek_version)"
            " SELECT id, %s, wrapped, %s FROM unnest(%s::uuid[], %s::bytea[]) AS new (id, wrapped)",
            [purpose, settings.VAULT_KEK_VERSION, ids, [new_key_material(key_id)[1] for key_id in ids]],
        )
    return ids


def _accounts(creditors: list[Person]) -> None:
    index = blind_index("account.iban", GOOD_IBAN)
    accounts = [
        PaymentAccount(person=creditor, valid_from=OPENED_ON, iban_bi=index) for creditor in creditors
    ]
    for account in accounts:
        account.seal_value("iban", GOOD_IBAN)
    create_many(PaymentAccount, accounts)


def _rights(files: list[AlimonyFile], beneficiaries: list[Beneficiary], officer: User) -> None:
    applications = create_many(
        Application,
        (
            Application(
                file=file,
                state=ApplicationState.GRANTED,
                received_on=OPENED_ON,
                complete_on=OPENED_ON,
                registered_by=officer,
            )
            for file in files
        ),
    )
    told = Explanation(code="advance_right.conditions").to_dict()
    decisions = AdvanceDecision.objects.bulk_create(
        AdvanceDecision(
            application=application,
            outcome=Outcome.GRANTED,
            proposed=Outcome.GRANTED,
            decided_on=OPENED_ON,
            effect_on=OPENED_ON,
            appeal_until=date(2026, 9, 21),
            decided_by=officer,
            explanation=told,
        )
        for application in applications
    )
    AdvanceRight.objects.bulk_create(
        AdvanceRight(
            decision=decision, file=file, beneficiary=beneficiary, from_on=FROM_ON, until_on=UNTIL_ON
        )
        for decision, file, beneficiary in zip(decisions, files, beneficiaries, strict=True)
    )


def _terms(files: list[AlimonyFile], beneficiaries: list[Beneficiary], amount: Decimal, month: date) -> None:
    terms = [
        MonthlyTerm(file=file, beneficiary=beneficiary, month=month, due_on=month, amount=amount)
        for file, beneficiary in zip(files, beneficiaries, strict=True)
    ]
    claims = charge(
        [
            ChargeLine(
                book_id=term.file.book_id,
                head=Head.BALANCE,
                rank=5,
                owner=Owner.CREDITOR,
                beneficiary_id=term.beneficiary.child_id,
                period=month,
                due_on=month,
                limitation_on=date(2031, 11, 1),
                amount=amount,
                kind=EntryKind.TERM_DUE,
                source=term.pk,
                booked_on=month,
            )
            for term in terms
        ]
    )
    for term, claim in zip(terms, claims, strict=True):
        term.claim = claim
    MonthlyTerm.objects.bulk_create(terms)
