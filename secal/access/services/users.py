"""The register of users (authentic source; 17/006 §16.1): who is entered, appointed, granted a role, charged
with a mission, and how each of these ends.

Kept by the user registrar, whom the security co-ordinator appoints; nobody enters or changes anything of
their own. A right that has ended never comes back: who returns is appointed anew. The database holds each of
these rules by itself.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secal.access import events
from secal.access.actors import Actor
from secal.access.errors import Refused
from secal.access.identities import NumberIndexes
from secal.access.models import Appointment, Charge, User, UserRole
from secal.access.models.rights import RUNNING, Right, not_over, running
from secal.access.policy import Facts, require
from secal.access.roles import PLANE_OF_ROLE, Mission, Plane, Role
from secal.access.services.ending import end_rights, end_sessions, last_begun
from secal.access.services.following import tell_joined, tell_left
from secal.kernel.errors import DomainError

WATCHED = frozenset({Plane.USER_ADMINISTRATION, Plane.OVERSIGHT})
"""Planes that the user registrar does not enter: those of the register's keepers and watchers."""
KEPT_BY_WATCHERS = frozenset({Plane.USER_ADMINISTRATION})
"""Planes that the security co-ordinator enters: who keeps the register. Watchers come by the ceremony."""


class RegisterError(DomainError):
    """Something in the register of users cannot be as it was asked."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person as the register enters them; of the national number the indexes only."""

    subject: str
    given_name: str
    family_name: str
    language: str
    number: NumberIndexes


def kept_planes(actor: Actor) -> frozenset[Plane]:
    """The planes whose rights this keeper enters."""
    if actor.plane is Plane.USER_ADMINISTRATION:
        return frozenset(Plane) - WATCHED
    return KEPT_BY_WATCHERS if actor.plane is Plane.OVERSIGHT else frozenset()


def ended_planes(actor: Actor) -> frozenset[Plane]:
    """The planes whose rights this keeper ends: of the watchers the co-ordinator, or nobody could."""
    return WATCHED if actor.plane is Plane.OVERSIGHT else kept_planes(actor)


def register_user(details: NewUser) -> User:
    """Enter a person, without any right yet. Raises Refused, RegisterError for somebody who is there."""
    require("user.register")
    try:
        with transaction.atomic():
            user: User = User.objects.create(
                subject=details.subject,
                given_name=details.given_name,
                family_name=details.family_name,
                language=details.language,
                section="",
                niss_bi=details.number.person,
                employer_bi=details.number.employer,
            )
    except IntegrityError as error:
        raise RegisterError(
            "user.known", _("Cette personne, ou cet identifiant fédéral, est déjà au registre."), "subject"
        ) from error
    events.user_registered(user=user.pk)
    return user


def appoint(
    *,
    user_id: uuid.UUID,
    plane: Plane,
    section: str,
    valid_from: date,
    valid_until: date | None = None,
    office_id: uuid.UUID | None = None,
) -> Appointment:
    """Give a person the capacity in which they work. Raises Refused, RegisterError when the days meet another
    appointment, are out of order, or the office is missing or too much."""
    actor, user = _for_somebody_else("user.appoint", user_id, plane)
    if (plane is Plane.PORTAL) is not (office_id is not None):
        raise RegisterError(
            "appointment.office", _("Une étude est indiquée pour le portail, et seulement là."), "office"
        )
    appointment = cast(
        Appointment,
        _entered(
            Appointment(
                user=user,
                plane=plane,
                section=section,
                office_id=office_id,
                valid_from=valid_from,
                valid_until=valid_until,
                entered_by_id=actor.id,
            )
        ),
    )
    _place(user, appointment, today=timezone.localdate())
    events.appointed(user=user_id, appointment=appointment.pk)
    return appointment


def place_staff(*, on: date) -> int:
    """Put everybody where their appointment of this day says, when one has begun; how many moved.

    The rooms that follow who joins and who leaves are told of everybody who works on this day, and of whose
    last day has passed. They hear it every night, so that a night without this service is made good.

    Raises Refused to everyone but the service that works by night.
    """
    require("user.place")
    begun = (
        Appointment.objects.filter(running(on), user__is_active=True)
        .exclude(Q(office=F("user__office")) | Q(office=None, user__office=None), section=F("user__section"))
        .select_related("user")
        .select_for_update(of=("user",))
    )
    for appointment in begun:
        user = appointment.user
        user.section, user.office_id = appointment.section, appointment.office_id
        user.save(update_fields=["section", "office"])
        events.placed(user=user.pk, appointment=appointment.pk)
    at_work = UserRole.objects.filter(running(on)).values_list("user_id", flat=True)
    for user_id in {*at_work, *(appointment.user_id for appointment in begun)}:
        tell_joined(user_id, on)
    for user_id in _lapsed(on).values_list("pk", flat=True):
        tell_left(user_id)
    return len(begun)


