"""Registering an employer and recording a quarter."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recovery.arrears.forms.employers import DebtForm, EmployerForm
from recovery.arrears.matters import EMPLOYER
from recovery.arrears.services.debts import record_debt
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import page, screen
from secal.people.employers import open_employer, register_employer


@require_http_methods(["GET", "POST"])
@screen("employer.register")
def employer(request: HttpRequest) -> HttpResponse:
    """An employer by its number; one that is known is taken as the office holds it."""
    form = EmployerForm(request.POST or None, initial={"kind": "legal", "language": "fr"})
    if request.method == "POST" and form.is_valid():
        try:
            registered = register_employer(form.details(), on=today())
        except DomainError as error:
            form.refuse(error)
        else:
            known = _(
                "Cet employeur était déjà enregistré : le service garde les renseignements qu’il détient."
            )
            messages.success(request, known if registered.known else _("L’employeur est enregistré."))
            return redirect("arrears:debt", employer_id=registered.employer.pk)
    return page(request, "arrears/employer.html", {"form": form})


@require_http_methods(["GET", "POST"])
@screen("debt.record", of=EMPLOYER)
def debt(request: HttpRequest, employer_id: uuid.UUID) -> HttpResponse:
    """A quarter's contributions; the file is opened with the first."""
    found = open_employer(employer_id, act="debt.record")
    form = DebtForm(request.POST or None, on=today(), initial={"origin": "declared"})
    if request.method == "POST" and form.is_valid():
        try:
            recorded = record_debt(employer_id=found.pk, on=today(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("La dette est enregistrée et comptabilisée."))
            return redirect("arrears:page", file_id=recorded.file_id)
    return page(request, "arrears/debt.html", {"form": form, "employer": found})
