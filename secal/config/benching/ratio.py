"""What a bench claims, and what it measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Claim:
    """Our way costs at most `limit` times what the rival does."""

    name: str
    rival: str
    limit: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians of both sides, in seconds, each of `n` timings."""

    ours: float
    rival: float
    n: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A claim and what came of it; without a measurement it does not hold."""

    claim: Claim
    measured: Measured | None

    @property
    def value(self) -> float | None:
        return self.measured.ours / self.measured.rival if self.measured else None

    @property
    def ok(self) -> bool:
        return self.value is not None and self.value <= self.claim.limit

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.claim.name,
            "ratio": None if self.value is None else round(self.value, 3),
            "rival": self.claim.rival,
            "limit": self.claim.limit,
            "n": self.measured.n if self.measured else 0,
            "ok": self.ok,
        }


@dataclass(frozen=True, slots=True)
class Bench:
    """What it claims, and how it measures each claim. `run(quick)` gives them one by one."""

    claims: tuple[Claim, ...]
    run: Callable[[bool], Iterator[tuple[Claim, Measured]]]
