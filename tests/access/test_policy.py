"""The policy: what is not expressly permitted is refused, whoever asks and whatever the facts."""

import ast
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.access import policy
from secal.access.actors import Actor, NoActor, current_actor, service_actor, set_actor
from secal.access.errors import Refused
from secal.access.policy import (
    ACTS,
    CASEWORK,
    NO_FACTS,
    PERMIT,
    SENSITIVE_ACTS,
    SERVICE_ACTS,
    Facts,
    decide,
    may,
    require,
)
from secal.access.policy import acts as acts_module
from secal.access.policy import asking as asking_module
from secal.access.policy import decision as decision_module
from secal.access.roles import PLANE_OF_ROLE, Mission, Role
from tests.access.branches import untaken

ME, SOMEBODY, ANOTHER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
FILE, PERSON = uuid.uuid4(), uuid.uuid4()
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
EVERY = frozenset(Mission)
CHARGES_TESTED: list[frozenset[Mission]] = [
    frozenset(), *(frozenset({mission}) for mission in Mission), EVERY - {Mission.ADVANCES}, EVERY
]  # fmt: skip
LINE = re.compile(r"(?P<act>[a-z_]+[.:][a-z_.]+): (?P<cells>.+)")
CELL = re.compile(r"(?P<role>[a-z_]+)(\[(?P<missions>[a-z,]+)\])?")


def person(*roles: Role, missions: frozenset[Mission] = EVERY, committed: bool = True) -> Actor:
    return Actor(
        id=ME,
        name="Luc",
        plane=PLANE_OF_ROLE[roles[0]] if roles else None,
        roles=frozenset(roles),
        section="Bruxelles",
        missions=missions,
        committed=committed,
    )


def _table() -> Iterator[tuple[str, str]]:
    text = Path(__file__).with_name("policy_table.txt").read_text()
    for line in text.splitlines():
        if line and not line.startswith("#"):
            read = LINE.fullmatch(line)
            assert read, line
            yield read["act"], read["cells"]


def _by_role(cells: str) -> dict[Role, frozenset[Mission] | None]:
    """Each role of a line with the missions of which one must be its holder's; None: no charge is asked."""
    found: dict[Role, frozenset[Mission] | None] = {}
    for cell in cells.split():
        read = CELL.fullmatch(cell)
        assert read, cell
        missions = read["missions"]
        found[Role(read["role"])] = frozenset(map(Mission, missions.split(","))) if missions else None
    return found


LINES = dict(_table())
WITH_THE_CARD = frozenset(LINES.pop("card.fresh").split())
SERVICES = {name: frozenset(cells.split()) for name, cells in LINES.items() if name.startswith("service:")}
TABLE = {act: _by_role(cells) for act, cells in LINES.items() if act not in SERVICES}


def test_the_table_names_every_act_and_every_service() -> None:
    assert set(TABLE) == set(ACTS)
    assert dict(SERVICE_ACTS) == SERVICES


@pytest.mark.obligation("12/057 §7")
def test_every_role_with_every_charge_may_do_what_the_table_says_and_nothing_else() -> None:
    wrong = []
    for act, role, missions in product(ACTS, Role, CHARGES_TESTED):
        needed = TABLE[act].get(role, frozenset())
        expected = needed is None or bool(needed & missions)
        decision = decide(person(role, missions=missions), act)
        reason = "" if expected else "not_charged" if role in TABLE[act] else "role_missing"
        if (decision.permitted, decision.reason) != (expected, reason):
            wrong.append((act, role, sorted(missions), decision.reason))
    assert wrong == []


@given(act=st.text(max_size=30), roles=st.sets(st.sampled_from(list(Role))))
def test_an_act_outside_the_table_is_refused_to_everyone(act: str, roles: set[Role]) -> None:
    if act not in ACTS:
        decision = decide(person(*roles), act)
        assert (decision.permitted, decision.reason, decision.hidden) == (False, "no_such_act", False)


