"""Refusals carry a code, a sentence and a field, and survive a journey between processes."""

from __future__ import annotations

import pickle

from secal.kernel.errors import DomainError


class Lazy:
    """Stands for a translation that is made only when read."""

    def __init__(self) -> None:
        self.read = 0

    def __str__(self) -> str:
        self.read += 1
        return "Trop tard le %(on)s."


def test_a_lazy_sentence_is_read_only_on_demand() -> None:
    sentence = Lazy()
    error = DomainError("late", sentence, "on", {"on": "3 mai"})

    assert sentence.read == 0
    assert str(error) == "Trop tard le 3 mai."
    assert (error.code, error.field) == ("late", "on")


def test_a_source_string_is_translated_before_its_values_are_put_in() -> None:
    error = DomainError("late", "Trop tard le %(on)s.", None, {"on": "3/5"})

    assert error.text({"Trop tard le %(on)s.": "Te laat op %(on)s."}.__getitem__) == "Te laat op 3/5."


def test_a_sentence_without_values_may_hold_a_per_cent_sign() -> None:
    assert str(DomainError("rate", "13 % du principal")) == "13 % du principal"


def test_an_error_without_sentence_shows_its_code() -> None:
    assert str(DomainError("late")) == "late"


def test_an_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(DomainError("late", "Trop tard", "on", {"a": 1})))  # noqa: S301 - own bytes

    assert (error.code, str(error.message), error.field, error.params) == (
        "late",
        "Trop tard",
        "on",
        {"a": 1},
    )
