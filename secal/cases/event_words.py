"""The sentence of each line of the timeline: a code and its parameters become words in the reader's
language."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from secal.cases.models import CaseEvent, ClosureGround, EventKind
from secal.office.formatting import date_text, money_text, month_text

SHAPES = {
    EventKind.MONEY: "money",
    EventKind.DECISION: "decision",
    EventKind.INTAKE: "letter",
    EventKind.REVIEW: "decision",
    EventKind.ASSIGNMENT: "system",
}
"""Kind of mark on the timeline (templates/README.md)."""

WORDS: dict[str, str | Promise] = {
    "application_received": _("Demande reçue le %(received_on)s"),
    "application_complete": _("Demande complète : le délai de décision court"),
    "declared_differently": _(
        "La demande donne d’autres renseignements que ceux du service (%(role)s : %(details)s)"
    ),
    "file_assigned": _("Dossier attribué à %(officer)s"),
    "arrears_taken_over": _("Arriérés pris en charge"),
    "receipt_allocated": _("Paiement du débiteur, valeur %(value_on)s"),
    "receipt_put_back": _("Paiement du %(value_on)s remis en attente"),
    "terms_due": _("Terme de %(month)s"),
    "closure_proposed": _("Clôture proposée : %(ground)s"),
    "closure_returned": _("Clôture renvoyée au gestionnaire : %(ground)s"),
    "file_closed": _("Dossier clôturé : %(ground)s"),
    "advance_paid": _("Avance de %(month)s payée"),
    "advance_rejected": _("Avance de %(month)s refusée par la banque (motif %(reason)s)"),
}
"""One sentence a code, with its parameters as written by `READERS`."""

ELISION = re.compile(r"\bde (?=(?:avril|août|octobre)\b)")
"""French: « avance d’octobre », but « avance de mai »."""

ROLES: dict[str, str | Promise] = {"creditor": _("créancier"), "debtor": _("débiteur")}
DETAILS: dict[str, str | Promise] = {
    "name": _("nom"),
    "birth_date": _("date de naissance"),
    "birth_place": _("lieu de naissance"),
    "address": _("domicile"),
    "account": _("compte"),
}


def register_words(
    words: dict[str, str | Promise], readers: dict[str, Callable[[Any], str]] | None = None
) -> None:
    """A room above adds the sentences of its own codes, and how its parameters read, when the application
    starts."""
    WORDS.update(words)
    READERS.update(readers or {})


def sentence(event: CaseEvent) -> str:
    """The line in words; a code without words is shown as it is, so that nothing disappears."""
    words = WORDS.get(event.code)
    if words is None:
        return event.code
    told = str(words) % {name: _read(name, value) for name, value in event.params.items()}
    return ELISION.sub("d’", told, count=1) if (get_language() or "fr").startswith("fr") else told


def timeline_entry(event: CaseEvent) -> dict[str, Any]:
    """What {% timeline %} shows of an event."""
    amount = Decimal(event.params.get("amount") or 0)
    return {
        "when": event.happened_on,
        "kind": SHAPES[EventKind(event.kind)],
        "title": sentence(event),
        "amount": amount or None,
        "by": event.actor_name if not event.actor_name.startswith("service:") else "",
    }


def _read(name: str, value: Any) -> str:
    reader = READERS.get(name)
    if reader is None and name.endswith("_on"):
        reader = _day
    return reader(value) if reader else str(value)


def _day(value: str) -> str:
    return date_text(date.fromisoformat(value))


def _role(value: str) -> str:
    if value.startswith("child_"):
        return str(_("enfant %(n)s")) % {"n": value.removeprefix("child_")}
    return str(ROLES[value])


READERS: dict[str, Callable[[Any], str]] = {
    "month": lambda value: month_text(date.fromisoformat(f"{value[:7]}-01")),
    "amount": lambda value: money_text(Decimal(value)),
    "role": _role,
    "ground": lambda code: str(ClosureGround(code).label),
    "details": lambda codes: ", ".join(str(DETAILS[code]) for code in codes),
}
