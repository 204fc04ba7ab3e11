"""The last formal notice (dernière mise en demeure / laatste ingebrekestelling) and how it is contested."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history


class NoticeChannel(models.TextChoices):
    REGISTERED_PAPER = "registered_paper", _("lettre recommandée")
    REGISTERED_RECEIPT = "registered_receipt", _("lettre recommandée avec accusé de réception")
    E_BOX = "e_box", _("e-Box (envoi électronique sécurisé)")


class FormalNotice(models.Model):
    """One notice, with its account and the month it opens (L 27-06-1969, art. 40 §1)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="notices")
    number = models.CharField(_("numéro"), max_length=20, unique=True)
    channel = models.CharField(max_length=20, choices=NoticeChannel.choices)
    sent_on = models.DateField()
    presented_on = models.DateField(null=True)
    """Day on which a registered letter with acknowledgement was presented."""
    clause_version = models.CharField(max_length=24, blank=True, default="")
    """Version of the clause on the constraint; without one the notice is null (art. 40 §1, 3rd)."""
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    """Last day of the month to contest or ask for terms; None until the letter is known to be presented."""
    explanation = models.JSONField(default=dict)
    document = models.OneToOneField(
        "recovery_cases.Document", null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_by = models.UUIDField()
    history = history()

    class Meta:
        verbose_name = _("mise en demeure")
        constraints = [
            models.CheckConstraint(
                name="month_of_notice_whole",
                condition=Q(first_day=None, last_day=None)
                | Q(first_day__gt=models.F("sent_on"), last_day__gte=models.F("first_day")),
            ),
        ]
        indexes = [models.Index(name="notices_of_file", fields=["file", "-sent_on"])]

    def __str__(self) -> str:
        return self.number


class NoticeLine(models.Model):
    """One sum of one quarter and kind that the notice claims, as it stood that day. In euro."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(FormalNotice, on_delete=models.PROTECT, related_name="lines")
    charge = models.ForeignKey("arrears.DebtCharge", on_delete=models.PROTECT, related_name="notice_lines")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    contested_on = models.DateField(null=True)
    """Day of the registered contest that keeps the line off the roll (art. 40 §2)."""
    history = history()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="charge_once_a_notice", fields=["notice", "charge"]),
            models.CheckConstraint(name="notice_line_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class ContestChannel(models.TextChoices):
    REGISTERED = "registered", _("envoi recommandé")
    E_BOX = "e_box", _("e-Box (envoi électronique sécurisé)")
    EMAIL = "email", _("courrier électronique ordinaire")
    LETTER = "letter", _("lettre ordinaire")
    OTHER = "other", _("autre")


REGISTERED_CONTESTS = frozenset({ContestChannel.REGISTERED, ContestChannel.E_BOX})
"""Only these are a registered item in the sense of article 40 §1 (law of 24 February 2003, art. 4/2)."""


class Contest(models.Model):
    """What the debtor disputes of a notice. `effective`: the lines are kept off the roll; else only a
    warning.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(FormalNotice, on_delete=models.PROTECT, related_name="contests")
    channel = models.CharField(max_length=12, choices=ContestChannel.choices)
    sent_on = models.DateField()
    effective = models.BooleanField()
    grounds = models.JSONField(default=list)
    """Codes of why it has no effect in law (secal.kernel.reckoning.wording)."""
    explanation = models.JSONField(default=dict)
    recorded_on = models.DateField()
    recorded_by = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.sent_on}"


class ContestLine(models.Model):
    """One line that a contest disputes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(NoticeLine, on_delete=models.PROTECT, related_name="contests")

    class Meta:
        constraints = [models.UniqueConstraint(name="line_once_a_contest", fields=["contest", "line"])]

    def __str__(self) -> str:
        return f"{self.line_id}"
