"""Tables and facts of the register's pages, as `templates/README.md` wants them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from secal.access.roles import Mission, Plane, Role
from secal.office.formatting import date_text, datetime_text, number_text
from secal.register.selectors.people import Entry, Person
from secal.register.selectors.reviews import Standing
from secal.register.wording import quarter_text


def people(lines: Iterable[Entry]) -> dict[str, Any]:
    """Who, in which capacity, where, with which roles and missions, until when, at work now."""
    return {
        "caption": _("Personnes inscrites"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Personne")},
            {"label": _("Qualité")},
            {"label": _("Rôles d’accès")},
            {"label": _("Missions")},
            {"label": _("Jusqu’au"), "kind": "date"},
            {"label": _("Session"), "kind": "status"},
        ],
        "rows": [{"cells": _cells(line)} for line in lines],
        "empty": {
            "title": _("Personne"),
            "text": _(
                "Aucune inscription ne répond à ces critères. Élargissez le filtre, ou cherchez par nom."
            ),
        },
    }


def _cells(line: Entry) -> list[Any]:
    appointment = line.appointment
    address = reverse("register:entry", args=[line.user.pk])
    hint = ngettext("%(n)s droit à terminer", "%(n)s droits à terminer", line.to_end) % {"n": line.to_end}
    return [
        {
            "value": f"{line.user.family_name} {line.user.given_name}",
            "url": address,
            "hint": hint if line.to_end else "",
        },
        _capacity(line),
        ", ".join(str(Role(row.role).label) for row in line.roles),
        ", ".join(str(Mission(row.mission).label) for row in line.charges),
        (appointment.valid_until or _("sans terme")) if appointment else "",
        session(line.session),
    ]


def _capacity(line: Entry) -> dict[str, Any]:
    appointment = line.appointment
    if appointment is None:
        return {"value": _("suspendu") if not line.user.is_active else _("sans désignation"), "hint": ""}
    where = appointment.office.name if appointment.office else appointment.section
    return {"value": str(Plane(appointment.plane).label), "hint": where}


def session(found: Any) -> Any:
    if found is None:
        return ""
    return {
        "value": {"state": "good", "word": _("en session")},
        "hint": _("vu à %(at)s") % {"at": datetime_text(found.seen_at)[-5:]},
    }


def facts(person: Person) -> list[dict[str, Any]]:
    """Who it is. Neither the national number nor the federal identifier."""
    state = {"state": "good", "word": _("actif")}
    if not person.user.is_active:
        state = {"state": "late", "word": _("suspendu")}
    rows: list[dict[str, Any]] = [
        {"label": _("État"), "status": state},
        {"label": _("Langue"), "value": person.user.language.upper()},
        {
            "label": _("Numéro de registre national"),
            "value": _("inscrit, gardé comme empreinte") if person.user.niss_bi else _("pas inscrit"),
        },
    ]
    if person.session:
        rows.append(
            {
                "label": _("En session"),
                "value": _("depuis %(since)s, vu à %(seen)s")
                % {
                    "since": datetime_text(person.session.opened_at),
                    "seen": datetime_text(person.session.seen_at)[-5:],
                },
            }
        )
    else:
        rows.append({"label": _("En session"), "value": _("non")})
    return rows


def reviews(lines: Iterable[Standing]) -> dict[str, Any]:
    """Quarterly reviews, newest first."""
    return {
        "caption": _("Révisions trimestrielles"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Trimestre")},
            {"label": _("État"), "kind": "status"},
            {"label": _("Droits"), "kind": "number"},
            {"label": _("À terminer"), "kind": "number"},
            {"label": _("Sans réponse"), "kind": "number"},
            {"label": _("Échéance"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": quarter_text(line.review.period),
                        "url": reverse("register:review", args=[line.review.pk]),
                    },
                    review_status(line),
                    line.lines,
                    line.to_end,
                    line.unanswered,
                    line.review.due_on,
                ]
            }
            for line in lines
        ],
        "empty": {
            "title": _("Aucune révision encore"),
            "text": _("Le coordinateur de la sécurité ouvre la révision du trimestre."),
        },
    }


def review_status(line: Standing) -> dict[str, Any]:
    if line.review.confirmed_by_id:
        return {"state": "good", "word": _("confirmée")}
    if line.overdue:
        return {"state": "late", "word": _("en retard")}
    if line.unanswered:
        return {"state": "underway", "word": _("en cours")}
    return {"state": "attention", "word": _("à confirmer")}


def review_facts(line: Standing) -> list[dict[str, Any]]:
    review = line.review
    rows: list[dict[str, Any]] = [
        {
            "label": _("Ouverte"),
            "value": _("le %(on)s, par %(who)s")
            % {"on": date_text(review.opened_on), "who": review.opened_by.display_name},
        },
        {"label": _("Échéance"), "date": review.due_on},
    ]
    if review.confirmed_by:
        rows.append(
            {
                "label": _("Confirmée"),
                "value": _("le %(on)s, par %(who)s")
                % {"on": date_text(review.confirmed_on), "who": review.confirmed_by.display_name},
            }
        )
    return rows


def review_figures(line: Standing) -> list[dict[str, Any]]:
    return [
        {"label": _("Droits à revoir"), "value": number_text(line.lines), "strong": True},
        {"label": _("À conserver"), "value": number_text(line.kept)},
        {"label": _("À terminer"), "value": number_text(line.to_end)},
        {"label": _("Sans réponse"), "value": number_text(line.unanswered)},
    ]
