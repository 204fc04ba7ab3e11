"""The policy table: what is not expressly permitted is refused, whoever asks and whatever the facts."""

import sys
import uuid
from itertools import product
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.access import policy
from secal.access.actors import Actor, NoActor, current_actor, service_actor, set_actor
from secal.access.errors import Refused
from secal.access.policy import ACTS, CASEWORK, SERVICE_ACTS, Decision, Facts, decide, may, require
from secal.access.roles import PLANE_OF_ROLE, Role

ME, SOMEBODY = uuid.uuid4(), uuid.uuid4()
FILE, PERSON = uuid.uuid4(), uuid.uuid4()


def person(*roles: Role, identifier: uuid.UUID = ME) -> Actor:
    plane = PLANE_OF_ROLE[roles[0]] if roles else None
    return Actor(id=identifier, name="Luc", plane=plane, roles=frozenset(roles), section="Bruxelles")


@pytest.mark.parametrize(("act", "role"), list(product(ACTS, Role)), ids=str)
def test_a_role_may_do_what_the_table_says_and_nothing_else(act: str, role: Role) -> None:
    assert decide(person(role), act).permitted == (role in ACTS[act])


@given(act=st.text(max_size=30), roles=st.sets(st.sampled_from(list(Role))))
def test_an_act_outside_the_table_is_refused_to_everyone(act: str, roles: set[Role]) -> None:
    if act not in ACTS:
        assert not decide(person(*roles), act).permitted


@given(act=st.sampled_from(sorted(ACTS)))
def test_a_person_without_a_role_may_do_nothing(act: str) -> None:
    assert decide(person(), act).reason == "role_missing"


FACTS = st.builds(
    Facts,
    file=st.sampled_from([None, FILE]),
    subject=st.sampled_from([None, PERSON]),
    assigned_to=st.sampled_from([None, ME, SOMEBODY]),
    needs_assignment=st.booleans(),
    registered_by_actor=st.booleans(),
    actor_is_party=st.booleans(),
    prepared_by=st.sampled_from([None, ME, SOMEBODY]),
)


@given(act=st.sampled_from(sorted(ACTS)), role=st.sampled_from(list(Role)), facts=FACTS)
def test_facts_only_ever_take_away(act: str, role: Role, facts: Facts) -> None:
    decision = decide(person(role), act, facts)
    if decision.permitted:
        assert role in ACTS[act]
        assert not facts.registered_by_actor
        assert not facts.actor_is_party
        assert not facts.needs_assignment or facts.assigned_to == ME
        assert facts.prepared_by != ME
    else:
        assert decision.reason
        assert str(decision.message)


@pytest.mark.parametrize(
    ("facts", "reason", "hidden"),
    [
        (
            Facts(registered_by_actor=True, needs_assignment=True, assigned_to=ME),
            "registered_by_actor",
            False,
        ),
        (Facts(actor_is_party=True), "actor_is_party", False),
        (Facts(needs_assignment=True, assigned_to=SOMEBODY), "not_assigned", True),
        (Facts(needs_assignment=True, assigned_to=None), "not_assigned", True),
        (Facts(prepared_by=ME), "same_person", False),
    ],
)
def test_each_refusal_says_why_and_who_could(facts: Facts, reason: str, hidden: bool) -> None:
    decision = decide(person(Role.CASE_OFFICER), "file.open", facts)
    assert (decision.permitted, decision.reason, decision.hidden) == (False, reason, hidden)
    assert str(decision.who_may)


def test_who_did_not_prepare_may_approve() -> None:
    assert decide(person(Role.APPROVER), "run.approve", Facts(prepared_by=SOMEBODY)).permitted


@pytest.mark.parametrize(
    ("service", "act"), list(product(SERVICE_ACTS, sorted({*ACTS, *set().union(*SERVICE_ACTS.values())})))
)
def test_a_service_does_its_own_job_and_nothing_else(service: str, act: str) -> None:
    decision: Decision = decide(service_actor(service.removeprefix("service:")), act)
    assert decision.permitted == (act in SERVICE_ACTS[service])


def test_a_service_that_nobody_named_does_nothing() -> None:
    assert decide(service_actor("cleaner"), "file.open").reason == "service_has_other_job"


@pytest.mark.parametrize("role", [role for role in Role if role not in CASEWORK])
def test_whoever_is_not_in_casework_opens_no_file(role: Role) -> None:
    for act in (
        "file.open",
        "file.list",
        "worklist.view",
        "advance.decide",
        "solvency.review",
    ):
        assert not decide(person(role), act).permitted


def test_require_gives_the_actor_or_raises_what_the_log_needs() -> None:
    luc = person(Role.CASE_OFFICER)
    with set_actor(luc, request="test"):
        assert require("file.open") is luc
        assert may("file.open")
        assert not may("run.approve")
        with pytest.raises(Refused) as refusal:
            require(
                "file.open", Facts(file=FILE, subject=PERSON, needs_assignment=True, assigned_to=SOMEBODY)
            )
    assert (refusal.value.act, refusal.value.reason) == ("file.open", "not_assigned")
    assert (refusal.value.file, refusal.value.subject, refusal.value.hidden) == (FILE, PERSON, True)


def test_outside_a_unit_of_work_nobody_acts() -> None:
    with pytest.raises(NoActor):
        require("office.home")
    with pytest.raises(NoActor):
        current_actor()


def test_no_line_of_the_decision_stays_unvisited() -> None:
    """Each branch of the policy ends in a line of its own: all lines visited means all branches taken."""
    visited: set[int] = set()
    codes = [function.__code__ for function in (decide, policy._decide_on_object, may, require)]

    def visit(frame: FrameType, event: str, argument: Any) -> Any:
        if frame.f_code in codes:
            visited.add(frame.f_lineno)
        return visit

    before = sys.gettrace()
    sys.settrace(visit)
    try:
        _ask_everything()
    finally:
        sys.settrace(before)
    lines = {line for code in codes for _start, _end, line in code.co_lines() if line is not None}
    assert lines - visited == set()


def _ask_everything() -> None:
    """Every kind of actor, and each fact that refuses."""
    luc = person(Role.CASE_OFFICER)
    for actor in (luc, person(), service_actor("bank"), service_actor("cleaner")):
        for act in ("file.open", "report.collect", "nothing"):
            decide(actor, act)
    for facts in (
        Facts(registered_by_actor=True),
        Facts(actor_is_party=True),
        Facts(needs_assignment=True, assigned_to=SOMEBODY),
        Facts(prepared_by=ME),
        Facts(prepared_by=SOMEBODY),
    ):
        decide(luc, "file.open", facts)
    with set_actor(luc, request="test"):
        may("file.open")
        require("file.open")
        with pytest.raises(Refused):
            require("run.approve")
