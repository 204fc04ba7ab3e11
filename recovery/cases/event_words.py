"""The sentence of each line of a recovery file's timeline, in the reader's language."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recovery.cases.models import FileEvent, FileEventKind
from recovery.cases.wording import quarter_text
from secal.office.formatting import date_text, money_text

SHAPES = {
    FileEventKind.DEBT: "money",
    FileEventKind.LETTER: "letter",
    FileEventKind.TITLE: "decision",
    FileEventKind.MANDATE: "system",
    FileEventKind.ACT: "decision",
    FileEventKind.MONEY: "money",
    FileEventKind.END: "decision",
}
"""Kind of mark on the timeline (templates/README.md)."""

WORDS: dict[str, str | Promise] = {
    "file_opened": _("Dossier de recouvrement ouvert"),
    "receipt_allocated": _("Paiement du débiteur, valeur %(value_on)s"),
    "receipt_put_back": _("Paiement du %(value_on)s remis en attente"),
    "collected": _("Somme reçue par l’huissier le %(value_on)s"),
    "mandate_given": _("Titre %(title)s confié à %(office)s"),
    "mandate_handed_back": _("Titre %(title)s rendu par %(office)s"),
    "mandate_closed": _("Intervention de %(office)s clôturée pour le titre %(title)s"),
}
"""One sentence a code, with its parameters as written by `READERS`."""

READERS: dict[str, Callable[[Any], str]] = {
    "amount": lambda value: money_text(Decimal(value)),
    "quarter": lambda value: quarter_text(date.fromisoformat(value)),
}


def register_words(
    words: dict[str, str | Promise], readers: dict[str, Callable[[Any], str]] | None = None
) -> None:
    """A room above adds the sentences of its own codes, and how its parameters read, when the application
    starts."""
    WORDS.update(words)
    READERS.update(readers or {})


def sentence(event: FileEvent) -> str:
    """The line in words; a code without words is shown as it is, so that nothing disappears."""
    words = WORDS.get(event.code)
    if words is None:
        return event.code
    return str(words) % {name: _read(name, value) for name, value in event.params.items()}


def timeline_entry(event: FileEvent) -> dict[str, Any]:
    """What {% timeline %} shows of an event."""
    return {
        "when": event.happened_on,
        "kind": SHAPES[FileEventKind(event.kind)],
        "title": sentence(event),
        "amount": Decimal(event.params.get("amount") or 0) or None,
        "by": event.actor_name if not event.actor_name.startswith("service:") else "",
    }


def _read(name: str, value: Any) -> str:
    reader = READERS.get(name)
    if reader is None and name.endswith("_on"):
        return date_text(date.fromisoformat(value))
    return reader(value) if reader else str(value)
