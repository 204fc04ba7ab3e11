"""What waits for those who oversee: each room registers a number and the page where it is dealt with.

The console shows them; it imports no room.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from secal.access.policy import may


@dataclass(frozen=True, slots=True)
class Attention:
    """A number without persons, shown to whoever may do `act`, and the name of the address behind it."""

    title: str | Promise
    count: Callable[[], int]
    url_name: str
    act: str


_register: list[Attention] = []


def register(matter: Attention) -> None:
    """Registering twice counts once."""
    if matter not in _register:
        _register.append(matter)


def of_whom_is_at_work() -> list[Attention]:
    """What the person at work may deal with, in the order of registration."""
    return [matter for matter in _register if may(matter.act)]
