"""The executory title, the maintenance that it gives each child, and the monthly terms that fall due."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history


class TitleKind(models.TextChoices):
    JUDGMENT = "judgment", _("jugement ou arrêt")
    NOTARIAL_DEED = "notarial_deed", _("acte notarié")
    DIVORCE_AGREEMENT = "divorce_agreement", _("convention de divorce par consentement mutuel")


class IndexClause(models.TextChoices):
    NONE = "none", _("pas d’indexation")
    LEGAL = "legal", _("indexation légale annuelle")
    JUDGE = "judge", _("indexation fixée par le titre")


class ExecutoryTitle(models.Model):
    """The decision or deed that fixes the maintenance (titre exécutoire / uitvoerbare titel; art. 2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField("cases.AlimonyFile", on_delete=models.PROTECT, related_name="title")
    kind = models.CharField(_("nature du titre"), max_length=20, choices=TitleKind.choices)
    court = models.CharField(_("juridiction ou notaire"), max_length=120)
    decided_on = models.DateField(_("date du titre"))
    served_on = models.DateField(_("date de signification"), null=True, blank=True)
    index_clause = models.CharField(_("indexation"), max_length=8, choices=IndexClause.choices)
    base_index = models.DecimalField(
        _("indice de départ"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    history = history()

    def __str__(self) -> str:
        return f"{self.court} {self.decided_on}"


class Beneficiary(models.Model):
    """A child to whom the title gives maintenance: the maintenance creditor of article 4."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.ForeignKey(ExecutoryTitle, on_delete=models.PROTECT, related_name="beneficiaries")
    child = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    monthly_amount = models.DecimalField(_("montant mensuel"), max_digits=10, decimal_places=2)
    """As the title fixes it, before indexation; euro a month."""
    due_day = models.PositiveSmallIntegerField(_("jour d’échéance"), default=1)
    from_month = models.DateField()
    until_month = models.DateField(null=True, blank=True)
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_line_a_child", fields=["title", "child"]),
            models.CheckConstraint(name="maintenance_is_positive", condition=Q(monthly_amount__gt=0)),
            models.CheckConstraint(name="due_day_in_month", condition=Q(due_day__gte=1, due_day__lte=28)),
            models.CheckConstraint(
                name="maintenance_period_in_order",
                condition=Q(until_month=None) | Q(until_month__gte=F("from_month")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monthly_amount}"


class MonthlyTerm(models.Model):
    """One month's maintenance for one child: what fell due, and what was paid on it before the
    application."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="terms")
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="terms")
    month = models.DateField()
    """First day of the month."""
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    """Indexed amount, euro."""
    paid_before_application = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    claim = models.OneToOneField("ledger.Claim", null=True, on_delete=models.PROTECT, related_name="term")
    """The claim in the book once the term is collected by the service."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_term_a_month", fields=["beneficiary", "month"]),
            models.CheckConstraint(
                name="term_paid_within_amount",
                condition=Q(paid_before_application__gte=0, paid_before_application__lte=F("amount")),
            ),
            models.CheckConstraint(name="term_month_is_first_day", condition=Q(month__day=1)),
        ]
        indexes = [models.Index(name="terms_of_month", fields=["month", "file"])]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
