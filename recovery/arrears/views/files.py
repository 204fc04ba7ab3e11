"""The list of recovery files, the finding of one, and its page."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from recovery.arrears import selectors, tables
from recovery.arrears.models import ChargeHead, Debt
from recovery.arrears.search import matching
from recovery.cases import events
from recovery.cases import selectors as cases
from recovery.cases.dues import AmountDue, amount_due
from recovery.cases.event_words import timeline_entry
from recovery.cases.matters import RECOVERY_FILE
from recovery.cases.models import Outcome, RecoveryFile
from recovery.cases.paging import ShortCount
from recovery.cases.panels import board
from recovery.cases.wording import arrondissement_text, quarter_text
from secal.access.actors import current_actor
from secal.access.policy import may
from secal.kernel.identifiers import detect_kind, format_enterprise_number, format_ogm
from secal.ledger.selectors import EmployerFigures, employer_figures
from secal.office.clock import today
from secal.office.fields import printable
from secal.office.formatting import date_text, money_text
from secal.office.panels import Action
from secal.office.screens import page, screen

PER_PAGE = 25
LATEST_EVENTS = 40
STATES = ("open", "outcome", "ended")


@require_GET
@screen("recovery.list")
def file_list(request: HttpRequest) -> HttpResponse:
    """The files that I may open, newest first, filtered by where they stand."""
    state = request.GET.get("state", "")
    lines = ShortCount(_in_state(state), PER_PAGE).get_page(request.GET.get("page"))
    _log(lines)
    context = {"lines": lines, "table": tables.files(lines), "filters": _filters(state)}
    return page(request, "arrears/list.html", context)


@require_http_methods(["GET", "POST"])
@screen("recovery.list")
def find(request: HttpRequest) -> HttpResponse:
    """Files by name, enterprise number, communication or number. By POST: what is typed is in no address."""
    text = printable(request.POST.get("q", ""))
    reading = detect_kind(text)
    found: list[RecoveryFile] | None = None
    if reading.valid:
        found, _exact = matching(cases.files_of(current_actor()), reading, most=PER_PAGE)
        _log(found or [])
    context = {
        "text": text,
        "problem": reading.message % reading.params if text and not reading.valid else "",
        "table": tables.files(found or []) if reading.valid else None,
    }
    return page(request, "arrears/find.html", context)


@require_GET
@screen("recovery.open", of=RECOVERY_FILE)
def file_page(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Everything about a file at a glance; each room brings its panel and its acts."""
    fields = ("number", "employer", "address", "enterprise_number", "ledger", "titles", "timeline")
    file = cases.get_file(file_id, fields=fields)
    return page(request, "arrears/page.html", _page_context(request, file))


