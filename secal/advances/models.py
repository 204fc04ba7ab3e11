"""Decisions on advances, the rights that they give, and the monthly payment runs."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.vault.fields import SealedField, SealedModel


class Outcome(models.TextChoices):
    """What is decided on an application. Without advances, the service still collects (art. 3)."""

    GRANTED = "granted", _("intervention avec avances")
    COLLECTED = "collect", _("recouvrement sans avances")
    REFUSED = "refused", _("intervention refusée")


class AdvanceDecision(SealedModel):
    """The decision of article 9 on an application, with every step of its reckoning. Immutable."""

    application = models.OneToOneField("cases.Application", on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    proposed = models.CharField(max_length=8, choices=Outcome.choices)
    """What the rules proposed; the officer may decide otherwise, and then says why."""
    motive = SealedField()
    """Why it is refused, or decided otherwise than proposed; sealed with the file's key."""
    decided_on = models.DateField()
    effect_on = models.DateField()
    """Third working day after sending (art. 9 §2)."""
    appeal_until = models.DateField()
    decided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    explanation = models.JSONField()
    """Explanation tree, replayable (secal.kernel.explanation)."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refusal_or_departure_has_motive",
                condition=Q(outcome=F("proposed")) & ~Q(outcome="refused") | Q(motive__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.outcome

    def sealing_key_id(self) -> uuid.UUID:
        return self.application.file.key_id


class RightState(models.TextChoices):
    RUNNING = "running", _("en cours")
    SUSPENDED = "suspended", _("suspendu")
    ENDED = "ended", _("terminé")


class AdvanceRight(models.Model):
    """The right of one child to advances, for six months (art. 10/2), ceiling included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(AdvanceDecision, on_delete=models.PROTECT, related_name="rights")
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="rights")
    beneficiary = models.ForeignKey("cases.Beneficiary", on_delete=models.PROTECT, related_name="rights")
    from_on = models.DateField()
    until_on = models.DateField()
    state = models.CharField(max_length=10, choices=RightState.choices, default=RightState.RUNNING)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_right_a_start", fields=["beneficiary", "from_on"]),
            models.CheckConstraint(name="right_period_in_order", condition=Q(until_on__gte=F("from_on"))),
        ]
        indexes = [
            models.Index(name="rights_running", fields=["from_on", "until_on"], condition=Q(state="running"))
        ]

    def __str__(self) -> str:
        return f"{self.from_on} {self.until_on}"


class RunState(models.TextChoices):
    PREPARING = "preparing", _("en préparation")
    PROPOSED = "proposed", _("à approuver")
    APPROVED = "approved", _("approuvée")
    SENT = "sent", _("envoyée à la banque")
    CONFIRMED = "confirmed", _("confirmée par la banque")
    CANCELLED = "cancelled", _("annulée")


OPEN_RUN = ["preparing", "proposed", "approved", "sent"]


class AdvanceRun(models.Model):
    """A payment run of one month: prepared by one person, approved by another.

    One run of a month is open at a time. Once the bank has confirmed it, a complementary one may take up
    what was refused or granted since; a term that was advanced is never advanced again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField()
    number = models.PositiveSmallIntegerField(default=1)
    """1 for the month's own run, 2 and up for complementary ones."""
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.PREPARING)
    execution_on = models.DateField()
    prepared_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    """Payments proposed and their sum, fixed when the list is proposed: what the second person approves."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_run_a_month", fields=["month"], condition=Q(state__in=OPEN_RUN)
            ),
            models.UniqueConstraint(name="run_number_in_month", fields=["month", "number"]),
            models.CheckConstraint(name="run_month_is_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="run_needs_a_second_person",
                condition=Q(approved_by=None) | ~Q(approved_by=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="run_past_approval_is_approved",
                condition=Q(state__in=["preparing", "proposed", "cancelled"]) | Q(approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}" if self.number == 1 else f"{self.month:%Y-%m}/{self.number}"


class RunAction(models.TextChoices):
    """What moves a run from one state to another (the table is in secal.advances.rules.run_states)."""

    PREPARE = "prepare", _("préparée")
    PROPOSE = "propose", _("proposée à l’approbation")
    APPROVE = "approve", _("approuvée")
    SEND = "send", _("envoyée à la banque")
    CONFIRM = "confirm", _("confirmée par la banque")
    CANCEL = "cancel", _("abandonnée")


class RunChange(models.Model):
    """One change of a run's state: what, who, when. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(AdvanceRun, on_delete=models.PROTECT, related_name="changes")
    action = models.CharField(max_length=10, choices=RunAction.choices)
    state = models.CharField(max_length=10, choices=RunState.choices)
    """The state that the run entered."""
    actor = models.UUIDField()
    actor_name = models.CharField(max_length=170)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="changes_of_run", fields=["run", "at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.state}"


class LineState(models.TextChoices):
    CANDIDATE = "candidate", _("à payer")
    EXCLUDED = "excluded", _("exclue")
    INSTRUCTED = "instructed", _("ordonnée")
    PAID = "paid", _("payée")
    REJECTED = "rejected", _("refusée par la banque")
    DROPPED = "dropped", _("abandonnée avec la liste")


class RunLine(models.Model):
    """One child's advance in a run: an amount with its explanation, or the reason why there is none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(AdvanceRun, on_delete=models.PROTECT, related_name="lines")
    right = models.ForeignKey(AdvanceRight, null=True, on_delete=models.PROTECT, related_name="lines")
    """None once its file is erased: the sum that the run paid stays, and whose it was is forgotten."""
    term = models.ForeignKey("cases.MonthlyTerm", null=True, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    previous = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    """What the same child was advanced for the month before; None when nothing."""
    state = models.CharField(max_length=10, choices=LineState.choices)
    exclusion = models.CharField(max_length=30, blank=True, default="")
    """Code of the reason, or of the bank's refusal (secal.advances.rules.candidates.Exclusion, or ISO
    20022).
    """
    explanation = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_line_a_right", fields=["run", "right"]),
            models.UniqueConstraint(
                name="a_term_is_advanced_once",
                fields=["term"],
                condition=Q(state__in=["candidate", "instructed", "paid"]),
            ),
            models.CheckConstraint(
                name="excluded_line_has_reason",
                condition=Q(state="excluded", amount=0) & ~Q(exclusion="")
                | (~Q(state="excluded") & Q(amount__gt=0)),
            ),
        ]
        indexes = [models.Index(name="lines_of_run", fields=["run", "state", "id"])]

    def __str__(self) -> str:
        return f"{self.state} {self.amount}"

    @property
    def entitlement(self) -> AdvanceRight:
        """The right behind a line at work. Raises LookupError for a line whose file was erased."""
        if self.right is None:
            raise LookupError("the file of this line was erased")
        return self.right
