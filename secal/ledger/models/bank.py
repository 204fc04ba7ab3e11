"""Bank statements, their movements, and the receipts made of them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.vault.fields import BlindIndexField, SealedField, SealedModel


class BankStatement(models.Model):
    """A camt.053 statement of an office account, known by the digest of its file: never taken twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_sha256 = models.CharField(max_length=64)
    statement_id = models.CharField(max_length=40)
    sequence = models.CharField(max_length=20, blank=True, default="")
    account_iban = models.CharField(max_length=34)
    """The office's own account: that of the alimony service, or that of the ONSS."""
    from_on = models.DateField(null=True)
    until_on = models.DateField()
    opening = models.DecimalField(max_digits=16, decimal_places=2)
    closing = models.DecimalField(max_digits=16, decimal_places=2)
    imported_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="statement_once", fields=["account_iban", "statement_id"]),
            models.UniqueConstraint(name="statement_file_once", fields=["file_sha256", "statement_id"]),
        ]

    def __str__(self) -> str:
        return self.statement_id


class MovementState(models.TextChoices):
    MATCHED = "matched", _("rapproché")
    WAITING = "waiting", _("en attente")
    PAYMENT = "payment", _("paiement du service")


class BankMovement(SealedModel):
    """One line of a statement: money in (positive) or out (negative).

    Sealed with a key of its own, so that one payer can be forgotten without the others of the same day.
    """

    key_id = models.UUIDField(editable=False)
    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="movements")
    line = models.PositiveIntegerField()
    booked_on = models.DateField()
    value_on = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    ogm = models.CharField(max_length=12, blank=True, default="")
    end_to_end_id = models.CharField(max_length=35, blank=True, default="")
    bank_reference = models.CharField(max_length=40, blank=True, default="")
    remitter_name = SealedField()
    remitter_iban = SealedField()
    remitter_iban_bi = BlindIndexField()
    remittance = SealedField()
    """Free text of the payer."""
    state = models.CharField(max_length=10, choices=MovementState.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="movement_line_once", fields=["statement", "line"]),
            models.CheckConstraint(name="movement_is_not_zero", condition=~Q(amount=0)),
        ]
        indexes = [
            models.Index(name="movements_by_remitter", fields=["remitter_iban_bi"]),
            models.Index(name="movements_waiting", fields=["booked_on"], condition=Q(state="waiting")),
            models.Index(name="movements_by_ogm", fields=["ogm"], condition=~Q(ogm="")),
            models.Index(
                name="movements_by_end_to_end", fields=["end_to_end_id"], condition=~Q(end_to_end_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class WaitingReason(models.TextChoices):
    """Why a receipt could not be matched by itself."""

    NO_COMMUNICATION = "no_communication", _("pas de communication structurée")
    UNKNOWN_COMMUNICATION = "unknown_communication", _("communication d’aucun dossier")
    WRONG_CHECK_DIGITS = "wrong_check_digits", _("chiffres de contrôle faux")
    SEVERAL_COMMUNICATIONS = "several_communications", _("plusieurs communications")
    PUT_BACK = "put_back", _("rapprochement annulé")


class ReceiptState(models.TextChoices):
    WAITING = "waiting", _("à rapprocher")
    ALLOCATED = "allocated", _("imputé")


class Receipt(models.Model):
    """Money from a debtor: waits until it is matched to a book, then is allocated over its claims."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    movement = models.OneToOneField(BankMovement, on_delete=models.PROTECT, related_name="receipt")
    book = models.ForeignKey("ledger.Book", null=True, on_delete=models.PROTECT, related_name="receipts")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    value_on = models.DateField()
    state = models.CharField(max_length=10, choices=ReceiptState.choices, default=ReceiptState.WAITING)
    waiting_reason = models.CharField(max_length=30, choices=WaitingReason.choices, blank=True, default="")
    matched_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    explanation = models.JSONField(default=dict)
    """Explanation tree of the imputation, replayable."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="receipt_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="allocated_receipt_has_book",
                condition=Q(state="allocated", book__isnull=False) | Q(state="waiting", book=None),
            ),
        ]
        indexes = [
            models.Index(name="receipts_waiting", fields=["value_on"], condition=Q(state="waiting")),
            models.Index(name="receipts_of_book", fields=["book", "value_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.value_on} {self.amount}"


class Allocation(models.Model):
    """The part of a receipt that went to one claim, by one journal entry. Immutable, like the entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="allocations")
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="allocations")
    claim = models.ForeignKey("ledger.Claim", on_delete=models.PROTECT, related_name="allocations")
    rank = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_allocation_a_claim", fields=["entry", "claim"]),
            models.CheckConstraint(name="allocation_is_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.rank}: {self.amount}"


class Collection(models.Model):
    """Money that a bailiff received from the debtor: off the debt at once, and held until it reaches the
    account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="collections")
    source = models.UUIDField(unique=True, null=True)
    """The bailiff's act, recorded once; None once it is erased."""
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    collected_on = models.DateField()
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="collection")
    explanation = models.JSONField(default=dict)
    """Explanation tree of the imputation, replayable."""

    class Meta:
        constraints = [models.CheckConstraint(name="collection_is_positive", condition=Q(amount__gt=0))]
        indexes = [models.Index(name="collections_of_book", fields=["book", "collected_on"])]

    def __str__(self) -> str:
        return f"{self.collected_on} {self.amount}"
