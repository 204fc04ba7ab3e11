"""Who may look into a book. The ledger does not know what a book is about: the room that does says it here.

A guard gets the book, the act and the purpose; it lets the current actor in, with what the page shows of the
file, or raises Refused. A kind of book without a guard is closed to everybody.
"""

from collections.abc import Callable
from typing import Any, NotRequired, TypedDict
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.access.errors import Refused
from secal.ledger.models import Book, BookKind


class BookIdentity(TypedDict):
    """What a page about a book shows of the file behind it."""

    title: str | Promise
    """Number of the file, with its people as lists show them."""
    url: str
    identity: Any
    """For the identity bar (templates/README.md)."""
    file: NotRequired[UUID]
    """The file, for the security log."""


Guard = Callable[[Book, str, str], BookIdentity]

_guards: dict[str, Guard] = {}


def register_guard(kind: BookKind, guard: Guard) -> None:
    """Declare who watches over this kind of book; `guard(book, act, purpose)`."""
    _guards[kind] = guard


def admit(book: Book, *, act: str, purpose: str) -> BookIdentity:
    """The file behind the book, if the current actor may do `act` on it. Raises Refused."""
    guard = _guards.get(book.kind)
    if guard is None:
        raise Refused(act, "no_guard", _("Personne ne peut ouvrir ce compte."), file=book.pk, hidden=True)
    return guard(book, act, purpose)