@given(act=st.sampled_from(sorted(ACTS)))
def test_a_person_without_a_role_may_do_nothing(act: str) -> None:
    assert decide(person(), act).reason == "role_missing"


@given(act=st.sampled_from(sorted(ACTS)), roles=st.sets(st.sampled_from(list(Role)), min_size=1))
def test_roles_together_give_what_each_gives_alone(act: str, roles: set[Role]) -> None:
    alone = any(decide(person(role), act).permitted for role in roles)
    assert decide(person(*roles), act).permitted == alone


@pytest.mark.obligation("12/057 §7")
def test_a_charge_held_for_one_role_never_serves_another() -> None:
    """A case officer charged with arrears only, who is a clerk too: the money of alimony stays closed."""
    both = person(Role.CASE_OFFICER, Role.ARREARS_CLERK, missions=frozenset({Mission.ARREARS}))
    assert decide(both, "receipt.match").permitted
    assert decide(both, "file.open").reason == "not_charged"


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
def test_without_the_commitments_in_force_nobody_does_more_than_read_and_give_them() -> None:
    for act, role in product(ACTS, Role):
        decision = decide(person(role, committed=False), act)
        if act in ("commitment.view", "commitment.give"):
            assert decision.permitted == (role in TABLE[act])
        else:
            assert (decision.reason, decision.hidden) == ("commitment_missing", False)
    assert decide(person(Role.CASE_OFFICER, committed=False), "nothing").reason == "no_such_act"


FACTS = st.builds(
    Facts,
    file=st.sampled_from([None, FILE]),
    subject=st.sampled_from([None, PERSON]),
    assigned_to=st.sampled_from([None, ME, SOMEBODY]),
    needs_assignment=st.booleans(),
    registered_by_actor=st.booleans(),
    actor_is_party=st.booleans(),
    actor_recused=st.booleans(),
    protected=st.booleans(),
    approved_by=st.frozensets(st.sampled_from([ME, SOMEBODY, ANOTHER])),
    prepared_by=st.sampled_from([None, ME, SOMEBODY]),
    emergency_until=st.sampled_from([None, NOW - timedelta(minutes=1), NOW, LATER]),
    at=st.sampled_from([None, NOW, LATER]),
)


@pytest.mark.obligation("12/057 §22", "forbidden 2", "forbidden 7")
@given(act=st.sampled_from(sorted(ACTS)), role=st.sampled_from(list(Role)), facts=FACTS)
def test_facts_only_ever_take_away(act: str, role: Role, facts: Facts) -> None:
    decision = decide(person(role), act, facts)
    if decision.permitted:
        assert role in TABLE[act]
        assert not facts.registered_by_actor
        assert not facts.actor_is_party
        assert not facts.actor_recused
        emergency = facts.at and facts.emergency_until and facts.at < facts.emergency_until
        assert not facts.needs_assignment or facts.assigned_to == ME or emergency
        assert not facts.protected or facts.approved_by >= {SOMEBODY, ANOTHER}
        assert facts.prepared_by != ME
    else:
        assert decision.reason
        assert str(decision.message)
        assert str(decision.who_may)


def emergency(**facts: Any) -> Facts:
    return Facts(**{"needs_assignment": True, "emergency_until": LATER, "at": NOW, **facts})


