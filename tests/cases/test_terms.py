"""Terms: arrears and terms charged when the service takes over, then month by month, never twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.cases.errors import CaseError
from secal.cases.models import CaseEvent, MonthlyTerm
from secal.cases.services import make_terms_due, take_over, terms_to_make, turn_down
from secal.ledger.models import Claim, Posting
from tests import stories
from tests.changing import change

AsUser = Callable[[User], AbstractContextManager[None]]
GRANTED_ON = date(2026, 10, 20)
NOVEMBER = date(2026, 11, 1)


def _claims(file: Any) -> dict[tuple[str, int], Decimal]:
    rows = Claim.objects.filter(book=file.book).values("head", "rank").annotate(sum=Sum("postings__amount"))
    return {(row["head"], row["rank"]): row["sum"] for row in rows}


def test_taking_over_charges_what_was_unpaid_before_the_application_with_its_contribution(
    registrar: User, officer: User
) -> None:
    file = stories.granted_file(
        registrar=registrar, officer=officer, on=GRANTED_ON, unpaid=2, paid=Decimal("70.00")
    )
    assert _claims(file) == {("arrears", 6): Decimal("300.00"), ("contribution", 2): Decimal("39.00")}
    assert file.state == "active"
    assert file.application.state == "granted"


def test_terms_since_the_application_are_charged_as_terms(registrar: User, officer: User) -> None:
    file = stories.granted_file(
        registrar=registrar, officer=officer, on=date(2026, 12, 3), due_day=10, unpaid=1
    )
    assert _claims(file) == {
        ("arrears", 6): Decimal("220.00"),
        ("balance", 5): Decimal("660.00"),
        ("contribution", 2): Decimal("114.40"),
    }


def test_each_claim_lapses_five_years_after_its_due_day(registrar: User, officer: User) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer)
    for claim in Claim.objects.filter(book=file.book):
        assert claim.limitation_on == claim.due_on.replace(year=claim.due_on.year + 5)


def test_a_month_left_out_before_the_application_counts_as_paid(registrar: User, officer: User) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer, unpaid=0)
    assert _claims(file) == {}
    with service_work("terms"):
        assert terms_to_make(month=date(2026, 10, 1)) == 0


def test_taking_over_twice_is_refused_and_books_nothing(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer)
    before = Posting.objects.count()
    with pytest.raises(CaseError) as caught, as_user(officer):
        take_over(file, on=GRANTED_ON)
    assert caught.value.code == "cases.wrong_state"
    assert Posting.objects.count() == before


def test_only_the_officer_in_charge_takes_over(
    registrar: User, officer: User, other_officer: User, as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with pytest.raises(Refused), as_user(other_officer):
        take_over(file, on=GRANTED_ON)
    file.refresh_from_db()
    assert file.state == "to_decide"


def test_an_incomplete_application_cannot_be_granted_or_refused(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer, papers=())
    for act in (take_over, turn_down):
        with pytest.raises(CaseError), as_user(officer):
            act(file, on=GRANTED_ON)


def test_a_refused_application_charges_nothing_and_leaves_no_work(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with as_user(officer):
        turned = turn_down(file, on=GRANTED_ON)
    assert (turned.state, turned.application.state) == ("refused", "refused")
    assert not file.work.filter(done_on=None).exists()
    assert not Claim.objects.exists()


def test_one_childs_maintenance_is_never_collected_twice_from_the_same_debtor(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    debtor, child = stories.tom(), stories.child()
    stories.granted_file(registrar=registrar, officer=officer, debtor=debtor, children=[child])
    second = stories.register_file(registrar=registrar, officer=officer, debtor=debtor, children=[child])
    with pytest.raises(CaseError) as caught, as_user(officer):
        take_over(second, on=GRANTED_ON)
    assert caught.value.code == "cases.already_collected"


def test_the_months_terms_are_made_for_active_files_only_and_never_twice(
    registrar: User, officer: User
) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer, children=2)
    stories.register_file(registrar=registrar, officer=officer)
    for _time in range(2):
        with service_work("terms"):
            make_terms_due(month=NOVEMBER, on=NOVEMBER)
    terms = MonthlyTerm.objects.filter(month=NOVEMBER)
    assert [(term.file_id, term.amount, term.claim is not None) for term in terms] == [
        (file.pk, Decimal("220.00"), True)
    ] * 2
    assert _claims(file)["balance", 5] == Decimal("440.00")
    assert CaseEvent.objects.filter(file=file, code="terms_due").count() == 1


def test_a_part_of_the_month_may_be_made_at_a_time_and_the_rest_follows(
    registrar: User, officer: User
) -> None:
    stories.granted_file(registrar=registrar, officer=officer, children=3)
    made = []
    while not made or made[-1]:
        with service_work("terms"):
            made.append(make_terms_due(month=NOVEMBER, on=NOVEMBER, limit=2))
    assert made == [2, 1, 0]


def test_a_child_whose_maintenance_has_ended_gets_no_term(registrar: User, officer: User) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer)
    change(file.title.beneficiaries.all(), until_month=date(2026, 10, 1))
    with service_work("terms"):
        assert make_terms_due(month=NOVEMBER, on=NOVEMBER) == 0


def test_making_terms_costs_the_same_queries_for_one_file_as_for_ten(registrar: User, officer: User) -> None:
    costs = []
    for number, month in ((1, NOVEMBER), (9, date(2026, 12, 1))):
        for _file in range(number):
            stories.granted_file(registrar=registrar, officer=officer)
        with service_work("terms"), CaptureQueriesContext(connection) as queries:
            assert make_terms_due(month=month, on=month) >= number
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_no_person_may_run_the_job_of_the_terms(officer: User, as_user: AsUser) -> None:
    with pytest.raises(Refused), as_user(officer):
        make_terms_due(month=NOVEMBER, on=NOVEMBER)
