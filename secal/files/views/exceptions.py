"""Opening a file by exception: asking, answering, reviewing; conflicts of interest; protected persons.

What is asked for is typed as a number. Nothing of the file itself is shown to those who answer.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from secal.access.actors import current_actor
from secal.access.policy import decide
from secal.cases import access_selectors, selectors
from secal.cases.access_selectors import Told
from secal.cases.matters import ALIMONY_FILE
from secal.cases.models import AlimonyFile, EmergencyAccess, ReviewFinding
from secal.cases.panels import board
from secal.cases.services.emergency import answer_emergency, ask_emergency, review_emergency
from secal.cases.services.exceptions import agree, ask_opening_by_number, protect, recuse, unprotect
from secal.files.forms.exceptions import AskForm, NumberForm, ProtectForm
from secal.kernel.errors import DomainError
from secal.office.clock import now, today
from secal.office.panels import Action
from secal.office.screens import page, screen

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@screen("emergency.ask")
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a file by its number; what was asked for and still counts stands below."""
    form = AskForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            ask_emergency(**form.cleaned_data, at=now())
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request, _("La demande est partie : un second signataire d’une autre section répond.")
            )
            return redirect("files:emergency")
    asked = [_asked(access) for access in access_selectors.own_emergencies(at=now())]
    context = {"form": form, "asked": asked}
    return page(request, "files/emergency_ask.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@screen("emergency.decide")
def answers(request: HttpRequest) -> HttpResponse:
    """What other sections ask for and still may be answered."""
    if request.method == "POST":
        allow = request.POST.get("answer") == "allow"
        done = _("L’accès est accordé pour trente minutes.") if allow else _("L’accès est refusé.")
        _act(request, lambda chosen: answer_emergency(access_id=chosen, allow=allow, at=now()), done)
        return redirect("files:emergency-answers")
    waiting = access_selectors.emergencies_to_answer(at=now())
    return page(request, "files/emergency_answers.html", {"requests": _shown(waiting)})


@require_http_methods(["GET", "POST"])
@screen("emergency.review")
def reviews(request: HttpRequest) -> HttpResponse:
    """Every emergency access that nobody reviewed yet."""
    if request.method == "POST":
        finding = ReviewFinding(request.POST["finding"]) if _is_finding(request) else None
        if finding is not None:
            _act(
                request,
                lambda chosen: review_emergency(access_id=chosen, finding=finding, at=now()),
                _("L’examen est enregistré."),
            )
        return redirect("files:emergency-reviews")
    context = {
        "requests": _shown(access_selectors.emergencies_to_review()),
        "findings": ReviewFinding.choices,
        "today": today(),
    }
    return page(request, "files/emergency_reviews.html", context)


@require_http_methods(["GET", "POST"])
@screen("conflict.declare", of=ALIMONY_FILE)
def conflict(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Say that one has a conflict of interest in a file; it closes at once."""
    if request.method == "POST":
        recuse(file_id=file_id, on=today())
        messages.success(
            request, _("Le dossier vous est fermé ; le second signataire l’attribue à un autre gestionnaire.")
        )
        return redirect("files:worklist")
    file = selectors.get_file(file_id, act="conflict.declare", purpose="assignment", fields=("number",))
    url = reverse("files:page", args=[file.pk])
    context = {"file": file, "identity": selectors.identity(file, url=url)}
    return page(request, "files/conflict.html", context)


@require_http_methods(["GET", "POST"])
@screen("protection.ask")
def ask_protected(request: HttpRequest) -> HttpResponse:
    """Ask two others to let one open a file of a protected person."""
    form = AskForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            ask_opening_by_number(**form.cleaned_data, at=now())
        except DomainError as error:
            form.refuse(error)
        else:
            done = _("La demande est partie : deux accords sont attendus.")
            messages.success(request, done)
            return redirect("files:protected-ask")
    return page(request, "files/protected_ask.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@screen("protection.clear")
def agreements(request: HttpRequest) -> HttpResponse:
    """Requests to open the file of a protected person that wait for one's agreement."""
    if request.method == "POST":
        _act(
            request,
            lambda chosen: agree(opening_id=chosen, at=now()),
            _("Votre accord est donné pour vingt-quatre heures."),
        )
        return redirect("files:protected-agreements")
    waiting = access_selectors.openings_to_agree(at=now())
    return page(request, "files/protected_agreements.html", {"requests": _shown(waiting)})


@require_http_methods(["GET", "POST"])
@screen("protection.mark")
def protected(request: HttpRequest) -> HttpResponse:
    """Who is protected; protect somebody of a file, or lift it."""
    step = request.POST.get("step", "")
    if step == "lift":
        _act(
            request, lambda chosen: unprotect(protection_id=chosen, on=today()), _("La protection est levée.")
        )
        return redirect("files:protected")
    find = NumberForm(request.POST if step in ("find", "protect") else None)
    choose = _choosing(request, find, step)
    if step == "protect" and choose is not None and choose.is_valid() and _protected(choose):
        messages.success(request, _("La personne est protégée."))
        return redirect("files:protected")
    lines = Paginator(access_selectors.protections(), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(lines.object_list)
    access_selectors.log_protections(rows)
    wrong = find.errors or (choose is not None and choose.errors)
    context = {"find": find, "choose": choose, "lines": lines, "rows": rows}
    return page(request, "files/protected.html", context, status=422 if wrong else 200)


def _choosing(request: HttpRequest, find: NumberForm, step: str) -> ProtectForm | None:
    """Whom of the file to protect; None while no file is found."""
    if not find.is_bound or not find.is_valid():
        return None
    number = find.cleaned_data["number"]
    persons = access_selectors.persons_to_protect(number)
    if not persons:
        find.add_error("number", _("Aucun dossier ne porte ce numéro."))
        return None
    return ProtectForm(
        request.POST if step == "protect" else None, persons=persons, initial={"number": number}
    )


def _protected(choose: ProtectForm) -> bool:
    chosen = choose.cleaned_data
    try:
        protect(
            number=chosen["number"],
            person_id=uuid.UUID(chosen["person"]),
            ground=chosen["ground"],
            on=today(),
        )
    except DomainError as error:
        choose.refuse(error)
        return False
    return True


def register() -> None:
    """The file page offers to declare a conflict."""
    board.register_actions(_actions)


def _actions(file: AlimonyFile) -> list[Action]:
    facts = selectors.facts_about(file.pk, "conflict.declare")
    if not decide(current_actor(), "conflict.declare", facts).permitted:
        return []
    return [Action(_("Déclarer un conflit d’intérêts"), reverse("files:conflict", args=[file.pk]))]


def _act(request: HttpRequest, work: Callable[[uuid.UUID], object], done: str) -> None:
    """Do it to the request that was chosen, and say how it went."""
    try:
        work(uuid.UUID(request.POST.get("request", "")))
    except ValueError:
        messages.error(request, _("Cette demande n’existe pas. Rechargez la page."))
    except DomainError as error:
        messages.error(request, error.text(_))
    else:
        messages.success(request, done)


def _is_finding(request: HttpRequest) -> bool:
    return request.POST.get("finding", "") in ReviewFinding.values


def _asked(access: EmergencyAccess) -> dict[str, Any]:
    runs = access.access_until is not None
    return {
        "number": access.file.number,
        "url": reverse("files:page", args=[access.file_id]) if runs else "",
        "until": access.access_until or access.answer_until,
        "status": {
            "state": "good" if runs else "underway",
            "word": _("accordé") if runs else _("réponse attendue"),
        },
    }


def _shown(requests: Sequence[Told]) -> list[dict[str, Any]]:
    return [
        {
            "id": told.request.pk,
            "number": told.request.file.number,
            "by": told.request.asked_by.display_name,
            "section": getattr(told.request, "section", told.request.asked_by.section),
            "at": told.request.asked_at,
            "reason": told.reason,
            "answered_by": _answered_by(told),
            "due": getattr(told.request, "review_due_on", None),
        }
        for told in requests
    ]


def _answered_by(told: Told) -> str:
    answered = getattr(told.request, "decided_by", None)
    return answered.display_name if answered else ""
