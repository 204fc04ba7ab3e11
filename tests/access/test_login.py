"""Login at the real provider program: who gets in, who does not, and what the log keeps of it."""

import logging
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from secal.access import oidc
from secal.access import provider as identity
from secal.access.identities import LEVEL, niss_index
from secal.access.models import User, UserRole
from secal.access.roles import Role
from secal.access.verifier import Proof, verify_id_token
from secal.config.demo.personas import PERSONAS
from tests.changing import change
from tests.conftest import appoint

LUC = "demo-luc-dubois"


def enrol(subject: str = LUC, *, role: Role | None = Role.CASE_OFFICER, **fields: Any) -> User:
    number = next(persona.niss for persona in PERSONAS if persona.subject == subject)
    user = User.objects.create(
        subject=subject,
        given_name="Luc",
        family_name="Dubois",
        section="Bruxelles",
        **{"niss_bi": niss_index(number), **fields},
    )
    if role is not None:
        appoint(user, role)
    return user


def ask(browser: Client, **query: str) -> str:
    """Press the button; gives the provider's address."""
    answer = browser.get(reverse("access:begin"), query)
    assert answer.status_code == 302
    return str(answer["Location"])


def choose(address: str, subject: str = LUC) -> str:
    """Choose a person on the provider's page; gives the address back to us."""
    page = requests.get(address, timeout=10)
    assert subject in page.text
    answer = requests.post(address, data={"sub": subject}, timeout=10, allow_redirects=False)
    assert answer.status_code == 302
    return answer.headers["Location"]


def come_back(browser: Client, address: str) -> Any:
    return browser.get(address.removeprefix("http://testserver"))


def log_in(browser: Client, subject: str = LUC, **query: str) -> Any:
    return come_back(browser, choose(ask(browser, **query), subject))


def is_inside(browser: Client) -> bool:
    kept = browser.cookies.get(settings.SEAT_COOKIE_NAME)
    return kept is not None and bool(kept.value)


def test_the_login_page_offers_one_way_in_and_names_nobody(db: None) -> None:
    enrol()
    page = Client().get(reverse("access:login"))
    assert page.status_code == 200
    assert page.content.decode().count(reverse("access:begin")) == 1
    assert "Dubois" not in page.content.decode()


