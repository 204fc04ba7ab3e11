"""Which commands start servers, and what pytest is given."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from secal.config import entry


@pytest.fixture(autouse=True)
def same_browser() -> Iterator[None]:
    before = os.environ.get("CHROMIUM")
    yield
    if before is None:
        os.environ.pop("CHROMIUM", None)
    else:
        os.environ["CHROMIUM"] = before


@pytest.mark.parametrize(
    "line",
    [
        "help",
        "--version",
        "check",
        "check --deploy",
        "makemessages -l nl",
        "collectstatic --noinput",
        "migrate --help",
        "install_roles",
    ],
)
def test_commands_that_touch_no_data_start_nothing(line: str) -> None:
    command, *arguments = line.split()
    assert not entry.needs_services(command, arguments)


@pytest.mark.parametrize(
    "line", ["migrate", "demo", "runserver", "check --database default", "install_roles --apply", "anything"]
)
def test_every_other_command_gets_servers(line: str) -> None:
    command, *arguments = line.split()
    assert entry.needs_services(command, arguments)


@pytest.mark.parametrize(
    ("line", "scratch"), [("demo", False), ("demo --check", True), ("prove", True), ("bench --quick", True)]
)
def test_what_proves_works_on_data_of_its_own(line: str, scratch: bool) -> None:
    command, *arguments = line.split()
    assert entry.wants_scratch(command, arguments) is scratch


def test_the_whole_suite_runs_on_two_workers() -> None:
    assert entry.test_arguments([], chromium="/usr/bin/chromium") == ["-n", "2"]


def test_given_arguments_are_passed_on() -> None:
    assert entry.test_arguments(["tests/law", "-q"], chromium="/usr/bin/chromium") == ["tests/law", "-q"]


def test_without_chromium_the_rest_runs_and_one_line_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert entry.test_arguments([], chromium=None) == ["-n", "2", "-m", "not browser"]
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    assert "apt-get install chromium" in output


def test_without_chromium_a_chosen_mark_is_kept() -> None:
    given = ["-m", "obligation"]
    assert entry.test_arguments(given, chromium=None)[2:] == ["-m", "(obligation) and not browser"]


def test_the_browser_is_found_by_name_or_by_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert entry.find_chromium() is None
    for name in ("google-chrome", "chromium"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
        assert entry.find_chromium() == str(tmp_path / name)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "google-chrome"))
    assert entry.find_chromium() == str(tmp_path / "google-chrome")


def test_a_refused_start_prints_two_lines_and_leaves_with_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(root: Path, arguments: list[str]) -> None:
        raise entry.Trouble(entry.ExitCode.NETWORK, "the network refused.", "check it.")

    monkeypatch.setattr(entry.bootstrap, "enter_environment", refuse)
    assert entry.run(["manage.py", "demo"], "/nowhere") == entry.ExitCode.NETWORK
    assert capsys.readouterr().err == "manage.py: the network refused.\n  What to do: check it.\n"
