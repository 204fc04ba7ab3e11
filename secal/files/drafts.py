"""The content of a draft: fields as typed, step by step; bound to the forms again whenever it is read.

Nothing typed is lost because it does not hold: what is stored is the text, what it means is worked out anew.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BaseForm, BaseFormSet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.cases.models import IndexClause, TitleKind
from secal.cases.statements import ApplicationStatement, ChildStatement, Paper, TermStatement, TitleStatement
from secal.files.forms.intake import (
    ChildFormSet,
    CreditorForm,
    DebtorForm,
    EarlierFormSet,
    TermsForm,
    TitleForm,
)
from secal.files.models import IntakeDraft
from secal.kernel.errors import DomainError
from secal.kernel.identifiers import parse_niss
from secal.people.services import PersonDetails

STEPS: dict[str, str | Promise] = {
    "titre": _("Titre exécutoire"),
    "creancier": _("Créancier"),
    "debiteur": _("Débiteur"),
    "enfants": _("Enfants et montants"),
    "termes": _("Termes, pièces et signatures"),
}
"""The steps by their place in the address, in order."""

ORDER = list(STEPS)
CHECK = len(STEPS) + 1

LONGEST_TEXT, MOST_FIELDS = 300, 1500
_ROW = re.compile(r"row-(\d{1,3})-([a-z_]{1,20})", re.ASCII)
_FIELD = re.compile(r"[a-z0-9_-]{1,60}", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{8}", re.ASCII)
_OURS = {"csrfmiddlewaretoken", "action"}


@dataclass(slots=True)
class Part:
    """One step as typed: single fields, repeated rows, and whether it was once sent on as finished."""

    fields: dict[str, str]
    rows: list[dict[str, str]]
    done: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"fields": self.fields, "rows": self.rows, "done": self.done}


@dataclass(slots=True)
class StepForms:
    """The forms of one step: the single fields, and the rows where the step has rows."""

    main: BaseForm | None
    rows: "BaseFormSet[Any] | None" = None

    def is_valid(self) -> bool:
        # Every form is judged, so that all faults are told at once.
        judged = [form.is_valid() for form in (self.main, self.rows) if form is not None]
        return all(judged)


Content = dict[str, Part]


def read(draft: IntakeDraft) -> Content:
    """What the draft holds; opens the seal."""
    text = draft.open_value("content")
    return {step: Part(**part) for step, part in json.loads(text).items()} if text else {}


def write(draft: IntakeDraft, content: Content) -> None:
    """Seal the content into the draft, in memory."""
    draft.seal_value("content", json.dumps({step: part.as_json() for step, part in content.items()}))


def part_of(post: Mapping[str, str], step: str) -> Part:
    """The part of a step as posted: only field names and text, cut to size."""
    fields: dict[str, str] = {}
    rows: dict[int, dict[str, str]] = {}
    for name, value in list(post.items())[:MOST_FIELDS]:
        if match := _ROW.fullmatch(name):
            rows.setdefault(int(match[1]), {})[match[2]] = value[:LONGEST_TEXT]
        elif name not in _OURS and _FIELD.fullmatch(name) and not name.startswith("row-"):
            fields[name] = value[:LONGEST_TEXT]
    part = Part(fields, [rows[number] for number in sorted(rows)])
    if step == "enfants":
        _give_keys(part)
    return part


def new_row(step: str) -> dict[str, str]:
    """An empty row; a child gets the key by which its months are known."""
    return {"key": secrets.token_hex(4), "due_day": "1"} if step == "enfants" else {}


def forms_of(step: str, content: Content, *, today: date, bound: bool, files: Any = None) -> StepForms:
    """The forms of a step with what was typed: bound (judged) or only shown. Raises StepMissing for step
    5."""
    part = content.get(step) or Part({}, [])
    given: dict[str, Any] = {"data": part.fields, "files": files} if bound else {}
    if not bound and (part.fields or part.rows):
        given = {"initial": part.fields}
    if step == "titre":
        return StepForms(TitleForm(**given, today=today))
    if step == "creancier":
        return StepForms(CreditorForm(**given, today=today))
    if step == "debiteur":
        return StepForms(DebtorForm(**given, today=today, creditor_niss=_niss(content, "creancier")))
    if step == "enfants":
        rows = part.rows or [new_row(step)]
        child_forms: Any = ChildFormSet
        return StepForms(
            None,
            child_forms(
                **_rows(rows, bound),
                prefix="row",
                form_kwargs={"today": today},
                debtor_niss=_niss(content, "debiteur"),
            ),
        )
    shared: dict[str, Any] = {
        "children": children_of(content, today),
        "received_on": received_on(content, today),
    }
    return StepForms(
        TermsForm(**given, **shared),
        EarlierFormSet(**_rows(part.rows, bound), prefix="row", form_kwargs=shared),
    )


class StepMissing(Exception):
    """Step 5 needs what an earlier step does not hold yet."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


