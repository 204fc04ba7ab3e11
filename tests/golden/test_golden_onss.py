"""Every case of the recovery half, exactly: delays, limitation, imputation, surcharge and interest of
employers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from secal.kernel.reckoning.arrears import (
    DebtAct,
    Payment,
    Principal,
    Stay,
    check_surcharge,
    debt_limitation,
    due_date,
    late_interest,
    surcharge,
)
from secal.kernel.reckoning.imputation import Head, OpenClaim, Owner
from secal.kernel.reckoning.imputation_onss import impute_oldest
from secal.kernel.reckoning.keeping import debt_kept_until
from secal.kernel.reckoning.procedure import (
    Channel,
    Delay,
    LastNotice,
    Residence,
    assess_constraint,
    assess_contest,
    assess_opposition,
    earliest_execution,
    may_execute,
    next_act_on,
    notice_delay,
    opposition_delay,
)
from secal.kernel.reckoning.refusals import ReckoningError
from secal.law import onss
from tests.golden.case_files import Case, Outcome, check, golden_cases, rules_with_cases

BRUSSELS = ZoneInfo("Europe/Brussels")


def notice_case(facts: Case) -> Outcome:
    delay = _notice(facts)
    outcome = {"first_day": delay.first_day, "last_day": delay.last_day, "roll_from": next_act_on(delay)}
    return outcome, [delay.explanation]


def opposition_case(facts: Case) -> Outcome:
    delay = opposition_delay(
        served_on=facts["served_on"],
        residence=Residence(facts.get("residence", "belgium")),
        parameters=onss.opposition_parameters(on=facts["served_on"]),
    )
    return {"last_day": delay.last_day, "review": delay.review}, [delay.explanation]


def opposition_filed_case(facts: Case) -> Outcome:
    result = assess_opposition(
        served_on=facts["served_on"],
        filed_on=facts["filed_on"],
        form=facts["form"],
        reasoned=facts["reasoned"],
        parameters=onss.opposition_parameters(on=facts["served_on"]),
    )
    outcome = {"allowed": result.allowed, "grounds": list(result.grounds), "review": result.review}
    return outcome, [result.explanation]


def constraint_case(facts: Case) -> Outcome:
    sent = facts.get("notice")
    result = assess_constraint(
        issued_on=facts["issued_on"],
        notice=LastNotice(_notice(sent), sent["clause"]) if sent else None,
        parameters=onss.notice_parameters(on=facts["issued_on"]),
    )
    outcome = {"allowed": result.allowed, "grounds": list(result.grounds), "review": result.review}
    return outcome, [result.explanation]


def contest_case(facts: Case) -> Outcome:
    result = assess_contest(
        sent_on=facts["sent_on"],
        registered=facts["registered"],
        delay=_notice(facts["notice"]),
        parameters=onss.notice_parameters(on=facts["notice"]["sent_on"]),
    )
    outcome = {"kept_off_the_roll": result.allowed, "grounds": list(result.grounds), "review": result.review}
    return outcome, [result.explanation]


def execution_case(facts: Case) -> Outcome:
    served_at, asked_for = _moment(facts["served_at"]), _moment(facts["asked_for"])
    parameters = onss.execution_parameters(on=served_at.date())
    earliest = earliest_execution(served_at, parameters)
    outcome = {
        "allowed": may_execute(asked_for, served_at=served_at, parameters=parameters),
        "earliest": earliest.strftime("%Y-%m-%d %H:%M"),
    }
    return outcome, []


def limitation_case(facts: Case) -> Outcome:
    due_on = due_date(facts["quarter"])
    result = debt_limitation(
        due_on,
        onss.debt_limitation_parameters(on=facts["looked_at_on"], fraud=facts.get("fraud", False)),
        acts=[DebtAct(act["done_on"], act["kind"]) for act in facts.get("acts", [])],
        stays=[Stay(stay["opposed_on"], stay["decided_on"]) for stay in facts.get("stays", [])],
    )
    outcome = {"lapses_on": result.lapses_on, "ignored": [act.kind for act in result.ignored]}
    return outcome, [result.explanation]


def imputation_case(facts: Case) -> Outcome:
    claims = [
        OpenClaim(
            f"{quarter} {head}",
            Head(head),
            Owner.INSTITUTION,
            due_date(quarter),
            Decimal(amount),
            quarter.isoformat(),
        )
        for quarter, heads in facts["debts"].items()
        for head, amount in heads.items()
    ]
    parameters = onss.imputation_parameters(on=facts["paid_on"])
    result = impute_oldest(Decimal(facts["paid"]), claims, parameters, facts.get("chosen"))
    outcome = {
        "allocated": {part.claim.key: str(part.amount) for part in result.allocations},
        "remainder": str(result.remainder),
        "remark": result.explanation.text,
    }
    return outcome, [result.explanation]


def surcharge_case(facts: Case) -> Outcome:
    contributions = Decimal(facts["contributions"])
    parameters = onss.surcharge_parameters(on=facts["due_on"])
    result = surcharge(contributions, parameters)
    refused = None
    try:
        check_surcharge(Decimal(facts["entered"]), contributions, parameters)
    except ReckoningError as refusal:
        refused = refusal.code
    return {"amount": str(result.amount), "refused": refused}, [result.explanation]


def interest_case(facts: Case) -> Outcome:
    principals = [
        Principal(
            quarter.isoformat(),
            Decimal(debt["amount"]),
            due_date(quarter),
            [Payment(on, Decimal(amount)) for on, amount in debt.get("paid", {}).items()],
        )
        for quarter, debt in facts["debts"].items()
    ]
    parameters = onss.arrears_interest_parameters(on=facts["until"])
    result = late_interest(principals, facts["until"], parameters)
    outcome = {"lines": [str(line.amount) for line in result.lines], "amount": str(result.amount)}
    return outcome, [result.explanation]


def keeping_case(facts: Case) -> Outcome:
    kept = debt_kept_until(
        outcome_on=facts["outcome_on"],
        closed_on=facts["closed_on"],
        parameters=onss.retention_parameters(on=facts["asked_on"]),
    )
    return {"kept_until": kept}, []


def _notice(facts: Case) -> Delay:
    return notice_delay(
        channel=Channel(facts["channel"]),
        sent_on=facts["sent_on"],
        presented_on=facts.get("presented_on"),
        parameters=onss.notice_parameters(on=facts["sent_on"]),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


RULES: dict[str, Callable[[Case], Outcome]] = {
    "onss_constraint": constraint_case,
    "onss_contest": contest_case,
    "onss_execution": execution_case,
    "onss_imputation": imputation_case,
    "onss_interest": interest_case,
    "onss_keeping": keeping_case,
    "onss_limitation": limitation_case,
    "onss_notice": notice_case,
    "onss_opposition": opposition_case,
    "onss_opposition_filed": opposition_filed_case,
    "onss_surcharge": surcharge_case,
}


@pytest.mark.parametrize(("rule", "case"), list(golden_cases(onss=True)))
def test_golden_case_comes_out_to_the_cent_and_explains_itself(rule: str, case: Case) -> None:
    check(RULES[rule], case)


def test_every_rule_has_a_file_of_cases() -> None:
    assert rules_with_cases(onss=True) == set(RULES)