@pytest.mark.parametrize(
    ("facts", "reason", "hidden"),
    [
        (
            Facts(registered_by_actor=True, actor_is_party=True, needs_assignment=True, assigned_to=ME),
            "registered_by_actor",
            False,
        ),
        (Facts(actor_is_party=True, needs_assignment=True), "actor_is_party", False),
        (Facts(needs_assignment=True, assigned_to=SOMEBODY, actor_recused=True), "not_assigned", True),
        (Facts(needs_assignment=True, assigned_to=None), "not_assigned", True),
        (Facts(actor_recused=True, protected=True), "actor_recused", False),
        (Facts(protected=True, prepared_by=ME), "protected_person", False),
        (Facts(protected=True, approved_by=frozenset({SOMEBODY})), "protected_person", False),
        (Facts(protected=True, approved_by=frozenset({ME, SOMEBODY})), "protected_person", False),
        (Facts(prepared_by=ME), "same_person", False),
        (emergency(registered_by_actor=True), "registered_by_actor", False),
        (emergency(actor_is_party=True), "actor_is_party", False),
        (emergency(actor_recused=True), "actor_recused", False),
        (emergency(protected=True), "protected_person", False),
        (emergency(prepared_by=ME), "same_person", False),
        (emergency(at=LATER), "not_assigned", True),
        (emergency(at=None), "not_assigned", True),
        (emergency(emergency_until=None), "not_assigned", True),
    ],
)
def test_each_refusal_says_why_and_who_could(facts: Facts, reason: str, hidden: bool) -> None:
    decision = decide(person(Role.CASE_OFFICER), "file.open", facts)
    assert (decision.permitted, decision.reason, decision.hidden) == (False, reason, hidden)
    assert str(decision.who_may)


@pytest.mark.parametrize(
    "facts",
    [
        NO_FACTS,
        Facts(needs_assignment=True, assigned_to=ME),
        Facts(assigned_to=SOMEBODY),
        Facts(approved_by=frozenset({SOMEBODY})),
        Facts(protected=True, approved_by=frozenset({SOMEBODY, ANOTHER})),
        Facts(prepared_by=SOMEBODY),
        emergency(),
        emergency(assigned_to=SOMEBODY),
    ],
)
def test_what_speaks_against_nothing_is_permitted(facts: Facts) -> None:
    assert decide(person(Role.CASE_OFFICER), "file.open", facts) == PERMIT
    assert (PERMIT.permitted, PERMIT.hidden) == (True, False)
    assert (PERMIT.reason, PERMIT.message, PERMIT.who_may) == ("", "", "")


@pytest.mark.obligation("12/057 §21", "12/057 §22")
def test_an_emergency_gives_nothing_to_whom_the_table_gives_nothing() -> None:
    for role in set(Role) - CASEWORK:
        assert decide(person(role), "file.open", emergency()).reason == "role_missing"
    assert decide(person(Role.CASE_OFFICER, missions=frozenset()), "file.open", emergency()).reason == (
        "not_charged"
    )


def test_a_refusal_for_want_of_a_role_names_the_roles_that_have_the_act() -> None:
    decision = decide(person(Role.REGISTRAR), "file.open")
    assert str(decision.who_may) == "Gestionnaire de dossiers, Second signataire."
    assert not decision.hidden


def test_every_refusal_has_words_of_its_own() -> None:
    told = {
        str(value.message): value.reason
        for value in vars(decision_module).values()
        if isinstance(value, policy.Decision) and not value.permitted
    }
    assert len(told) >= 9
    assert len(set(told.values())) == len(told)


def test_a_service_does_its_own_job_and_nothing_else() -> None:
    every = {*ACTS, *set().union(*SERVICES.values()), "nothing"}
    for service, act in product(SERVICES, sorted(every)):
        decision = decide(service_actor(service.removeprefix("service:")), act)
        expected = act in SERVICES[service]
        assert (decision.permitted, decision.reason) == (
            expected,
            "" if expected else "service_has_other_job",
        )
        assert not decision.hidden


def test_a_service_that_nobody_named_does_nothing() -> None:
    assert decide(service_actor("cleaner"), "file.open").reason == "service_has_other_job"


