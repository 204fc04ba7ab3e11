"""`manage.py prove` and `manage.py bench`: their frame, and the short forms of their checks."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from secal.access import seats
from secal.config.benching.benches import BENCHES
from secal.config.benching.measuring import FEWEST, interleaved
from secal.config.benching.ratio import Bench, Claim, Measured
from secal.config.benching.restricted_list import PAGE, SMALL, Reading
from secal.config.management.commands import bench, prove
from secal.config.proving import pooling, races, scratch
from secal.config.proving.by_tests import run_tests
from secal.config.proving.checks import CHECKS
from secal.config.proving.contests import pairs
from secal.config.proving.outcome import Check, Order, Tally, owes
from secal.config.proving.pooler import find_program
from secal.config.proving.running import hold
from secal.config.proving.scratch import Scratch
from secal.config.services import roles
from secal.config.trouble import ExitCode, Trouble
from tests.conftest import clone_template, drop_database, working_as

ROOT = Path(__file__).resolve().parents[2]
SEED = 7
SHAPE = ["check", "tried", "failed", "target", "seconds", "seed", "ok"]


def chance(what: str = "the tests") -> Random:
    return Order(target=1, quick=True, seed=SEED).chance(what)


def tries(many: int, *, failing: int = 0) -> Check:
    def run(order: Order, tally: Tally) -> None:
        for number in range(many):
            tally.count(number >= failing, "made to fail")

    return Check(run, owes(quick=3, full=10))


def breaking(order: Order, tally: Tally) -> None:
    tally.count(True)
    raise LookupError("no such thing")


ENTER_SERVICE = seats.at_work_as_service
"""As the program has it: other tests replace it."""


@pytest.fixture
def office_database(
    django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A database exactly as an office has it; Django works in it as the worker."""
    monkeypatch.setattr(seats, "DOOR", "door")
    monkeypatch.setattr(seats, "at_work_as_service", ENTER_SERVICE)
    name = clone_template(lenient=False)
    try:
        with django_db_blocker.unblock(), working_as("WORKER_DATABASE_URL", database=name):
            yield name
    finally:
        drop_database(name)


def run_prove(
    checks: dict[str, Check],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *options: str,
) -> tuple[int, str]:
    """Exit code and what was printed."""
    monkeypatch.setattr(prove, "CHECKS", checks)
    code = 0
    try:
        call_command("prove", *options)
    except SystemExit as end:
        code = int(str(end.code))
    return code, capsys.readouterr().out


def test_a_check_with_enough_tries_and_no_failure_holds() -> None:
    outcome = hold("enough", tries(10), quick=False, seed=SEED)
    assert (outcome.ok, outcome.tried, outcome.failed, outcome.target) == (True, 10, 0, 10)


def test_too_few_tries_are_a_failure() -> None:
    assert not hold("too few", tries(9), quick=False, seed=SEED).ok
    assert hold("short form", tries(9), quick=True, seed=SEED).ok


def test_a_check_that_owes_nothing_does_not_hold() -> None:
    assert not hold("nothing", Check(lambda order, tally: None, owes(quick=0, full=0)), quick=True, seed=1).ok


