"""The pages of the Chamber's list: what came, what is held and who decides, proposals, differences."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from recovery.chamber import selectors, tables
from recovery.chamber.matters import ALARM, PROPOSAL, RECEIVED_LIST
from recovery.chamber.models import AlarmKind, ProposalOutcome, ReceivedList, ReceivedOutcome
from recovery.chamber.services import deciding
from recovery.chamber.wording import reason_text
from secal.access.policy import may
from secal.kernel.errors import DomainError
from secal.office.clock import now, today
from secal.office.screens import page, screen

A_PAGE = 25
ANSWERS = {"done": ProposalOutcome.DONE, "declined": ProposalOutcome.DECLINED}


@require_GET
@screen("chamber.view")
def index(request: HttpRequest) -> HttpResponse:
    """Is the list fresh, what is wrong, what waits, and every message that came."""
    rows = Paginator(selectors.received_lists(), A_PAGE).get_page(request.GET.get("page"))
    held, proposals = list(selectors.held_lists()), list(selectors.open_proposals())
    found = selectors.list_freshness(now=now())
    alarms = list(selectors.open_alarms())
    failing = any(alarm.kind == AlarmKind.FAILED for alarm in alarms)
    context = {
        "figures": tables.figures(found, held=len(held), proposals=len(proposals)),
        "alarms": alarms,
        "noted": AlarmKind.REFUSED,
        "may_note": may("alarm.note"),
        "failing": tables.departures(selectors.failing_departures()) if failing else None,
        "held": held,
        "proposals": proposals,
        "may_close": may("proposal.close"),
        "rows": rows,
        "table": tables.messages(rows.object_list),
    }
    return page(request, "chamber/index.html", context)


@require_GET
@screen("chamber.view")
def differences(request: HttpRequest) -> HttpResponse:
    """The Chamber's list beside our register of users."""
    found = selectors.difference(on=today())
    rows = Paginator(found.not_registered, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "members": tables.members(rows.object_list),
        "rows": rows,
        "unlisted": tables.users(
            found.not_listed,
            _("Accès au portail, pas sur la liste"),
            _("Tous ceux qui ont accès au portail sont sur la liste."),
        ),
        "dormant": tables.users(
            found.dormant,
            _("Pas venus depuis plus de soixante jours"),
            _("Tous sont venus au cours des soixante derniers jours."),
        ),
    }
    return page(request, "chamber/differences.html", context)


@require_GET
@screen("chamber.view", of=RECEIVED_LIST)
def message(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """One message: what came of it, who loses access, and the two agreements of a held one."""
    row = _known(list_id)
    waits = row.outcome == ReceivedOutcome.HELD and not row.decision
    blocked = deciding.what_stands_in_the_way(row) if waits and may("chamber.release") else None
    context: dict[str, Any] = {
        "row": row,
        "reason": reason_text(row.reason) if row.reason else "",
        "facts": tables.facts(row),
        "agreements": tables.agreements(getattr(row, "release", None))
        if row.outcome == ReceivedOutcome.HELD
        else [],
        "table": tables.departures(selectors.departures_of(row)),
        "decidable": waits and may("chamber.release"),
        "blocked": blocked.text(_) if blocked else "",
    }
    return page(request, "chamber/message.html", context)


@require_POST
@screen("chamber.release", of=RECEIVED_LIST)
def let_go(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Agree that a held list is carried out."""
    _known(list_id)

    def agree() -> str:
        row = deciding.release(list_id=list_id, at=now())
        if row.decision:
            return _("La liste est libérée : les départs sont exécutés dans la minute.")
        return _("Votre accord est noté. Une seconde personne, dans l’autre qualité, donne le sien.")

    _say(request, agree)
    return redirect("chamber:message", list_id)


@require_POST
@screen("chamber.release", of=RECEIVED_LIST)
def put_aside(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """A held list is never carried out."""
    _known(list_id)

    def decide() -> str:
        deciding.set_aside(list_id=list_id, at=now())
        return _("Liste écartée : personne ne perd son accès, et la Chambre doit en envoyer une autre.")

    _say(request, decide)
    return redirect("chamber:message", list_id)


@require_POST
@screen("alarm.note", of=ALARM)
def note(request: HttpRequest, alarm_id: uuid.UUID) -> HttpResponse:
    """A watcher looked at the messages that were refused."""
    if not selectors.is_alarm(alarm_id):
        raise Http404

    def seen() -> str:
        deciding.note_alarm(alarm_id=alarm_id, at=now())
        return _("L’alarme est notée. Un autre message refusé en lève une nouvelle.")

    _say(request, seen)
    return redirect("chamber:index")


@require_POST
@screen("proposal.close", of=PROPOSAL)
def answer(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """The user registrar dealt with a proposal."""
    if not selectors.is_proposed(proposal_id):
        raise Http404
    outcome = ANSWERS.get(request.POST.get("outcome", ""))
    if outcome is None:
        messages.error(request, _("Cette page est périmée : rechargez-la."))
        return redirect("chamber:index")

    def close() -> str:
        deciding.close_proposal(proposal_id=proposal_id, outcome=outcome, at=now())
        return _("La proposition est close. Les droits, eux, se donnent au registre.")

    _say(request, close)
    return redirect("chamber:index")


def _known(list_id: uuid.UUID) -> ReceivedList:
    row = selectors.received_list(list_id)
    if row is None:
        raise Http404
    return row


def _say(request: HttpRequest, act: Callable[[], str]) -> None:
    """Do it, and say how it went."""
    try:
        messages.success(request, act())
    except DomainError as error:
        messages.error(request, error.text(_))
