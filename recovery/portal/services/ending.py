"""The end of a mandate, by the bailiff: the title goes back, or the intervention is over. The file shows no
more."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from recovery.cases.models import Mandate
from recovery.cases.services.mandates import end_mandate
from recovery.portal import booking
from recovery.portal.models import FollowUp
from recovery.portal.services.opening import begin


class HandBackReason(models.TextChoices):
    OTHER_PLACE = "other_place", _("le débiteur est dans un autre arrondissement")
    OWN_INTEREST = "own_interest", _("je ne puis instrumenter : parenté, alliance ou intérêt (art. 520)")
    INCOMPLETE = "incomplete", _("le titre ou le dossier est incomplet")
    PREVENTED = "prevented", _("l’étude est empêchée")
    ASKED_BACK = "asked_back", _("l’ONSS ou le concessionnaire le demande")


class CloseReason(models.TextChoices):
    PAID = "paid", _("la dette est payée")
    NO_GOODS = "no_goods", _("rien à saisir : procès-verbal de carence")
    NOT_FOUND = "not_found", _("le débiteur est introuvable")
    INSOLVENCY = "insolvency", _("faillite ou autre procédure collective")
    ANNULLED = "annulled", _("le tribunal a annulé la contrainte")


def hand_back(*, file_id: uuid.UUID, mandate_id: uuid.UUID, reason: HandBackReason, at: datetime) -> Mandate:
    """Give the title back to the concessionaire, who gives it to another office. Raises Refused,
    RecoveryError."""
    return _end(file_id, mandate_id, "hand_back", HandBackReason(reason).value, at)


def close(*, file_id: uuid.UUID, mandate_id: uuid.UUID, reason: CloseReason, at: datetime) -> Mandate:
    """Close the intervention: nothing more is done with the title. Raises Refused, RecoveryError."""
    return _end(file_id, mandate_id, "close", CloseReason(reason).value, at)


def _end(file_id: uuid.UUID, mandate_id: uuid.UUID, action: str, reason: str, at: datetime) -> Mandate:
    work = begin(file_id, mandate_id, act="mandate.close")
    # Before the end: afterwards the file is out of the bailiff's reach, also for this line.
    FollowUp.objects.create(mandate=work.mandate, title=work.title)
    booking.ring_when_committed()
    return end_mandate(mandate=work.mandate, action=action, reason=reason, at=at, announce=False)
