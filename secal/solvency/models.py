"""Solvency reviews: what was found, why, what follows, and when it is looked at again."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history
from secal.vault.fields import SealedField, SealedModel

LATEST_FIRST = ("-reviewed_on", "-signed_at")
"""The order of the reviews of a file."""


class ReviewOutcome(models.TextChoices):
    POSITIVE = "positive", _("solvable")
    NEGATIVE = "negative", _("insolvable")
    FACILITIES = "facilities", _("facilités de paiement")


class Procedure(models.TextChoices):
    NONE = "none", _("aucune")
    DEMAND = "demand", _("sommation de payer")
    GARNISHMENT = "garnishment", _("saisie-arrêt")
    BAILIFF = "bailiff", _("huissier de justice")
    PLAN = "plan", _("plan de paiement")
    SUSPENSION = "suspension", _("suspension du recouvrement (art. 27)")


class SolvencyReview(SealedModel):
    """One review of the debtor's means (enquête de solvabilité). Immutable; a later one replaces it."""

    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="solvency_reviews")
    reviewed_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=ReviewOutcome.choices)
    procedure = models.CharField(max_length=12, choices=Procedure.choices)
    reasons = SealedField(null=False)
    """The officer's motive, sealed with the file's key."""
    means = SealedField()
    """The inventory of means and charges looked at (JSON), frozen and sealed with its totals."""
    next_review_on = models.DateField()
    reviewed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(auto_now_add=True)
    """Says which of two reviews of one day is the later one."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="next_review_is_later", condition=Q(next_review_on__gt=F("reviewed_on"))
            ),
        ]
        indexes = [models.Index(name="reviews_of_file", fields=["file", "-reviewed_on"])]

    def __str__(self) -> str:
        return f"{self.reviewed_on} {self.outcome}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.file.key_id


class Reexamination(models.Model):
    """The one line of the re-examination calendar of a file: when its debtor is looked at again."""

    file = models.OneToOneField(
        "cases.AlimonyFile", primary_key=True, on_delete=models.PROTECT, related_name="reexamination"
    )
    review = models.OneToOneField(SolvencyReview, null=True, on_delete=models.PROTECT, related_name="+")
    """The review that fixed the date; None for the first one after the decision."""
    due_on = models.DateField()
    brought_back_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(name="reexaminations_due", fields=["due_on"], condition=Q(brought_back_on=None))
        ]

    def __str__(self) -> str:
        return f"{self.due_on}"


class SuspensionState(models.TextChoices):
    PROPOSED = "proposed", _("à approuver")
    APPROVED = "approved", _("approuvée")
    RETURNED = "returned", _("renvoyée au gestionnaire")


class Suspension(models.Model):
    """The suspension that a review proposes (art. 27): without effect until somebody else approves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.OneToOneField(SolvencyReview, on_delete=models.PROTECT, related_name="suspension")
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="suspensions")
    state = models.CharField(max_length=10, choices=SuspensionState.choices, default=SuspensionState.PROPOSED)
    proposed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    """When the letter to the creditor takes effect (art. 27 §1); None until it is approved."""
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_suspension_proposed", fields=["file"], condition=Q(state="proposed")
            ),
            models.CheckConstraint(
                name="suspension_needs_a_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decided_suspension_names_who_and_when",
                condition=Q(state="proposed", decided_by=None, decided_on=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="approved_suspension_takes_effect",
                condition=Q(state="approved", effective_on__gt=F("decided_on"))
                | (~Q(state="approved") & Q(effective_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.state
