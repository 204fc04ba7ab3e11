"""The special roll (rôle spécial / bijzonder kohier), the delegation of who makes it enforceable, the
opposition.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history


class Delegation(models.Model):
    """The Management Committee lets a member of staff make rolls enforceable or issue constraints (art. 40
    §§2-3).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delegate = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="delegations")
    decision = models.CharField(_("acte du Comité de gestion"), max_length=120)
    decided_on = models.DateField(_("date de la décision"))
    from_on = models.DateField(_("à partir du"))
    until_on = models.DateField(_("jusqu’au"), null=True)
    signs_rolls = models.BooleanField(_("rend les rôles exécutoires"))
    issues_constraints = models.BooleanField(_("décerne les contraintes"))
    recorded_by = models.UUIDField()
    history = history()

    class Meta:
        verbose_name = _("délégation")
        constraints = [
            models.CheckConstraint(
                name="delegation_in_order",
                condition=Q(from_on__gte=F("decided_on"))
                & (Q(until_on=None) | Q(until_on__gte=F("from_on"))),
            ),
            models.CheckConstraint(
                name="delegation_gives_something", condition=Q(signs_rolls=True) | Q(issues_constraints=True)
            ),
            models.CheckConstraint(
                name="nobody_records_their_delegation", condition=~Q(recorded_by=F("delegate"))
            ),
        ]
        indexes = [models.Index(name="delegations_of_person", fields=["delegate", "from_on"])]

    def __str__(self) -> str:
        return self.decision


class RollState(models.TextChoices):
    DRAWN = "drawn", _("établi")
    ENFORCEABLE = "enforceable", _("exécutoire")
    WITHDRAWN = "withdrawn", _("retiré")


class SpecialRoll(models.Model):
    """The sums of one debtor that may be recovered by constraint. Drawn up by one person, made enforceable
    by another.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="rolls")
    number = models.CharField(_("numéro"), max_length=20, unique=True)
    state = models.CharField(max_length=12, choices=RollState.choices, default=RollState.DRAWN)
    drawn_on = models.DateField()
    drawn_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    enforceable_on = models.DateField(null=True)
    enforceable_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    delegation = models.ForeignKey(Delegation, null=True, on_delete=models.PROTECT, related_name="rolls")
    annulled_text = models.BooleanField(default=False)
    """Drawn up without a notice under the text that the Constitutional Court annulled (49/2019)."""
    explanation = models.JSONField(default=dict)
    history = history()

    class Meta:
        verbose_name = _("rôle spécial")
        constraints = [
            models.CheckConstraint(
                name="who_draws_the_roll_does_not_sign_it",
                condition=Q(enforceable_by=None) | ~Q(enforceable_by=F("drawn_by")),
            ),
            models.CheckConstraint(
                name="enforceable_roll_is_signed_under_delegation",
                condition=Q(
                    state="enforceable",
                    enforceable_on__isnull=False,
                    enforceable_by__isnull=False,
                    delegation__isnull=False,
                    enforceable_on__gte=F("drawn_on"),
                )
                | (~Q(state="enforceable") & Q(enforceable_on=None, enforceable_by=None, delegation=None)),
            ),
        ]
        indexes = [models.Index(name="rolls_by_state", fields=["state", "-drawn_on"])]

    def __str__(self) -> str:
        return self.number


class RollLine(models.Model):
    """One sum of one quarter and kind in a roll, in euro. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roll = models.ForeignKey(SpecialRoll, on_delete=models.PROTECT, related_name="lines")
    charge = models.ForeignKey("arrears.DebtCharge", on_delete=models.PROTECT, related_name="roll_lines")
    notice_line = models.ForeignKey(
        "arrears.NoticeLine", null=True, on_delete=models.PROTECT, related_name="roll_lines"
    )
    """The line of the notice whose month has run; None only where the law knew no notice."""
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="charge_once_a_roll", fields=["roll", "charge", "notice_line"], nulls_distinct=False
            ),
            models.CheckConstraint(name="roll_line_positive", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class OppositionForm(models.TextChoices):
    SUMMONS = "summons", _("citation")
    PETITION = "adversarial_petition", _("requête contradictoire")
    OTHER = "other", _("autre forme")


class Opposition(models.Model):
    """An opposition to a constraint (art. 40 §5). `effective`: valid in form, reasons and time; else
    recorded only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.ForeignKey("recovery_cases.Title", on_delete=models.PROTECT, related_name="oppositions")
    filed_on = models.DateField()
    form = models.CharField(max_length=24, choices=OppositionForm.choices)
    reasoned = models.BooleanField()
    effective = models.BooleanField()
    grounds = models.JSONField(default=list)
    """Codes of why it has no effect (secal.kernel.reckoning.wording)."""
    review = models.BooleanField(default=False)
    """A person must look: the text of that day was annulled or is open."""
    explanation = models.JSONField(default=dict)
    recorded_on = models.DateField()
    recorded_by = models.UUIDField()
    decided_on = models.DateField(null=True)
    upheld = models.BooleanField(null=True)
    """The judge followed the debtor."""
    history = history()

    class Meta:
        verbose_name = _("opposition")
        constraints = [
            models.UniqueConstraint(
                name="one_pending_opposition_a_title",
                fields=["title"],
                condition=Q(effective=True, decided_on=None),
            ),
            models.CheckConstraint(
                name="decided_opposition_whole",
                condition=Q(decided_on=None, upheld=None)
                | Q(effective=True, decided_on__gte=F("filed_on"), upheld__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filed_on}"
