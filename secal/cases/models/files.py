"""The alimony file (dossier alimentaire / alimentatiedossier)."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history
from secal.vault.fields import SealedModel


class FileState(models.TextChoices):
    """Where the file stands in law. What the office is busy with is a work item, not a state."""

    INTAKE = "intake", _("en cours d’introduction")
    TO_DECIDE = "to_decide", _("à décider")
    ACTIVE = "active", _("recouvrement actif")
    REFUSED = "refused", _("refusé")
    CLOSED = "closed", _("clôturé")


class AlimonyFile(SealedModel):
    """One creditor, one debtor, one executory title and its children, one book."""

    key_id = models.UUIDField(editable=False)
    number = models.CharField(_("numéro"), max_length=20, unique=True)
    """SECAL-2026-000042."""
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.INTAKE)
    book = models.OneToOneField("ledger.Book", on_delete=models.PROTECT, related_name="alimony_file")
    creditor = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="files_as_creditor")
    debtor = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="files_as_debtor")
    section = models.CharField(max_length=80)
    language = models.CharField(max_length=2, default="fr")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    """The day on which the file was closed, or its application refused: from then on it is only kept."""
    history = history()

    class Meta:
        verbose_name = _("dossier alimentaire")
        permissions = [("work_in_charge", "Work on the file while in charge of it")]
        constraints = [
            models.CheckConstraint(name="creditor_is_not_debtor", condition=~Q(creditor=F("debtor"))),
            models.CheckConstraint(
                name="ended_file_has_its_day",
                condition=Q(state__in=["closed", "refused"], closed_on__isnull=False)
                | (~Q(state__in=["closed", "refused"]) & Q(closed_on=None)),
            ),
        ]
        indexes = [
            models.Index(name="files_by_state", fields=["state", "-opened_on"]),
            models.Index(name="files_of_section", fields=["section", "-opened_on", "-number"]),
            models.Index(name="files_ended", fields=["closed_on"], condition=Q(closed_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id
