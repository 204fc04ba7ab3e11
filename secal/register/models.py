"""Quarterly reviews of the rights: each right in force, frozen as it stood, and what two watchers said."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RightKind(models.TextChoices):
    APPOINTMENT = "appointment", _("désignation")
    ROLE = "role", _("rôle")
    CHARGE = "charge", _("mission")


class Verdict(models.TextChoices):
    KEEP = "keep", _("à conserver")
    END = "end", _("à terminer")


class Review(models.Model):
    """The review of one quarter (révision trimestrielle des droits / driemaandelijkse herziening van de
    rechten): the security co-ordinator opens and answers it, the data protection officer confirms it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    period = models.DateField(unique=True)
    """First day of the quarter."""
    opened_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    due_on = models.DateField()
    """Last day to answer: what is unanswered after it is listed as overdue."""
    confirmed_by = models.ForeignKey(
        "access.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("opened_by")),
            ),
            models.CheckConstraint(
                name="review_confirmation_is_whole",
                condition=Q(confirmed_by=None, confirmed_on=None)
                | Q(confirmed_by__isnull=False, confirmed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="review_of_a_quarter", condition=Q(period__day=1, period__month__in=(1, 4, 7, 10))
            ),
            models.CheckConstraint(
                name="review_days_in_order",
                condition=Q(opened_on__gte=F("period"), due_on__gte=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.period.isoformat()


class ReviewLine(models.Model):
    """One right as it stood when the review opened: frozen but for the verdict, never its holder's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    """Its number in the review."""
    holder = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    holder_name = models.CharField(max_length=170)
    kind = models.CharField(max_length=12, choices=RightKind.choices)
    right_id = models.UUIDField()
    plane = models.CharField(max_length=24)
    what = models.CharField(max_length=24)
    """Code of the plane, role or mission."""
    section = models.CharField(max_length=120)
    """Section or office."""
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    entered_by_name = models.CharField(max_length=170, blank=True)
    """Empty for what the ceremony entered."""
    verdict = models.CharField(max_length=4, choices=Verdict.choices, blank=True, default="")
    decided_by = models.ForeignKey(
        "access.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="review_line_place", fields=["review", "place"]),
            models.UniqueConstraint(name="right_once_a_review", fields=["review", "kind", "right_id"]),
            models.CheckConstraint(
                name="review_verdict_is_whole",
                condition=Q(verdict="", decided_by=None, decided_on=None)
                | Q(verdict__in=["keep", "end"], decided_by__isnull=False, decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_reviews_themselves", condition=Q(decided_by=None) | ~Q(decided_by=F("holder"))
            ),
        ]
        indexes = [
            models.Index(name="review_lines_to_end", fields=["holder"], condition=Q(verdict="end")),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"
