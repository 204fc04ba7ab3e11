"""Forged, stale and misdirected tokens: each differs from a good one in one thing, and each is refused."""

import logging
import time
import traceback
from datetime import date

import pytest
from joserfc.jwk import ECKey, KeySet, RSAKey

from secal.access.verifier import Expectation, Proof, TokenRefused, UnknownKey, verify_id_token
from secal.kernel.identifiers import compose_niss
from tests.access.forging import FORGERIES, NISS, Forgery, claims_of, public, sign

NOW = 1_795_000_000
ISSUER, CLIENT, NONCE, LEVEL = "https://identity.example", "secal-office", "nonce-of-this-login", "level-card"
EXPECTED = Expectation(issuer=ISSUER, client_id=CLIENT, nonce=NONCE, acr=LEVEL, now=NOW, max_age=300)
GOOD = claims_of(EXPECTED, subject="person-1")
PROOF = Proof(subject="person-1", niss=NISS, acr=LEVEL, auth_time=NOW - 20)


def test_a_good_token_proves_a_person(provider_key: RSAKey) -> None:
    assert verify_id_token(sign(provider_key, GOOD), public(provider_key), EXPECTED) == PROOF


def test_the_only_key_serves_a_token_that_names_none(provider_key: RSAKey) -> None:
    assert verify_id_token(sign(provider_key, GOOD, kid=None), public(provider_key), EXPECTED) == PROOF


@pytest.mark.parametrize(("curve", "algorithm"), [("P-256", "ES256"), ("P-384", "ES384")])
def test_an_elliptic_key_serves_too(curve: str, algorithm: str) -> None:
    key = ECKey.generate_key(curve, {"kid": "provider"}, private=True)
    assert verify_id_token(sign(key, GOOD, alg=algorithm), public(key), EXPECTED) == PROOF


@pytest.mark.parametrize(
    "number", [NISS, compose_niss(date(2003, 2, 1), 997), compose_niss(date(1968, 5, 21), 998, bis=True)]
)
def test_numbers_of_both_registers_serve(number: str, provider_key: RSAKey) -> None:
    """National register and BIS."""
    token = sign(provider_key, {**GOOD, "egovNRN": number})
    assert verify_id_token(token, public(provider_key), EXPECTED).niss == number


def test_there_are_at_least_sixty_forgeries() -> None:
    assert len(FORGERIES) >= 60


@pytest.mark.obligation("17/006 §16.2")
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_token_is_refused(name: str, provider_key: RSAKey, other_key: RSAKey) -> None:
    forged = FORGERIES[name].make(Forgery(provider_key, other_key, GOOD))
    with pytest.raises(TokenRefused) as refusal:
        verify_id_token(forged.token, forged.keys, EXPECTED)
    assert refusal.value.code == FORGERIES[name].code


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", FORGERIES)
def test_a_refusal_tells_nothing_of_the_token(
    name: str, provider_key: RSAKey, other_key: RSAKey, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in its words, not in what lies behind it, not in a log."""
    forged = FORGERIES[name].make(Forgery(provider_key, other_key, GOOD))
    with caplog.at_level(logging.DEBUG), pytest.raises(TokenRefused) as refusal:
        verify_id_token(forged.token, forged.keys, EXPECTED)
    told = "".join(traceback.format_exception(refusal.value)) + caplog.text
    for value in (NISS, NISS[:6], "person-1", NONCE):
        assert value not in told
    assert refusal.value.__cause__ is None
    assert refusal.value.__context__ is None


def test_a_proof_does_not_show_the_person() -> None:
    for shown in (repr(PROOF), str(PROOF)):
        assert NISS not in shown
        assert "person-1" not in shown


def test_a_key_made_for_encryption_signs_nothing(provider_key: RSAKey) -> None:
    wrong = {**provider_key.as_dict(private=False), "use": "enc"}
    with pytest.raises(UnknownKey):
        verify_id_token(sign(provider_key, GOOD), KeySet.import_key_set({"keys": [wrong]}), EXPECTED)


def test_without_a_level_in_the_settings_nobody_enters(provider_key: RSAKey) -> None:
    expected = Expectation(issuer=ISSUER, client_id=CLIENT, nonce=NONCE, acr="", now=NOW, max_age=300)
    with pytest.raises(TokenRefused):
        verify_id_token(sign(provider_key, {**GOOD, "acr": ""}), public(provider_key), expected)


def test_refusing_is_quick(provider_key: RSAKey) -> None:
    keys = public(provider_key)
    started = time.perf_counter()
    for _ in range(50):
        with pytest.raises(TokenRefused):
            verify_id_token("a.b.c", keys, EXPECTED)
    assert time.perf_counter() - started < 5
