"""What manage.py does after its check of Python: environment, services, then Django's command or pytest."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from secal.config import bootstrap
from secal.config.trouble import ExitCode, Trouble

DEMO_SETTINGS = "secal.config.settings.demo"
TEST_SETTINGS = "secal.config.settings.test"
# Only these take built-in servers; everywhere else the addresses come from the deployment.
SETTINGS_WITH_SERVICES = (DEMO_SETTINGS, TEST_SETTINGS)
WITHOUT_SERVICES = {
    "help",
    "version",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "makemessages",
    "permissions",
    "startapp",
    "startproject",
}
IN_SCRATCH = {"prove", "bench"}
IN_TEST_SLOT = {"obligations"}
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The one without windows first: it draws the same with two thirds of the work."""


def run(arguments: Sequence[str], root: str) -> int:
    """Run the command line (manage.py first); returns the exit code."""
    try:
        bootstrap.enter_environment(Path(root), arguments)
        command = arguments[1] if len(arguments) > 1 else "help"
        if command == "test":
            return run_tests(list(arguments[2:]), Path(root))
        return run_command(list(arguments), command)
    except Trouble as trouble:
        sys.stderr.write(trouble.text())
        return int(trouble.code)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return 130


def run_command(arguments: list[str], command: str) -> int:
    """A Django command, with services when it needs them."""
    settings = option(arguments, "--settings") or os.environ.setdefault(
        "DJANGO_SETTINGS_MODULE", DEMO_SETTINGS
    )
    # Commands do the worker's work; the sites are served by a web server.
    os.environ.setdefault("SECAL_SITE", "worker")
    services = None
    if settings in SETTINGS_WITH_SERVICES and needs_services(command, arguments[2:]):
        from secal.config.services.environment import provide

        purpose = purpose_of(command, arguments[2:])
        if purpose == "test" or command == "prove":
            prepare_run_of_tests(Path(__file__).resolve().parents[2])
        services = provide(purpose=purpose)
    compile_catalogues()
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(arguments)
    except Exception as error:
        if services and (lost := services.lost()):
            raise Trouble(
                ExitCode.SERVER_LOST,
                f"{' and '.join(lost)} ended with another manage.py of this checkout, which had started it.",
                "start the command again; it will start servers of its own.",
            ) from error
        raise
    return 0


def run_tests(arguments: list[str], root: Path) -> int:
    """pytest with the given arguments; alone, the whole suite on two workers."""
    os.environ["DJANGO_SETTINGS_MODULE"] = TEST_SETTINGS
    if not arguments or not Path.cwd().is_relative_to(root):
        os.chdir(root)
    arguments = test_arguments(arguments, chromium=find_chromium())
    if not {"-h", "--help", "--version", "--collect-only", "--markers", "--fixtures"} & set(arguments):
        from secal.config.services.environment import provide

        provide(purpose="test")
    compile_catalogues()
    import pytest

    return int(pytest.main(arguments))


def compile_catalogues() -> None:
    """The translations that Django loads are made from locale/*.po when they are missing or old."""
    from secal.config.catalogues import compile_stale

    try:
        compile_stale()
    except PermissionError as error:
        raise Trouble(
            ExitCode.NOT_WRITABLE,
            "the translations could not be compiled: locale/ is not writable by this user.",
            "run once as the user who owns the checkout.",
        ) from error


def test_arguments(arguments: Sequence[str], *, chromium: str | None) -> list[str]:
    """pytest's arguments: two workers when nothing was asked, browser tests left out where there is no
    browser.
    """
    chosen = list(arguments) or ["-n", "2"]
    if chromium:
        os.environ["CHROMIUM"] = chromium
        return chosen
    sys.stdout.write(
        "manage.py: no Chromium here, so browser tests are left out; to run them: apt-get install "
        "chromium-headless-shell (or set CHROMIUM to a browser's path)\n"
    )
    sys.stdout.flush()
    wanted = option(chosen, "-m")
    return [*chosen, "-m", f"({wanted}) and not browser" if wanted else "not browser"]


def find_chromium() -> str | None:
    """The browser for tests: CHROMIUM, else the first known name on PATH."""
    given = os.environ.get("CHROMIUM")
    return shutil.which(given) if given else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def needs_services(command: str, arguments: Sequence[str]) -> bool:
    """Does this command use the database or the broker? Unknown ones do."""
    if command.startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    if command == "install_roles":
        return "--apply" in arguments
    if command == "obligations":
        return "--last" not in arguments
    if command == "check":
        return any(part.startswith("--database") for part in arguments)
    return command not in WITHOUT_SERVICES


def purpose_of(command: str, arguments: Sequence[str]) -> str:
    """Which servers and data this command works on: everybody's, the tests', or its own."""
    if command in IN_TEST_SLOT:
        return "test"
    return "scratch" if wants_scratch(command, arguments) else "work"


def prepare_run_of_tests(root: Path) -> None:
    """A command that runs tests keeps its result in the usual state folder, and needs to know the browser."""
    os.environ.setdefault("SECAL_PROOFS_DIR", os.environ.get("SECAL_STATE_DIR") or str(root / "var"))
    if chromium := find_chromium():
        os.environ["CHROMIUM"] = chromium


def wants_scratch(command: str, arguments: Sequence[str]) -> bool:
    """Does this command work on servers and data of its own, thrown away afterwards?"""
    return command in IN_SCRATCH or (command == "demo" and "--check" in arguments)


def option(arguments: Sequence[str], name: str) -> str | None:
    """The last value given for an option, as `name value` or `name=value`."""
    found = None
    for position, part in enumerate(arguments):
        if part == name and position + 1 < len(arguments):
            found = arguments[position + 1]
        elif part.startswith(f"{name}="):
            found = part.partition("=")[2]
    return found
