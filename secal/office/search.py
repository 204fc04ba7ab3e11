"""Global search: what the text is read as, and the providers that each room registers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.kernel.identifiers import SearchKind

KIND_WORDS: dict[str, str | Promise] = {
    SearchKind.NISS: _("NISS"),
    SearchKind.ENTERPRISE: _("numéro d’entreprise"),
    SearchKind.OGM: _("communication structurée"),
    SearchKind.IBAN: _("compte bancaire"),
    SearchKind.FILE_NUMBER: _("numéro de dossier"),
    SearchKind.NAME: _("nom"),
    SearchKind.UNKNOWN_NUMBER: _("nombre"),
    SearchKind.EMPTY: _("rien"),
}
"""How a reading is named to the person who typed it."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of an answer: no personal value beyond what the person may see in lists."""

    title: str
    detail: str
    url: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class SearchGroup:
    title: str | Promise
    hits: Sequence[SearchHit]
    more: bool = False


Provider = Callable[[Any], SearchGroup | None]
"""Takes the reading of the text (secal.kernel.identifiers.detect_kind); gives hits, or None."""

_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    _providers[name] = provider


def answer(reading: Any) -> list[SearchGroup]:
    """The groups of hits, in the order in which the rooms registered."""
    groups = [provider(reading) for provider in _providers.values()]
    return [group for group in groups if group is not None and group.hits]
