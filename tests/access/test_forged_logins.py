"""Every forged or stale token through the whole login: nobody enters, nothing changes, one row says why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from secal.access.identities import niss_index
from secal.access.models import User
from secal.access.roles import Role
from tests.access.forging import FORGERIES, NISS, Forged, Forgery, public, sign
from tests.changing import change

OTHER_NISS = "71031299857"
Answer = Callable[..., Any]
Log = Callable[..., list[dict[str, Any]]]


def is_inside(browser: Client) -> bool:
    return browser.get(reverse("office:law")).status_code == 200


def users() -> list[dict[str, Any]]:
    """Every user, as the table has them."""
    return [dict(row, niss_bi=bytes(row["niss_bi"] or b"")) for row in User.objects.order_by("pk").values()]


def refused(browser: Client, came: Any, security_log: Log, code: str, before: list[dict[str, Any]]) -> None:
    assert came.status_code == 403
    assert not is_inside(browser)
    assert users() == before
    assert security_log(kind="LOGIN") == []
    rows = security_log(kind="DENY", act="access.login")
    assert [row["reason"] for row in rows] == [code]
    assert NISS not in str(rows)


def test_the_good_token_enters(luc: User, answer: Answer, provider_key: RSAKey, security_log: Log) -> None:
    browser = Client()
    came = answer(browser, lambda good: Forged(sign(provider_key, good), public(provider_key)))
    assert came.status_code == 302
    assert is_inside(browser)
    assert [row["actor"] for row in security_log(kind="LOGIN")] == [luc.pk]


@pytest.mark.obligation("17/006 §16.2")
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_opens_nothing_and_leaves_one_row(
    name: str, luc: User, answer: Answer, provider_key: RSAKey, other_key: RSAKey, security_log: Log
) -> None:
    browser, before, case = Client(), users(), FORGERIES[name]
    came = answer(browser, lambda good: case.make(Forgery(provider_key, other_key, good)))
    refused(browser, came, security_log, case.code, before)


@pytest.mark.obligation("17/006 §16.2")
@pytest.mark.parametrize(
    ("claim", "value"),
    [("egovNRN", OTHER_NISS), ("sub", "person-2"), ("sub", "PERSON-1"), ("sub", "person-1 ")],
)
def test_name_and_number_must_both_be_of_the_same_person(
    claim: str,
    value: str,
    luc: User,
    make_user: Callable[..., User],
    answer: Answer,
    provider_key: RSAKey,
    security_log: Log,
) -> None:
    """A well signed token, whose name is one person's and whose number is another's: neither enters."""
    other = make_user(Role.CASE_OFFICER, given_name="Mia")
    change(other, subject="person-2", niss_bi=niss_index(OTHER_NISS))
    browser, before = Client(), users()
    came = answer(
        browser, lambda good: Forged(sign(provider_key, {**good, claim: value}), public(provider_key))
    )
    refused(browser, came, security_log, "login.unknown_person", before)


def test_who_has_no_number_in_the_office_cannot_enter(
    luc: User, answer: Answer, provider_key: RSAKey, security_log: Log
) -> None:
    change(luc, niss_bi=None)
    browser, before = Client(), users()
    came = answer(browser, lambda good: Forged(sign(provider_key, good), public(provider_key)))
    refused(browser, came, security_log, "login.unknown_person", before)


def test_somebody_else_cannot_enter_where_one_is_at_work(
    luc: User,
    make_user: Callable[..., User],
    client_for: Callable[[User], Client],
    answer: Answer,
    provider_key: RSAKey,
    security_log: Log,
) -> None:
    """The card is asked for again in the middle of the work: it must be the same person's."""
    mia = make_user(Role.CASE_OFFICER, given_name="Mia")
    change(mia, subject="person-2", niss_bi=niss_index(OTHER_NISS))
    browser = client_for(mia)
    came = answer(browser, lambda good: Forged(sign(provider_key, good), public(provider_key)))
    assert came.status_code == 403
    assert [(row["reason"], row["actor"]) for row in security_log(kind="DENY")] == [
        ("login.somebody_else", mia.pk)
    ]
    assert security_log(kind="LOGIN", actor=luc.pk) == []
