"""What goes wrong with a recovery file, in words."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from secal.access.errors import Refused
from secal.kernel.errors import DomainError


class RecoveryError(DomainError):
    """An act that the state of the file, of its titles or of its mandates does not allow."""


def wrong_state(action: str, state: Any) -> RecoveryError:
    return RecoveryError(
        "recovery.wrong_state",
        _("Cet acte n’est pas possible dans l’état actuel (%(state)s). Rechargez la page du dossier."),
        None,
        {"state": state, "action": action},
    )


def file_ended() -> RecoveryError:
    return RecoveryError("recovery.file_ended", _("Ce dossier est terminé : plus rien n’y est ajouté."))


def already_mandated() -> RecoveryError:
    return RecoveryError("recovery.already_mandated", _("Une étude a déjà reçu ce titre."), "office")


def office_without_bailiff() -> RecoveryError:
    return RecoveryError(
        "recovery.office_without_bailiff",
        _("Aucun huissier en fonction ne travaille dans cette étude. Choisissez-en une autre."),
        "office",
    )


def not_in_file(act: str, file: uuid.UUID) -> Refused:
    """Something was asked for that the file does not have: hidden, answered as 404."""
    return Refused(act, "not_in_file", _("Ce dossier n’a rien de tel."), file=file, hidden=True)
