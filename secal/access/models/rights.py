"""What a person may do, and for how long: appointment, roles inside its plane, missions.

Every one of them is entered by somebody else, begins and ends on a day, and once ended never comes back: who
returns is appointed anew.
"""

import uuid
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from secal.access.models.users import User
from secal.access.roles import PLANE_OF_ROLE, Mission, Plane, Role


class DayRange(Func):
    """The days from the first to the last, both counted in; without a last day, for ever."""

    function = "daterange"
    output_field = DateRangeField()


DAYS = DayRange(F("valid_from"), F("valid_until"), RangeBoundary(inclusive_lower=True, inclusive_upper=True))
RUNNING = Q(ended_at=None)
"""Not ended by anybody; its last day may have passed."""
BEGUN = Q(valid_from__lte=F("ended_at__date"))
"""Of what was ended: it had begun by then. What was taken back before its first day never was."""


def not_over(on: date) -> Q:
    """Rights in force on a day, or to come: not ended, and no last day before it."""
    return Q(Q(valid_until=None) | Q(valid_until__gte=on), RUNNING)


def running(on: date, via: str = "") -> Q:
    """Rights in force on a day, and not ended before; `via` says where they are found, as "roles__"."""
    lasts = Q(**{f"{via}valid_until": None}) | Q(**{f"{via}valid_until__gte": on})
    return Q(lasts, **{f"{via}valid_from__lte": on, f"{via}ended_at": None})


class Right(models.Model):
    """A right of one person, dated, entered by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    valid_from = models.DateField(_("du"))
    valid_until = models.DateField(_("au"), null=True, blank=True)
    """Last day; None for no end foreseen."""
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who entered it in the register; None for the first ones, entered by the administrator's ceremony."""
    entered_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was ended before its last day."""
    ended_by = models.UUIDField(null=True, blank=True)
    """User or service identity."""
    end_reason = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        abstract = True


def _guards(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            name=f"{name}_period_in_order",
            condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
        ),
        models.CheckConstraint(
            name=f"{name}_not_entered_by_its_holder", condition=Q(entered_by=None) | ~Q(entered_by=F("user"))
        ),
        models.CheckConstraint(
            name=f"{name}_end_is_whole",
            condition=Q(ended_at=None, ended_by=None, end_reason="")
            | (
                Q(ended_at__isnull=False, ended_by__isnull=False, valid_until__isnull=False)
                & ~Q(end_reason="")
            ),
        ),
    ]


class Appointment(Right):
    """The capacity in which a person works (désignation / aanstelling): one plane, section or office, for a
    time. Two planes on one day cannot be stored, whatever the order in which they come; an appointment that
    was taken back before its first day leaves its days free."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    plane = models.CharField(_("domaine"), max_length=24, choices=Plane.choices)
    section = models.CharField(_("section"), max_length=80)
    office = models.ForeignKey(
        "access.Office", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            *_guards("appointment"),
            models.UniqueConstraint(name="appointment_with_plane", fields=["id", "user", "plane"]),
            models.CheckConstraint(name="plane_is_known", condition=Q(plane__in=Plane.values)),
            models.CheckConstraint(
                name="portal_works_in_an_office",
                condition=Q(plane="portal", office__isnull=False) | (~Q(plane="portal") & Q(office=None)),
            ),
            ExclusionConstraint(
                name="one_plane_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("plane", RangeOperators.NOT_EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                condition=RUNNING | BEGUN,
            ),
            ExclusionConstraint(
                name="one_appointment_at_a_time",
                expressions=[("user", RangeOperators.EQUAL), (DAYS, RangeOperators.OVERLAPS)],
                condition=RUNNING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.plane}"


class UserRole(Right):
    """A dated role, inside the plane of an appointment: a composite key says so."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("rôle"), max_length=24, choices=Role.choices)
    plane = models.CharField(max_length=24, choices=Plane.choices)

    class Meta:
        constraints = [
            *_guards("role"),
            models.CheckConstraint(
                name="role_plane_matches",
                condition=Q(
                    *[Q(role=role.value, plane=plane.value) for role, plane in PLANE_OF_ROLE.items()],
                    _connector=Q.OR,
                ),
            ),
            ExclusionConstraint(
                name="a_role_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                condition=RUNNING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class Charge(Right):
    """A mission with which a person is expressly charged (12/057 §7), under a decision that can be shown."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="charges")
    mission = models.CharField(_("mission"), max_length=12, choices=Mission.choices)
    decision = models.CharField(_("décision"), max_length=120)
    """Reference of the note by which the head of the service charges them."""

    class Meta:
        constraints = [
            *_guards("charge"),
            models.CheckConstraint(name="mission_is_known", condition=Q(mission__in=Mission.values)),
            ExclusionConstraint(
                name="a_mission_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("mission", RangeOperators.EQUAL),
                    (DAYS, RangeOperators.OVERLAPS),
                ],
                condition=RUNNING,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.mission}"
