"""The recovery file (dossier de recouvrement / invorderingsdossier) and its timeline."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history
from secal.vault.fields import SealedModel


class Outcome(models.TextChoices):
    """How the recovery came out. Empty while it goes on."""

    PAID = "paid", _("payé")
    IRRECOVERABLE = "irrecoverable", _("déclaré irrécouvrable")


class RecoveryFile(SealedModel):
    """All that one employer owes, with one book. The unit of mandate, of encryption and of erasure.

    `ended_on` is set when the law's two conditions hold together (17/006 §7): paid or irrecoverable, and the
    bailiff's intervention closed. From then on the retention clock runs; a later debt opens a new file.
    """

    key_id = models.UUIDField(editable=False)
    number = models.CharField(_("numéro"), max_length=20, unique=True)
    """ONSS-2026-000042."""
    employer = models.ForeignKey("people.Employer", on_delete=models.PROTECT, related_name="recovery_files")
    book = models.OneToOneField("ledger.Book", on_delete=models.PROTECT, related_name="recovery_file")
    language = models.CharField(max_length=2, default="fr")
    """The debtor's language: that of every letter and constraint of the file."""
    opened_on = models.DateField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")
    outcome_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    history = history()

    class Meta:
        verbose_name = _("dossier de recouvrement")
        permissions = [("work_under_mandate", "Work on the file under a running mandate")]
        constraints = [
            models.UniqueConstraint(
                name="one_open_file_an_employer", fields=["employer"], condition=Q(ended_on=None)
            ),
            models.CheckConstraint(
                name="outcome_has_its_day",
                condition=Q(outcome="", outcome_on=None)
                | Q(outcome__in=Outcome.values, outcome_on__isnull=False),
            ),
            models.CheckConstraint(
                name="file_ends_after_its_outcome",
                condition=Q(ended_on=None) | Q(outcome_on__isnull=False, ended_on__gte=F("outcome_on")),
            ),
        ]
        indexes = [models.Index(name="recovery_files_listed", fields=["-opened_on", "-number"])]

    def __str__(self) -> str:
        return self.number

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class FileEventKind(models.TextChoices):
    DEBT = "debt", _("dette")
    LETTER = "letter", _("courrier")
    TITLE = "title", _("titre")
    MANDATE = "mandate", _("mandat")
    ACT = "act", _("acte d’huissier")
    MONEY = "money", _("argent")
    END = "end", _("fin")


class FileEvent(models.Model):
    """One line of the timeline. Code and parameters, no personal value."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(RecoveryFile, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=FileEventKind.choices)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    happened_on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    actor = models.UUIDField()
    actor_name = models.CharField(max_length=170)

    class Meta:
        indexes = [models.Index(name="recovery_timeline", fields=["file", "-happened_on", "-at"])]

    def __str__(self) -> str:
        return self.code
