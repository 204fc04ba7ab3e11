"""An unpaid quarter becomes a title, step by step and each by its own person."""

from datetime import date
from decimal import Decimal

import pytest

from recovery.cases.models import Document, DocumentKind, TitleState
from tests.recovery.stories import People, made_title, served_title


@pytest.mark.obligation("17/006 §3")
def test_an_unpaid_quarter_becomes_a_constraint_in_the_debtors_language(staff: People) -> None:
    title = made_title(staff, language="nl")
    assert title.state == TitleState.ISSUED
    assert [line["kind"] for line in title.sums] == ["social", "surcharge", "interest"]
    assert Decimal(title.sums[1]["amount"]) == Decimal("1000.00")
    kinds = set(Document.objects.filter(file=title.file).values_list("kind", flat=True))
    assert kinds == {DocumentKind.NOTICE, DocumentKind.CONSTRAINT, DocumentKind.ROLL_COPY}


def test_a_served_constraint_has_its_last_day_of_opposition(staff: People) -> None:
    title = served_title(staff)
    assert title.opposition_until == date(2026, 9, 17)
