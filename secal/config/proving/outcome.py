"""What a check is told, what it counts, and what it found."""

import random
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

MOST_WORDS = 20
"""Failures told in words on the error output; the others are only counted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one check. Too few tries is a failure."""

    check: str
    tried: int
    failed: int
    target: int
    seconds: float
    seed: int

    @property
    def ok(self) -> bool:
        return self.failed == 0 and self.tried >= self.target > 0

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "seconds": round(self.seconds, 1), "ok": self.ok}


@dataclass(frozen=True, slots=True)
class Order:
    """What a run of a check is told: how often to try, and the seed of everything it leaves to chance."""

    target: int
    quick: bool
    seed: int

    def chance(self, what: object) -> random.Random:
        """Chance of its own for each part of a check: threads never disturb each other's."""
        return random.Random(f"{self.seed}:{what}")  # noqa: S311 - repeatable, and no secret


@dataclass(slots=True)
class Tally:
    """Tries and failures so far, counted by any thread. What was counted stays when the check breaks off."""

    tried: int = 0
    failed: int = 0
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def count(self, held: bool, words: str = "") -> None:
        """One try. `words`: what happened, for the first failures."""
        with self._one_at_a_time:
            self.tried += 1
            self.failed += not held
            if not held and words and self.failed <= MOST_WORDS:
                sys.stderr.write(f"  failed: {words}\n")

    def add(self, tried: int, failed: int) -> None:
        """Tries that somebody else counted."""
        with self._one_at_a_time:
            self.tried += tried
            self.failed += failed


@dataclass(frozen=True, slots=True)
class Check:
    """One long check: what it does, and how many tries it owes in its short and its whole form."""

    run: Callable[[Order, Tally], None]
    target: Callable[[bool], int]


def owes(*, quick: int, full: int) -> Callable[[bool], int]:
    """A fixed number of tries for each form."""
    return lambda short: quick if short else full
