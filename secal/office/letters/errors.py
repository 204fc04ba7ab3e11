"""What keeps a letter from being composed, in words."""

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError

PARTS = {
    "addressee": _("le destinataire et son adresse"),
    "approvals": _("les approbations"),
    "contest_address": _("l’adresse où contester"),
    "court": _("le tribunal du travail compétent"),
    "debtor": _("le débiteur et son adresse"),
    "drawn_by": _("la personne qui a dressé le rôle"),
    "enforceable": _("qui a rendu le rôle exécutoire, en quelle qualité et en vertu de quelle délégation"),
    "erased": _("les lignes effacées"),
    "file_number": _("le numéro du dossier"),
    "ground": _("le motif"),
    "issued": _("qui décerne la contrainte, en quelle qualité et en vertu de quelle délégation"),
    "lines": _("la justification comptable"),
    "manifest_sha256": _("l’empreinte du manifeste"),
    "number": _("le numéro de la pièce"),
    "payment": _("le compte et la communication structurée"),
    "processor": _("le nom du concessionnaire"),
    "roll": _("la copie du rôle exécutoire"),
}
"""The mandatory parts, as the person who reads the refusal calls them."""


class LetterError(DomainError):
    """A letter that would not be valid, or that cannot be printed."""


def part_missing(part: str) -> LetterError:
    return LetterError(
        "letter.part_missing",
        _("Cette pièce ne peut pas être établie : il manque %(part)s. Complétez le dossier, puis réessayez."),
        None,
        {"part": PARTS[part]},
    )


def amount_not_in_cents(amount: object) -> LetterError:
    return LetterError(
        "letter.amount_not_in_cents",
        _("%(amount)s a plus de deux décimales : les lignes imprimées n’égaleraient plus leur total."),
        None,
        {"amount": amount},
    )


def nothing_owed() -> LetterError:
    return LetterError(
        "letter.nothing_owed",
        _("Cette pièce réclamerait un total nul ou négatif. Vérifiez les paiements déduits."),
    )


def roll_later() -> LetterError:
    return LetterError(
        "letter.roll_later",
        _("La contrainte ne peut pas précéder le jour où le rôle spécial a été rendu exécutoire."),
    )


def one_approver() -> LetterError:
    return LetterError(
        "letter.one_approver",
        _("Un certificat d’effacement porte l’approbation de deux personnes différentes."),
    )


def residue(hits: int) -> LetterError:
    return LetterError(
        "letter.residue",
        _("La recherche a encore trouvé %(hits)s trace(s) : l’effacement ne peut pas être certifié."),
        None,
        {"hits": hits},
    )


def dates_disordered() -> LetterError:
    return LetterError(
        "letter.dates_disordered",
        _("Les trois dates de l’effacement doivent se suivre : données, clés, sauvegardes."),
    )


def unprintable() -> LetterError:
    return LetterError(
        "letter.unprintable",
        _(
            "La pièce contient un caractère qui ne peut pas être imprimé, par exemple d’une autre écriture."
            " Écrivez le nom et l’adresse en lettres latines."
        ),
    )
