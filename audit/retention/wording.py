"""Words for codes that this room keeps."""

from django.utils.translation import gettext_lazy as _

from secal.office import keeping

NO_LONGER_DUE, SCAN_BLIND, LIST_REJECTED = "no_longer_due", "scan_blind", "list_rejected"
REASONS = {
    NO_LONGER_DUE: _("n’est plus à effacer"),
    SCAN_BLIND: _("la recherche de restes n’a pas passé son épreuve"),
    LIST_REJECTED: _("liste rejetée"),
}
STEPS = {
    "begun": _("Traces relevées"),
    "control": _("Recherche éprouvée"),
    "keys": _("Clés détruites"),
    "rows": _("Lignes effacées"),
    "scan": _("Restes recherchés"),
}


def kind_words(kind: str) -> str:
    """The kind of unit in words; its code when no room knows it any more."""
    known = {unit.kind: unit.title for unit in keeping.units()}
    return str(known.get(kind, kind))


def ground_words(kind: str, ground: str) -> str:
    """Why a unit has to go, in words; the code when no room knows it any more."""
    known = {unit.kind: unit.grounds for unit in keeping.units()}
    return str(known.get(kind, {}).get(ground, ground))