def test_a_persona_logs_in_and_lands_on_the_page_asked_for(
    db: None, real_provider: str, security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    user, browser = enrol(), Client()
    before = browser.session.session_key
    answer = log_in(browser, next="/loi/")
    assert (answer.status_code, answer["Location"]) == (302, "/loi/")
    assert is_inside(browser)
    assert browser.session.session_key != before
    assert oidc.QUESTION not in browser.session
    assert browser.session[LEVEL].endswith("Level500")
    assert [row["act"] for row in security_log(kind="LOGIN", actor=user.pk)] == ["access.login"]


def test_the_question_carries_proof_key_state_nonce_and_level(
    db: None, real_provider: str, settings: Any
) -> None:
    asked = parse_qs(urlsplit(ask(Client())).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert re.fullmatch(r"[\w-]{43}", asked["code_challenge"][0])
    assert asked["response_type"] == ["code"]
    assert asked["acr_values"] == [settings.OIDC_ACR]
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32


def test_the_number_comes_over_the_wire_and_goes_no_further_than_its_index(
    db: None, real_provider: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The program of the provider, its signature, our verifier; and nothing of it in a log or a session."""
    proofs: list[Proof] = []

    def spy(*arguments: Any) -> Proof:
        proofs.append(verify_id_token(*arguments))
        return proofs[-1]

    monkeypatch.setattr(oidc, "verify_id_token", spy)
    enrol()
    browser = Client()
    with caplog.at_level(logging.DEBUG):
        assert log_in(browser).status_code == 302
    (proof,) = proofs
    assert (proof.subject, proof.niss, proof.acr) == (LUC, "68052199829", settings.OIDC_ACR)
    assert abs(proof.auth_time - identity.now()) < 60
    assert proof.niss not in caplog.text
    assert proof.niss not in str(dict(browser.session))


def test_the_proof_key_sent_with_the_code_fits_the_question(
    db: None, real_provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: dict[str, str] = {}
    exchange = identity.exchange_code

    def spy(provider: identity.Provider, **words: str) -> str:
        sent.update(words)
        return exchange(provider, **words)

    monkeypatch.setattr(identity, "exchange_code", spy)
    browser = Client()
    address = ask(browser)
    come_back(browser, choose(address))
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    challenge = parse_qs(urlsplit(address).query)["code_challenge"][0]
    assert create_s256_code_challenge(sent["code_verifier"]) == challenge


def test_no_page_of_another_site_follows_a_login(db: None, real_provider: str) -> None:
    enrol()
    answer = log_in(Client(), next="https://evil.example/")
    assert answer["Location"] == reverse("office:home")


def unknown() -> None:
    return None


def inactive() -> None:
    enrol(is_active=False)


def without_a_role() -> None:
    enrol(role=None)


def with_another_number() -> None:
    """The provider's name for Luc, and the number of somebody else."""
    enrol(niss_bi=niss_index("71031299857"))


def without_a_number() -> None:
    enrol(niss_bi=None)


def whose_role_ended() -> None:
    change(UserRole.objects.filter(user=enrol()), valid_until=date(2021, 1, 1))


def whose_role_is_to_come() -> None:
    change(UserRole.objects.filter(user=enrol()), valid_from=date(2099, 1, 1))


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (unknown, "login.unknown_person"),
        (with_another_number, "login.unknown_person"),
        (without_a_number, "login.unknown_person"),
        (inactive, "login.inactive"),
        (without_a_role, "login.no_role"),
        (whose_role_ended, "login.no_role"),
        (whose_role_is_to_come, "login.no_role"),
    ],
)
def test_who_may_not_work_today_stays_outside_and_is_logged(
    person: Callable[[], None],
    reason: str,
    db: None,
    real_provider: str,
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    person()
    browser = Client()
    answer = log_in(browser)
    assert answer.status_code == 403
    assert not is_inside(browser)
    assert [row["reason"] for row in security_log(kind="DENY", act="access.login")] == [reason]


def test_every_refusal_shows_the_same_page(db: None, real_provider: str) -> None:
    def words(answer: Any) -> str:
        return re.sub(r'<strong class="num">\w+</strong>|nonce="[^"]+"', "", answer.content.decode())

    nobody = log_in(Client())
    enrol(is_active=False)
    assert words(log_in(Client())) == words(nobody)


def test_an_answer_to_no_question_is_refused(db: None, real_provider: str) -> None:
    enrol()
    address = choose(ask(Client()))
    another = Client()
    assert come_back(another, address).status_code == 403
    assert not is_inside(another)


def test_an_answer_cannot_be_used_twice(db: None, real_provider: str) -> None:
    enrol()
    browser = Client()
    address = choose(ask(browser))
    assert come_back(browser, address).status_code == 302
    browser.post(reverse("access:logout"))
    assert come_back(browser, address).status_code == 403
    assert not is_inside(browser)


def test_a_wrong_state_ends_the_question(db: None, real_provider: str) -> None:
    enrol()
    browser = Client()
    address = choose(ask(browser))
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert browser.get(reverse("access:callback"), {"code": code, "state": "guessed"}).status_code == 403
    assert come_back(browser, address).status_code == 403, "the right answer comes too late"


def test_a_code_given_to_one_browser_opens_nothing_in_another(db: None, real_provider: str) -> None:
    enrol()
    mine, theirs = Client(), Client()
    my_question, their_answer = ask(mine), choose(ask(theirs))
    state = parse_qs(urlsplit(my_question).query)["state"][0]
    code = parse_qs(urlsplit(their_answer).query)["code"][0]
    answer = mine.get(reverse("access:callback"), {"code": code, "state": state})
    assert answer.status_code == 403, "its token carries the other browser's nonce"


def test_an_answer_from_another_issuer_is_refused(db: None, real_provider: str) -> None:
    enrol()
    browser = Client()
    assert come_back(browser, choose(ask(browser)) + "&iss=https://evil.example").status_code == 403


def test_a_person_who_declines_stays_outside(db: None, real_provider: str) -> None:
    browser = Client()
    state = parse_qs(urlsplit(ask(browser)).query)["state"][0]
    answer = browser.get(reverse("access:callback"), {"error": "access_denied", "state": state})
    assert answer.status_code == 403


def test_an_old_question_is_forgotten(db: None, real_provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol()
    browser = Client()
    address = choose(ask(browser))
    later = identity.now() + oidc.QUESTION_LASTS + 1
    monkeypatch.setattr(identity, "now", lambda: later)
    assert come_back(browser, address).status_code == 403


@pytest.mark.obligation("17/006 §16.2")
def test_a_login_without_the_card_is_refused(
    db: None,
    settings: Any,
    start_provider: Callable[..., str],
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    settings.OIDC_ISSUER = start_provider("--level", "urn:be:fedict:iam:fas:Level100")
    enrol()
    assert log_in(Client()).status_code == 403
    assert security_log(kind="DENY", act="access.login")[0]["reason"] == "token.level"


def test_a_token_for_another_office_is_refused(
    db: None, real_provider: str, settings: Any, security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    enrol()
    browser = Client()
    address = choose(ask(browser))
    settings.OIDC_CLIENT_ID = "another-office"
    assert come_back(browser, address).status_code == 403


def test_changed_keys_of_the_provider_are_asked_for_once(
    db: None, real_provider: str, provider_key: RSAKey
) -> None:
    from django.core.cache import cache

    enrol()
    provider = identity.discover()
    stale = {"keys": [{**provider_key.as_dict(private=False), "use": "enc"}]}
    cache.set(f"oidc-keys:{provider.jwks_uri}", stale, 60)
    assert log_in(Client()).status_code == 302


def test_without_a_provider_the_page_says_so(db: None, settings: Any) -> None:
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert Client().get(reverse("access:begin")).status_code == 503


@pytest.mark.parametrize(
    "address",
    [
        "http://identity.example",
        "ftp://127.0.0.1",
        "//127.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://[",
        "",
    ],
)
def test_a_provider_at_an_unsafe_address_is_never_asked(address: str, settings: Any) -> None:
    assert not identity.address_is_safe(address)
    settings.OIDC_ISSUER = address
    with pytest.raises(identity.ProviderUnavailable):
        identity.discover()


def test_in_production_even_this_machine_needs_encryption(settings: Any) -> None:
    from secal.access.checks import identity_provider_is_safe

    settings.OIDC_LOOPBACK_ALLOWED = False
    settings.OIDC_ISSUER = "http://127.0.0.1:9400"
    assert not identity.address_is_safe(settings.OIDC_ISSUER)
    assert [error.id for error in identity_provider_is_safe()] == ["access.E001"]
    settings.OIDC_ISSUER = "https://identity.example"
    assert identity_provider_is_safe() == []
    settings.OIDC_LOOPBACK_ALLOWED, settings.DEMO_BANNER, settings.OIDC_ACR = True, False, ""
    assert [error.id for error in identity_provider_is_safe()] == ["access.E002", "access.E003"]


def test_a_description_of_another_issuer_is_refused(settings: Any, provider_address: str) -> None:
    settings.OIDC_ISSUER = provider_address.replace("127.0.0.1", "localhost") + "/"
    with pytest.raises(identity.ProviderUnavailable):
        identity.discover()
