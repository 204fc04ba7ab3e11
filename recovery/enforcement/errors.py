"""What goes wrong between a title and the end of its file, in words."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.office.formatting import money_text


class TransmissionError(DomainError):
    """Nothing can go to the concessionaire."""


class DistributionError(DomainError):
    """A title cannot go to this office."""


class EndingError(DomainError):
    """The file cannot be given up like this."""


def nothing_to_transmit() -> TransmissionError:
    return TransmissionError(
        "transmission.nothing", _("Aucun de ces titres ne peut être transmis : rien n’est parti."), "titles"
    )


def no_title_chosen() -> TransmissionError:
    return TransmissionError("transmission.none_chosen", _("Cochez au moins un titre."), "titles")


def no_processor() -> TransmissionError:
    return TransmissionError(
        "transmission.no_processor",
        _("Le concessionnaire n’est pas nommé dans la configuration : rien ne peut être transmis."),
    )


def foreign_office() -> DistributionError:
    return DistributionError(
        "office.foreign",
        _(
            "Les huissiers de cette étude n’instrumentent pas dans l’arrondissement du débiteur "
            "(Code judiciaire, art. 516). Choisissez une étude de cet arrondissement."
        ),
        "office",
    )


def office_unknown() -> DistributionError:
    return DistributionError(
        "office.unknown", _("Cette étude n’existe pas ou n’est plus en activité."), "office"
    )


def not_waiting() -> DistributionError:
    return DistributionError(
        "title.not_waiting", _("Ce titre n’attend plus d’être confié. Rechargez la liste."), "office"
    )


def reasons_missing(shortest: int) -> EndingError:
    return EndingError(
        "proposal.reasons",
        _(
            "Dites ce qui a été tenté et pourquoi plus rien n’est à attendre : "
            "%(shortest)s caractères au moins."
        ),
        "reasons",
        {"shortest": shortest},
    )


def motive_missing(shortest: int) -> EndingError:
    return EndingError(
        "proposal.motive",
        _("Dites pourquoi la proposition est refusée : %(shortest)s caractères au moins."),
        "motive",
        {"shortest": shortest},
    )


def no_evidence() -> EndingError:
    return EndingError(
        "proposal.evidence", _("Choisissez un exploit d’huissier de ce dossier comme pièce."), "evidence"
    )


def opposition_pending() -> EndingError:
    return EndingError(
        "proposal.opposition",
        _("Une opposition est pendante dans ce dossier : attendez la décision du tribunal du travail."),
    )


def money_at_bailiff(held: Decimal) -> EndingError:
    return EndingError(
        "proposal.held",
        _("L’huissier détient encore %(amount)s : attendez le versement de cette somme."),
        None,
        {"amount": money_text(held)},
    )


def already_out() -> EndingError:
    return EndingError("proposal.outcome", _("Le recouvrement de ce dossier a déjà une issue."))


def proposal_pending() -> EndingError:
    return EndingError("proposal.twice", _("Une proposition attend déjà une décision dans ce dossier."))


def proposal_decided() -> EndingError:
    return EndingError("proposal.decided", _("Cette proposition est déjà décidée. Rechargez la page."))