@require_GET
@screen("recovery.open", of=RECOVERY_FILE)
def document(request: HttpRequest, file_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """One paper, as it was kept."""
    file = cases.get_file(file_id, fields=("documents",))
    opened = cases.open_document(file, document_id)
    if opened is None:
        raise Http404
    paper, content = opened
    name = f"{file.number}-{paper.kind}.{paper.media_type.rpartition('/')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=paper.media_type, headers=headers)


def identity_of(file: RecoveryFile) -> dict[str, Any]:
    """The identity bar with the way back to the file."""
    return cases.identity(file, url=reverse("arrears:page", args=[file.pk]))


def _page_context(request: HttpRequest, file: RecoveryFile) -> dict[str, Any]:
    figures = employer_figures(file.book)
    debts = selectors.debts_of(file)
    due = amount_due(file, on=today())
    titles = cases.titles_of(file)
    oppositions = selectors.oppositions_of(file)
    mandates = cases.mandates_of(file)
    acts = cases.acts_of(file)
    may_oppose = may("opposition.record")
    return {
        "file": file,
        "identity": identity_of(file),
        "actions": [*_actions(file), *board.actions_of(file)],
        "opposed": any(title.opposed for title in titles),
        "figures": _figures(file, figures, due),
        "facts": _facts(file),
        "debts": tables.debts(debts, figures),
        "surcharges": _surcharges(debts),
        "interest": due.reckoned,
        "interest_booked": _interest_booked(due),
        "notices": tables.notices(selectors.notices_of(file), may_record=may("notice.send")),
        "rolls": tables.rolls(selectors.rolls_of(file), may_open=may("roll.view")),
        "titles": tables.titles(titles, may_oppose=may_oppose),
        "oppositions": tables.oppositions(oppositions, may_decide=may_oppose) if oppositions else None,
        "mandates": tables.mandates(mandates) if mandates else None,
        "acts": tables.acts(acts) if acts else None,
        "documents": tables.documents(cases.documents_of(file)),
        "ledger_open": may("ledger.view"),
        "panels": [
            {
                "name": panel.name,
                "title": panel.title,
                "html": render_to_string(panel.template, context, request),
            }
            for panel, context in board.panels_of(file)
        ],
        "timeline": [timeline_entry(event) for event in cases.events_of(file)[:LATEST_EVENTS]],
    }


def _actions(file: RecoveryFile) -> list[Action]:
    """What this room offers on the page, to whoever may."""
    if file.ended_on:
        return []
    offers = [
        ("debt.record", _("Enregistrer une dette"), reverse("arrears:debt", args=[file.employer_id])),
        ("notice.send", _("Envoyer une mise en demeure"), reverse("arrears:notice", args=[file.pk])),
        ("roll.draw", _("Établir un rôle"), reverse("arrears:draw", args=[file.pk])),
    ]
    return [Action(title, url) for act, title, url in offers if may(act)]


def _surcharges(debts: Iterable[Debt]) -> list[dict[str, Any]]:
    """The reckoning of each surcharge, as it was booked: its rate and the article."""
    return [
        {"quarter": quarter_text(debt.quarter), "explanation": charge.explanation}
        for debt in debts
        for charge in debt.charges.all()
        if charge.head == ChargeHead.SURCHARGE and charge.explanation
    ]


def _figures(file: RecoveryFile, figures: EmployerFigures, due: AmountDue) -> list[dict[str, Any]]:
    url = reverse("ledger:book", args=[file.book_id]) if may("ledger.view") else ""
    return [
        {"label": _("Reste dû avec les intérêts à ce jour"), "amount": due.due, "strong": True},
        {"label": _("Reste dû, comptabilisé"), "amount": figures.open, "url": url},
        {"label": _("Dû en tout"), "amount": figures.due},
        {"label": _("Payé"), "amount": figures.paid},
        {"label": _("Chez l’huissier"), "amount": figures.held},
    ]


def _interest_booked(due: AmountDue) -> str:
    """How the interest up to today stands to what is booked of it; nothing when nothing runs beside."""
    if not due.interest:
        return ""
    if due.interest_booked and due.reckoned.amount == due.interest_booked + due.interest:
        return _(
            "Ce calcul contient les intérêts déjà comptabilisés (%(booked)s) ; %(running)s s’y ajoutent, "
            "comptabilisés à la prochaine mise en demeure ou au dernier paiement."
        ) % {"booked": money_text(due.interest_booked), "running": money_text(due.interest)}
    return _("%(running)s de ces intérêts ne sont pas encore comptabilisés.") % {
        "running": money_text(due.interest)
    }


def _facts(file: RecoveryFile) -> list[dict[str, Any]]:
    employer = file.employer
    number = employer.open_value("enterprise_number")
    facts: list[dict[str, Any]] = [
        {"label": _("Débiteur"), "value": str(employer), "hint": employer.get_kind_display()},
        {"label": _("Numéro d’entreprise"), "value": format_enterprise_number(number) if number else ""},
        {"label": _("Numéro ONSS"), "value": employer.open_value("onss_number")},
        {"label": _("Siège ou domicile"), "value": employer.open_value("address")},
        {"label": _("Arrondissement"), "value": arrondissement_text(employer.arrondissement)},
        {"label": _("Communication structurée"), "value": format_ogm(file.book.ogm or "")},
    ]
    if file.outcome:
        facts.append(
            {
                "label": _("Issue"),
                "value": Outcome(file.outcome).label,
                "hint": date_text(file.outcome_on) if file.outcome_on else "",
            }
        )
    return facts


def _in_state(state: str) -> Any:
    files = cases.files_of(current_actor())
    if state == "open":
        return files.filter(outcome="")
    if state == "outcome":
        return files.exclude(outcome="").filter(ended_on=None)
    return files.filter(ended_on__isnull=False) if state == "ended" else files


def _filters(current: str) -> list[dict[str, Any]]:
    address = reverse("arrears:list")
    words = {"open": _("En cours"), "outcome": _("Payés ou irrécouvrables"), "ended": _("Terminés")}
    choices = [{"label": _("Tous"), "url": address, "current": current not in STATES}]
    choices += [
        {"label": words[state], "url": f"{address}?state={state}", "current": current == state}
        for state in STATES
    ]
    return [{"label": _("État"), "choices": choices}]


def _log(files: Any) -> None:
    lines = [(file.employer_id, file.pk) for file in files]
    events.files_listed("recovery.list", purpose=cases.PURPOSE, lines=lines)
