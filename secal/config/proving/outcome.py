"""What a check found: how much it tried, how much failed, and how much it had to try."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


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
        return self.failed == 0 and self.tried >= self.target

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "seconds": round(self.seconds, 1), "ok": self.ok}


Check = Callable[[bool], Outcome]
"""Takes `quick`; gives the outcome."""