def test_require_gives_the_actor_or_raises_what_the_log_needs() -> None:
    luc = person(Role.CASE_OFFICER)
    with set_actor(luc, request="test"):
        assert require("file.open") is luc
        assert may("file.open") is True
        assert may("run.approve") is False
        assert may("file.open", Facts(prepared_by=ME)) is False
        with pytest.raises(Refused) as refusal:
            require(
                "file.open", Facts(file=FILE, subject=PERSON, needs_assignment=True, assigned_to=SOMEBODY)
            )
        with pytest.raises(Refused) as shown:
            require("file.open", Facts(prepared_by=ME))
    raised, expected = refusal.value, decision_module.NOT_ASSIGNED
    assert (raised.act, raised.reason, raised.message) == ("file.open", "not_assigned", expected.message)
    assert (raised.file, raised.subject, raised.hidden) == (FILE, PERSON, True)
    assert raised.who_may == expected.who_may
    assert (shown.value.reason, shown.value.hidden) == ("same_person", False)


def test_outside_a_unit_of_work_nobody_acts() -> None:
    with pytest.raises(NoActor):
        require("office.home")
    with pytest.raises(NoActor):
        may("office.home")
    with pytest.raises(NoActor):
        current_actor()


def test_what_is_decided_and_known_cannot_be_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        PERMIT.permitted = False  # type: ignore[misc]
    with pytest.raises(AttributeError):
        NO_FACTS.file = FILE  # type: ignore[misc]
    assert not hasattr(PERMIT, "__dict__")
    assert not hasattr(NO_FACTS, "__dict__")


def test_the_policy_reads_nothing_by_itself() -> None:
    """No table, no clock, no settings: of Django only words that wait for a reader's language."""
    allowed = {"django.utils.functional", "django.utils.translation", "datetime", "uuid", "dataclasses"}
    for module in (acts_module, decision_module, asking_module):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.module in allowed | {"collections.abc"} or str(node.module).startswith(
                    "secal.access."
                ), node.module
            if isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= allowed
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"objects", "now", "today", "utcnow"}


def test_every_branch_of_the_policy_is_taken() -> None:
    modules = [acts_module, decision_module, asking_module]
    assert untaken(modules, _ask_everything) == []


def test_a_branch_that_is_never_taken_is_noticed() -> None:
    missed = untaken([decision_module], lambda: None)
    assert any("_decide_on_object: 0 of 2 branches" in line for line in missed)
    once = untaken([decision_module], lambda: _ask(person()))
    assert any("decide: 1 of 2 branches" in line for line in once)


def _ask(actor: Actor) -> None:
    decide(actor, "file.open")


def _ask_everything() -> None:
    """Every kind of actor, and each fact that refuses."""
    luc = person(Role.CASE_OFFICER)
    uncharged = person(Role.CASE_OFFICER, missions=frozenset())
    new = person(Role.CASE_OFFICER, committed=False)
    for actor in (luc, uncharged, new, person(), service_actor("bank"), service_actor("cleaner")):
        for act in ("file.open", "office.home", "commitment.view", "report.collect", "nothing"):
            decide(actor, act)
    decide(person(Role.REGISTRAR), "application.register")
    for facts in (
        Facts(registered_by_actor=True),
        Facts(actor_is_party=True),
        Facts(needs_assignment=True, assigned_to=ME),
        emergency(),
        emergency(at=None),
        emergency(at=LATER),
        emergency(emergency_until=None),
        Facts(actor_recused=True),
        Facts(protected=True),
        Facts(protected=True, approved_by=frozenset({SOMEBODY, ANOTHER})),
        Facts(prepared_by=ME),
        Facts(prepared_by=SOMEBODY),
    ):
        decide(luc, "file.open", facts)
    with set_actor(luc, request="test"):
        may("file.open")
        require("file.open")
        with pytest.raises(Refused):
            require("run.approve")


def test_what_takes_a_second_person_a_title_or_a_right_needs_the_card_afresh() -> None:
    """Written out once more: an act leaves this list with two changes, and somebody reads them."""
    assert {
        "chamber.release",
        "emergency.ask",
        "emergency.decide",
        "erasure.approve",
        "irrecoverable.approve",
        "roll.sign",
        "run.approve",
        "user.appoint",
        "user.grant",
        "user.register",
        "user.suspend",
    } == SENSITIVE_ACTS
