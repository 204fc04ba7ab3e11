"""Reading for a decision: the facts of an application, the legal values that decide, and decisions taken."""

import uuid
from dataclasses import dataclass
from datetime import date

from secal.advances.models import AdvanceDecision, AdvanceRight
from secal.advances.rules.decision import (
    ChildFacts,
    DecisionFacts,
    DecisionParameters,
    DecisionProposal,
    decide_on_advances,
)
from secal.cases.models import AlimonyFile, Application, AttachmentKind, Beneficiary, MonthlyTerm
from secal.cases.selectors import beneficiaries, get_file
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.kernel.reckoning.eligibility import TermHistory
from secal.law import parameter
from secal.law.assembly import (
    advance_parameters,
    advance_right_parameters,
    eligibility_parameters,
    means_parameters,
)

FIELDS = ("file", "parties", "children", "terms", "means", "papers")

PLACE = " – "
"""Between the month of a term and the place of its child: what an explanation calls a term."""


@dataclass(frozen=True, slots=True)
class Study:
    """An application being decided: what an officer sees of it."""

    file: AlimonyFile
    application: Application
    children: list[Beneficiary]
    proposal: DecisionProposal | None
    """None while the application is incomplete: nothing can be decided yet."""


def study(file_id: uuid.UUID, *, on: date, lock: bool = False) -> Study:
    """The application of a file with what the law says of it, for the officer in charge. Raises Refused."""
    file = get_file(file_id, act="advance.decide", purpose="decision", fields=FIELDS, lock=lock)
    application = Application.objects.get(file=file)
    children = beneficiaries(file)
    proposal = None
    if application.complete_on is not None:
        facts = _facts(file, application, children, application.complete_on, on)
        proposal = decide_on_advances(facts, decision_parameters(application.received_on, on=on))
    return Study(file, application, children, proposal)


def decision_of(file_id: uuid.UUID) -> AdvanceDecision | None:
    """The decision taken on a file, for whoever may open it. Raises Refused."""
    file = get_file(file_id, act="file.open", purpose="decision", fields=("file", "parties", "decision"))
    return taken_on(file)


def taken_on(file: AlimonyFile) -> AdvanceDecision | None:
    """The decision on a file that was opened through `get_file`."""
    return (
        AdvanceDecision.objects.filter(application__file=file)
        .select_related("application__file__creditor", "application__file__debtor", "decided_by")
        .first()
    )


def rights_of(file: AlimonyFile) -> list[AdvanceRight]:
    """The rights to advances of a file's children, latest first."""
    return list(
        AdvanceRight.objects.filter(file=file)
        .select_related("beneficiary__child")
        .order_by("-from_on", "beneficiary__child__birth_date")
    )


def decision_parameters(received_on: date, *, on: date) -> DecisionParameters:
    """The legal values: those of the application follow its day, those of the act the day it is done."""
    first_of_month = Month.of(on).first_day
    return DecisionParameters(
        eligibility=eligibility_parameters(application_received_on=received_on),
        right=advance_right_parameters(on=on, application_received_on=received_on),
        means=means_parameters(application_received_on=received_on),
        advance=advance_parameters(on=first_of_month),
        first_month=parameter("advance_first_month", on=on).code(),
        period_months=parameter("advance_period_months", on=on).integer(),
        decision_days=parameter("decision_days", on=on).integer(),
        silence_months=parameter("creditor_appeal_silence_months", on=on).integer(),
        letter_working_days=parameter(
            "notification_effect_working_days", on=on, event="art9_letter"
        ).integer(),
        appeal_months=parameter("creditor_appeal_months", on=on).integer(),
    )


def place_of(term: TermHistory) -> str:
    """The place in the file of the child whose term it is."""
    return term.key.rpartition(PLACE)[2]


def _facts(
    file: AlimonyFile, application: Application, children: list[Beneficiary], complete_on: date, on: date
) -> DecisionFacts:
    terms = list(MonthlyTerm.objects.filter(file=file).order_by("month"))
    papers = list(file.attachments.values_list("kind", flat=True))
    places = {child.pk: str(place) for place, child in enumerate(children, start=1)}
    return DecisionFacts(
        on=on,
        received_on=application.received_on,
        complete_on=complete_on,
        asks_advances=application.asks_advances,
        missing=tuple(application.missing),
        creditor_in_belgium=application.creditor_in_belgium,
        own_means=application.declared_means,
        disabled_children=min(papers.count(AttachmentKind.DISABILITY_PROOF), len(children)),
        terms=tuple(
            TermHistory(
                key=f"{term.month:%m/%Y}{PLACE}{places[term.beneficiary_id]}",
                due_on=term.due_on,
                due=term.amount,
                paid=term.paid_before_application,
            )
            for term in terms
        ),
        children=tuple(_child(child, places[child.pk], terms, papers, on) for child in children),
    )


def _child(
    child: Beneficiary, place: str, terms: list[MonthlyTerm], papers: list[str], on: date
) -> ChildFacts:
    """The month's term where the application states it; else the latest amount, nothing received."""
    own = [term for term in terms if term.beneficiary_id == child.pk and term.month <= on]
    latest = own[-1] if own else None
    of_the_month = latest if latest is not None and Month.of(latest.month) == Month.of(on) else None
    return ChildFacts(
        key=place,
        born_on=child.child.birth_date,
        term_due=latest.amount if latest is not None else child.monthly_amount,
        received=of_the_month.paid_before_application if of_the_month is not None else ZERO,
        family_allowances_proved=AttachmentKind.ALLOWANCE_PROOF in papers,
        studies_proved=AttachmentKind.SCHOOL_PROOF in papers,
    )
