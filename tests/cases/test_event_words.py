"""Every code that a service writes on a timeline has its sentence."""

import re
from datetime import date
from pathlib import Path

import pytest

from secal.cases.event_words import WORDS, sentence, timeline_entry
from secal.cases.models import CaseEvent

SOURCES = (Path(__file__).resolve().parents[2] / "secal").rglob("*.py")
CODES = re.compile(r"\bcode=\"([a-z_]+)\"")
EXAMPLES = {
    "received_on": "2026-10-05",
    "value_on": "2026-10-05",
    "next_on": "2026-10-05",
    "month": "2026-10",
    "role": "child_1",
    "outcome": "positive",
    "details": ["name", "account"],
    "amount": "12.50",
    "ground": "paid",
    "why": "taken",
    "finding": "justified",
}


def _written() -> set[str]:
    """Codes in the calls that write events."""
    written: set[str] = set()
    for path in SOURCES:
        text = path.read_text()
        for call in re.findall(
            r"(?:add_event|add_events|CaseEvent|partial\(add_receipts)\b.{0,260}", text, re.S
        ):
            written |= set(CODES.findall(call))
    return written


def test_every_code_written_has_words() -> None:
    written = _written()
    assert {"application_received", "terms_due", "advance_paid"} <= written
    assert written <= WORDS.keys()


@pytest.mark.parametrize("code", sorted(WORDS))
def test_a_sentence_takes_its_parameters(code: str) -> None:
    names = re.findall(r"%\((\w+)\)s", str(WORDS[code]))
    event = CaseEvent(code=code, params={name: EXAMPLES.get(name, "2026-10-05") for name in names})
    assert "%(" not in sentence(event)


def test_a_code_without_words_is_shown_rather_than_lost() -> None:
    event = CaseEvent(code="something_new", kind="money", happened_on=date(2026, 1, 1), actor_name="A B")
    assert timeline_entry(event)["title"] == "something_new"
