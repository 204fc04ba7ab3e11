"""Recording an opposition to a constraint, and the judge's decision on it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recovery.arrears.forms.procedure import DecisionForm, OppositionFilingForm
from recovery.arrears.selectors import oppositions_of
from recovery.arrears.services.oppositions import decide_opposition, record_opposition
from recovery.arrears.views.files import identity_of
from recovery.cases.errors import not_in_file
from recovery.cases.matters import RECOVERY_FILE
from recovery.cases.selectors import get_file, titles_of
from secal.kernel.errors import DomainError
from secal.kernel.reckoning.wording import REMARKS
from secal.office.clock import today
from secal.office.screens import page, screen


@require_http_methods(["GET", "POST"])
@screen("opposition.record", of=RECOVERY_FILE)
def opposition(request: HttpRequest, file_id: uuid.UUID, title_id: uuid.UUID) -> HttpResponse:
    """Form, reasons and day; the rules say whether it stops the execution."""
    file = get_file(file_id, act="opposition.record", fields=("titles",))
    title = next((one for one in titles_of(file) if one.pk == title_id), None)
    if title is None:
        raise not_in_file("opposition.record", file.pk)
    form = OppositionFilingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recorded = record_opposition(file_id=file.pk, title_id=title.pk, on=today(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            if recorded.effective:
                messages.success(
                    request,
                    _("L’opposition est enregistrée : l’exécution est bloquée, la prescription suspendue."),
                )
            else:
                reasons = " ".join(_(REMARKS[ground]) for ground in recorded.grounds)
                messages.warning(
                    request,
                    _("L’opposition est enregistrée sans effet en droit. %(reasons)s") % {"reasons": reasons},
                )
            return redirect("arrears:page", file_id=file.pk)
    context = {"file": file, "identity": identity_of(file), "form": form, "title": title}
    return page(request, "arrears/opposition.html", context)


@require_http_methods(["GET", "POST"])
@screen("opposition.record", of=RECOVERY_FILE)
def decision(request: HttpRequest, file_id: uuid.UUID, opposition_id: uuid.UUID) -> HttpResponse:
    """The judge's decision: execution and limitation go on from then."""
    file = get_file(file_id, act="opposition.record", fields=("titles",))
    pending = next((one for one in oppositions_of(file) if one.pk == opposition_id), None)
    if pending is None:
        raise not_in_file("opposition.record", file.pk)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_opposition(file_id=file.pk, opposition_id=pending.pk, on=today(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("La décision est enregistrée."))
            return redirect("arrears:page", file_id=file.pk)
    context = {"file": file, "identity": identity_of(file), "form": form, "opposition": pending}
    return page(request, "arrears/decision.html", context)
