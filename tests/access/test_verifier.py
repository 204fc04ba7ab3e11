"""Forged, stale and misdirected tokens: each differs from a good one in one thing, and each is refused."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, RSAKey

from secal.access.verifier import Expectation, TokenRefused, UnknownKey, verify_id_token

NOW = 1_795_000_000
ISSUER, CLIENT, NONCE, LEVEL = "https://identity.example", "secal-office", "nonce-of-this-login", "level-card"
EXPECTED = Expectation(issuer=ISSUER, client_id=CLIENT, nonce=NONCE, acr=LEVEL, now=NOW, max_age=300)
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": CLIENT,
    "sub": "person-1",
    "nonce": NONCE,
    "acr": LEVEL,
    "iat": NOW - 5,
    "auth_time": NOW - 20,
    "exp": NOW + 300,
}
ABSENT = object()


def sign(key: Any, claims: dict[str, Any] | bytes, **header: Any) -> str:
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    protected = {"alg": "RS256", "kid": "provider", **header}
    protected = {name: value for name, value in protected.items() if value is not ABSENT}
    return jws.serialize_compact(protected, payload, key, algorithms=[protected["alg"]])


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def other_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "provider"}, private=True)


@pytest.fixture
def keys(provider_key: RSAKey) -> KeySet:
    return KeySet.import_key_set({"keys": [provider_key.as_dict(private=False)]})


def test_a_good_token_names_its_subject(provider_key: RSAKey, keys: KeySet) -> None:
    assert verify_id_token(sign(provider_key, GOOD), keys, EXPECTED) == "person-1"


def test_the_only_key_serves_a_token_that_names_none(provider_key: RSAKey, keys: KeySet) -> None:
    assert verify_id_token(sign(provider_key, GOOD, kid=ABSENT), keys, EXPECTED) == "person-1"


def test_an_elliptic_key_serves_too() -> None:
    key = ECKey.generate_key("P-256", {"kid": "curve"}, private=True)
    keys = KeySet.import_key_set({"keys": [key.as_dict(private=False)]})
    assert verify_id_token(sign(key, GOOD, alg="ES256", kid="curve"), keys, EXPECTED) == "person-1"


CLAIM_FAULTS = {
    "issuer of somebody else": ("iss", "https://identity.example.evil", "token.issuer"),
    "issuer with a slash more": ("iss", ISSUER + "/", "token.issuer"),
    "no issuer": ("iss", ABSENT, "token.issuer"),
    "another client's": ("aud", "other-office", "token.audience"),
    "for us and another": ("aud", [CLIENT, "other-office"], "token.audience"),
    "for nobody": ("aud", [], "token.audience"),
    "no audience": ("aud", ABSENT, "token.audience"),
    "given to another party": ("azp", "other-office", "token.authorised_party"),
    "party null": ("azp", None, "token.authorised_party"),
    "another login's nonce": ("nonce", "nonce-of-yesterday", "token.nonce"),
    "no nonce": ("nonce", ABSENT, "token.nonce"),
    "nonce of another type": ("nonce", [NONCE], "token.nonce"),
    "lower level": ("acr", "level-password", "token.level"),
    "no level": ("acr", ABSENT, "token.level"),
    "level in a list": ("acr", [LEVEL], "token.level"),
    "expired": ("exp", NOW - 60, "token.expired"),
    "no end": ("exp", ABSENT, "token.no_exp"),
    "end as text": ("exp", str(NOW + 300), "token.no_exp"),
    "end as truth": ("exp", True, "token.no_exp"),
    "end without end": ("exp", float("inf"), "token.no_exp"),
    "made tomorrow": ("iat", NOW + 86_400, "token.stale"),
    "made an hour ago": ("iat", NOW - 3600, "token.stale"),
    "no making": ("iat", ABSENT, "token.no_iat"),
    "not yet in force": ("nbf", NOW + 3600, "token.not_yet"),
    "card used long ago": ("auth_time", NOW - 7200, "token.old_authentication"),
    "card used tomorrow": ("auth_time", NOW + 7200, "token.old_authentication"),
    "no use of the card": ("auth_time", ABSENT, "token.no_auth_time"),
    "no subject": ("sub", ABSENT, "token.subject"),
    "empty subject": ("sub", "  ", "token.subject"),
    "number as subject": ("sub", 7, "token.subject"),
    "endless subject": ("sub", "x" * 500, "token.subject"),
}


@pytest.mark.parametrize("name", CLAIM_FAULTS)
def test_a_token_with_a_wrong_claim_is_refused(name: str, provider_key: RSAKey, keys: KeySet) -> None:
    claim, value, code = CLAIM_FAULTS[name]
    claims = {key: held for key, held in {**GOOD, claim: value}.items() if held is not ABSENT}
    with pytest.raises(TokenRefused) as refusal:
        verify_id_token(sign(provider_key, claims), keys, EXPECTED)
    assert refusal.value.code == code


Forge = Callable[[RSAKey, RSAKey], str]


def unsigned(key: RSAKey, other: RSAKey) -> str:
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(GOOD)}."


def unsigned_in_capitals(key: RSAKey, other: RSAKey) -> str:
    return f"{part({'alg': 'nOnE'})}.{part(GOOD)}."


def no_algorithm(key: RSAKey, other: RSAKey) -> str:
    return f"{part({'kid': 'provider'})}.{part(GOOD)}.{part(b'x')}"


def public_key_as_shared_secret(key: RSAKey, other: RSAKey) -> str:
    signed = f"{part({'alg': 'HS256', 'kid': 'provider'})}.{part(GOOD)}"
    return f"{signed}.{part(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"


def signed_by_another(key: RSAKey, other: RSAKey) -> str:
    return sign(other, GOOD)


def unknown_key_name(key: RSAKey, other: RSAKey) -> str:
    return sign(key, GOOD, kid="somebody")


def key_name_as_path(key: RSAKey, other: RSAKey) -> str:
    return sign(key, GOOD, kid="../../etc/passwd")


def brings_its_own_key(key: RSAKey, other: RSAKey) -> str:
    return sign(other, GOOD, jwk=other.as_dict(private=False))


def names_where_its_key_is(key: RSAKey, other: RSAKey) -> str:
    return sign(key, GOOD, jku="https://evil.example/keys")


def payload_changed(key: RSAKey, other: RSAKey) -> str:
    head, _body, signature = sign(key, GOOD).split(".")
    return f"{head}.{part({**GOOD, 'sub': 'person-2'})}.{signature}"


def signature_cut(key: RSAKey, other: RSAKey) -> str:
    return sign(key, GOOD).rpartition(".")[0] + "."


def signature_of_another_token(key: RSAKey, other: RSAKey) -> str:
    mine, theirs = sign(key, GOOD), sign(key, {**GOOD, "sub": "person-2"})
    return f"{mine.rpartition('.')[0]}.{theirs.rpartition('.')[2]}"


def five_parts(key: RSAKey, other: RSAKey) -> str:
    return sign(key, GOOD) + ".x.y"


def no_token_at_all(key: RSAKey, other: RSAKey) -> str:
    return "not a token"


def not_ascii(key: RSAKey, other: RSAKey) -> str:
    return sign(key, GOOD) + "é"


def claims_are_a_list(key: RSAKey, other: RSAKey) -> str:
    return sign(key, b"[1, 2]")


def claims_are_not_json(key: RSAKey, other: RSAKey) -> str:
    return sign(key, b"{sub: me}")


def endless(key: RSAKey, other: RSAKey) -> str:
    return sign(key, {**GOOD, "story": "x" * 20_000})


FORGERIES: dict[Forge, str] = {
    unsigned: "token.algorithm",
    unsigned_in_capitals: "token.algorithm",
    no_algorithm: "token.",
    public_key_as_shared_secret: "token.algorithm",
    signed_by_another: "token.signature",
    unknown_key_name: "token.key",
    key_name_as_path: "token.key",
    brings_its_own_key: "token.",
    names_where_its_key_is: "token.header",
    payload_changed: "token.signature",
    signature_cut: "token.signature",
    signature_of_another_token: "token.signature",
    five_parts: "token.malformed",
    no_token_at_all: "token.malformed",
    not_ascii: "token.malformed",
    claims_are_a_list: "token.malformed",
    claims_are_not_json: "token.signature",
    endless: "token.too_long",
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forged_token_is_refused(
    forge: Forge, provider_key: RSAKey, other_key: RSAKey, keys: KeySet
) -> None:
    with pytest.raises(TokenRefused) as refusal:
        verify_id_token(forge(provider_key, other_key), keys, EXPECTED)
    assert refusal.value.code.startswith(FORGERIES[forge])


def test_a_key_made_for_encryption_signs_nothing(provider_key: RSAKey) -> None:
    wrong = {**provider_key.as_dict(private=False), "use": "enc"}
    with pytest.raises(UnknownKey):
        verify_id_token(sign(provider_key, GOOD), KeySet.import_key_set({"keys": [wrong]}), EXPECTED)


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_short_key_signs_nothing() -> None:
    key = RSAKey.generate_key(1024, {"kid": "provider"}, private=True)
    keys = KeySet.import_key_set({"keys": [key.as_dict(private=False)]})
    with pytest.raises(TokenRefused) as refusal:
        verify_id_token(sign(key, GOOD), keys, EXPECTED)
    assert refusal.value.code == "token.weak_key"


def test_without_a_level_in_the_settings_nobody_enters(provider_key: RSAKey, keys: KeySet) -> None:
    claims = {**GOOD, "acr": ""}
    expected = Expectation(issuer=ISSUER, client_id=CLIENT, nonce=NONCE, acr="", now=NOW, max_age=300)
    with pytest.raises(TokenRefused):
        verify_id_token(sign(provider_key, claims), keys, expected)


def test_refusing_is_quick(provider_key: RSAKey, keys: KeySet) -> None:
    started = time.perf_counter()
    for _ in range(50):
        with pytest.raises(TokenRefused):
            verify_id_token("a.b.c", keys, EXPECTED)
    assert time.perf_counter() - started < 5
