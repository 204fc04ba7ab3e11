"""The formal notice: its answers checked before it goes, its presentation, and what the debtor contests."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recovery.arrears import tables
from recovery.arrears.forms.procedure import ContestForm, NoticeForm, PresentationForm
from recovery.arrears.models import FormalNotice
from recovery.arrears.selectors import notices_of
from recovery.arrears.services.notices import (
    NoticeDraft,
    draft_notice,
    record_contest,
    record_presentation,
    send_notice,
)
from recovery.arrears.views.files import identity_of
from recovery.cases.errors import not_in_file
from recovery.cases.matters import RECOVERY_FILE
from recovery.cases.models import RecoveryFile
from recovery.cases.selectors import get_file
from recovery.cases.wording import quarter_text
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.formatting import money_text
from secal.office.screens import page, screen


@require_http_methods(["GET", "POST"])
@screen("notice.send", of=RECOVERY_FILE)
def notice(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Fill in, check, send. Nothing is written before it is sent."""
    file = get_file(file_id, act="notice.send", fields=("employer", "debts"))
    form = NoticeForm(request.POST or None, initial={"channel": "registered_paper", "sent_on": today()})
    step = request.POST.get("step", "")
    if step in ("check", "send") and form.is_valid():
        try:
            if step == "send":
                sent = send_notice(file_id=file.pk, on=today(), **form.cleaned_data)
                messages.success(
                    request, _("La mise en demeure %(number)s est prête.") % {"number": sent.number}
                )
                return redirect("arrears:page", file_id=file.pk)
            draft = draft_notice(file, on=today(), **form.cleaned_data)
            return page(request, "arrears/notice_check.html", _check_context(request, file, draft))
        except DomainError as error:
            form.refuse(error)
    context = {"file": file, "identity": identity_of(file), "form": form}
    return page(request, "arrears/notice.html", context)


@require_http_methods(["GET", "POST"])
@screen("notice.send", of=RECOVERY_FILE)
def presentation(request: HttpRequest, file_id: uuid.UUID, notice_id: uuid.UUID) -> HttpResponse:
    """The day on which the letter was presented, from which its month runs."""
    file, found = _notice(file_id, notice_id)
    form = PresentationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_presentation(file_id=file.pk, notice_id=found.pk, on=today(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("La présentation est enregistrée : le délai court."))
            return redirect("arrears:page", file_id=file.pk)
    context = {"file": file, "identity": identity_of(file), "form": form, "notice": found}
    return page(request, "arrears/presentation.html", context)


@require_http_methods(["GET", "POST"])
@screen("notice.send", of=RECOVERY_FILE)
def contest(request: HttpRequest, file_id: uuid.UUID, notice_id: uuid.UUID) -> HttpResponse:
    """Which lines the debtor contests, and how."""
    file, found = _notice(file_id, notice_id)
    lines = [(str(line.pk), _line_words(line)) for line in found.lines.all() if line.contested_on is None]
    form = ContestForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        filled = form.cleaned_data
        try:
            recorded = record_contest(
                file_id=file.pk,
                notice_id=found.pk,
                channel=filled["channel"],
                sent_on=filled["sent_on"],
                line_ids=filled["lines"],
                on=today(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            if recorded.effective:
                messages.success(request, _("Les lignes contestées sont écartées du rôle."))
            else:
                messages.warning(
                    request,
                    _(
                        "La contestation est enregistrée sans effet en droit : "
                        "examinez-la avant d’établir le rôle."
                    ),
                )
            return redirect("arrears:page", file_id=file.pk)
    context = {
        "file": file,
        "identity": identity_of(file),
        "form": form,
        "notice": found,
        "left": bool(lines),
        "contests": list(found.contests.all()),
    }
    return page(request, "arrears/contest.html", context)


def _notice(file_id: uuid.UUID, notice_id: uuid.UUID) -> tuple[RecoveryFile, FormalNotice]:
    file = get_file(file_id, act="notice.send", fields=("notices",))
    found = next((one for one in notices_of(file) if one.pk == notice_id), None)
    if found is None:
        raise not_in_file("notice.send", file.pk)
    return file, found


def _check_context(request: HttpRequest, file: RecoveryFile, draft: NoticeDraft) -> dict[str, Any]:
    answers = [
        (name, value)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "step")
        for value in request.POST.getlist(name)
    ]
    delay = draft.delay
    facts: list[dict[str, Any]] = [
        {"label": _("Envoi"), "value": draft.channel.label},
        {"label": _("Envoyée le"), "date": draft.sent_on},
        {"label": _("Montant réclamé"), "amount": draft.amount},
        {
            "label": _("Délai jusqu’au"),
            "date": delay.last_day if delay else None,
            "value": _("connu quand la présentation est enregistrée"),
        },
    ]
    return {
        "file": file,
        "identity": identity_of(file),
        "answers": answers,
        "facts": facts,
        "account": tables.owed(draft.lines),
        "explanation": delay.explanation if delay else None,
    }


def _line_words(line: Any) -> str:
    words = {
        "quarter": quarter_text(line.charge.debt.quarter),
        "head": line.charge.get_head_display(),
        "amount": money_text(line.amount),
    }
    return _("%(quarter)s, %(head)s : %(amount)s") % words
