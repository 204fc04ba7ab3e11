"""What an employer owes for a quarter, and each sum of it that stands in the ledger."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history


class Origin(models.TextChoices):
    DECLARED = "declared", _("déclaration de l’employeur")
    EX_OFFICIO = "ex_officio", _("fixée d’office (art. 22)")


class Debt(models.Model):
    """The contributions of one quarter (L 27-06-1969, art. 21-23). `due_on`: last day to pay in time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="debts")
    quarter = models.DateField()
    """First day of the quarter."""
    origin = models.CharField(max_length=10, choices=Origin.choices)
    contributions = models.DecimalField(max_digits=12, decimal_places=2)
    """In euro, both shares: one debtor for both (art. 23)."""
    due_on = models.DateField()
    recorded_on = models.DateField()
    recorded_by = models.UUIDField()
    history = history()

    class Meta:
        verbose_name = _("dette d’un trimestre")
        constraints = [
            models.UniqueConstraint(
                name="one_debt_a_quarter_and_origin", fields=["file", "quarter", "origin"]
            ),
            models.CheckConstraint(name="contributions_positive", condition=Q(contributions__gt=0)),
            models.CheckConstraint(name="due_after_quarter", condition=Q(due_on__gt=models.F("quarter"))),
            models.CheckConstraint(
                name="quarter_begins_a_quarter",
                condition=Q(quarter__day=1) & Q(quarter__month__in=[1, 4, 7, 10]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.origin}"


class ChargeHead(models.TextChoices):
    """Kinds of sums of a debt; the values are those of the ledger's heads."""

    SOCIAL = "social", _("cotisations")
    SURCHARGE = "surcharge", _("majoration")
    INTEREST = "interest", _("intérêts de retard")


class DebtCharge(models.Model):
    """One sum of a debt as it was booked, with the reckoning behind it. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    debt = models.ForeignKey(Debt, on_delete=models.PROTECT, related_name="charges")
    head = models.CharField(max_length=14, choices=ChargeHead.choices)
    claim = models.OneToOneField("ledger.Claim", on_delete=models.PROTECT, related_name="debt_charge")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    """As charged, in euro; what is still open is the ledger's to say."""
    until_on = models.DateField(null=True)
    """Last day of the interest."""
    explanation = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(name="charge_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="interest_has_its_end",
                condition=Q(head="interest", until_on__isnull=False)
                | (~Q(head="interest") & Q(until_on=None)),
            ),
            models.UniqueConstraint(
                name="one_principal_and_surcharge_a_debt",
                fields=["debt", "head"],
                condition=Q(head__in=["social", "surcharge"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.amount}"
