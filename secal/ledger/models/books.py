"""Books, journal entries and postings. Nothing here is ever changed: a correction is a reversal.

Sign convention: a debit is positive, a credit negative; an entry's postings add up to zero, and the
database refuses the transaction in which they do not (migration 0002).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BookKind(models.TextChoices):
    ALIMONY_FILE = "alimony_file", _("dossier alimentaire")
    EMPLOYER = "employer", _("débiteur ONSS")


class Book(models.Model):
    """The accounts of one alimony file or one debtor, with the structured communication that pays into it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=16, choices=BookKind.choices)
    number = models.BigIntegerField(unique=True, null=True)
    """Ten digits at most: the base of the structured communication. None once its file is erased: the money
    stays, and nobody can tell whose it was."""
    ogm = models.CharField(max_length=12, unique=True, null=True)
    """Twelve digits with their check digits, without signs; None with `number`."""
    opened_on = models.DateField()
    last_entry = models.PositiveIntegerField(default=0)
    """Number of the latest entry. Raising it locks the book: one writer at a time."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ogm_has_twelve_digits",
                condition=Q(ogm__regex=r"^\d{12}$", number__isnull=False) | Q(ogm=None, number=None),
            )
        ]

    def __str__(self) -> str:
        return self.ogm or "–"

    @property
    def communication(self) -> str:
        """The structured communication; "" once the file of the book is erased."""
        return self.ogm or ""


class Account(models.TextChoices):
    """The accounts of a book."""

    DEBTOR = "debtor", _("Débiteur")
    CREDITOR = "creditor", _("Dû au créancier")
    CONTRIBUTION = "contribution", _("Contribution aux frais")
    INTEREST = "interest", _("Intérêts")
    COSTS = "costs", _("Frais de poursuite")
    BANK = "bank", _("Banque")
    SUSPENSE = "suspense", _("Reçu en trop, à rembourser")
    INSTITUTION = "institution", _("Dû à l’ONSS")
    HELD = "held", _("Chez l’huissier")
    """Received by a bailiff and not yet passed on. Never below nought (migration 0005)."""


class Head(models.TextChoices):
    """What a claim is for. Of an alimony file, the first six in the order of article 23: the rank is the
    place."""

    COSTS = "costs", _("Frais de poursuite")
    CONTRIBUTION = "contribution", _("Contribution aux frais de fonctionnement")
    INTEREST = "interest", _("Intérêts")
    ADVANCE = "advance", _("Avances")
    BALANCE = "balance", _("Solde du terme")
    ARREARS = "arrears", _("Arriérés à la demande")
    SOCIAL = "social", _("Cotisations")
    SURCHARGE = "surcharge", _("Majorations")


class Owner(models.TextChoices):
    """To whom a claim's money belongs (article 12: subrogation up to the advances; the ONSS for its own)."""

    TREASURY = "treasury", _("Trésor")
    CREDITOR = "creditor", _("Créancier")
    INSTITUTION = "institution", _("ONSS")


class Claim(models.Model):
    """One sum due by the debtor. What is still open is the sum of its postings on the debtor account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="claims")
    head = models.CharField(max_length=14, choices=Head.choices)
    rank = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=12, choices=Owner.choices)
    period = models.DateField(null=True)
    """First day of the month that the sum is about (of the quarter, for the ONSS); None for arrears of
    several months."""
    beneficiary = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    limitation_on = models.DateField(null=True)
    """The day on which the claim lapses unless something interrupts it."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="rank_of_article_23", condition=Q(rank__gte=0, rank__lte=6))
        ]
        indexes = [
            models.Index(name="claims_in_order", fields=["book", "rank", "due_on"]),
            models.Index(name="claims_by_limitation", fields=["limitation_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.due_on}"


class EntryKind(models.TextChoices):
    ARREARS = "arrears", _("Arriérés à la demande")
    TERM_DUE = "term_due", _("Terme échu")
    CONTRIBUTION = "contribution", _("Contribution aux frais")
    INTEREST = "interest", _("Intérêts")
    COSTS = "costs", _("Frais")
    ADVANCE_PAID = "advance_paid", _("Avance payée")
    RECEIPT = "receipt", _("Paiement du débiteur")
    QUARTER_DUE = "quarter_due", _("Cotisations d’un trimestre")
    SURCHARGE = "surcharge", _("Majoration")
    COLLECTED = "collected", _("Paiement reçu par l’huissier")
    REMITTANCE = "remittance", _("Versement de l’huissier")
    REVERSAL = "reversal", _("Contre-passation")


class JournalEntry(models.Model):
    """A dated event in a book. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    """Consecutive within the book."""
    kind = models.CharField(max_length=14, choices=EntryKind.choices)
    booked_on = models.DateField()
    value_on = models.DateField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    source = models.UUIDField(null=True)
    """The receipt, instruction or term behind the entry; None once that is erased."""
    turn = models.PositiveSmallIntegerField(default=0)
    """How often this source was in this book before, and taken back: a payment may return to its file."""
    actor = models.UUIDField()
    """User or service identity."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="entry_number_in_book", fields=["book", "number"]),
            models.UniqueConstraint(
                name="one_entry_a_source",
                fields=["kind", "source", "book", "turn"],
                condition=Q(source__isnull=False, reverses=None),
            ),
            models.CheckConstraint(
                name="reversal_names_its_entry",
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Posting(models.Model):
    """One line of an entry: debit positive, credit negative, euro cents exact. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=14, choices=Account.choices)
    claim = models.ForeignKey(Claim, null=True, on_delete=models.PROTECT, related_name="postings")
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            models.CheckConstraint(name="posting_is_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="debtor_postings_name_a_claim",
                condition=Q(account="debtor", claim__isnull=False) | (~Q(account="debtor") & Q(claim=None)),
            ),
        ]
        indexes = [
            models.Index(
                name="postings_by_account", fields=["book", "account"], include=["amount", "claim", "entry"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"
