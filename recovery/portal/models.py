"""What the portal adds to a recovery file: money that a bailiff received, leave of the judge, and what the
office's worker still has to book of an act."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaymentWay(models.TextChoices):
    TRANSFER = "transfer", _("virement sur le compte de tiers")
    CASH = "cash", _("espèces, contre quittance")
    CARD = "card", _("carte, au terminal de l’étude")
    SALE = "sale", _("produit d’une vente")
    ATTACHMENT = "attachment", _("versement d’un tiers saisi")


class CollectedPayment(models.Model):
    """A sum, in euro, that a bailiff received for the debt. Immutable; the office's worker books it.

    The portal's database user writes nothing in the books: `booked_at` is set by who does.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="+")
    title = models.ForeignKey("recovery_cases.Title", on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey("recovery_cases.Mandate", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    received_on = models.DateField()
    way = models.CharField(max_length=12, choices=PaymentWay.choices)
    quarter = models.DateField(null=True)
    """First day of the quarter that the debtor named in writing when paying (art. 25); None: the oldest
    debt."""
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    booked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="collected_payment_is_positive", condition=Q(amount__gt=0)),
        ]
        indexes = [
            models.Index(name="collected_not_booked", fields=["recorded_at"], condition=Q(booked_at=None)),
            models.Index(name="collected_of_title", fields=["title", "-received_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.amount}"


class FollowUp(models.Model):
    """What a bailiff's work brings about in the office, which its worker carries out.

    Of an act: its costs are charged, a service interrupts limitation. Without one: the mandate ended, and
    rooms that wait for that are told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey("recovery_cases.Mandate", on_delete=models.PROTECT, related_name="+")
    title = models.ForeignKey("recovery_cases.Title", on_delete=models.PROTECT, related_name="+")
    act = models.OneToOneField(
        "recovery_cases.Act", null=True, on_delete=models.PROTECT, related_name="follow_up"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_end_a_mandate", fields=["mandate"], condition=Q(act__isnull=True)
            )
        ]
        indexes = [models.Index(name="follow_ups_waiting", fields=["asked_at"], condition=Q(done_at=None))]

    def __str__(self) -> str:
        return f"{self.act_id or self.mandate_id}"


class JudgeLeave(models.Model):
    """The judge's leave for an act outside the hours and days of the Judicial Code (art. 47, 1387)."""

    act = models.OneToOneField(
        "recovery_cases.Act", primary_key=True, on_delete=models.PROTECT, related_name="leave"
    )
    title = models.ForeignKey("recovery_cases.Title", on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.given_on}"
