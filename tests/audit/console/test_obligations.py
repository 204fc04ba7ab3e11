"""Every row of the deliberations is there in our words; markers name rows; the page shows the last run."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit.console import obligations
from audit.console.obligations import Proofs, last, rows, store, unknown, weigh
from audit.console.wording import OBLIGATIONS, PARTS
from secal.access.models import User
from secal.access.roles import Role
from secal.config import entry
from secal.config.proving import obligations as proving

ROOT = Path(__file__).resolve().parents[3]
ALIMONY = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27, 28]
ARREARS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16.1, 16.2, 16.3, 16.4, 18, 19, 20, 21]


def _marked() -> Iterator[tuple[str, str]]:
    """Each reference in a marker of our tests, with the file that carries it."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.obligation":
                for argument in node.args:
                    yield str(path), ast.literal_eval(argument)


def test_every_paragraph_and_everything_forbidden_is_a_row() -> None:
    expected = [f"12/057 §{number}" for number in ALIMONY]
    expected += [f"17/006 §{number}" for number in ARREARS]
    expected += [f"forbidden {number}" for number in range(1, 9)]
    assert [row.ref for row in rows()] == expected


def test_every_row_has_its_words_and_its_rooms() -> None:
    assert {row.ref for row in rows()} == set(OBLIGATIONS)
    assert {row.part for row in rows()} == set(PARTS)
    for row in rows():
        assert len(row.text) > 25
        assert row.rooms
        for room in row.rooms:
            assert (ROOT / Path(*room.split(".")) / "__init__.py").exists(), room


def test_every_marker_names_a_row() -> None:
    marked = list(_marked())
    assert len(marked) > 20
    for path, ref in marked:
        assert not unknown([ref]), f"{path}: {ref}"


def test_a_row_is_proved_when_all_its_tests_pass_and_by_nothing_when_it_has_none() -> None:
    proofs = {
        proof.ref: proof
        for proof in weigh(
            {
                "tests/b.py::test_b": (["12/057 §22", "forbidden 2"], True),
                "tests/a.py::test_a": (["12/057 §22"], False),
            }
        )
    }
    assert proofs["12/057 §22"].tests == ("tests/a.py::test_a", "tests/b.py::test_b")
    assert proofs["12/057 §22"].result == "failed"
    assert proofs["forbidden 2"].result == "passed"
    assert (proofs["12/057 §1"].tests, proofs["12/057 §1"].result) == ((), "none")


def _run(folder: Path, source: str) -> tuple[int, dict[str, dict[str, list[object]]], str]:
    """A run of pytest over one small file with the plugin, as the command runs it."""
    (folder / "test_small.py").write_text(source)
    report = folder / "report.json"
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", proving.PLUGIN, "-p", "no:django",
         "-p", "no:cacheprovider", "--rootdir", str(folder), "-c", "/dev/null", str(folder)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), proving.REPORT: str(report)},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    told = json.loads(report.read_text()) if report.exists() else {}
    return result.returncode, told, result.stdout + result.stderr


def test_the_plugin_gathers_references_over_workers_and_parameters(tmp_path: Path) -> None:
    code, told, _output = _run(
        tmp_path,
        "import pytest\n"
        "@pytest.mark.obligation('12/057 §22', 'forbidden 2')\n"
        "@pytest.mark.parametrize('n', [1, 2, 3])\n"
        "def test_held(n): assert n != 2\n"
        "@pytest.mark.obligation('12/057 §1')\n"
        "def test_good(): pass\n"
        "@pytest.fixture\n"
        "def broken(): raise ValueError\n"
        "@pytest.mark.obligation('12/057 §25')\n"
        "def test_set_up_in_vain(broken): pass\n"
        "def test_unmarked(): pass\n",
    )
    assert code == 1
    assert {name.partition("::")[2]: outcome for name, outcome in told["outcomes"].items()} == {
        "test_held": [["12/057 §22", "forbidden 2"], False],
        "test_good": [["12/057 §1"], True],
        "test_set_up_in_vain": [["12/057 §25"], False],
    }


def test_a_marker_that_names_no_row_is_told(tmp_path: Path) -> None:
    _code, told, _output = _run(
        tmp_path, "import pytest\n@pytest.mark.obligation('12/057 §99')\ndef test_lost(): pass\n"
    )
    assert [*told["unknown"].values()] == [["12/057 §99"]]


