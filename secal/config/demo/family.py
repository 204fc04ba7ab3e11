"""The family of the walk: invented anew, and what a registrar types about it, step by step of the wizard."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from secal.cases.models import AttachmentKind, IndexClause, TitleKind
from secal.config.demo.browser import Page, Upload
from secal.config.demo.seed.people import Invented, Inventor
from secal.config.demo.seed.told import PAPER
from secal.kernel.identifiers import format_iban, format_niss
from secal.kernel.money import format_amount, percentage
from secal.kernel.periods import Month
from secal.law import parameter

FIRST_TERM, SECOND_TERM, PAID_OF_SECOND = Decimal("210.00"), Decimal("150.00"), Decimal("40.00")
FOR_THE_ADVANCES = Decimal("64.80")
"""What the debtor's payment leaves for the advances once the contributions are paid."""
MONTHS_OF_MAINTENANCE = 20
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Reckoning:
    """The walk's own sums, made apart from the office's."""

    unpaid: tuple[Decimal, ...]
    advances: tuple[Decimal, Decimal]
    contributions: Decimal

    @property
    def principal(self) -> Decimal:
        return sum(self.unpaid, NOTHING)

    @property
    def advanced(self) -> Decimal:
        return sum(self.advances, NOTHING)

    @property
    def payment(self) -> Decimal:
        return self.contributions + FOR_THE_ADVANCES

    @property
    def left(self) -> Decimal:
        return self.principal + self.contributions - self.payment


def unpaid_months(day: date) -> list[Month]:
    """The months that the application states as unpaid: the last three whose first day lies before it."""
    latest = Month.of(day) if day.day > 1 else Month.of(day) - 1
    return [latest - 2, latest - 1, latest]


def reckon(day: date) -> Reckoning:
    """Two children, three months unpaid, EUR 40 paid on the second child's latest."""
    unpaid = [FIRST_TERM] * 3 + [SECOND_TERM] * 2 + [SECOND_TERM - PAID_OF_SECOND]
    paid_this_month = PAID_OF_SECOND
    if unpaid_months(day)[-1] != Month.of(day):
        # On the first of a month its term is not due before the application: it is charged whole.
        unpaid += [FIRST_TERM, SECOND_TERM]
        paid_this_month = NOTHING
    cap = parameter("advance_cap_per_creditor_month", on=day).decimal().value
    share = parameter("contribution_debtor_pct", on=day).decimal().value
    return Reckoning(
        unpaid=tuple(unpaid),
        advances=(min(FIRST_TERM, cap), min(SECOND_TERM, cap) - paid_this_month),
        contributions=sum((percentage(amount, share) for amount in unpaid), NOTHING),
    )


class Family:
    """Persons drawn by chance: each walk has its own, so that it can be done twice on the same data."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.inventor = inventor = Inventor(random.SystemRandom())
        parents = (date(1978, 2, 1), date(1996, 11, 30))
        minors = (date(day.year - 12, 2, 1), date(day.year - 4, 11, 30))
        self.creditor = inventor.person("fr", woman=True, born=parents)
        self.debtor = inventor.person("fr", woman=False, born=parents)
        named = f" {self.debtor.family_name}"
        self.children = [
            inventor.person("fr", woman=first, born=minors, named=named, home=self.creditor.address)
            for first in (True, False)
        ]
        self.statement_number = 2 * random.SystemRandom().randrange(1000, 49_000)
        self.creditor_iban, self.debtor_iban = inventor.iban(), inventor.iban()

    @staticmethod
    def name(person: Invented) -> str:
        return f"{person.given_name} {person.family_name}"

    def title(self) -> dict[str, str]:
        decided_on = (Month.of(self.day) - MONTHS_OF_MAINTENANCE).day(12)
        return {
            "received_on": f"{self.day:%d/%m/%Y}",
            "language": "fr",
            "kind": TitleKind.JUDGMENT.value,
            "court": "Tribunal de la famille de Bruxelles",
            "decided_on": f"{decided_on:%d/%m/%Y}",
            "served_on": f"{decided_on + timedelta(days=20):%d/%m/%Y}",
            "index_clause": IndexClause.NONE.value,
            "asks_advances": "on",
        }

    def party(self, person: Invented) -> dict[str, str]:
        return {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "niss": format_niss(person.niss),
            "birth_date": f"{person.birth_date:%d/%m/%Y}",
            "birth_place": "Namur",
            "address": person.address,
            "language": person.language,
        }

    def creditor_step(self) -> dict[str, str]:
        return {
            **self.party(self.creditor),
            "iban": format_iban(self.creditor_iban),
            "lives_in_belgium": "yes",
        }

    def child_step(self, number: int) -> dict[str, str]:
        child, amount = self.children[number], (FIRST_TERM, SECOND_TERM)[number]
        since = Month.of(self.day) - MONTHS_OF_MAINTENANCE
        values = {
            "given_name": child.given_name,
            "family_name": child.family_name,
            "niss": format_niss(child.niss),
            "birth_date": f"{child.birth_date:%d/%m/%Y}",
            "monthly_amount": format_amount(amount),
            "due_day": "1",
            "from_month": f"{since.first_day:%m/%Y}",
        }
        return {f"row-{number}-{name}": value for name, value in values.items()}

    def terms_step(self, page: Page) -> dict[str, str]:
        """Everything paid but three months of each child; the order to collect is forgotten."""
        keys = list(
            dict.fromkeys(name.split("-")[1] for name in page.fields("signed") if name.startswith("due-"))
        )
        months = unpaid_months(self.day)
        values = {f"paid-{key}-{month}": "0" for key in keys for month in months}
        values[f"paid-{keys[1]}-{months[-1]}"] = format_amount(PAID_OF_SECOND)
        return {
            **values,
            "history_complete": "on",
            "signed": "on",
            "authorisation_on": f"{self.day:%d/%m/%Y}",
            "declared_means": format_amount(Decimal("1420.00")),
        }

    @staticmethod
    def papers() -> dict[str, Upload]:
        kinds = (AttachmentKind.TITLE_COPY, AttachmentKind.SERVICE_PROOF, AttachmentKind.INCOME_PROOF)
        return {f"paper-{kind.value}": (f"{kind.value}.pdf", PAPER, "application/pdf") for kind in kinds}

    @staticmethod
    def impossible(niss: str) -> str:
        """The same number with day counter 000, which is never issued, and right check digits."""
        stem = f"{niss[:6]}000"
        return f"{stem}{97 - int(stem) % 97:02d}"