def test_one_failure_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert not hold("one fails", tries(10, failing=1), quick=False, seed=SEED).ok
    assert "made to fail" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error", [LookupError("gone"), SystemExit(1), Trouble(ExitCode.SERVER_MISSING, "a", "b")]
)
def test_an_error_in_a_check_is_a_failed_line_and_names_its_type(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(order: Order, tally: Tally) -> None:
        tally.count(True)
        raise error

    outcome = hold("broken", Check(run, owes(quick=1, full=1)), quick=True, seed=SEED)
    assert (outcome.ok, outcome.tried, outcome.failed) == (False, 1, 1)
    assert f"broken: {type(error).__name__}" in capsys.readouterr().err


def test_the_other_checks_run_after_one_that_broke(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = {"a": Check(breaking, owes(quick=1, full=1)), "b": tries(10)}
    code, out = run_prove(checks, monkeypatch, capsys, "--json", "--seed", str(SEED))
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [(line["check"], line["ok"], line["seed"]) for line in lines] == [
        ("a", False, SEED),
        ("b", True, SEED),
    ]
    assert [list(line) for line in lines] == [SHAPE, SHAPE]


def test_it_ends_with_0_only_when_all_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    both = {"a": tries(10), "b": tries(10, failing=1)}
    assert run_prove(both, monkeypatch, capsys)[0] == 1
    code, out = run_prove(both, monkeypatch, capsys, "--only", "a", "--quick", "--seed", "12")
    assert (code, out) == (0, "a: ok; tried 10 of 3, failed 0, 0 s, seed 12\n")


def test_a_seed_is_drawn_and_printed_and_the_same_seed_gives_the_same_chance(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn: list[float] = []

    def run(order: Order, tally: Tally) -> None:
        drawn.append(order.chance("x").random())
        tally.add(10, 0)

    checks = {"a": Check(run, owes(quick=1, full=1))}
    _code, out = run_prove(checks, monkeypatch, capsys, "--json")
    seed = str(json.loads(out)["seed"])
    run_prove(checks, monkeypatch, capsys, "--json", "--seed", seed)
    run_prove(checks, monkeypatch, capsys, "--json", "--seed", str(int(seed) + 1))
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_has_a_short_form(name: str) -> None:
    check = CHECKS[name]
    assert 0 < check.target(True) < check.target(False)


def test_a_check_made_by_tests_counts_what_they_told_and_a_failure_that_they_did_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends = iter([(0, 0), (1, 2), (1, 0)])

    def ended(command: list[str], *, env: dict[str, str], **options: Any) -> Any:
        code, failed = next(ends)
        assert env["HOW"] == "long"
        Path(env["TOLD"]).write_text(json.dumps({"tried": 5, "failed": failed}))
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(subprocess, "run", ended)
    counted = []
    for _each in range(3):
        tally = Tally()
        run_tests("tests/x.py", {"HOW": "long"}, report="TOLD", tally=tally)
        counted.append((tally.tried, tally.failed))
    assert counted == [(5, 0), (5, 2), (5, 1)]


def test_tests_that_tell_nothing_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    broken: Any = subprocess.CompletedProcess([], 4)
    monkeypatch.setattr(subprocess, "run", lambda command, **options: broken)
    with pytest.raises(RuntimeError, match="ended with code 4"):
        run_tests("tests/x.py", {}, report="TOLD", tally=Tally())


def test_no_check_names_a_host_but_this_machine() -> None:
    folders = (ROOT / "secal/config/proving", ROOT / "secal/config/benching")
    sources = [path.read_text() for folder in folders for path in folder.glob("*.py")]
    assert len(sources) > 6
    hosts = [host for text in sources for host in re.findall(r"(?:https?://|host=)([\w.\[{][\w.:]*)", text)]
    assert [host for host in hosts if not re.match(r"127\.0\.0\.1|localhost|\{", host)] == []


def test_a_missing_pooler_is_a_failure_that_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECAL_PGBOUNCER_BIN", "no-such-pooler")

    def run(order: Order, tally: Tally) -> None:
        find_program()

    assert not hold("pooling", Check(run, owes(quick=1, full=1)), quick=True, seed=SEED).ok
    assert "apt-get install -y --no-install-recommends pgbouncer" in capsys.readouterr().err


def test_a_scratch_database_goes_also_when_the_check_breaks_off(
    monkeypatch: pytest.MonkeyPatch, django_db_setup: None
) -> None:
    monkeypatch.setattr(scratch, "_template", lambda: "template1")
    usual, made = connections["default"].settings_dict["NAME"], ""
    with pytest.raises(LookupError), scratch.scratch_database() as database:
        made = database.name
        assert connections["default"].settings_dict["NAME"] == made
        raise LookupError
    assert connections["default"].settings_dict["NAME"] == usual
    with Scratch("postgres").connect() as connection:
        assert not connection.execute("SELECT FROM pg_database WHERE datname = %s", [made]).fetchone()


# Transactions of several persons on one connection, as a pooler deals them out.


PEOPLE = 5
"""At the office two of them register: nobody sees every row."""


def visits(database: str, many: int = 60) -> Tally:
    ours, tally = Scratch(database), Tally()
    for site in pooling.SITES:
        people = site.people(ours, chance(site.name), PEOPLE)
        visitor = pooling.Visitor(site, people, chance(), tally, vanishes=False)
        with ours.connect(site.role, autocommit=True) as connection:
            for _ in range(many):
                visitor.visit(connection)
    return tally


def test_no_transaction_sees_the_rows_of_the_one_before(office_database: str) -> None:
    tally = visits(office_database)
    assert (tally.tried, tally.failed) == (60 * len(pooling.SITES), 0)


SETTABLE_ACTOR = """
CREATE OR REPLACE FUNCTION seat.me() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ SELECT nullif(current_setting('secal.me', true), '')::uuid $$;
CREATE FUNCTION seat.remember() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config(
        'secal.me', coalesce(to_jsonb(NEW) ->> 'identity', to_jsonb(NEW) ->> 'user_id'), false);
    RETURN NEW;
END $$;
CREATE TRIGGER remember AFTER INSERT OR UPDATE ON seat.at_work FOR EACH ROW EXECUTE FUNCTION seat.remember();
"""


def test_who_acts_kept_in_a_settable_variable_of_the_session_is_found(
    office_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Scratch(office_database).connect() as administrator:
        administrator.execute(SETTABLE_ACTOR)
    assert visits(office_database).failed > 0
    assert "rows too many" in capsys.readouterr().err


def test_a_client_that_vanishes_leaves_its_transaction_undone(office_database: str) -> None:
    ours = Scratch(office_database)
    with (
        ours.connect(autocommit=True) as connection,
        pytest.raises(pooling.Vanished),
        connection.transaction(),
    ):
        connection.execute("UPDATE auth_permission SET name = 'changed'")
        pooling.vanish(connection)
    with ours.connect() as connection:
        assert connection.execute("SELECT 1 FROM auth_permission WHERE name = 'changed'").fetchone() is None


# Two transactions that together would be forbidden.


def contested(database: str, many: int = 18) -> Tally:
    ours, tally = Scratch(database), Tally()
    races.race(pairs(ours, chance(), many), ours, tally)
    return tally


def test_two_moves_in_conflict_are_never_both_stored(office_database: str) -> None:
    tally = contested(office_database)
    assert (tally.tried, tally.failed) == (18, 0)


COUNTED_PLANES = """
ALTER TABLE access_appointment
    DROP CONSTRAINT one_plane_at_a_time, DROP CONSTRAINT one_appointment_at_a_time;
CREATE FUNCTION one_plane() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM access_appointment WHERE user_id = NEW.user_id AND plane <> NEW.plane) THEN
        RAISE EXCEPTION 'another plane' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER one_plane BEFORE INSERT ON access_appointment FOR EACH ROW EXECUTE FUNCTION one_plane();
"""


def test_planes_that_a_trigger_counts_instead_of_a_key_are_found(
    office_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Scratch(office_database).connect() as administrator:
        administrator.execute(COUNTED_PLANES)
    tally = contested(office_database)
    assert (tally.tried, tally.failed) == (18, 3)
    assert "failed: two planes" in capsys.readouterr().err


def test_a_pair_of_which_nothing_lands_is_not_counted(office_database: str) -> None:
    with Scratch(office_database).connect() as administrator:
        administrator.execute(f"REVOKE INSERT ON cases_assignment FROM {roles.APPLICATION}")
    assert contested(office_database).tried == 15


def test_a_statement_that_the_schema_does_not_know_is_an_error(office_database: str) -> None:
    with Scratch(office_database).connect() as administrator:
        administrator.execute("ALTER TABLE cases_assignment RENAME COLUMN granted_by TO given_by")
    with pytest.raises(Exception, match="granted_by"):
        contested(office_database)


# Ratios.

CHEAP, DEAR = Claim("cheap", "another way", 1.2), Claim("dear", "another way", 1.2)
RATIO_SHAPE = ["name", "ratio", "rival", "limit", "n", "ok"]


def run_bench(
    run: Callable[[bool], Iterator[tuple[Claim, Measured]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *options: str,
) -> tuple[int, list[str], str]:
    """Exit code, lines, and what the error output says."""
    monkeypatch.setattr(bench, "BENCHES", {"both": Bench((CHEAP, DEAR), run)})
    code = 0
    try:
        call_command("bench", *options)
    except SystemExit as end:
        code = int(str(end.code))
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err


def test_a_ratio_above_its_limit_fails_and_the_others_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(quick: bool) -> Iterator[tuple[Claim, Measured]]:
        yield DEAR, Measured(0.0013, 0.001, 20)
        yield CHEAP, Measured(0.0011, 0.001, 20)

    code, lines, _said = run_bench(run, monkeypatch, capsys, "--json")
    told = [json.loads(line) for line in lines]
    assert code == 1
    assert [list(line) for line in told] == [RATIO_SHAPE, RATIO_SHAPE]
    assert [(line["name"], line["ratio"], line["n"], line["ok"]) for line in told] == [
        ("dear", 1.3, 20, False),
        ("cheap", 1.1, 20, True),
    ]


def test_a_bench_that_breaks_off_fails_what_it_did_not_measure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(quick: bool) -> Iterator[tuple[Claim, Measured]]:
        yield CHEAP, Measured(0.001, 0.001, 20)
        raise LookupError("no such thing")

    code, lines, said = run_bench(run, monkeypatch, capsys, "--json")
    told = [json.loads(line) for line in lines]
    assert (code, [(line["name"], line["ratio"], line["ok"]) for line in told]) == (
        1,
        [("cheap", 1.0, True), ("dear", None, False)],
    )
    assert "both: LookupError" in said


def test_it_ends_with_0_when_every_ratio_holds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(quick: bool) -> Iterator[tuple[Claim, Measured]]:
        assert quick
        yield CHEAP, Measured(0.001, 0.001, 20)
        yield DEAR, Measured(0.001, 0.001, 20)

    code, lines, _said = run_bench(run, monkeypatch, capsys, "--quick", "--only", "both")
    assert (code, len(lines)) == (0, 2)
    assert lines[0].startswith("cheap: ok; 1.00 of at most 1.2 times another way (1.00 ms beside 1.00 ms")


def test_the_sides_are_measured_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    measured = interleaved(lambda: calls.append("A"), lambda: calls.append("B"), rounds=FEWEST)
    assert "".join(calls) == "AB" * (len(calls) // 2)
    assert measured.n == FEWEST < len(calls) // 2


@pytest.mark.parametrize("name", sorted(BENCHES))
def test_every_bench_says_what_it_claims(name: str) -> None:
    claims = BENCHES[name].claims
    assert claims[0].name == name
    assert all(claim.name.startswith(name) and claim.limit > 0 for claim in claims)


def test_the_restricted_list_and_its_rivals_list_the_same_files(office_database: str) -> None:
    with ExitStack() as stack:
        reading = Reading(stack, Scratch(office_database), PAGE * 20 + 100)
        assert len(reading.listed()) == PAGE
        assert reading.listed() == reading.known() == reading.by_guardian()


def test_the_restricted_list_reads_a_page_of_files_however_many_one_may_open(office_database: str) -> None:
    with ExitStack() as stack:
        read = Reading(stack, Scratch(office_database), SMALL).rows_read()
    assert PAGE <= read["cases_alimonyfile"] <= 2 * PAGE, read
    assert PAGE <= read["cases_filepermission"] <= 2 * PAGE, read


def test_pages_without_a_browser_say_how_to_install_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert not hold("pages", CHECKS["pages"], quick=True, seed=SEED).ok
    assert "apt-get install chromium-headless-shell" in capsys.readouterr().err
