"""What a bailiff's act is refused for, in words."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.office.formatting import date_text, datetime_text


class PortalError(DomainError):
    """An act of a bailiff that the law, or the state of the title, does not allow."""


def wrong_place(allowed: Any) -> PortalError:
    return PortalError(
        "act.place",
        _(
            "Votre étude n’instrumente que dans l’arrondissement de %(allowed)s (art. 516 C. jud.). "
            "Rendez le titre : le concessionnaire le confiera à une étude compétente."
        ),
        "place",
        {"allowed": allowed},
    )


def outside_hours(at: datetime, first: int, last: int) -> PortalError:
    return PortalError(
        "act.hours",
        _(
            "Le %(at)s tombe hors des heures permises : de %(first)s h à %(last)s h, ni samedi, ni dimanche, "
            "ni jour férié légal (art. 47 et 1387 C. jud.). Corrigez, ou indiquez l’autorisation du juge."
        ),
        "hour",
        {"at": datetime_text(at), "first": first, "last": last},
    )


def leave_after_the_act() -> PortalError:
    return PortalError(
        "act.leave_late", _("L’autorisation du juge doit précéder l’acte. Vérifiez sa date."), "leave_on"
    )


def in_the_future() -> PortalError:
    return PortalError(
        "act.future", _("Un acte s’enregistre après avoir été accompli. Corrigez la date."), "day"
    )


def before_the_mandate(given_on: date) -> PortalError:
    return PortalError(
        "act.before_mandate",
        _("Ce titre vous est confié depuis le %(given_on)s : un acte ne peut être antérieur."),
        "day",
        {"given_on": date_text(given_on)},
    )


def served_already() -> PortalError:
    return PortalError(
        "act.served_already",
        _("La contrainte est déjà signifiée. Pour corriger, enregistrez un acte rectificatif."),
    )


def not_served() -> PortalError:
    return PortalError(
        "act.not_served",
        _("Rien ne s’exécute avant la signification de la contrainte (art. 40 §4). Enregistrez-la d’abord."),
        "kind",
    )


def too_early(earliest: datetime) -> PortalError:
    return PortalError(
        "act.too_early",
        _("L’ordre de payer court encore : aucune exécution avant le %(earliest)s (art. 40 §4)."),
        "day",
        {"earliest": datetime_text(earliest)},
    )


def opposed(opposed_on: date) -> PortalError:
    return PortalError(
        "act.opposed",
        _(
            "Une opposition du %(day)s suspend l’exécution (art. 40 §5). Attendez que le tribunal "
            "ait statué ; "
            "une saisie déjà faite garde son effet conservatoire."
        ),
        "kind",
        {"day": date_text(opposed_on)},
    )


def title_annulled() -> PortalError:
    return PortalError(
        "act.annulled",
        _("Le juge a fait droit à l’opposition : ce titre ne s’exécute plus. Clôturez votre intervention."),
        "kind",
    )


def service_opposed() -> PortalError:
    return PortalError(
        "act.service_opposed",
        _("Cette signification a fait courir une opposition : l’ONSS seul peut encore corriger sa date."),
    )


def not_to_rectify() -> PortalError:
    return PortalError(
        "act.not_to_rectify",
        _("L’acte à rectifier doit être du même titre et de la même nature, et pas encore rectifié."),
        "rectifies",
    )


def use_the_service_page() -> PortalError:
    return PortalError(
        "act.service", _("La signification de la contrainte s’enregistre sur sa propre page."), "kind"
    )


def negative(field: str) -> PortalError:
    return PortalError("act.negative", _("Un montant ne peut être négatif."), field)


def nothing_received() -> PortalError:
    return PortalError("payment.nothing", _("Indiquez le montant reçu, supérieur à zéro."), "amount")


def payment_in_the_future() -> PortalError:
    return PortalError(
        "payment.future", _("Un paiement s’enregistre une fois reçu. Corrigez la date."), "received_on"
    )


def payment_before_the_mandate(given_on: date) -> PortalError:
    return PortalError(
        "payment.before_mandate",
        _("Ce titre vous est confié depuis le %(given_on)s : le paiement ne peut être antérieur."),
        "received_on",
        {"given_on": date_text(given_on)},
    )


def quarter_not_in_title() -> PortalError:
    return PortalError(
        "payment.quarter",
        _("Ce trimestre ne figure pas dans le titre. Choisissez-en un du titre."),
        "quarter",
    )


DEED_REFUSALS: dict[str, Any] = {
    "size": _("Ce fichier dépasse 20 Mo. Réduisez-le ou scannez-le en noir et blanc."),
    "empty": _("Ce fichier est vide. Choisissez l’exploit signé, en PDF."),
    "type": _("Ce fichier n’est pas un PDF, quel que soit son nom. Scannez l’exploit en PDF."),
    "trailing": _("Ce PDF porte des données après sa fin. Imprimez-le à nouveau en PDF et recommencez."),
    "encrypted": _("Ce PDF est protégé par un mot de passe ou chiffré. Enregistrez-le sans protection."),
    "broken": _("Ce PDF est endommagé. Imprimez-le à nouveau en PDF et recommencez."),
    "active": _(
        "Ce PDF contient du code, un formulaire actif, un média ou une action automatique. "
        "Imprimez-le en PDF simple et recommencez."
    ),
    "attachment": _("Ce PDF contient un fichier joint. Imprimez-le en PDF simple et recommencez."),
    "filter": _("Ce PDF est comprimé d’une façon qui n’est pas acceptée. Imprimez-le à nouveau en PDF."),
    "bomb": _("Ce PDF est anormalement volumineux une fois ouvert. Scannez l’exploit à nouveau."),
    "pages": _("Ce PDF n’a aucune page, ou plus de 500. Scindez-le."),
    "objects": _("Ce PDF est anormalement complexe. Imprimez-le à nouveau en PDF."),
    "time": _("Ce PDF n’a pas pu être examiné à temps. Imprimez-le à nouveau en PDF et recommencez."),
}
"""Why the gate refused a file, and what to do, by the gate's code."""


def deed_refused(code: str) -> PortalError:
    return PortalError(f"deed.{code}", DEED_REFUSALS[code], "deed")
