"""How strong the tests of the policy are: every small wrong change of it must turn one of them red.

Each change is tried in a process of its own, with the changed module in the place of the right one.
"""

import ast
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from secal.config.proving.outcome import Order, Tally
from secal.config.proving.policy_mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = "secal.access.policy"
MODULES = ("acts", "decision", "asking")
TESTS = "tests/access/test_policy.py"
SCORE = 0.9
"""Of all changes, how many the tests must notice; the others are told."""
ONE_OF, AT_ONCE, PASSED = 10, 2, 0
"""The short form tries one change of so many; so many processes at once; pytest's exit code."""

Change = tuple[str, Mutant]


def due(quick: bool) -> int:
    """How many changes there are; quick: one of ten."""
    return len(range(0, _how_many(), ONE_OF if quick else 1))


def prove_policy(order: Order, tally: Tally) -> None:
    """Try each change. Below the score every one that no test noticed counts as a failure."""
    _warm_up()
    if _exits([None]) != [PASSED]:
        raise RuntimeError(f"{TESTS} does not pass as things stand")
    chosen = _chosen(order.quick)
    survivors = [change for change, code in zip(chosen, _exits(chosen), strict=True) if code == PASSED]
    for module, mutant in survivors:
        sys.stderr.write(f"  no test noticed: {module}.py:{mutant.line}: {mutant.change}\n")
    held = len(chosen) - len(survivors) >= SCORE * len(chosen)
    tally.add(len(chosen), 0 if held else len(survivors))


def _chosen(quick: bool) -> list[Change]:
    return list(_all())[:: ONE_OF if quick else 1]


@cache
def _how_many() -> int:
    """Counted once: each change is a whole tree, and too large to keep."""
    return sum(1 for _change in _all())


def _all() -> Iterator[Change]:
    folder = ROOT.joinpath(*PACKAGE.split("."))
    for module in MODULES:
        for mutant in mutants((folder / f"{module}.py").read_text(encoding="utf-8")):
            yield module, mutant


def _warm_up() -> None:
    """Import what the tests stand on once, before the processes part."""
    for name in ("tests.conftest", "tests.access.conftest", "tests.access.branches"):
        importlib.import_module(name)


def _exits(changes: Sequence[Change | None]) -> list[int]:
    """The exit code of the tests for each change, each in a process of its own."""
    waiting, running, codes = list(enumerate(changes)), dict[int, int](), dict[int, int]()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            number, change = waiting.pop()
            running[_begin(change)] = number
        child, status = os.wait()
        if child in running:
            codes[running.pop(child)] = os.waitstatus_to_exitcode(status)
    return [codes[number] for number in range(len(changes))]


def _begin(change: Change | None) -> int:
    """Start the tests with this change; it is noticed too when it cannot be imported."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _silence()
            if change is not None:
                _put(f"{PACKAGE}.{change[0]}", change[1].tree)
            code = int(pytest.main(_arguments()))
        finally:
            os._exit(code)
    return child


def _arguments() -> list[str]:
    return [
        str(ROOT / TESTS), "-x", "-q", "--no-header", f"--rootdir={ROOT}", "-o", "addopts=",
        "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist",
        # Whatever was imported once for all of them cannot be rewritten any more.
        "-W", "ignore::pytest.PytestAssertRewriteWarning",
    ]  # fmt: skip


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _put(name: str, tree: ast.Module) -> None:
    """Import the whole package anew, this module from the changed tree."""
    for known in [known for known in sys.modules if known == PACKAGE or known.startswith(f"{PACKAGE}.")]:
        del sys.modules[known]
    sys.meta_path.insert(0, _Changed(name, tree))
    importlib.import_module(PACKAGE)


class _Changed(MetaPathFinder, Loader):
    """Finds one module, and makes it from a tree instead of its file."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        place = ROOT.joinpath(*fullname.split(".")).with_suffix(".py")
        spec = ModuleSpec(fullname, self, origin=str(place))
        spec.has_location = True
        return spec

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self.tree, str(module.__file__), "exec")
        exec(code, vars(module))  # noqa: S102 - our own source, changed by ourselves
