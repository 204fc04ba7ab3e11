"""The special roll: list, drawing up, signing, and the constraint issued on it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from recovery.arrears import selectors, tables
from recovery.arrears.forms.procedure import RollForm
from recovery.arrears.models import RollState, SpecialRoll
from recovery.arrears.selectors import RollCandidate
from recovery.arrears.services.constraints import issue_constraint
from recovery.arrears.services.rolls import draw_roll, sign_roll, withdraw_roll
from recovery.arrears.views.files import identity_of
from recovery.arrears.wording import WAITING
from recovery.cases.errors import not_in_file
from recovery.cases.matters import RECOVERY_FILE
from recovery.cases.models import RecoveryFile, Title
from recovery.cases.paging import ShortCount
from recovery.cases.selectors import get_file
from recovery.cases.wording import quarter_text
from secal.access.actors import current_actor
from secal.access.policy import Facts, decide, may
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.formatting import date_text, money_text
from secal.office.screens import page, screen

PER_PAGE = 25


@require_GET
@screen("roll.view")
def roll_list(request: HttpRequest) -> HttpResponse:
    """The rolls of every file, those to be signed first."""
    lines = ShortCount(selectors.rolls_to_sign(), PER_PAGE).get_page(request.GET.get("page"))
    shown = list(lines.object_list)
    selectors.log_rolls(shown)
    context = {"lines": lines, "table": tables.rolls(shown, may_open=True, with_file=True)}
    return page(request, "arrears/rolls.html", context)


@require_http_methods(["GET", "POST"])
@screen("roll.draw", of=RECOVERY_FILE)
def draw(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Lines whose month has run and that nobody contests in the legal form; the others say why they wait."""
    file = get_file(file_id, act="roll.draw", fields=("debts", "notices"))
    candidates = selectors.roll_candidates(file, on=today())
    ready = [found for found in candidates if not found.reason]
    form = RollForm(
        request.POST or None,
        lines=[(str(found.line.pk), _words(found)) for found in ready],
        warned=any(found.warned for found in ready),
    )
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            drawn = draw_roll(
                file_id=file.pk,
                line_ids=filled["lines"],
                on=today(),
                confirmed=filled.get("confirmed", False),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Le rôle est établi. Une autre personne le rend exécutoire."))
            return redirect("arrears:roll", file_id=file.pk, roll_id=drawn.pk)
    context = {
        "file": file,
        "identity": identity_of(file),
        "form": form,
        "ready": ready,
        "waiting": _waiting([found for found in candidates if found.reason]),
    }
    return page(request, "arrears/draw.html", context)


@require_GET
@screen("roll.view", of=RECOVERY_FILE)
def roll(request: HttpRequest, file_id: uuid.UUID, roll_id: uuid.UUID) -> HttpResponse:
    """One roll, with what may be done with it and why not."""
    file, found = _roll(file_id, roll_id, "roll.view")
    return page(request, "arrears/roll.html", _roll_context(file, found))


@require_POST
@screen("roll.sign", of=RECOVERY_FILE)
def sign(request: HttpRequest, file_id: uuid.UUID, roll_id: uuid.UUID) -> HttpResponse:
    return _act(request, file_id, roll_id, sign_roll, _("Le rôle est exécutoire."))


@require_POST
@screen("roll.draw", of=RECOVERY_FILE)
def withdraw(request: HttpRequest, file_id: uuid.UUID, roll_id: uuid.UUID) -> HttpResponse:
    return _act(request, file_id, roll_id, withdraw_roll, _("Le rôle est retiré."))


@require_POST
@screen("constraint.issue", of=RECOVERY_FILE)
def issue(request: HttpRequest, file_id: uuid.UUID, roll_id: uuid.UUID) -> HttpResponse:
    return _act(request, file_id, roll_id, issue_constraint, _("La contrainte est décernée."))


def _act(
    request: HttpRequest, file_id: uuid.UUID, roll_id: uuid.UUID, service: Any, done: str
) -> HttpResponse:
    """A button of the roll's page; what the rules refuse is said there."""
    try:
        service(file_id=file_id, roll_id=roll_id, on=today())
    except DomainError as error:
        messages.error(request, error.text(_))
    else:
        messages.success(request, done)
    return redirect("arrears:roll", file_id=file_id, roll_id=roll_id)


def _roll(file_id: uuid.UUID, roll_id: uuid.UUID, act: str) -> tuple[RecoveryFile, SpecialRoll]:
    file = get_file(file_id, act=act, fields=("rolls",))
    found = next((one for one in selectors.rolls_of(file) if one.pk == roll_id), None)
    if found is None:
        raise not_in_file(act, file.pk)
    return file, found


def _roll_context(file: RecoveryFile, found: SpecialRoll) -> dict[str, Any]:
    drawn, enforceable = found.state == RollState.DRAWN, found.state == RollState.ENFORCEABLE
    title = Title.objects.filter(roll=found.pk).first()
    return {
        "file": file,
        "identity": identity_of(file),
        "roll": found,
        "status": tables.roll_status(found),
        "facts": _facts(found, title),
        "account": tables.roll_lines(found),
        "may_sign": drawn and may("roll.sign"),
        "sign_refusal": _refusal("roll.sign", "signs_rolls", found) if drawn else "",
        "may_withdraw": drawn and may("roll.draw"),
        "may_issue": enforceable and title is None and may("constraint.issue"),
        "issue_refusal": _refusal("constraint.issue", "issues_constraints", found) if enforceable else "",
    }


def _refusal(act: str, power: str, found: SpecialRoll) -> str:
    """In words why the person at work may not do the act today; "" when they may."""
    actor = current_actor()
    prepared_by = found.drawn_by_id if act == "roll.sign" else None
    decision = decide(actor, act, Facts(file=found.file_id, prepared_by=prepared_by))
    if not decision.permitted:
        return str(decision.message)
    if selectors.delegation_in_force(actor.id, power=power, on=today()) is None:
        return _("Aucune délégation du Comité de gestion n’est en vigueur pour vous aujourd’hui.")
    return ""


def _facts(found: SpecialRoll, title: Title | None) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": _("Établi le"), "date": found.drawn_on, "hint": found.drawn_by.display_name},
    ]
    if found.enforceable_on and found.enforceable_by:
        facts.append(
            {
                "label": _("Rendu exécutoire le"),
                "date": found.enforceable_on,
                "hint": found.enforceable_by.display_name,
            }
        )
    if found.delegation:
        facts.append({"label": _("Délégation"), "value": found.delegation.decision})
    if title:
        facts.append({"label": _("Contrainte"), "value": title.number})
    return facts


def _words(found: RollCandidate) -> str:
    words = {
        "quarter": quarter_text(found.line.charge.debt.quarter),
        "head": found.line.charge.get_head_display(),
        "amount": money_text(found.open),
    }
    told = _("%(quarter)s, %(head)s : %(amount)s") % words
    return _("%(line)s (contestée sans envoi recommandé)") % {"line": told} if found.warned else told


def _waiting(found: list[RollCandidate]) -> dict[str, Any] | None:
    if not found:
        return None
    return {
        "caption": _("Lignes qui ne peuvent pas être portées au rôle"),
        "columns": [
            {"label": _("Trimestre")},
            {"label": _("Nature")},
            {"label": _("Montant"), "kind": "money"},
            {"label": _("Pourquoi")},
        ],
        "rows": [
            {
                "cells": [
                    quarter_text(one.line.charge.debt.quarter),
                    one.line.charge.get_head_display(),
                    one.open,
                    _why(one),
                ]
            }
            for one in found
        ],
    }


def _why(found: RollCandidate) -> str:
    last_day = found.line.notice.last_day
    if found.reason == "constraint.notice_running" and last_day:
        return _("délai en cours jusqu’au %(day)s") % {"day": date_text(last_day)}
    return str(WAITING[found.reason])
