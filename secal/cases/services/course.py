"""What a decision makes of a file: the service takes the collection over, or turns the application down."""

from datetime import date
from decimal import Decimal

from secal.access.policy import require
from secal.cases import events
from secal.cases.errors import already_collected
from secal.cases.models import (
    AlimonyFile,
    Application,
    Beneficiary,
    EventKind,
    FileState,
    MonthlyTerm,
    WorkKind,
)
from secal.cases.selectors import facts_about
from secal.cases.services.terms import add_terms, charge_terms
from secal.cases.states import move
from secal.cases.timeline import add_event, finish_work
from secal.kernel.periods import Month


def take_over(file: AlimonyFile, *, on: date) -> AlimonyFile:
    """The application is granted: book the arrears (rank 6) and the terms since the application (rank 5).

    Each principal line brings its contribution (rank 2, art. 5); each claim carries its day of limitation.
    Terms up to the month of `on` that the application does not state are added. Raises Refused, CaseError.
    """
    require("advance.decide", facts_about(file.pk, "advance.decide"))
    file = AlimonyFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    application = Application.objects.get(file=file)
    move(file, application, "grant")
    _refuse_double_collection(file)
    file.save()
    application.save()
    _fill_months(file, since=application.received_on, on=on)
    terms = list(
        MonthlyTerm.objects.filter(file=file, claim=None, month__lte=on).select_related("beneficiary")
    )
    booked = charge_terms(terms, on=on)
    params = {"amount": str(sum(booked.values(), Decimal(0))), "terms": len(booked)}
    add_event(file, kind=EventKind.MONEY, code="arrears_taken_over", on=on, params=params)
    _finish(application, on)
    events.file_taken_over(file=file.pk)
    return file


def turn_down(file: AlimonyFile, *, on: date) -> AlimonyFile:
    """The application is refused: nothing is collected. Raises Refused, CaseError."""
    require("advance.decide", facts_about(file.pk, "advance.decide"))
    file = AlimonyFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    application = Application.objects.get(file=file)
    move(file, application, "refuse")
    file.closed_on = on
    file.save()
    application.save()
    _finish(application, on)
    events.file_refused(file=file.pk)
    return file


def _finish(application: Application, on: date) -> None:
    for kind in (WorkKind.DECIDE_ADVANCE, WorkKind.SECOND_APPLICATION):
        finish_work(kind=kind, source=application.pk, on=on)


def _fill_months(file: AlimonyFile, *, since: date, on: date) -> None:
    """The terms fallen due from the application to now."""
    for month in Month.range(Month.of(since), Month.of(on)):
        add_terms(Beneficiary.objects.filter(title__file=file), month=month)


def _refuse_double_collection(file: AlimonyFile) -> None:
    children = Beneficiary.objects.filter(title__file=file).values("child")
    others = AlimonyFile.objects.filter(
        state=FileState.ACTIVE, debtor=file.debtor_id, title__beneficiaries__child__in=children
    ).exclude(pk=file.pk)
    if others.exists():
        raise already_collected()
