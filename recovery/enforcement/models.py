"""What was sent to the concessionaire, and who proposed and decided that nothing more can be recovered."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history
from secal.vault.fields import SealedField, SealedModel


class Transmission(models.Model):
    """Titles sent together to the concessionaire (art. 40 §8; 17/006 §5). Immutable.

    It names who answers for the data and who only works with them, as they were on that day (17/006 §14).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    controller = models.CharField(_("responsable du traitement"), max_length=120)
    processor = models.CharField(_("sous-traitant"), max_length=120)
    transmitted_on = models.DateField()
    transmitted_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("transmission")
        indexes = [models.Index(name="transmissions_listed", fields=["-transmitted_on", "id"])]

    def __str__(self) -> str:
        return f"{self.transmitted_on}"


class TransmittedTitle(models.Model):
    """One title of a transmission. A title is sent once. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transmission = models.ForeignKey(Transmission, on_delete=models.PROTECT, related_name="lines")
    title = models.OneToOneField("recovery_cases.Title", on_delete=models.PROTECT, related_name="transmitted")
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.title_id}"


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("à décider")
    APPROVED = "approved", _("approuvée")
    REFUSED = "refused", _("refusée")
    LAPSED = "lapsed", _("sans objet")


class IrrecoverabilityProposal(SealedModel):
    """One agent proposes to give up a file, another decides (17/006 §7). The database knows who is who."""

    file = models.ForeignKey(
        "recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="irrecoverability_proposals"
    )
    evidence = models.ForeignKey("recovery_cases.Document", on_delete=models.PROTECT, related_name="+")
    """The bailiff's deed that shows it: a finding of lack of assets, for instance."""
    reasons = SealedField(null=False)
    proposed_on = models.DateField()
    proposed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    motive = SealedField()
    """Why it was refused, sealed with the file's key."""
    history = history()

    class Meta:
        verbose_name = _("proposition d’irrécouvrabilité")
        constraints = [
            models.CheckConstraint(
                name="who_proposes_does_not_approve",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decision_has_its_author_and_day",
                condition=Q(state="proposed", decided_on=None, decided_by=None)
                | Q(state="lapsed", decided_on__gte=F("proposed_on"), decided_by=None)
                | Q(
                    state__in=["approved", "refused"],
                    decided_on__gte=F("proposed_on"),
                    decided_by__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="refusal_says_why", condition=~Q(state="refused") | Q(motive__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_pending_proposal_a_file", fields=["file"], condition=Q(state="proposed")
            ),
        ]
        indexes = [
            models.Index(name="proposals_waiting", fields=["proposed_on"], condition=Q(state="proposed"))
        ]

    def __str__(self) -> str:
        return f"{self.proposed_on} {self.state}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.file.key_id
