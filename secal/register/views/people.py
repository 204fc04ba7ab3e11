"""The register itself: the list with its search, a new person, the page of one."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from secal.access.actors import Actor, current_actor
from secal.access.models.rights import Right
from secal.access.policy import may
from secal.access.roles import Plane
from secal.access.services import users
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.fields import printable
from secal.office.screens import page, screen
from secal.register import past, tables
from secal.register.forms import NewPersonForm
from secal.register.matters import ENTRY
from secal.register.models import RightKind
from secal.register.selectors import people as selectors
from secal.register.selectors.people import Person, Scope
from secal.register.wording import days_text, reason_text, right_text

A_PAGE = 50
LONGEST_NAME = 80


@require_http_methods(["GET", "POST"])
@screen("register.view")
def index(request: HttpRequest) -> HttpResponse:
    """The list by capacity; a name that is looked for travels in the body, never in an address."""
    plane, scope = _plane(request.GET.get("domaine", "")), _scope(request.GET.get("etat", ""))
    context: dict[str, Any] = {
        "to_end": selectors.number_to_end(on=today()),
        "may_register": may("user.register"),
    }
    if request.method == "POST":
        found = selectors.search(printable(request.POST.get("nom", ""))[:LONGEST_NAME])
        context |= {"searched": True, "many": len(found) == selectors.MOST_FOUND}
        lines = found
    else:
        rows = Paginator(selectors.entries(on=today(), plane=plane, scope=scope), A_PAGE)
        context["rows"] = rows.get_page(request.GET.get("page"))
        context["filters"] = _filters(plane, scope)
        lines = list(context["rows"].object_list)
    context["table"] = tables.people(selectors.told(lines, on=today()))
    return page(request, "register/index.html", context)


@require_http_methods(["GET", "POST"])
@screen("user.register")
def new(request: HttpRequest) -> HttpResponse:
    """Enter a person, without any right yet."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            user = users.register_user(
                users.NewUser(
                    subject=filled["subject"],
                    given_name=filled["given_name"],
                    family_name=filled["family_name"],
                    language=filled["language"],
                    number=filled["niss"],
                )
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Personne inscrite, sans aucun droit encore."))
            return redirect("register:entry", user.pk)
    return page(request, "register/new.html", {"form": form})


@require_GET
@screen("register.view", of=ENTRY)
def entry(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Everything about one person: capacity, roles, missions, who entered and ended each of them and why."""
    person = selectors.person(user_id, on=today())
    if person is None:
        raise Http404
    actor = current_actor()
    keeps, ends = _keeping(actor)
    own = actor.id == user_id
    appointment = selectors.current_appointment(person.user, on=today())
    context = {
        "person": person.user,
        "facts": tables.facts(person),
        "parts": _parts(person, ends=frozenset() if own else ends),
        "timeline": past.timeline(person),
        "own": own and bool(ends),
        "to_end": len(person.to_end),
        "actions": [] if own else _actions(person, appointment, keeps),
        "suspendable": not own and may("user.suspend") and _has_something(person),
    }
    return page(request, "register/entry.html", context)


def _keeping(actor: Actor) -> tuple[frozenset[Plane], frozenset[Plane]]:
    """The planes whose rights the reader enters, and those whose rights they end."""
    if not may("user.grant"):
        return frozenset(), frozenset()
    return users.kept_planes(actor), users.ended_planes(actor)


def _actions(person: Person, appointment: Any, keeps: frozenset[Plane]) -> list[dict[str, Any]]:
    """What the reader may enter for this person, the first of them first of all."""
    if not keeps:
        return []
    actions = [{"title": _("Désigner"), "url": reverse("register:appoint", args=[person.user.pk])}]
    if appointment is not None and Plane(appointment.plane) in keeps:
        actions.append(
            {"title": _("Accorder un rôle"), "url": reverse("register:grant", args=[person.user.pk])}
        )
        if appointment.plane == Plane.CASEWORK:
            url = reverse("register:charge", args=[person.user.pk])
            actions.append({"title": _("Charger d’une mission"), "url": url})
    return actions


def _parts(person: Person, *, ends: frozenset[Plane]) -> list[dict[str, Any]]:
    """Appointments, roles and missions, each with the way to end it where the reader may."""
    return [
        {"title": title, "rights": [_right(kind, row, person, ends) for row in rows], "empty": empty}
        for kind, title, rows, empty in (
            (RightKind.APPOINTMENT, _("Désignations"), person.appointments, _("Jamais désignée encore.")),
            (RightKind.ROLE, _("Rôles d’accès"), person.roles, _("Aucun rôle.")),
            (RightKind.CHARGE, _("Missions"), person.charges, _("Chargée d’aucune mission.")),
        )
    ]


def _right(kind: RightKind, right: Any, person: Person, ends: frozenset[Plane]) -> dict[str, Any]:
    over = _is_over(right)
    plane = Plane(getattr(right, "plane", Plane.CASEWORK))
    state = {"state": "good", "word": _("en vigueur")}
    if over:
        state = {"state": "neutral", "word": _("terminé")}
    elif right.valid_from > today():
        state = {"state": "underway", "word": _("à venir")}
    ways = {
        RightKind.APPOINTMENT: "end_appointment",
        RightKind.ROLE: "end_role",
        RightKind.CHARGE: "end_charge",
    }
    return {
        "title": right_text(kind, past.what_of(kind, right)),
        "where": _where(kind, right),
        "days": days_text(right.valid_from, right.valid_until),
        "status": state,
        "reason": reason_text(right.end_reason) if right.end_reason else "",
        "to_end": right.pk in person.to_end,
        "end_url": "" if over or plane not in ends else reverse(f"register:{ways[kind]}", args=[right.pk]),
    }


def _where(kind: RightKind, right: Any) -> str:
    if kind is RightKind.APPOINTMENT:
        return str(right.office or right.section)
    return _("note %(decision)s") % {"decision": right.decision} if kind is RightKind.CHARGE else ""


def _has_something(person: Person) -> bool:
    rights: list[Right] = [*person.appointments, *person.roles, *person.charges]
    return person.user.is_active and any(not _is_over(right) for right in rights)


def _is_over(right: Right) -> bool:
    return right.ended_at is not None or (right.valid_until is not None and right.valid_until < today())


def _plane(text: str) -> Plane | None:
    return Plane(text) if text in Plane.values else None


def _scope(text: str) -> Scope:
    return Scope(text) if text in set(Scope) else Scope.IN_FORCE


def _filters(plane: Plane | None, scope: Scope) -> list[dict[str, Any]]:
    words = {
        Scope.IN_FORCE: _("En vigueur"),
        Scope.ENDED: _("Sans désignation en vigueur"),
        Scope.ALL: _("Tous"),
    }
    planes = [(None, _("Tous")), *[(one, one.label) for one in Plane]]
    return [
        {
            "label": _("Domaine"),
            "choices": [_choice(word, one, scope, current=one is plane) for one, word in planes],
        },
        {
            "label": _("État"),
            "choices": [_choice(words[one], plane, one, current=one is scope) for one in Scope],
        },
    ]


def _choice(label: Any, plane: Plane | None, scope: Scope, *, current: bool) -> dict[str, Any]:
    return {"label": label, "url": f"?domaine={plane or ''}&etat={scope}", "current": current}
