"""Every case of the alimony half, exactly: one parametrised test over the files beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from secal.kernel.calendar import delay_in_days, notification_effect
from secal.kernel.money import ZERO, total
from secal.kernel.periods import Month
from secal.kernel.reckoning.advance import TermToAdvance, advances
from secal.kernel.reckoning.cessation import MonthPaid, assess_cessation, due_after_renunciation
from secal.kernel.reckoning.contribution import creditor_contribution, debtor_contribution
from secal.kernel.reckoning.delays import (
    advance_right_period,
    debtor_reply_by,
    decision_dates,
    demand_dates,
    letter_dates,
)
from secal.kernel.reckoning.eligibility import TermHistory, assess_eligibility
from secal.kernel.reckoning.imputation import Head, OpenClaim, Owner, impute
from secal.kernel.reckoning.indexation import index_amount
from secal.kernel.reckoning.interest import PrincipalPaid, interest
from secal.kernel.reckoning.keeping import alimony_file_kept_until
from secal.kernel.reckoning.limitation import Interruption, limitation
from secal.kernel.reckoning.means import OwnMeans, assess_means
from secal.kernel.reckoning.retention import refundable, retain
from secal.law import assembly, parameter
from tests.golden.case_files import Case, Outcome, check, golden_cases, rules_with_cases

CREDITORS_HEADS = {Head.TERM_MINUS_ADVANCE, Head.ARREARS_AT_APPLICATION}


def advance_case(facts: Case) -> Outcome:
    month = Month.parse(facts["month"])
    terms = [
        TermToAdvance(str(place), term["creditor"], month, Decimal(term["due"]), Decimal(term["received"]))
        for place, term in enumerate(facts["terms"])
    ]
    result = advances(terms, assembly.advance_parameters(on=month.first_day))
    outcome = {
        "advances": [str(term.advance) for term in result.terms],
        "balances": [str(term.balance) for term in result.terms],
        "total": str(result.total),
    }
    return outcome, [result.explanation]


def contribution_case(facts: Case) -> Outcome:
    parameters = assembly.contribution_parameters(application_received_on=facts["application_received_on"])
    debtor = debtor_contribution(Decimal(facts["principal_due"]), parameters)
    creditor = creditor_contribution(Decimal(facts["recovered"]), parameters)
    outcome = {"debtor": str(debtor.amount), "creditor": str(creditor.amount), "total": str(debtor.total)}
    return outcome, [debtor.explanation, creditor.explanation]


def means_case(facts: Case) -> Outcome:
    parameters = assembly.means_parameters(application_received_on=facts["application_received_on"])
    means = OwnMeans(Decimal(facts["monthly"]), facts["children"], facts["disabled_children"])
    result = assess_means(means, parameters)
    ceiling = None if result.ceiling is None else str(result.ceiling)
    return {"passes": result.passes, "ceiling": ceiling}, [result.explanation]


def application_contents_case(facts: Case) -> Outcome:
    alone = assembly.application_contents(received_on=facts["received_on"], advance=False)
    with_advance = assembly.application_contents(
        received_on=facts["received_on"], advance=True, adult=facts["adult"]
    )
    return {"for_advance": list(with_advance[len(alone) :])}, []


def eligibility_case(facts: Case) -> Outcome:
    result = assess_eligibility(
        applied_on=facts["applied_on"],
        terms=[
            TermHistory(
                term["due_on"].isoformat(), term["due_on"], Decimal(term["due"]), Decimal(term["paid"])
            )
            for term in facts["terms"]
        ],
        creditor_in_belgium=True,
        debtor_in_belgium=True,
        parameters=assembly.eligibility_parameters(application_received_on=facts["applied_on"]),
    )
    outcome = {
        "met": result.met,
        "window": [result.window.first, result.window.last],
        "counted": [term.due_on for term in result.counted],
        "grounds": list(result.grounds),
    }
    return outcome, [result.explanation]


def imputation_case(facts: Case) -> Outcome:
    claims = [
        OpenClaim(
            head,
            Head(head),
            Owner.CREDITOR if Head(head) in CREDITORS_HEADS else Owner.TREASURY,
            facts["paid_on"],
            Decimal(amount),
        )
        for head, amount in facts["open"].items()
    ]
    result = impute(Decimal(facts["paid"]), claims, assembly.imputation_parameters(on=facts["paid_on"]))
    allocated = {part.claim.key: part.amount for part in result.allocations}
    left = {claim.key: claim.open - allocated.get(claim.key, ZERO) for claim in claims}
    outcome = {
        "allocated": {key: str(amount) for key, amount in allocated.items()},
        "left_open": {key: str(amount) for key, amount in left.items() if amount},
        "open_after": str(result.open_after),
        "remainder": str(result.remainder),
        "treasury": str(result.to_owner(Owner.TREASURY)),
        "creditor": str(result.to_owner(Owner.CREDITOR)),
    }
    return outcome, [result.explanation]


def interest_case(facts: Case) -> Outcome:
    starts_on = facts["sent_on"]
    if facts["starts"] != "on_posting":
        working_days = parameter("notification_effect_working_days", on=starts_on, event=facts["starts"])
        starts_on = notification_effect(starts_on, working_days.integer().value)
    principal = Decimal(facts["principal"])
    result = interest(
        principal,
        starts_on=starts_on,
        until=facts["paid_on"],
        parameters=assembly.interest_parameters(starts_on=starts_on),
        paid=[PrincipalPaid(facts["paid_on"], principal)],
    )
    return {"starts_on": starts_on, "amount": str(result.amount)}, [result.explanation]


def indexation_case(facts: Case) -> Outcome:
    first = assembly.consumer_price_index(Month.parse(facts["first_index"]))
    new = assembly.consumer_price_index(Month.parse(facts["new_index"]))
    result = index_amount(Decimal(facts["base_amount"]), first, new)
    return {"amount": str(result.amount)}, [result.explanation]


def dates_case(facts: Case) -> Outcome:
    match facts["kind"]:
        case "reply":
            days = parameter("debtor_reply_days", on=facts["sent_on"]).integer()
            return {"reply_by": debtor_reply_by(facts["sent_on"], days)}, []
        case "decision":
            on = facts["complete_on"]
            days = parameter("decision_days", on=on).integer()
            months = parameter("creditor_appeal_silence_months", on=on).integer()
            dates = decision_dates(on, days, months)
            return {"decide_by": dates.decide_by, "silence_from": dates.silence_appeal.first}, []
        case "letter":
            on = facts["sent_on"]
            days = parameter("notification_effect_working_days", on=on, event="art9_letter").integer()
            letter = letter_dates(on, days, parameter("creditor_appeal_months", on=on).integer())
            return {"effect_on": letter.effect_on, "appeal_until": letter.appeal_until}, []
        case "demand":
            return _demand(facts), []
        case "right":
            months = parameter("advance_period_months", on=facts["from"]).integer()
            return {"last": advance_right_period(facts["from"], months).last}, []
        case "proofs":
            days = parameter("advance_proof_days", on=facts["asked_on"]).integer()
            return {"due_on": delay_in_days(facts["asked_on"], days.value)}, []
    raise AssertionError(facts["kind"])


def _demand(facts: Case) -> dict[str, date]:
    on = facts["sent_on"]
    dates = demand_dates(
        facts["payment_term_ended_on"],
        on,
        days_after_term=parameter("demand_after_payment_term_days", on=on).integer(),
        working_days=parameter("notification_effect_working_days", on=on, event="craf13_demand").integer(),
        waiting_months=parameter("enforcement_after_demand_months", on=on).integer(),
    )
    return {
        "earliest_sending": dates.earliest_sending,
        "effect_on": dates.effect_on,
        "waiting_until": dates.waiting_until,
    }


def limitation_case(facts: Case) -> Outcome:
    on = facts["looked_at_on"]
    working_days = parameter("notification_effect_working_days", on=on, event="craf24_registered_demand")
    result = limitation(
        facts["starts_on"],
        assembly.limitation_parameters(facts["claim"], on=on),
        interruptions=[
            Interruption(notification_effect(deposited, working_days.integer().value), "registered_demand")
            for deposited in facts["demands_deposited_on"]
        ],
    )
    return {"lapses_on": result.lapses_on, "ignored": len(result.ignored)}, [result.explanation]


def cessation_case(facts: Case) -> Outcome:
    first = Month.parse(facts["first"])
    months = [
        MonthPaid(first + place, Decimal(facts["term"]), Decimal(facts["contribution"]), Decimal(paid))
        for place, paid in enumerate(facts["paid"])
    ]
    result = assess_cessation(months, assembly.cessation_parameters(on=months[-1].month.last_day))
    return {"met": result.met, "streak": result.streak}, [result.explanation]


def renunciation_case(facts: Case) -> Outcome:
    unpaid = [
        month.first_day
        for first, last in facts["unpaid"]
        for month in Month.range(Month.of(first), Month.of(last))
    ]
    accepted = due_after_renunciation(unpaid, facts["ended_on"])
    return {"first": accepted[0], "last": accepted[-1], "terms": len(accepted)}, []


def retention_case(facts: Case) -> Outcome:
    parameters = assembly.retention_parameters(
        application_received_on=facts["application_received_on"], creditor_fraud=facts["fraud"]
    )
    left = Decimal(facts["undue"])
    results = []
    for payment in facts["payments"]:
        results.append(retain(Decimal(payment), left, parameters))
        left = results[-1].left
    recovered = total(result.kept for result in results)
    outcome = {
        "kept": [str(result.kept) for result in results],
        "paid_out": [str(result.paid_out) for result in results],
        "left": str(left),
        "refundable": str(refundable(Decimal("500.00"), recovered, ZERO)),
    }
    return outcome, [result.explanation for result in results]


def file_keeping_case(facts: Case) -> Outcome:
    parameters = assembly.file_keeping_parameters(on=facts["closed_on"])
    return {"kept_until": alimony_file_kept_until(closed_on=facts["closed_on"], parameters=parameters)}, []


RULES: dict[str, Callable[[Case], Outcome]] = {
    "advance": advance_case,
    "application_contents": application_contents_case,
    "cessation": cessation_case,
    "contribution": contribution_case,
    "dates": dates_case,
    "eligibility": eligibility_case,
    "file_keeping": file_keeping_case,
    "imputation": imputation_case,
    "indexation": indexation_case,
    "interest": interest_case,
    "limitation": limitation_case,
    "means": means_case,
    "renunciation": renunciation_case,
    "retention": retention_case,
}


@pytest.mark.parametrize(("rule", "case"), list(golden_cases(onss=False)))
def test_golden_case_comes_out_to_the_cent_and_explains_itself(rule: str, case: Case) -> None:
    check(RULES[rule], case)


def test_every_rule_has_a_file_of_cases() -> None:
    assert rules_with_cases(onss=False) == set(RULES)
