"""Words for the codes of this room: why a message was refused or held."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MASS = "mass_removal"
MADE_WHOLE = frozenset({"gap", "no_full_list"})
"""Refused for what was lost on the way: the full list that is asked for puts it right."""

REASONS: dict[str, str | Promise] = {
    "too_big": _("Le message dépasse la taille admise."),
    "malformed": _("Le message n’est pas un message signé lisible."),
    "header": _("L’en-tête du message contient autre chose que l’algorithme et le nom de la clé."),
    "algorithm": _("Le message est signé avec un algorithme qui n’est pas admis pour cette clé."),
    "key_unknown": _("Le message est signé avec une clé que nous ne connaissons pas."),
    "key_expired": _("La clé qui a signé le message n’est pas, ou n’est plus, en cours de validité."),
    "signature": _("La signature du message est fausse : il a été modifié, ou signé par quelqu’un d’autre."),
    "not_canonical": _("Le contenu signé n’est pas écrit sous la forme convenue."),
    "schema": _("Le contenu du message n’a pas la forme convenue."),
    "twice": _("Une même personne ou un même numéro figure deux fois dans le message."),
    "issuer": _("Le message vient d’un autre émetteur que la Chambre nationale."),
    "replay": _("Un message de ce numéro, ou d’un numéro plus élevé, a déjà été reçu."),
    "from_future": _("Le message porte une date à venir."),
    "old": _("Le message est trop ancien : il a été fait il y a plus de 24 heures, ou avant le précédent."),
    "gap": _("Des messages manquent avant celui-ci : une liste complète est demandée."),
    "previous": _("Le message ne suit pas celui que nous avons reçu avant lui."),
    "no_full_list": _(
        "Aucune liste complète n’a encore été reçue : des changements ne disent rien sans elle."
    ),
    MASS: _("Trop de personnes perdraient leur accès à la fois : deux personnes doivent libérer la liste."),
}


def reason_text(code: str) -> str:
    """Why a message was refused or held, in words; "" for an accepted one."""
    return str(REASONS.get(code, code))
