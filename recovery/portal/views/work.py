"""The forms of a bailiff's work: serve, act, payment, deed, and the end of a mandate."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recovery.cases.matters import MANDATED_FILE
from recovery.cases.models import Act
from recovery.portal import selectors, services, tables
from recovery.portal.forms import ActForm, DeedForm, EndForm, PaymentForm, ServiceForm
from recovery.portal.pages import page
from recovery.portal.services.payments import preview_payment
from recovery.portal.views.common import Desk, desk, now, round_of
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import screen

FORMS = require_http_methods(["GET", "POST"])


@FORMS
@screen("act.record", of=MANDATED_FILE)
def service(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Record the service of the constraint."""
    at = desk(file_id, "act.record")
    form = ServiceForm(request.POST or None, **_when_and_where(request, at))

    def check() -> dict[str, Any]:
        facts = form.facts()
        delay = services.preview_service(file_id=file_id, facts=facts, now=now())
        return {
            "heading": _("Vérifier la signification"),
            "warning": _("Une fois enregistrée, elle fait courir l’ordre de payer et le délai d’opposition."),
            "facts": tables.service_answers(form, facts, delay),
            "explanation": delay.explanation,
            "review": delay.review,
            "button": _("Enregistrer la signification"),
        }

    template = "portal/service.html"
    return _record(request, at, form, template=template, check=check, service=services.record_service)


@FORMS
@screen("act.record", of=MANDATED_FILE)
def act(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Record any other act, or rectify one."""
    at = desk(file_id, "act.record")
    form = ActForm(request.POST or None, **_when_and_where(request, at))

    def check() -> dict[str, Any]:
        facts = form.facts()
        services.preview_act(file_id=file_id, facts=facts, now=now())
        return {
            "heading": _("Vérifier l’acte"),
            "warning": _("Un acte enregistré ne se modifie plus : seul un acte rectificatif le corrige."),
            "facts": tables.act_answers(form, facts),
            "button": _("Enregistrer l’acte"),
        }

    template = "portal/act.html"
    return _record(request, at, form, template=template, check=check, service=services.record_act)


@FORMS
@screen("payment.record", of=MANDATED_FILE)
def payment(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Record a sum received."""
    at = desk(file_id, "payment.record")
    form = PaymentForm(request.POST or None, mandates=at.mandates)

    def check() -> dict[str, Any]:
        preview_payment(file_id=file_id, facts=form.facts(), on=today())
        return {
            "heading": _("Vérifier le paiement"),
            "warning": _(
                "L’ONSS le déduit de la dette à cette date ; versez-le sur son compte sans attendre."
            ),
            "facts": tables.payment_answers(form),
            "button": _("Enregistrer le paiement"),
        }

    def send() -> HttpResponse:
        kept = services.record_payment(
            file_id=file_id, facts=form.facts(), payment_id=form.ticket_id, on=today()
        )
        return redirect("portal:payment_done", file_id, kept.pk)

    return round_of(request, form, template="portal/payment.html", context=at.context, check=check, send=send)


@FORMS
@screen("deed.upload", of=MANDATED_FILE)
def deed(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Add the signed deed of an act."""
    at = desk(file_id, "deed.upload")
    acts = selectors.acts_for_deeds(at.file)
    form = DeedForm(
        request.POST or None, request.FILES or None, acts=acts, initial={"act": request.GET.get("acte")}
    )
    if request.method == "POST" and form.is_valid():
        act_id = uuid.UUID(form.cleaned_data["act"])
        try:
            kept = services.upload_deed(
                file_id=file_id, act_id=act_id, content=form.cleaned_data["deed"], on=today()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(
                request, _("L’exploit est joint. Empreinte SHA-256 : %(sha)s") % {"sha": kept.sha256}
            )
            return redirect("portal:act_done", file_id, act_id)
    return page(request, "portal/deed.html", {**at.context, "form": form, "acts": acts})


@FORMS
@screen("mandate.close", of=MANDATED_FILE)
def end(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Hand a title back, or close the intervention."""
    at = desk(file_id, "mandate.close")
    form = EndForm(request.POST or None, mandates=at.mandates)

    def check() -> dict[str, Any]:
        return {
            "heading": _("Vérifier la fin de l’intervention"),
            "warning": _("Votre accès à ce titre s’arrête aussitôt. Joignez d’abord tous les exploits."),
            "facts": tables.end_answers(form),
            "button": _("Mettre fin à l’intervention"),
        }

    def send() -> HttpResponse:
        ending: Any = services.hand_back if form.cleaned_data["how"] == "hand_back" else services.close
        ending(file_id=file_id, mandate_id=form.mandate_id, reason=form.reason, at=now())
        messages.success(
            request,
            _("L’intervention pour le titre %(title)s est terminée.") % {"title": form.chosen.title.number},
        )
        return redirect("portal:home")

    return round_of(request, form, template="portal/end.html", context=at.context, check=check, send=send)


def _record(
    request: HttpRequest,
    at: Desk,
    form: ServiceForm | ActForm,
    *,
    template: str,
    check: Callable[[], dict[str, Any]],
    service: Callable[..., Act],
) -> HttpResponse:
    """The round of an act: its service records the form's facts, and the receipt follows."""

    def send() -> HttpResponse:
        done = service(file_id=at.file.pk, facts=form.facts(), act_id=form.ticket_id, now=now())
        return redirect("portal:act_done", at.file.pk, done.pk)

    return round_of(request, form, template=template, context=at.context, check=check, send=send)


def _when_and_where(request: HttpRequest, at: Desk) -> dict[str, Any]:
    return {
        "mandates": at.mandates,
        "office_place": at.mandates[0].office.arrondissement,
        "initial": {"rectifies": _identifier(request.GET.get("rectifie", ""))},
    }


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