def grant_role(
    *, appointment_id: uuid.UUID, role: Role, valid_from: date, valid_until: date | None = None
) -> UserRole:
    """Give a role inside an appointment. Raises Refused, RegisterError for a role of another plane or days
    outside the appointment."""
    appointment = Appointment.objects.get(pk=appointment_id)
    plane = Plane(appointment.plane)
    actor, user = _for_somebody_else("user.grant", appointment.user_id, plane)
    appointment.refresh_from_db()
    if PLANE_OF_ROLE[role] is not plane:
        raise RegisterError("role.other_plane", _("Ce rôle appartient à un autre domaine."), "role")
    if appointment.ended_at is not None or not _within(valid_from, valid_until, appointment):
        raise RegisterError(
            "role.outside_appointment",
            _("Les jours du rôle ne tiennent pas dans ceux de la désignation."),
            "valid_from",
        )
    granted = cast(
        UserRole,
        _entered(
            UserRole(
                user=user,
                appointment=appointment,
                role=role,
                plane=plane,
                valid_from=valid_from,
                valid_until=valid_until,
                entered_by_id=actor.id,
            )
        ),
    )
    events.role_granted(user=user.pk, role=role)
    tell_joined(user.pk, timezone.localdate())
    return granted


def charge(
    *,
    user_id: uuid.UUID,
    mission: Mission,
    decision: str,
    valid_from: date,
    valid_until: date | None = None,
) -> Charge:
    """Charge a person expressly with a mission (12/057 §7), under the decision named. Raises Refused,
    RegisterError without the note, or for days outside an appointment to casework."""
    actor, user = _for_somebody_else("user.grant", user_id, Plane.CASEWORK)
    if not decision.strip():
        raise RegisterError("charge.decision", _("Indiquez la note qui charge cet agent."), "decision")
    appointments = Appointment.objects.filter(RUNNING, user=user, plane=Plane.CASEWORK)
    if not any(_within(valid_from, valid_until, appointment) for appointment in appointments):
        raise RegisterError(
            "charge.outside_appointment",
            _("Les jours de la mission ne tiennent pas dans ceux d’une désignation au traitement."),
            "valid_from",
        )
    charged = cast(
        Charge,
        _entered(
            Charge(
                user=user,
                mission=mission,
                decision=decision.strip(),
                valid_from=valid_from,
                valid_until=valid_until,
                entered_by_id=actor.id,
            )
        ),
    )
    events.charged(user=user_id, mission=mission)
    return charged


def end_right(right: Right, *, reason: str) -> None:
    """End an appointment (with its roles and missions), a role or a mission, now. An appointment to come is
    taken back alone: its holder works on in the one that runs.

    Raises Refused, RegisterError for what has ended or whose last day has passed."""
    holder: uuid.UUID = cast(Any, right).user_id
    plane = Plane(getattr(right, "plane", Plane.CASEWORK))
    actor, _holder = _for_somebody_else("user.grant", holder, plane, ending=True)
    today = timezone.localdate()
    right.refresh_from_db()
    if right.ended_at is not None or (right.valid_until is not None and right.valid_until < today):
        raise RegisterError("right.ended", _("Ce droit a déjà pris fin."))
    rights = [right]
    if isinstance(right, Appointment):
        rights += [*right.roles.filter(not_over(today)), *_missions_of(right, today)]
    end_rights(rights, by=actor.id, reason=reason)
    if isinstance(right, Appointment) and right.valid_from <= today:
        end_sessions(holder)
        tell_left(holder)
    events.right_ended(user=holder, reason=reason)