def test_a_run_with_a_marker_that_names_no_row_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(_command: list[str], *, env: dict[str, str], **_options: object) -> SimpleNamespace:
        told = {"outcomes": {}, "unknown": {"tests/a.py::test_a": ["12/057 §99"]}}
        Path(env[proving.REPORT]).write_text(json.dumps(told))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(proving.subprocess, "run", ran)
    with pytest.raises(proving.NotRun, match="test_a names 12/057 §99"):
        proving.prove_obligations(version="1", browser=False)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proofs:
    """A run that is kept: one row proved, one failed."""
    monkeypatch.setenv("SECAL_PROOFS_DIR", str(tmp_path))
    outcomes = {"tests/a.py::test_a": (["12/057 §1"], True), "tests/b.py::test_b": (["12/057 §25"], False)}
    proofs = Proofs("2026-11-20T10:00:00+00:00", "0.0.9", "abc123def456", weigh(outcomes))
    store(proofs, tmp_path)
    return proofs


def test_what_is_kept_is_read_back_with_every_row(kept: Proofs, tmp_path: Path) -> None:
    assert last(tmp_path) == kept
    stored = json.loads((tmp_path / obligations.PROOFS_FILE).read_text())
    stored["obligations"] = stored["obligations"][1:]
    (tmp_path / obligations.PROOFS_FILE).write_text(json.dumps(stored))
    older = last(tmp_path)
    assert older is not None
    assert older.obligations[0].result == "none", "a row younger than the run is unproved"


def test_the_command_tells_the_kept_rows_as_json(kept: Proofs, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("obligations", "--last", "--json")
    assert end.value.code == 1, "a row fails"
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"obligations"}
    assert [set(row) for row in told["obligations"]] == [{"ref", "text", "tests", "result"}] * len(rows())
    assert told["obligations"][0] == {
        "ref": "12/057 §1",
        "text": OBLIGATIONS["12/057 §1"],
        "tests": ["tests/a.py::test_a"],
        "result": "passed",
    }


def test_without_a_kept_run_there_is_nothing_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECAL_PROOFS_DIR", str(tmp_path))
    with pytest.raises(CommandError, match="no run is kept"):
        call_command("obligations", "--last")


def test_the_command_runs_on_the_servers_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entry.needs_services("obligations", [])
    assert not entry.needs_services("obligations", ["--last"])
    assert entry.purpose_of("obligations", []) == "test"
    assert entry.purpose_of("prove", []) == "scratch"
    assert entry.purpose_of("migrate", []) == "work"


@pytest.mark.obligation("12/057 §27")
@pytest.mark.django_db
def test_the_page_shows_the_kept_run_and_of_which_version_it_is(
    kept: Proofs, make_user: Callable[..., User], client_for: Callable[[User], Client]
) -> None:
    browser = client_for(make_user(Role.DATA_PROTECTION_OFFICER))
    text = browser.get(reverse("console:obligations")).content.decode()
    assert all(row.ref in text for row in rows())
    assert "abc123def456" in text and "0.0.9" in text and "20/11/2026 11:00" in text
    assert "autre version" in text
    assert len(re.findall(r"sans preuve", text)) == len(rows()) - 2


@pytest.mark.django_db
def test_before_the_first_run_the_page_says_how_to_make_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_user: Callable[..., User],
    client_for: Callable[[User], Client],
) -> None:
    monkeypatch.setenv("SECAL_PROOFS_DIR", str(tmp_path))
    browser = client_for(make_user(Role.DATA_PROTECTION_OFFICER))
    assert "manage.py obligations" in browser.get(reverse("console:obligations")).content.decode()


@pytest.mark.django_db
def test_the_page_is_the_data_protection_officers_alone(
    make_user: Callable[..., User], client_for: Callable[[User], Client]
) -> None:
    for role in set(Role) - {Role.DATA_PROTECTION_OFFICER, Role.BAILIFF}:
        assert client_for(make_user(role)).get(reverse("console:obligations")).status_code == 403, role


def test_the_rows_are_written_once() -> None:
    parts = yaml.safe_load(obligations.ROWS_FILE.read_text())
    refs = [row["ref"] for part in parts for row in part["rows"]]
    assert len(refs) == len(set(refs))
