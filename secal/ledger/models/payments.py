"""Payment orders to the bank: one instruction a payee and source, gathered in payment files (pain.001)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.vault.fields import SealedField, SealedModel
from secal.vault.keystore import KeyUnavailable


class PaymentFileState(models.TextChoices):
    OPEN = "open", _("en préparation")
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
    sha256 = models.CharField(max_length=64, blank=True, default="")
    content = SealedField()
    """The message as it goes over the wire; fixed once made (0003 holds it), until one of those it names is
    erased: then it is destroyed with its key."""
    destroyed_on = models.DateField(null=True)
    """The day on which the content was destroyed."""
    state = models.CharField(max_length=10, choices=PaymentFileState.choices, default=PaymentFileState.OPEN)
    made_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_an_open_file_has_no_content",
                condition=Q(state="open", content=None, destroyed_on=None)
                | (~Q(state="open") & Q(content__isnull=False, destroyed_on=None))
                | (~Q(state="open") & Q(content=None, destroyed_on__isnull=False)),
            )
        ]

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

    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="instructions")
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    """None once the payee's file is erased: the payment stays, without account and words."""
    end_to_end_id = models.CharField(max_length=35, unique=True)
    source = models.UUIDField(unique=True)
    """The run line behind the payment."""
    claim = models.ForeignKey("ledger.Claim", on_delete=models.PROTECT, related_name="+")
    """The claim on the term that is advanced: what is open of it passes to the Treasury once paid
    (art. 12).
    """
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
        if self.payee is None:
            raise KeyUnavailable("the payee of this payment was erased")
        return self.payee.key_id


class BankMessageState(models.TextChoices):
    HANDLED = "handled", _("traité")
    DUPLICATE = "duplicate", _("reçu en double")
    OTHER_ACCOUNT = "other_account", _("autre compte")
    UNKNOWN = "unknown", _("non reconnu")
    CONTRADICTION = "contradiction", _("contredit nos écritures")


class BankMessage(models.Model):
    """A message that the bank put in our mailbox, once it has been dealt with. Its content is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=80, unique=True)
    """How the mailbox names it: reading the mailbox again finds the same name."""
    kind = models.CharField(max_length=40)
    """pain.002, camt.054, camt.053 with their version."""
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=14, choices=BankMessageState.choices)
    received_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
