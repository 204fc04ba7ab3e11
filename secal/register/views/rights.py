"""Entering and ending rights of somebody else: appointment, role, mission, end, suspension."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from secal.access.actors import current_actor
from secal.access.models import Appointment, User
from secal.access.roles import Mission, Plane, Role
from secal.access.services import users
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import page, screen
from secal.register import past
from secal.register.forms import AppointForm, MissionForm, ReasonForm, Refusable, RoleForm
from secal.register.matters import APPOINTED, APPOINTMENT, CHARGE, CHARGEABLE, ENTRY, ROLE
from secal.register.models import RightKind
from secal.register.selectors import people as selectors
from secal.register.services import appointing
from secal.register.wording import days_text, right_text


@require_http_methods(["GET", "POST"])
@screen("user.appoint", of=ENTRY)
def appoint(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """A whole appointment on one page: plane, section or office, roles, missions, days."""
    user = _user(user_id)
    form = AppointForm(
        request.POST if request.method == "POST" else None,
        on=today(),
        planes=users.kept_planes(current_actor()),
        sections=selectors.sections(),
        initial={"valid_from": today()},
    )
    if _done(
        request,
        form,
        lambda: appointing.appoint(user_id, form.wanted()),
        _("Désignation inscrite, avec ses rôles et ses missions."),
    ):
        return redirect("register:entry", user_id)
    return page(request, "register/appoint.html", {"person": user, "form": form, "own": _own(user)})


@require_http_methods(["GET", "POST"])
@screen("user.grant", of=APPOINTED)
def grant(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """One more role inside the appointment that the person has."""
    user, appointment = _appointed(user_id)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        on=today(),
        plane=Plane(appointment.plane),
        initial=_days(appointment),
    )
    if _done(
        request,
        form,
        lambda: users.grant_role(
            appointment_id=appointment.pk,
            role=Role(form.cleaned_data["role"]),
            valid_from=form.cleaned_data["valid_from"],
            valid_until=form.cleaned_data["valid_until"],
        ),
        _("Rôle inscrit."),
    ):
        return redirect("register:entry", user_id)
    context = {"person": user, "form": form, "own": _own(user), "appointment": _in_words(appointment)}
    return page(request, "register/grant.html", context)


@require_http_methods(["GET", "POST"])
@screen("user.grant", of=CHARGEABLE)
def charge(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Charge the person expressly with a mission (12/057 §7)."""
    user, appointment = _appointed(user_id, plane=Plane.CASEWORK)
    form = MissionForm(
        request.POST if request.method == "POST" else None, on=today(), initial=_days(appointment)
    )
    if _done(
        request,
        form,
        lambda: users.charge(
            user_id=user_id,
            mission=Mission(form.cleaned_data["mission"]),
            decision=form.cleaned_data["decision"],
            valid_from=form.cleaned_data["valid_from"],
            valid_until=form.cleaned_data["valid_until"],
        ),
        _("Mission inscrite."),
    ):
        return redirect("register:entry", user_id)
    context = {"person": user, "form": form, "own": _own(user), "appointment": _in_words(appointment)}
    return page(request, "register/charge.html", context)


@require_http_methods(["GET", "POST"])
@screen("user.grant", of=APPOINTMENT)
def end_appointment(request: HttpRequest, right_id: uuid.UUID) -> HttpResponse:
    """End an appointment. It takes its roles and missions along."""
    return _end(request, RightKind.APPOINTMENT, right_id)


@require_http_methods(["GET", "POST"])
@screen("user.grant", of=ROLE)
def end_role(request: HttpRequest, right_id: uuid.UUID) -> HttpResponse:
    return _end(request, RightKind.ROLE, right_id)


@require_http_methods(["GET", "POST"])
@screen("user.grant", of=CHARGE)
def end_charge(request: HttpRequest, right_id: uuid.UUID) -> HttpResponse:
    return _end(request, RightKind.CHARGE, right_id)


def _end(request: HttpRequest, kind: RightKind, right_id: uuid.UUID) -> HttpResponse:
    """End one right, with its reason."""
    right: Any = selectors.right(kind, right_id)
    if right is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if _done(
        request,
        form,
        lambda: users.end_right(right, reason=form.cleaned_data["reason"]),
        _("Ce droit a pris fin. Il ne revient pas : il faudrait l’inscrire à nouveau."),
    ):
        return redirect("register:entry", right.user_id)
    context = {
        "person": right.user,
        "form": form,
        "own": _own(right.user),
        "title": right_text(kind, past.what_of(kind, right)),
        "days": days_text(right.valid_from, right.valid_until),
        "whole": isinstance(right, Appointment),
    }
    return page(request, "register/end.html", context)


@require_http_methods(["GET", "POST"])
@screen("user.suspend", of=ENTRY)
def suspend(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Out at once: one page that says what is lost, one reason, one button."""
    user = _user(user_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if _done(
        request,
        form,
        lambda: users.suspend(user_id, reason=form.cleaned_data["reason"]),
        _("Suspendu : session fermée, désignation, rôles et missions terminés."),
    ):
        return redirect("register:entry", user_id)
    return page(request, "register/suspend.html", {"person": user, "form": form, "own": _own(user)})


def _done(request: HttpRequest, form: Refusable, act: Callable[[], object], said: str) -> bool:
    """Whether the form was sent, is right and the act is carried out; a refusal stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except DomainError as error:
        form.refuse(error)
        return False
    messages.success(request, said)
    return True


def _user(user_id: uuid.UUID) -> User:
    user = selectors.the_user(user_id)
    if user is None:
        raise Http404
    return user


def _appointed(user_id: uuid.UUID, *, plane: Plane | None = None) -> tuple[User, Appointment]:
    """The person and the appointment they have; nothing is added to one that is not there."""
    user = _user(user_id)
    appointment = selectors.current_appointment(user, on=today())
    if appointment is None or (plane is not None and appointment.plane != plane):
        raise Http404
    return user, appointment


def _own(user: User) -> bool:
    return user.pk == current_actor().id


def _days(appointment: Appointment) -> dict[str, Any]:
    return {"valid_from": max(today(), appointment.valid_from), "valid_until": appointment.valid_until}


def _in_words(appointment: Appointment) -> str:
    return _("%(plane)s, %(days)s") % {
        "plane": Plane(appointment.plane).label,
        "days": days_text(appointment.valid_from, appointment.valid_until),
    }