def children_of(content: Content, today: date) -> list[dict[str, Any]]:
    """The children as read. Raises StepMissing when that step does not hold."""
    rows = forms_of("enfants", content, today=today, bound=True).rows
    if rows is None or not rows.is_valid():
        raise StepMissing("enfants")
    return [form.cleaned_data for form in rows.forms]


def received_on(content: Content, today: date) -> date:
    """The day of the application. Raises StepMissing when the first step does not hold."""
    form = forms_of("titre", content, today=today, bound=True).main
    if form is None or not form.is_valid():
        raise StepMissing("titre")
    day: date = form.cleaned_data["received_on"]
    return day


def faulty_steps(content: Content, today: date) -> list[str]:
    """The steps that do not hold as they stand, in order."""
    faulty = []
    for step in ORDER:
        try:
            holds = step in content and forms_of(step, content, today=today, bound=True).is_valid()
        except StepMissing:
            holds = False
        if not holds:
            faulty.append(step)
    return faulty


def statement_of(
    draft: IntakeDraft, content: Content, papers: tuple[Paper, ...], *, today: date
) -> ApplicationStatement:
    """The whole application, read. Raises StepMissing when a step does not hold."""
    if faulty := faulty_steps(content, today):
        raise StepMissing(faulty[0])
    read_forms = {step: forms_of(step, content, today=today, bound=True) for step in ORDER}
    for forms in read_forms.values():
        forms.is_valid()
    title, creditor, debtor, terms = (
        read_forms[step].main.cleaned_data  # type: ignore[union-attr]
        for step in ("titre", "creancier", "debiteur", "termes")
    )
    children = children_of(content, today)
    return ApplicationStatement(
        file_id=draft.pk,
        key_id=draft.key_id,
        received_on=title["received_on"],
        language=title["language"],
        title=TitleStatement(
            kind=TitleKind(title["kind"]),
            court=title["court"],
            decided_on=title["decided_on"],
            served_on=title["served_on"],
            index_clause=IndexClause(title["index_clause"]),
            base_index=title["base_index"],
        ),
        creditor=_person(creditor),
        debtor=_person(debtor),
        children=tuple(_child(child, title["language"]) for child in children),
        terms=_terms(read_forms["termes"], children),
        history_complete=terms["history_complete"],
        creditor_in_belgium=creditor["lives_in_belgium"] == "yes",
        asks_advances=title["asks_advances"],
        signed=terms["signed"],
        order_signed=terms["order_signed"],
        authorisation_on=terms["authorisation_on"],
        declared_means=terms["declared_means"],
        papers=papers,
    )


def _person(values: dict[str, Any]) -> PersonDetails:
    return PersonDetails(
        given_name=values["given_name"],
        family_name=values["family_name"],
        birth_date=values["birth_date"],
        birth_place=values["birth_place"],
        niss=values["niss"] or "",
        address=values["address"],
        iban=values.get("iban") or "",
        language=values["language"],
    )


def _child(values: dict[str, Any], language: str) -> ChildStatement:
    who = PersonDetails(
        given_name=values["given_name"],
        family_name=values["family_name"],
        birth_date=values["birth_date"],
        niss=values["niss"] or "",
        language=language,
    )
    return ChildStatement(
        who, values["monthly_amount"], values["due_day"], values["from_month"], values["until_month"]
    )


def _terms(forms: StepForms, children: list[dict[str, Any]]) -> tuple[TermStatement, ...]:
    places = {child["key"]: place for place, child in enumerate(children)}
    main: Any = forms.main
    rows: Any = forms.rows
    shown = [
        TermStatement(
            places[child["key"]],
            month.first_day,
            main.cleaned_data[f"due-{child['key']}-{month}"],
            main.cleaned_data[f"paid-{child['key']}-{month}"],
        )
        for child, month in main.lines
    ]
    earlier = [
        TermStatement(
            places[form.cleaned_data["child"]],
            form.cleaned_data["month"],
            form.cleaned_data["due"],
            form.cleaned_data.get("paid") or form.cleaned_data["due"] * 0,
        )
        for form in rows.forms
        if not form.blank
    ]
    return (*shown, *earlier)


def _rows(rows: list[dict[str, str]], bound: bool) -> dict[str, Any]:
    if not bound:
        return {"initial": rows}
    data = {f"row-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    return {"data": {**data, "row-TOTAL_FORMS": str(len(rows)), "row-INITIAL_FORMS": "0"}}


def _give_keys(part: Part) -> None:
    seen: set[str] = set()
    for row in part.rows:
        if not _KEY.fullmatch(row.get("key", "")) or row["key"] in seen:
            row["key"] = secrets.token_hex(4)
        seen.add(row["key"])


def _niss(content: Content, step: str) -> str:
    typed = content[step].fields.get("niss", "") if step in content else ""
    try:
        return parse_niss(typed)
    except DomainError:
        return ""
