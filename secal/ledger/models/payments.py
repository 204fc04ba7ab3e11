"""Payment orders to the bank: one instruction a payee and source, gathered in payment files (pain.001)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.vault.fields import SealedField, SealedModel


class PaymentFileState(models.TextChoices):
    MADE = "made", _("préparé")
    SENT = "sent", _("envoyé à la banque")
    ACCEPTED = "accepted", _("accepté par la banque")
    PARTLY = "partly", _("accepté en partie")
    REJECTED = "rejected", _("refusé par la banque")
    EXECUTED = "executed", _("exécuté")


class PaymentFile(SealedModel):
    """A pain.001.001.09 message. Its message id is made from the run: sending again is the same message."""

    key_id = models.UUIDField(editable=False)
    message_id = models.CharField(max_length=35, unique=True)
    source = models.UUIDField(unique=True)
    """The payment run."""
    execution_on = models.DateField()
    count = models.PositiveIntegerField()
    control_sum = models.DecimalField(max_digits=16, decimal_places=2)
    sha256 = models.CharField(max_length=64)
    content = SealedField()
    state = models.CharField(max_length=10, choices=PaymentFileState.choices, default=PaymentFileState.MADE)
    sent_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.message_id

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class InstructionState(models.TextChoices):
    READY = "ready", _("à payer")
    SENT = "sent", _("envoyé")
    ACCEPTED = "accepted", _("accepté")
    REJECTED = "rejected", _("refusé")
    PAID = "paid", _("payé")
    RETURNED = "returned", _("retourné")


class PaymentInstruction(SealedModel):
    """One transfer. The source is unique: the same advance can never be instructed twice."""

    file = models.ForeignKey(PaymentFile, null=True, on_delete=models.PROTECT, related_name="instructions")
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    end_to_end_id = models.CharField(max_length=35, unique=True)
    source = models.UUIDField(unique=True)
    """The run line behind the payment."""
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    iban = SealedField()
    """The account as it was on the day, sealed with the payee's key."""
    remittance = models.CharField(max_length=140)
    """Words for the payee: file number and month, no name."""
    state = models.CharField(max_length=10, choices=InstructionState.choices, default=InstructionState.READY)
    reason_code = models.CharField(max_length=10, blank=True, default="")
    entry = models.ForeignKey("ledger.JournalEntry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="instruction_is_positive", condition=Q(amount__gt=0))]
        indexes = [models.Index(name="instructions_of_file", fields=["file", "state"])]

    def __str__(self) -> str:
        return self.end_to_end_id

    def sealing_key_id(self) -> uuid.UUID:
        return self.payee.key_id
