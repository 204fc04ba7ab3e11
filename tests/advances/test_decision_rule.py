"""What the law says of an application: one case a rule, at the edge where it turns."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from secal.advances import wording
from secal.advances.rules.decision import (
    COLLECTED,
    GRANTED,
    REFUSED,
    ChildFacts,
    DecisionFacts,
    DecisionProposal,
    decide_on_advances,
    rights_when_granted,
)
from secal.advances.selectors.decisions import decision_parameters
from secal.kernel.explanation import Explanation
from secal.kernel.reckoning import wording as kernel_wording
from secal.kernel.reckoning.eligibility import TermHistory

ON = date(2026, 11, 20)
RECEIVED = date(2026, 10, 5)


def term(month: int, *, year: int = 2026, paid: str = "0.00", due: str = "200.00") -> TermHistory:
    return TermHistory(f"{month}/{year}", date(year, month, 1), Decimal(due), Decimal(paid))


def a_child(**changes: object) -> ChildFacts:
    minor = ChildFacts(key="1", born_on=date(2015, 3, 1), term_due=Decimal("200.00"))
    return replace(minor, **changes)  # type: ignore[arg-type]


def an_application(**changes: object) -> DecisionFacts:
    whole = DecisionFacts(
        on=ON,
        received_on=RECEIVED,
        complete_on=date(2026, 10, 30),
        asks_advances=True,
        creditor_in_belgium=True,
        terms=(term(8), term(9)),
        children=(a_child(),),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def proposed(facts: DecisionFacts) -> DecisionProposal:
    return decide_on_advances(facts, decision_parameters(facts.received_on, on=facts.on))


def test_two_defaulted_terms_and_a_minor_give_advances_up_to_the_cap() -> None:
    proposal = proposed(an_application())
    assert (proposal.outcome, proposal.grounds, proposal.monthly) == (GRANTED, (), Decimal("175.00"))
    assert [counted.key for counted in proposal.counted] == ["8/2026", "9/2026"]


@pytest.mark.parametrize(
    ("due", "received", "advance"),
    [
        ("150.00", "0.00", "150.00"),
        ("175.00", "0.00", "175.00"),
        ("175.01", "0.00", "175.00"),
        ("150.00", "60.00", "90.00"),
        ("200.00", "100.00", "75.00"),
        ("200.00", "175.00", "0.00"),
        ("200.00", "180.00", "0.00"),
        ("200.00", "200.00", "0.00"),
    ],
)
def test_the_advance_is_the_term_within_the_cap_less_what_was_received(
    due: str, received: str, advance: str
) -> None:
    child = a_child(term_due=Decimal(due), received=Decimal(received))
    assert proposed(an_application(children=(child,))).children[0].advance.advance == Decimal(advance)


def test_each_child_has_its_own_cap() -> None:
    children = (a_child(key="1"), a_child(key="2", term_due=Decimal("120.00")))
    assert proposed(an_application(children=children)).monthly == Decimal("295.00")


@pytest.mark.parametrize(
    ("terms", "outcome"),
    [
        ((term(9),), REFUSED),
        ((term(8), term(9, paid="199.99")), GRANTED),
        ((term(8), term(9, paid="200.00")), REFUSED),
        ((term(1), term(9)), GRANTED),
        ((term(9), TermHistory("edge", date(2025, 10, 5), Decimal(200))), GRANTED),
        ((term(9), TermHistory("too old", date(2025, 10, 4), Decimal(200))), REFUSED),
        ((term(9), TermHistory("day of the application", RECEIVED, Decimal(200))), REFUSED),
    ],
    ids=["one", "a cent short", "paid", "apart", "first day of the window", "day before it", "too late"],
)
def test_two_terms_in_the_twelve_months_before_the_application(
    terms: tuple[TermHistory, ...], outcome: str
) -> None:
    assert proposed(an_application(terms=terms)).outcome == outcome


def test_a_creditor_abroad_is_refused() -> None:
    proposal = proposed(an_application(creditor_in_belgium=False))
    assert (proposal.outcome, proposal.grounds) == (REFUSED, ("eligibility.creditor_abroad",))


def test_an_incomplete_application_is_refused_with_its_ground() -> None:
    proposal = proposed(an_application(missing=("service_papers",)))
    assert (proposal.outcome, proposal.grounds) == (REFUSED, ("decision.incomplete",))


def test_without_asking_advances_the_service_only_collects() -> None:
    proposal = proposed(an_application(asks_advances=False))
    assert (proposal.outcome, proposal.monthly) == (COLLECTED, Decimal("0.00"))


@pytest.mark.obligation("12/057 §9")
def test_means_are_no_ground_since_june_2020() -> None:
    facts = an_application(received_on=date(2020, 6, 1), terms=(term(3, year=2020), term(4, year=2020)))
    assert proposed(replace(facts, own_means=Decimal("5000.00"))).outcome == GRANTED
    assert proposed(replace(facts, own_means=None)).outcome == GRANTED


@pytest.mark.obligation("12/057 §9")
@pytest.mark.parametrize(
    ("means", "outcome", "grounds"),
    [
        ("2004.00", GRANTED, ()),
        ("2004.01", COLLECTED, ("means.above",)),
        (None, COLLECTED, ("decision.means_unknown",)),
    ],
)
def test_an_older_application_keeps_the_ceiling_of_its_day(
    means: str | None, outcome: str, grounds: tuple[str, ...]
) -> None:
    facts = an_application(
        received_on=date(2018, 5, 10),
        terms=(term(3, year=2018), term(4, year=2018)),
        children=(a_child(key="1"), a_child(key="2")),
        disabled_children=1,
        own_means=None if means is None else Decimal(means),
    )
    proposal = proposed(facts)
    assert (proposal.outcome, proposal.grounds) == (outcome, grounds)


ADULT = date(2007, 5, 2)


@pytest.mark.parametrize(
    ("allowances", "studies", "grounds"),
    [
        (True, True, ()),
        (False, True, ("advance_right.family_allowances",)),
        (True, False, ("advance_right.studies",)),
        (False, False, ("advance_right.family_allowances", "advance_right.studies")),
    ],
)
def test_an_adult_child_proves_allowances_and_studies(
    allowances: bool, studies: bool, grounds: tuple[str, ...]
) -> None:
    child = a_child(born_on=ADULT, family_allowances_proved=allowances, studies_proved=studies)
    proposal = proposed(an_application(children=(child,)))
    assert proposal.children[0].grounds == grounds
    assert proposal.outcome == (COLLECTED if grounds else GRANTED)
    assert proposal.grounds == (("decision.no_child", *grounds) if grounds else ())


def test_one_child_without_a_right_does_not_deprive_the_other() -> None:
    children = (a_child(key="1"), a_child(key="2", born_on=ADULT))
    proposal = proposed(an_application(children=children))
    assert (proposal.outcome, proposal.monthly) == (GRANTED, Decimal("175.00"))
    assert [child.key for child in rights_when_granted(proposal)] == ["1"]


def test_advances_are_given_for_six_months_from_the_month_of_the_decision() -> None:
    period = proposed(an_application()).children[0].period
    assert period is not None
    assert (period.first, period.last) == (date(2026, 11, 1), date(2027, 4, 30))


def test_a_minor_who_comes_of_age_has_a_right_until_the_day_before() -> None:
    child = proposed(an_application(children=(a_child(born_on=date(2009, 2, 14)),))).children[0]
    assert child.period is not None
    assert (child.period.last, child.ends_at_majority) == (date(2027, 2, 13), True)


@pytest.mark.parametrize(
    ("on", "effect", "appeal"),
    [
        (date(2021, 5, 4), date(2021, 5, 7), date(2021, 6, 7)),
        (date(2022, 11, 9), date(2022, 11, 15), date(2022, 12, 15)),
    ],
)
def test_the_decision_takes_effect_on_the_third_working_day_and_opens_a_month(
    on: date, effect: date, appeal: date
) -> None:
    letter = proposed(an_application(on=on, received_on=date(2021, 4, 1))).letter
    assert (letter.effect_on, letter.appeal_until) == (effect, appeal)


def test_the_office_decides_within_thirty_days_and_silence_opens_an_appeal() -> None:
    dates = proposed(an_application(complete_on=date(2021, 6, 1), on=date(2021, 6, 10))).dates
    assert (dates.decide_by, dates.silence_appeal.first) == (date(2021, 7, 1), date(2021, 7, 2))


def test_the_explanation_survives_being_stored_and_names_every_step_in_words() -> None:
    tree = proposed(an_application(children=(a_child(), a_child(key="2", born_on=ADULT)))).explanation
    assert Explanation.from_json(tree.to_json()) == tree
    steps = {**kernel_wording.STEPS, **wording.STEPS}
    remarks = {**kernel_wording.REMARKS, **wording.REMARKS}
    facts = {**kernel_wording.FACTS, **wording.FACTS}
    for _depth, node in tree.walk():
        assert node.code in steps
        assert node.text is None or node.text in remarks
        assert set(node.inputs) <= set(facts), node.code
    assert {"art. 4 §2", "art. 6", "art. 9 §2-3", "art. 10/2"} <= {node.source for _d, node in tree.walk()}


def test_what_the_texts_leave_open_is_marked_in_the_explanation() -> None:
    assert {given.name for given in proposed(an_application()).explanation.assumptions()} == {
        "advance_first_month"
    }


def test_the_explanation_names_nobody() -> None:
    assert "Noor" not in proposed(an_application()).explanation.to_json()
