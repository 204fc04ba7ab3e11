"""An explanation is stored and read back without losing anything."""

from __future__ import annotations

import json
import pickle
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.explanation import Explanation, ExplanationError, Given, Inputs
from secal.kernel.periods import Month

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.dates(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.builds(Month, st.integers(1, 9999), st.integers(1, 12)),
    st.lists(st.text(), max_size=3).map(tuple),
)
parameters = st.builds(
    Given, st.text(min_size=1), scalars, st.one_of(st.none(), st.dates()), st.text(), st.booleans()
)
trees = st.recursive(
    st.builds(
        Explanation,
        code=st.text(min_size=1),
        amount=st.one_of(st.none(), st.decimals(allow_nan=False, allow_infinity=False, places=2)),
        value=scalars,
        text=st.one_of(st.none(), st.text()),
        source=st.text(),
        inputs=st.dictionaries(st.text(), scalars, max_size=4).map(Inputs),
        parameters=st.lists(parameters, max_size=2).map(tuple),
    ),
    lambda children: st.builds(
        Explanation, code=st.text(min_size=1), children=st.lists(children, max_size=3).map(tuple)
    ),
    max_leaves=6,
)


@given(trees)
def test_what_is_stored_is_read_back_and_always_stored_alike(tree: Explanation) -> None:
    stored = tree.to_json()

    assert Explanation.from_json(stored) == tree
    assert Explanation.from_json(stored).to_json() == stored
    assert list(Explanation.from_json(stored).inputs) == list(tree.inputs)


@given(trees)
def test_a_store_that_reorders_keys_loses_nothing(tree: Explanation) -> None:
    reordered = json.loads(json.dumps(tree.to_dict(), sort_keys=True))

    assert Explanation.from_dict(reordered).to_json() == tree.to_json()


def _tree() -> Explanation:
    cap = Given("cap", Decimal("175.00"), date(2005, 10, 1), "art. 4 §2")
    choice = Given("inside_rank", "oldest_first", assumed=True)
    return Explanation(
        "whole",
        parameters=(cap,),
        children=(Explanation("first", parameters=(cap, choice)), Explanation("second")),
    )


def test_walking_visits_every_step_with_its_depth() -> None:
    assert [(depth, step.code) for depth, step in _tree().walk()] == [
        (0, "whole"),
        (1, "first"),
        (1, "second"),
    ]


def test_each_legal_value_is_listed_once_and_assumptions_apart() -> None:
    assert [given.name for given in _tree().parameters_used()] == ["cap", "inside_rank"]
    assert [given.name for given in _tree().assumptions()] == ["inside_rank"]


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"schema": 2, "code": "x"},
        {"schema": 1},
        {"schema": 1, "code": "x", "colour": "red"},
        {"schema": 1, "code": "x", "value": {"float": "1.5"}},
        {"schema": 1, "code": "x", "value": 1.5},
        {"schema": 1, "code": "x", "children": "none"},
    ],
)
def test_what_cannot_be_understood_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(ExplanationError):
        Explanation.from_dict(stored)


def test_inputs_do_not_depend_on_order_to_be_equal_and_can_be_pickled() -> None:
    one, other = Inputs({"a": 1, "b": 2}), Inputs({"b": 2, "a": 1})

    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
    assert repr(one) == "Inputs({'a': 1, 'b': 2})"
