"""Whose account may pass on money that somebody else received for us: bailiffs, for an employer's debt.

The ledger does not know bailiffs: the room that does says here which accounts are theirs.
"""

from collections.abc import Callable, Iterable

Finder = Callable[[Iterable[str]], set[str]]
"""Of these accounts (compact IBAN), those of intermediaries; in one query however many are asked."""

_finders: list[Finder] = []


def register(finder: Finder) -> None:
    """Declare who knows such accounts; registering twice counts once."""
    if finder not in _finders:
        _finders.append(finder)


def among(ibans: Iterable[str]) -> set[str]:
    """Of these accounts, those of intermediaries. Nobody registered: none."""
    asked = {iban for iban in ibans if iban}
    return {iban for finder in _finders for iban in finder(asked)} if asked else set()
