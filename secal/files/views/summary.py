"""The whole application as rows to read once more before it is sent."""

import uuid
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secal.cases.models import AttachmentKind
from secal.cases.statements import ApplicationStatement, ChildStatement
from secal.files.drafts import STEPS
from secal.files.models import DraftPaper
from secal.kernel.identifiers import format_iban, format_niss
from secal.office.formatting import date_text, money_text, month_text
from secal.people.selectors import mask_niss
from secal.people.services import PersonDetails


def summary_of(
    statement: ApplicationStatement, papers: list[DraftPaper], draft_id: uuid.UUID | None
) -> list[dict[str, Any]]:
    """One section a step: title, address to change it (while it is a draft), rows for {% summary_list %}."""
    children = [row for child in statement.children for row in _child(child)]
    rows = {
        "titre": _title(statement),
        "creancier": _person(statement.creditor, masked=draft_id is None),
        "debiteur": _person(statement.debtor, masked=draft_id is None),
        "enfants": children,
        "termes": _terms(statement, papers),
    }
    return [
        {
            "title": title,
            "url": reverse("files:step", kwargs={"file_id": draft_id, "step": name}) if draft_id else "",
            "rows": rows[name],
        }
        for name, title in STEPS.items()
    ]


def _title(statement: ApplicationStatement) -> list[dict[str, Any]]:
    title = statement.title
    return [
        {"label": _("Demande reçue le"), "date": statement.received_on},
        {"label": _("Des avances sont demandées"), "value": _yes(statement.asks_advances)},
        {"label": _("Titre"), "value": f"{title.kind.label}, {title.court}"},
        {"label": _("Date du titre"), "date": title.decided_on},
        {"label": _("Date de signification"), "date": title.served_on},
        {"label": _("Indexation"), "value": title.index_clause.label},
    ]


def _person(person: PersonDetails, *, masked: bool) -> list[dict[str, Any]]:
    born = [date_text(person.birth_date) if person.birth_date else "", person.birth_place]
    rows = [
        {"label": _("Nom"), "value": f"{person.given_name} {person.family_name}"},
        {"label": _("NISS"), "value": _niss(person.niss, masked)},
        {"label": _("Naissance"), "value": ", ".join(part for part in born if part)},
        {"label": _("Domicile"), "value": person.address},
    ]
    if person.iban:
        rows.append({"label": _("Compte"), "value": format_iban(person.iban)})
    return rows


def _niss(niss: str, masked: bool) -> str:
    """In full to who is typing it; masked to everybody afterwards, who ask for it on the file page."""
    if not niss:
        return ""
    return mask_niss(niss) if masked else format_niss(niss)


def _child(child: ChildStatement) -> list[dict[str, Any]]:
    who = child.person
    words = _("depuis %(month)s, le premier du mois") if child.due_day == 1 else None
    words = words or _("depuis %(month)s, le %(day)s du mois")
    since = words % {"month": month_text(child.from_month), "day": child.due_day}
    return [
        {
            "label": f"{who.given_name} {who.family_name}",
            "value": _("%(amount)s par mois") % {"amount": money_text(child.monthly_amount)},
            "hint": f"{date_text(who.birth_date)} · {since}",
        }
    ]


def _terms(statement: ApplicationStatement, papers: list[DraftPaper]) -> list[dict[str, Any]]:
    unpaid = sum((term.due - term.paid for term in statement.terms), Decimal(0))
    count = sum(1 for term in statement.terms if term.paid < term.due)
    kinds = ", ".join(str(AttachmentKind(paper.kind).label) for paper in papers)
    return [
        {"label": _("Termes impayés, en tout ou en partie"), "value": str(count)},
        {"label": _("Arriérés à la demande"), "amount": unpaid},
        {"label": _("Relevé de cinq ans"), "value": _yes(statement.history_complete)},
        {"label": _("Demande signée"), "value": _yes(statement.signed)},
        {"label": _("Ordre de percevoir signé"), "value": _yes(statement.order_signed)},
        {"label": _("Pièces"), "value": kinds},
    ]


def _yes(answer: bool) -> str:
    return _("oui") if answer else _("non")
