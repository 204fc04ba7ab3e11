"""Every reason for which the code refuses somebody has words on the watchers' desk."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.console.codes import capacity_text
from audit.console.field_words import field_text
from audit.console.reasons import REASONS, reason_text
from secal.access.roles import Role
from secal.config.demo.seed.sow import SIZES

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [path for room in ("secal", "recovery", "audit") for path in (ROOT / room).rglob("*.py")]
GIVEN_AT = {
    "Refused": 1,
    "Decision": 1,
    "LoginRefused": 0,
    "CardRefused": 0,
    "TokenRefused": 0,
    "UnknownKey": 0,
}
"""Where the code of the reason stands in the call."""
LOGIN = ROOT / "secal" / "access" / "views.py"
"""Here `_refused` takes the code in second place."""
MADE_UP = "token.no_"
"""The one reason that is put together: with the name of the moment that the token lacks."""
PASSED_ON = {"code", "reason", "REASON"}
"""Names by which a reason given elsewhere travels on; a REASON is given where it is defined."""


def _reasons(path: Path, module: ast.Module) -> Iterator[ast.expr]:
    places = {**GIVEN_AT, "_refused": 1} if path == LOGIN else GIVEN_AT
    for call in ast.walk(module):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in places and len(call.args) > places[name]:
            yield call.args[places[name]]
        elif name == "record_refusal":
            yield from (keyword.value for keyword in call.keywords if keyword.arg == "reason")


def _constants(module: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: line.value
        for line in module.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    }


def _codes(given: ast.expr, constants: dict[str, ast.expr]) -> set[str]:
    """The codes of an expression: a text, a choice of two, or one that was made up or passed on."""
    match given:
        case ast.Constant(value=str(code)):
            return {code}
        case ast.IfExp():
            return _codes(given.body, constants) | _codes(given.orelse, constants)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), _]) if start == MADE_UP:
            return {f"{MADE_UP}{moment}" for moment in ("exp", "nbf", "iat", "auth_time")}
        case ast.Name(id=name) if name in constants:
            return _codes(constants[name], constants)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in PASSED_ON:
            return set()
    raise AssertionError(f"no reason to read in {ast.dump(given)}")


def given_reasons() -> set[str]:
    found: set[str] = set()
    for path in SOURCES:
        module = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(module)
        named = [constants["REASON"]] if "REASON" in constants else []
        for reason in (*_reasons(path, module), *named):
            found |= _codes(reason, constants)
    for path in (ROOT / "secal" / "access" / "sql").glob("*.sql"):
        found |= set(re.findall(r"'(login\.\w+)'", path.read_text(encoding="utf-8")))
    return found | set(SIZES)


def test_every_reason_to_refuse_has_words_and_no_words_are_left_over() -> None:
    assert given_reasons() == set(REASONS)


def test_what_is_no_code_is_shown_as_it_is() -> None:
    assert reason_text("no_such_file") == "dossier inexistant ou fermé à cette personne"
    assert reason_text("DPO-2026-014") == "DPO-2026-014"
    assert reason_text("") == ""


@pytest.mark.parametrize("role", Role)
def test_a_capacity_is_shown_by_the_labels_of_its_roles(role: Role) -> None:
    assert capacity_text(role.value) == str(role.label)
    assert capacity_text(f"approver+{role.value}") == f"Second signataire, {role.label}"


def test_a_background_job_has_no_role() -> None:
    assert capacity_text("service") == "service"
    assert capacity_text("") == ""


def test_a_line_about_a_right_names_it_and_what_was_shown() -> None:
    assert reason_text("keep") == "à conserver"
    assert reason_text(Role.BAILIFF.value) == "Huissier de justice"
    assert [field_text(name) for name in ("niss_masked", "name", "paper:title")] == [
        "NISS masqué",
        "nom",
        "pièce",
    ]
