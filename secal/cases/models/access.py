"""Who may open a file beyond their role: the officer in charge, and the exceptions, each given by others."""

import uuid
from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from secal.vault.fields import SealedField, SealedModel

WAITS = timedelta(minutes=15)
"""How long a request for emergency access may be answered."""
LASTS = timedelta(minutes=30)
"""How long an emergency access lasts."""
PAIR_DAYS, PAIR_TIMES = timedelta(days=30), 2
"""The same two persons, whoever of them asks: at most so often in so many days."""
AGREED_FOR = timedelta(hours=24)
"""How long each agreement to open the file of a protected person holds."""


class FilePermission(UserObjectPermissionBase):
    """The officer in charge may work on the file, as long as the assignment runs.

    The database refuses the row without a running assignment of that officer, and takes it away when the
    assignment ends or the officer leaves (migration 0009). It also writes the day and the number, and keeps
    them as the file has them (migration 0011): an officer's list is read in its own order.
    """

    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    permission = models.ForeignKey("auth.Permission", on_delete=models.PROTECT, related_name="+")
    content_object = models.ForeignKey(
        "cases.AlimonyFile", on_delete=models.PROTECT, related_name="permissions"
    )
    opened_on = models.DateField(editable=False)
    number = models.CharField(max_length=20, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="file_permission_once", fields=["user", "content_object"])
        ]
        indexes = [
            models.Index(
                name="permissions_newest_first",
                fields=["user", "-opened_on", "-number"],
                include=["content_object"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.content_object_id}"


class FileOpening(models.Model):
    """What lets an officer into a file beyond their role, one row an officer and file: nothing writes it.

    A view (migration 0011) of the permissions, and of the emergency accesses to files that are not ended and
    that the officer has not in charge. Whether the officer is active, and whether an emergency access still
    runs, is for who asks.
    """

    pk = models.CompositePrimaryKey("user", "file")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="openings")
    opened_on = models.DateField()
    number = models.CharField(max_length=20)
    until = models.DateTimeField(null=True)
    """When an emergency access ends; None for the officer in charge."""

    class Meta:
        managed = False
        db_table = "cases_fileopening"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id} {self.file_id}"


class Recusal(models.Model):
    """An officer said that they have a conflict of interest in a file: it is closed to them from then on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="recusals")
    officer = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    declared_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(name="recused_once", fields=["officer", "file"])]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.file_id}"


class ReviewFinding(models.TextChoices):
    JUSTIFIED = "justified", _("justifié")
    UNJUSTIFIED = "unjustified", _("non justifié")


class EmergencyAccess(SealedModel):
    """An emergency access (accès d’urgence / noodtoegang): one asks, another allows it, a third reviews it.

    It stands in for the assignment for thirty minutes, and for nothing else. `access_until` is None unless it
    was allowed.
    """

    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="emergencies")
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=80)
    """The section of the one who asks, as it was then."""
    reason = SealedField(null=False)
    asked_at = models.DateTimeField()
    answer_until = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_in = models.CharField(max_length=80, blank=True, default="")
    """The section of the one who decides, as it was then."""
    decided_at = models.DateTimeField(null=True)
    access_until = models.DateTimeField(null=True)
    review_due_on = models.DateField(null=True)
    reviewed_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    finding = models.CharField(max_length=12, choices=ReviewFinding.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="emergency_needs_a_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="emergency_is_decided_by_another_section",
                condition=Q(decided_by=None, decided_in="")
                | (Q(decided_by__isnull=False) & ~Q(decided_in="") & ~Q(decided_in=F("section"))),
            ),
            models.CheckConstraint(
                name="emergency_is_answered_in_time",
                condition=Q(answer_until=F("asked_at") + WAITS)
                & (
                    Q(decided_by=None, decided_at=None)
                    | Q(
                        decided_by__isnull=False,
                        decided_at__gte=F("asked_at"),
                        decided_at__lt=F("answer_until"),
                    )
                ),
            ),
            models.CheckConstraint(
                name="emergency_lasts_thirty_minutes",
                condition=Q(access_until=None, review_due_on=None)
                | Q(
                    decided_at__isnull=False,
                    access_until=F("decided_at") + LASTS,
                    review_due_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="emergency_is_reviewed_by_a_third",
                condition=Q(reviewed_by=None, reviewed_at=None, finding="")
                | (
                    Q(access_until__isnull=False, reviewed_by__isnull=False, reviewed_at__gte=F("decided_at"))
                    & Q(finding__in=ReviewFinding.values)
                    & ~Q(reviewed_by=F("asked_by"))
                    & ~Q(reviewed_by=F("decided_by"))
                ),
            ),
            ExclusionConstraint(
                name="one_emergency_asked_at_a_time",
                expressions=[
                    ("file", RangeOperators.EQUAL),
                    ("asked_by", RangeOperators.EQUAL),
                    (
                        Func(
                            "asked_at",
                            "answer_until",
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(decided_at=None),
            ),
        ]
        indexes = [
            models.Index(name="emergencies_of_officer", fields=["asked_by", "file", "-access_until"]),
            models.Index(name="emergencies_to_answer", fields=["answer_until"], condition=Q(decided_at=None)),
            models.Index(
                name="emergencies_to_review",
                fields=["review_due_on"],
                condition=Q(access_until__isnull=False, reviewed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.asked_at}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.file.key_id


class ProtectionGround(models.TextChoices):
    COLLEAGUE = "colleague", _("collègue")
    WELL_KNOWN = "well_known", _("personne connue du public")


class PersonProtection(models.Model):
    """A person whose files nobody opens alone. Set and lifted by the security co-ordinator."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="protections")
    ground = models.CharField(max_length=12, choices=ProtectionGround.choices)
    marked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    marked_on = models.DateField()
    lifted_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    lifted_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_protection_a_person", fields=["person"], condition=Q(lifted_on=None)
            ),
            models.CheckConstraint(
                name="lifted_protection_names_who_and_when",
                condition=Q(lifted_by=None, lifted_on=None)
                | Q(lifted_by__isnull=False, lifted_on__gte=F("marked_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.ground}"


class ProtectedOpening(SealedModel):
    """Somebody asks to open the file of a protected person; two others must agree, each for a day.

    `signed_by`: a second signatory; `watched_by`: the security co-ordinator.
    """

    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="protected_openings")
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    reason = SealedField(null=False)
    asked_at = models.DateTimeField()
    signed_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    watched_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    watched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="protected_opening_needs_others",
                condition=(Q(signed_by=None) | ~Q(signed_by=F("asked_by")))
                & (Q(watched_by=None) | ~Q(watched_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="protected_opening_needs_two_persons",
                condition=Q(signed_by=None) | Q(watched_by=None) | ~Q(signed_by=F("watched_by")),
            ),
            models.CheckConstraint(
                name="agreement_has_its_moment",
                condition=Q(signed_by=None, signed_at=None)
                | Q(signed_by__isnull=False, signed_at__gte=F("asked_at")),
            ),
            models.CheckConstraint(
                name="watchers_agreement_has_its_moment",
                condition=Q(watched_by=None, watched_at=None)
                | Q(watched_by__isnull=False, watched_at__gte=F("asked_at")),
            ),
        ]
        indexes = [models.Index(name="openings_of_person", fields=["asked_by", "file", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.file_id} {self.asked_at}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.file.key_id
