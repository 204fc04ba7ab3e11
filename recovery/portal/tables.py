"""Tables, facts and words of the portal's pages, as `templates/README.md` wants them."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from recovery.cases.dues import AmountDue
from recovery.cases.models import Act, ActKind, Document, Title, TitleState
from recovery.cases.wording import arrondissement_text, quarter_text
from recovery.portal.forms import ActForm, EndForm, PaymentForm, ServiceForm
from recovery.portal.models import CollectedPayment
from recovery.portal.rules import Deadline, DeadlineKind, Standstill
from recovery.portal.selectors import Debtor, FileRoom, Line, Tab, TitleRoom, ToldAct
from recovery.portal.services import ActFacts, ServiceFacts
from secal.kernel.arrondissements import labour_court
from secal.kernel.identifiers import format_enterprise_number, format_niss
from secal.kernel.reckoning.procedure import Delay, earliest_execution
from secal.law.onss import execution_parameters
from secal.office.formatting import as_date, date_text, datetime_text, distance_text, money_text, overdue_text


def clock_words(kind: DeadlineKind) -> str:
    """What a deadline is about."""
    return {
        DeadlineKind.SERVE: _("Signifier avant la prescription"),
        DeadlineKind.ORDER_TO_PAY: _("Fin de l’ordre de payer (24 heures)"),
        DeadlineKind.OPPOSITION: _("Opposition possible jusqu’au"),
        DeadlineKind.EXECUTION: _("Exécution possible dès le"),
        DeadlineKind.LAPSE: _("Prescription de la dette la plus ancienne"),
        DeadlineKind.REMIT: _("Verser à l’ONSS au plus tard le"),
    }[kind]


def tab_words(tab: Tab) -> str:
    return {
        Tab.ALL: _("Tous"),
        Tab.TO_SERVE: _("À signifier"),
        Tab.WAITING: _("Délai d’opposition"),
        Tab.OPPOSED: _("Opposition en cours"),
        Tab.TO_EXECUTE: _("À exécuter"),
    }[tab]


def tabs(counts: dict[Tab, int], *, current: Tab) -> list[dict[str, Any]]:
    home = reverse("portal:home")
    return [
        {
            "label": tab_words(tab),
            "url": f"{home}?onglet={tab.value}" if tab.value else home,
            "current": tab is current,
            "count": counts[tab],
        }
        for tab in Tab
    ]


def files(lines: Sequence[Line], *, on: date) -> dict[str, Any]:
    """The list: where each file stands and what is next; what is late comes first and says so."""
    return {
        "caption": _("Dossiers confiés à votre étude"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Dossier"), "kind": "code"},
            {"label": _("Débiteur")},
            {"label": _("Lieu")},
            {"label": _("Dû ce jour"), "kind": "money"},
            {"label": _("Dernier acte")},
            {"label": _("Échéance suivante"), "kind": "deadline"},
        ],
        "rows": [_file_row(line, on) for line in lines],
        "empty": {
            "title": _("Rien ne vous attend"),
            "text": _(
                "Un dossier apparaît ici dès que le concessionnaire confie un titre à votre étude, "
                "et disparaît à "
                "la fin de votre intervention."
            ),
        },
    }


def standstill_words(standstill: Standstill) -> str:
    """What is next when no clock says it."""
    return {
        Standstill.PAID: _("Tout est payé : clôturer l’intervention"),
        Standstill.OPPOSED: _("Opposition en cours : attendre la décision du tribunal"),
    }[standstill]


def next_step(step: Deadline | Standstill | None, *, file_id: uuid.UUID) -> dict[str, Any] | None:
    if isinstance(step, Standstill):
        url = reverse("portal:end", args=[file_id]) if step is Standstill.PAID else ""
        return {"label": standstill_words(step), "url": url}
    return {"label": clock_words(step.kind), "due": step.day} if step else None


def build_up(due: AmountDue) -> dict[str, Any]:
    """The amount due today and how it is made (art. 40 §4: accounting justification)."""
    parts = [
        (_("Cotisations"), due.contributions),
        (_("Majoration"), due.surcharge),
        (_("Intérêts de retard jusqu’à ce jour"), due.interest_booked + due.interest),
        (_("Frais d’actes"), due.costs),
        (_("Payé, dont ce que vous avez reçu"), -due.paid),
    ]
    return {
        "caption": _("Montant dû ce jour"),
        "caption_hidden": True,
        "columns": [{"label": _("Poste")}, {"label": _("Montant"), "kind": "money"}],
        "rows": [{"cells": [label, amount]} for label, amount in parts],
        "totals": [{"cells": [_("Dû ce jour"), due.due]}],
    }


def debtor(shown: Debtor) -> list[dict[str, Any]]:
    """The debtor, as far as recovery needs."""
    rows = [
        {"label": _("Nom"), "value": shown.name},
        {"label": _("Numéro d’entreprise"), "value": _enterprise(shown.enterprise_number)},
        {"label": _("Numéro ONSS"), "value": shown.onss_number},
        {"label": _("Adresse"), "value": shown.address},
        {"label": _("Langue"), "value": shown.language.upper()},
    ]
    if shown.natural:
        rows[1:1] = [
            {"label": _("NISS"), "value": format_niss(shown.niss) if shown.niss else ""},
            {"label": _("Né le"), "value": date_text(shown.birth_date) if shown.birth_date else ""},
        ]
    return [row for row in rows if row["value"]]


def title(room: TitleRoom, *, on: date) -> dict[str, Any]:
    """One title: its state, its clocks, the court that hears an opposition."""
    one = room.title
    facts: list[dict[str, Any]] = [
        {"label": _("État"), "status": title_status(one)},
        {
            "label": _("Trimestres"),
            "value": ", ".join(quarter_text(day) for day in sorted(one.quarters)),
        },
        {"label": _("Décernée le"), "date": one.issued_on},
        {"label": _("Confiée à votre étude le"), "date": room.mandate.given_on},
        {
            "label": _("Tribunal d’une opposition"),
            "value": _(labour_court(one.court, language=one.file.language)),
        },
    ]
    if one.served_at:
        facts.append({"label": _("Signifiée le"), "value": datetime_text(one.served_at)})
    if one.opposed_on:
        facts.append({"label": _("Opposition du"), "date": one.opposed_on})
    if one.opposition_decided_on:
        facts.append({"label": _("Tribunal prononcé le"), "date": one.opposition_decided_on})
    return {
        "title": one,
        "facts": facts,
        "clocks": [_clock_row(clock, on) for clock in room.clocks],
    }


def title_status(one: Title) -> dict[str, Any]:
    if one.opposed:
        return {"state": "attention", "word": _("opposition en cours")}
    state = {TitleState.MANDATED: "attention", TitleState.SERVED: "underway"}.get(
        TitleState(one.state), "neutral"
    )
    return {"state": state, "word": str(TitleState(one.state).label)}


def acts(room: FileRoom) -> list[dict[str, Any]]:
    """The timeline of acts, newest first."""
    return [
        {
            "when": told.act.acted_at,
            "kind": "bailiff",
            "title": f"{told.number} – {told.act.get_kind_display()}",
            "body": _act_body(told),
            "amount": told.act.amount,
            "url": reverse("portal:act_done", args=[room.file.pk, told.act.pk]),
        }
        for told in room.acts
    ]


def payments(kept: Sequence[CollectedPayment]) -> dict[str, Any]:
    return {
        "caption": _("Paiements reçus"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Reçu le"), "kind": "date"},
            {"label": _("De quelle manière")},
            {"label": _("Montant"), "kind": "money"},
            {"label": _("Chez l’ONSS"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": row.received_on,
                        "url": reverse("portal:payment_done", args=[row.file_id, row.pk]),
                    },
                    row.get_way_display(),
                    row.amount,
                    booked_status(row),
                ]
            }
            for row in kept
        ],
    }


def booked_status(payment: CollectedPayment) -> dict[str, Any]:
    if payment.booked_at is None:
        return {"state": "underway", "word": _("à comptabiliser")}
    return {"state": "good", "word": _("comptabilisé")}


def documents(room: FileRoom) -> dict[str, Any]:
    """Papers and deeds, to be saved as PDF."""
    deeds = [deed for told in room.acts for deed in told.deeds]
    return {
        "caption": _("Pièces"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Pièce")},
            {"label": _("Titre"), "kind": "code"},
            {"label": _("Date"), "kind": "date"},
            {"label": _("Taille"), "kind": "number"},
        ],
        "rows": [
            {"cells": [_document_link(paper), _title_number(paper), paper.made_on, _size(paper.size)]}
            for paper in (*room.documents, *deeds)
        ],
        "empty": {"title": _("Aucune pièce"), "text": _("Les titres et exploits apparaîtront ici.")},
    }


def deeds(told: ToldAct) -> dict[str, Any]:
    return {
        "caption": _("Exploits joints"),
        "columns": [
            {"label": _("Pièce")},
            {"label": _("Taille"), "kind": "number"},
            {"label": _("SHA-256"), "kind": "code"},
        ],
        "rows": [{"cells": [_document_link(deed), _size(deed.size), deed.sha256]} for deed in told.deeds],
    }


def act_facts(told: ToldAct) -> list[dict[str, Any]]:
    """An act as it was recorded."""
    act = told.act
    rows: list[dict[str, Any]] = [
        {"label": _("Numéro"), "value": told.number},
        {"label": _("Nature"), "value": str(act.get_kind_display())},
        {"label": _("Accompli le"), "value": datetime_text(act.acted_at)},
        {"label": _("Arrondissement"), "value": arrondissement_text(act.place)},
        {"label": _("Coût de l’acte"), "amount": act.costs},
        {"label": _("Enregistré le"), "value": datetime_text(act.recorded_at)},
    ]
    if act.mode:
        rows.insert(2, {"label": _("De quelle manière"), "value": str(act.get_mode_display())})
    if act.amount is not None:
        rows.append({"label": _("Montant"), "amount": act.amount})
    if (leave := getattr(act, "leave", None)) is not None:
        rows.append({"label": _("Autorisation du juge du"), "date": leave.given_on})
    if act.kind == ActKind.SERVICE and act.title.opposition_until and told.rectified_by is None:
        rows.append({"label": _("Opposition possible jusqu’au"), "date": act.title.opposition_until})
    if told.note:
        rows.append({"label": _("Remarque"), "value": told.note})
    return rows


def payment_facts(payment: CollectedPayment) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"label": _("Titre"), "value": payment.title.number},
        {"label": _("Montant reçu"), "amount": payment.amount},
        {"label": _("Reçu le"), "date": payment.received_on},
        {"label": _("De quelle manière"), "value": str(payment.get_way_display())},
        {"label": _("Chez l’ONSS"), "status": booked_status(payment)},
    ]
    if payment.quarter:
        rows.insert(
            3, {"label": _("Trimestre désigné par le débiteur"), "value": quarter_text(payment.quarter)}
        )
    return rows


def service_answers(form: ServiceForm, facts: ServiceFacts, delay: Delay) -> list[dict[str, Any]]:
    """What will be recorded, and the clocks that it starts."""
    parameters = execution_parameters(on=facts.at.date())
    pay_by = facts.at + timedelta(hours=parameters.pay_order_hours.value)
    return [
        *_common_answers(form, facts),
        {"label": _("De quelle manière"), "value": form.answer("mode")},
        {"label": _("Où le débiteur réside"), "value": form.answer("residence")},
        {"label": clock_words(DeadlineKind.ORDER_TO_PAY), "value": datetime_text(pay_by)},
        {
            "label": clock_words(DeadlineKind.EXECUTION),
            "value": datetime_text(earliest_execution(facts.at, parameters)),
        },
        {"label": clock_words(DeadlineKind.OPPOSITION), "date": delay.last_day},
    ]


def act_answers(form: ActForm, facts: ActFacts) -> list[dict[str, Any]]:
    rows = [{"label": _("Nature"), "value": form.answer("kind")}, *_common_answers(form, facts)]
    if facts.amount is not None:
        rows.append({"label": _("Montant"), "amount": facts.amount})
    return rows


def payment_answers(form: PaymentForm) -> list[dict[str, Any]]:
    filled = form.cleaned_data
    return [
        {"label": _("Titre"), "value": form.chosen.title.number},
        {"label": _("Montant reçu"), "amount": filled["amount"]},
        {"label": _("Reçu le"), "date": filled["received_on"]},
        {"label": _("De quelle manière"), "value": form.answer("way")},
        {"label": _("Trimestre désigné par le débiteur"), "value": form.answer("quarter")},
    ]


def end_answers(form: EndForm) -> list[dict[str, Any]]:
    how = form.cleaned_data["how"]
    return [
        {"label": _("Titre"), "value": form.chosen.title.number},
        {"label": _("Fin de l’intervention"), "value": form.answer("how")},
        {"label": _("Motif"), "value": form.answer(f"{how}_reason")},
    ]


def _common_answers(form: Any, facts: Any) -> list[dict[str, Any]]:
    rows = [
        {"label": _("Titre"), "value": form.chosen.title.number},
        {"label": _("Accompli le"), "value": datetime_text(facts.at)},
        {"label": _("Arrondissement"), "value": arrondissement_text(facts.place)},
        {"label": _("Coût de l’acte"), "amount": facts.costs},
    ]
    if facts.leave_on:
        rows.append({"label": _("Autorisation du juge du"), "date": facts.leave_on})
    if facts.note:
        rows.append({"label": _("Remarque"), "value": facts.note})
    return rows


def _file_row(line: Line, on: date) -> dict[str, Any]:
    late = isinstance(line.next, Deadline) and line.next.day < on
    url = reverse("portal:file", args=[line.file.pk])
    cells = [
        {"value": line.file.number, "url": url, "hint": ", ".join(title.number for title in line.titles)},
        str(line.file.employer),
        arrondissement_text(line.file.employer.arrondissement),
        line.due.due,
        _last_act(line.last_act),
        _next(line.next),
    ]
    return {"cells": cells, **({"status": {"state": "late", "word": _("en retard")}} if late else {})}


def _last_act(act: Act | None) -> Any:
    if act is None:
        return _("aucun")
    return {"value": str(act.get_kind_display()), "hint": date_text(act.acted_at)}


def _next(step: Deadline | Standstill | None) -> Any:
    if isinstance(step, Standstill):
        return standstill_words(step)
    if step is None:
        return _("aucune")
    return {"value": step.day, "hint": clock_words(step.kind)}


def _in_words(clock: Deadline, on: date) -> str:
    return overdue_text(clock.day, on=on) or distance_text(clock.day, on=on)


def _clock_row(clock: Deadline, on: date) -> dict[str, Any]:
    exact = isinstance(clock.at, datetime)
    return {
        "label": clock_words(clock.kind),
        "value": datetime_text(clock.at) if exact else date_text(clock.at),
        "hint": _("écoulé") if clock.over else _in_words(clock, on),
    }


def _act_body(told: ToldAct) -> str:
    if told.rectified_by is not None:
        return _("Rectifié par un acte du %(day)s.") % {
            "day": date_text(as_date(told.rectified_by.recorded_at))
        }
    if told.act.rectifies_id:
        return _("Rectifie un acte antérieur. Coût : %(costs)s.") % {"costs": money_text(told.act.costs)}
    return _("Coût : %(costs)s.") % {"costs": money_text(told.act.costs)} if told.act.costs else ""


def _document_link(paper: Document) -> dict[str, Any]:
    return {
        "value": str(paper.get_kind_display()),
        "url": reverse("portal:document", args=[paper.file_id, paper.pk]),
    }


def _title_number(paper: Document) -> str:
    return paper.title.number if paper.title is not None else ""


def _size(size: int) -> str:
    return _("%(size)s Ko") % {"size": max(1, round(size / 1024))}


def _enterprise(number: str) -> str:
    return format_enterprise_number(number) if number else ""