def suspend(user_id: uuid.UUID, *, reason: str) -> None:
    """Out at once: sessions, appointments, roles and missions end, and none comes back by itself.

    By the security co-ordinator or the user registrar. What ended by its own last day stays as it was. Raises
    Refused, RegisterError for somebody who never began and has nothing to come.
    """
    actor = require("user.suspend", Facts(subject=user_id))
    _refuse_own(actor, "user.suspend", user_id)
    user = User.objects.select_for_update().get(pk=user_id)
    today = timezone.localdate()
    lasts = Q(not_over(today), user=user)
    appointments = list(Appointment.objects.filter(lasts))
    kept_by = appointments or list(last_begun(user.pk, today))
    if not kept_by:
        raise RegisterError(
            "user.nothing_to_end",
            _("Rien à suspendre : cette personne n’a jamais eu de désignation en cours."),
        )
    if actor.plane is Plane.USER_ADMINISTRATION and any(one.plane in WATCHED for one in kept_by):
        raise _other_plane("user.suspend", user_id)
    rights: list[Right] = [
        *Charge.objects.filter(lasts),
        *UserRole.objects.filter(lasts),
        *appointments,
    ]
    end_rights(rights, by=actor.id, reason=reason)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user_id)
    tell_left(user_id)
    events.suspended(user=user_id, reason=reason)


def _for_somebody_else(
    act: str, user_id: uuid.UUID, plane: Plane, *, ending: bool = False
) -> tuple[Actor, User]:
    """The keeper at work and the user, if this keeper may enter (or end) rights of that plane for them.

    The user is locked: what was read of their rights before is read again after this.
    """
    actor = require(act, Facts(subject=user_id))
    _refuse_own(actor, act, user_id)
    if plane not in (ended_planes(actor) if ending else kept_planes(actor)):
        raise _other_plane(act, user_id)
    return actor, User.objects.select_for_update().get(pk=user_id)


def _place(user: User, appointment: Appointment, *, today: date) -> None:
    """Where the appointment says, once it has begun; whoever was suspended is active again. An entry that
    stays as it is, is not written: another may keep it until that day."""
    place = (user.section, user.office_id)
    if appointment.valid_from <= today:
        place = (appointment.section, appointment.office_id)
    if (*place, True) == (user.section, user.office_id, user.is_active):
        return
    user.section, user.office_id = place
    user.is_active = True
    user.save(update_fields=["section", "office", "is_active"])


def _lapsed(on: date) -> QuerySet[User]:
    """Whose last day passed, without anything that runs now."""
    of_user = Appointment.objects.filter(user=OuterRef("pk"))
    passed = of_user.filter(RUNNING, valid_until__lt=on)
    found: QuerySet[User] = User.objects.filter(Exists(passed), ~Exists(of_user.filter(running(on))))
    return found


def _missions_of(appointment: Appointment, today: date) -> QuerySet[Charge]:
    """The missions that end with it: those that begin inside its days; with one in force, whatever runs."""
    missions: QuerySet[Charge] = Charge.objects.filter(not_over(today), user=appointment.user_id)
    if appointment.valid_until is not None:
        missions = missions.filter(valid_from__lte=appointment.valid_until)
    if appointment.valid_from > today:
        missions = missions.filter(valid_from__gte=appointment.valid_from)
    return missions


def _other_plane(act: str, user_id: uuid.UUID) -> Refused:
    return Refused(
        act,
        "plane_not_theirs",
        _("Ce domaine n’est pas de votre ressort."),
        who_may=_("Le coordinateur de la sécurité désigne les gestionnaires des utilisateurs."),
        subject=user_id,
    )


def _refuse_own(actor: Actor, act: str, user_id: uuid.UUID) -> None:
    if actor.id == user_id:
        raise Refused(
            act,
            "own_entry",
            _("Nul ne change sa propre inscription au registre."),
            who_may=_("Un autre gestionnaire des utilisateurs."),
            subject=user_id,
        )


def _entered(right: Right) -> Right:
    """Stored, unless the database knows another for the same days."""
    if right.valid_until is not None and right.valid_until < right.valid_from:
        raise RegisterError("right.period", _("Le dernier jour précède le premier."), "valid_until")
    try:
        with transaction.atomic():
            right.save()
    except IntegrityError as error:
        raise RegisterError(
            "right.overlaps",
            _("Ces jours touchent un droit déjà inscrit pour cette personne : mettez-y d’abord fin."),
            "valid_from",
        ) from error
    return right


def _within(first: date, last: date | None, appointment: Appointment) -> bool:
    if first < appointment.valid_from:
        return False
    end = appointment.valid_until
    return end is None or (last is not None and last <= end)
