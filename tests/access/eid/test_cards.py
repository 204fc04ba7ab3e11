"""Every wrong card and every wrong header at the second door: nobody enters, and one row says why."""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.urls import reverse

from secal.access.eid.certificate import CardRefused, check_by_itself, national_number, read
from secal.access.eid.chain import Trust, check_chain
from secal.access.eid.trust import configured
from secal.access.identities import BY_CARD, LEVEL, niss_index
from secal.access.models import User
from secal.access.roles import Role
from tests.access.eid.authority import NISS, POLICY, World, escaped, pem, person, policies
from tests.access.eid.wrong import UNKNOWN, WRONG, as_pem
from tests.access.test_forged_logins import is_inside, refused, users
from tests.changing import change

Knock = Callable[..., Any]
Log = Callable[..., list[dict[str, Any]]]
MakeUser = Callable[..., User]


@pytest.mark.obligation("17/006 §16.2")
def test_a_good_card_enters(
    knock: Knock, world: World, luc: User, good_header: str, security_log: Log
) -> None:
    browser = Client()
    answer = knock(world, good_header, browser=browser, QUERY_STRING="next=/loi/")
    assert (answer.status_code, answer["Location"]) == (302, "/loi/")
    assert is_inside(browser)
    assert browser.session[LEVEL] == BY_CARD
    assert [row["actor"] for row in security_log(kind="LOGIN")] == [luc.pk]
    assert security_log(kind="DENY") == []
    assert NISS not in str(security_log())


@pytest.mark.parametrize(
    "changes",
    [
        {"key": rsa.generate_private_key(65537, 2048)},
        {"subject": x509.Name([*person(NISS), *person()])},
        {"change": {x509.CertificatePolicies: policies("1.2.3", POLICY)}},
        {"change": {x509.SubjectAlternativeName: x509.SubjectAlternativeName([x509.DNSName("card")])}},
    ],
    ids=["older card with RSA", "more words in the subject", "policies beside ours", "alternative names"],
)
def test_other_good_cards_enter(changes: dict[str, Any], knock: Knock, world: World, luc: User) -> None:
    assert knock(world, escaped(pem(world.card(**changes)))).status_code == 302


def test_there_are_at_least_forty() -> None:
    assert len(WRONG) >= 40


@pytest.mark.obligation("17/006 §16.2")
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_card_opens_nothing_and_leaves_one_row(
    name: str, knock: Knock, world: World, luc: User, security_log: Log
) -> None:
    browser, before, case = Client(), users(), WRONG[name]
    answer = knock(world, case.make(world), browser=browser)
    refused(browser, answer, security_log, case.code, before)
    assert UNKNOWN not in str(security_log())


@pytest.mark.parametrize("name", WRONG)
def test_a_refusal_tells_nothing_of_the_card(
    name: str,
    world: World,
    now: datetime,
    folder: Path,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in its words, not in what lies behind it, not in a log."""
    header = WRONG[name].make(world)
    for setting, value in world.write(folder).items():
        setattr(settings, setting, value)
    try:
        with caplog.at_level(logging.DEBUG):
            certificate = read(header)
            check_by_itself(certificate, policies={POLICY}, now=now)
            check_chain(certificate, configured(), now=now)
            national_number(certificate)
    except CardRefused as refusal:
        told = "".join(traceback.format_exception(refusal)) + caplog.text
        assert refusal.__cause__ is None
        assert refusal.__context__ is None
        assert not any(value in told for value in (NISS, UNKNOWN, "Dubois"))
    else:
        assert WRONG[name].code == "login.unknown_person"


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("flipped", [0x01, 0x80])
def test_a_card_with_any_one_byte_changed_is_refused(flipped: int, issued: World, now: datetime) -> None:
    """Wherever it stands, the change is refused as a card, never as an error of ours.

    One byte is left out: it counts the bits to leave off after the signature, and changes neither that
    nor what was signed.
    """
    card = issued.card()
    raw = card.public_bytes(Encoding.DER)
    bits_left_off = len(raw) - len(card.signature) - 1
    trust = Trust(issued.roots, issued.issuers, issued.lists)  # type: ignore[arg-type]
    for position in set(range(len(raw))) - {bits_left_off}:
        changed = raw[:position] + bytes([raw[position] ^ flipped]) + raw[position + 1 :]
        with pytest.raises(CardRefused):
            certificate = read(escaped(as_pem(changed)))
            check_by_itself(certificate, policies={POLICY}, now=now)
            check_chain(certificate, trust, now=now)


@pytest.mark.parametrize(
    "handshake",
    [
        None,
        "",
        "r 0.042",
        "r 3.000",
        ". 301.000",
        ". 99999999999.000",
        ". -1.000",
        ". 0.042, . 0.042",
        "0.042",
        ". now",
        ".  0.042",
    ],
)
def test_a_card_that_did_not_sign_this_connection_just_now_is_refused(
    handshake: str | None, knock: Knock, world: World, luc: User, good_header: str, security_log: Log
) -> None:
    """A resumed session goes on without the card; a connection kept since long says nothing of now."""
    browser, before = Client(), users()
    answer = knock(world, good_header, browser=browser, HTTP_X_SECAL_EID_HANDSHAKE=handshake)
    refused(browser, answer, security_log, "card.not_signed_now", before)


def test_a_card_held_at_ten_in_the_morning_is_checked_again_at_eleven(
    knock: Knock, world: World, luc: User, good_header: str, security_log: Log
) -> None:
    """Nothing of a check is remembered: the next login sees the list fetched since."""
    assert knock(world, good_header).status_code == 302
    serial = read(good_header).serial_number
    world.lists[0] = world.issuer.revocations(serial, now=world.now, made=timedelta(minutes=-1))
    assert knock(world, good_header).status_code == 403
    assert security_log(kind="DENY")[-1]["reason"] == "card.revoked"


def test_who_may_not_work_today_stays_outside(
    knock: Knock, world: World, luc: User, good_header: str, security_log: Log
) -> None:
    change(luc, is_active=False)
    browser, before = Client(), users()
    assert knock(world, good_header, browser=browser).status_code == 403
    assert not is_inside(browser)
    assert users() == before
    (row,) = security_log(kind="DENY")
    assert (row["act"], row["subject"]) == ("access.login", luc.pk)


def test_another_persons_card_does_not_take_over_a_browser(
    knock: Knock,
    world: World,
    luc: User,
    make_user: MakeUser,
    client_for: Callable[[User], Client],
    good_header: str,
    security_log: Log,
) -> None:
    mia = make_user(Role.CASE_OFFICER, given_name="Mia")
    change(mia, niss_bi=niss_index(UNKNOWN))
    browser = client_for(mia)
    assert knock(world, good_header, browser=browser).status_code == 403
    (row,) = security_log(kind="DENY")
    assert (row["reason"], row["actor"]) == ("login.somebody_else", mia.pk)


def test_no_page_of_another_site_follows(knock: Knock, world: World, luc: User, good_header: str) -> None:
    answer = knock(world, good_header, QUERY_STRING="next=https://evil.example/")
    assert answer["Location"] == reverse("office:home")
