"""The closing of a file: proposed by the officer in charge, confirmed by a second person."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history


class ClosureGround(models.TextChoices):
    """Why nothing is left for the service to do (article 11)."""

    PAID = "paid", _("tout est payé et plus aucun terme ne court")
    SIX_MONTHS = "six_months", _("six mois entièrement payés et plus rien à recouvrer")
    RENUNCIATION = "renunciation", _("le créancier renonce à l’intervention")


class ClosureState(models.TextChoices):
    PROPOSED = "proposed", _("à approuver")
    APPROVED = "approved", _("approuvée")
    RETURNED = "returned", _("renvoyée au gestionnaire")


class Closure(models.Model):
    """A proposal to close a file (clôture / afsluiting) and what became of it. One is open at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="closures")
    ground = models.CharField(_("motif"), max_length=12, choices=ClosureGround.choices)
    renounced_on = models.DateField(_("date de la renonciation"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=ClosureState.choices, default=ClosureState.PROPOSED)
    explanation = models.JSONField()
    """Explanation tree of the conditions as they stood when it was proposed, then when it was decided."""
    proposed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_closure_proposed", fields=["file"], condition=Q(state="proposed")
            ),
            models.CheckConstraint(
                name="closure_needs_a_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decided_closure_names_who_and_when",
                condition=Q(state="proposed", decided_by=None, decided_on=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="renunciation_has_its_day",
                condition=Q(ground="renunciation", renounced_on__isnull=False)
                | (~Q(ground="renunciation") & Q(renounced_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ground} {self.state}"
