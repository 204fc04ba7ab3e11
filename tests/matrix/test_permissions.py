"""The table of permissions: every address of both sites has its rule, and no rule changes unseen."""

import io
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from secal.access.policy import ACTS, CHARGES, SENSITIVE_ACTS
from secal.access.roles import Role
from secal.config.permissions import LIBRARIES, as_json, rules
from secal.config.settings.sites import SERVED, SITES
from secal.office.act_words import ACTS as WORDS
from secal.office.page_rules import PageRule
from secal.office.right_words import RIGHTS
from secal.office.screens import OPEN_TO_ALL
from tests.matrix.walk import WORDS as PLAIN_PARAMETERS
from tests.matrix.walk import Page, pages_of

ACCEPTED = Path(__file__).with_name("permissions.json")
HOW = """
A rule changed. Look at it, line by line:

  manage.py permissions --json | diff tests/matrix/permissions.json -

and when every line of it is meant, accept it with the change that brings it:

  manage.py permissions --json > tests/matrix/permissions.json

{difference}"""

OPEN_PAGES = {
    "access:login",
    "access:begin",
    "access:callback",
    "access:card",
    "access:confirm",
    "access:logout",
}
EVERYBODYS = {"commitments:mine", "commitments:text"}
"""At either site: what everybody accepts."""
PAGES = [page for site in SERVED for page in pages_of(site.name)]


def _name(value: Any) -> str:
    return f"{value.rule.site} {value.rule.name}" if isinstance(value, Page) else ""


def _guarded(site: str) -> list[PageRule]:
    return [rule for rule in rules() if rule.site == site and rule.act not in ("", OPEN_TO_ALL)]


def test_the_table_of_permissions_is_the_accepted_one() -> None:
    accepted = ACCEPTED.read_text(encoding="utf-8").splitlines()
    now = as_json(rules()).splitlines()
    difference = "\n".join(unified_diff(accepted, now, "accepted", "now", n=0, lineterm=""))
    assert not difference, HOW.format(difference=difference)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_page_says_what_it_needs(page: Page) -> None:
    """An act that the policy knows, its methods, and whose the object in its address may be."""
    rule = page.rule
    if not rule.act:
        space, _colon, name = rule.name.partition(":")
        assert {space, rule.name} & set(LIBRARIES), f"{rule.route} names no act: @screen is missing ({name})"
        return
    assert rule.act in {OPEN_TO_ALL, *ACTS}, f"the policy does not know {rule.act!r}"
    assert rule.methods, f"{rule.route} takes any method: name them with @require_http_methods"
    if [name for name in page.pattern.pattern.converters if name not in PLAIN_PARAMETERS]:
        assert rule.kind, f"{rule.route} names an object and not whose it may be: @screen(…, of=…)"


@pytest.mark.parametrize("act", sorted({rule.act for rule in rules()} & set(ACTS)))
def test_every_act_of_a_page_has_words_for_whoever_is_refused(act: str) -> None:
    assert WORDS.get(act), f"{act} has no words in secal/office/act_words.py"
    assert RIGHTS.get(act), f"{act} has no words in secal/office/right_words.py"


def test_the_pages_open_to_all_are_few_and_known() -> None:
    found = {(rule.site, rule.name) for rule in rules() if rule.act == OPEN_TO_ALL}
    assert found == {
        ("office", "office:health"),
        ("portal", "health"),
        *((site.name, name) for site in SERVED for name in OPEN_PAGES),
    }


@pytest.mark.obligation("17/006 §16.2")
def test_the_portals_pages_are_for_bailiffs_and_the_offices_are_not() -> None:
    for rule in _guarded("portal"):
        assert Role.BAILIFF in rule.roles
        assert rule.roles == (Role.BAILIFF,) or rule.name in EVERYBODYS, rule.name
    for rule in _guarded("office"):
        assert Role.BAILIFF not in rule.roles or rule.name in EVERYBODYS, rule.name


def test_no_page_of_the_office_is_at_the_portal() -> None:
    spaces = {rule.name.split(":")[0] for rule in rules() if rule.site == "portal" and ":" in rule.name}
    assert spaces == {"portal", "access", "commitments"}
    for name in ("office:home", "admin:index", "files:worklist", "console:overview"):
        with pytest.raises(NoReverseMatch):
            reverse(name, urlconf=SITES["portal"].urls)


def test_sensitive_acts_ask_for_the_card_again_and_charged_ones_name_their_mission() -> None:
    for rule in rules():
        assert rule.step_up == (rule.act in SENSITIVE_ACTS)
        assert set(rule.missions) == {mission.value for mission in CHARGES.get(rule.act, ())}


def test_the_command_prints_every_address() -> None:
    told = io.StringIO()
    call_command("permissions", stdout=told)
    text = told.getvalue()
    assert all(rule.route in text for rule in rules())
    assert text.endswith(f"{len(rules())} addresses\n")
