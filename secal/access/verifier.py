"""Checks an ID token of the identity provider: who signed it, for whom, when, for which login, how surely.

Everything is refused that is not exactly what was asked for. No network, no settings, no clock: the caller
gives the keys, what to expect and the present moment.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "ES384": "EC"}
"""Accepted signatures with the kind of key each takes. No shared-secret algorithm, and never "none"."""
LARGEST_TOKEN = 16_384
SMALLEST_RSA_BITS = 2048
LEEWAY = 30
"""Seconds by which two clocks may differ."""
OLDEST_TOKEN = 600
"""Seconds after its making at which a token is too old to open a session."""
LONGEST_SUBJECT = 120

Key = RSAKey | ECKey


class TokenRefused(Exception):
    """The token proves nothing. `code` goes to the security log; it holds no value of the token."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class UnknownKey(TokenRefused):
    """Signed with a key that is not among those given: the provider may have changed its keys."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a token must say to open the session that was asked for."""

    issuer: str
    client_id: str
    nonce: str
    acr: str
    now: int
    """Seconds since 1970."""
    max_age: int
    """Seconds since the person last proved who they are."""


def verify_id_token(token: str, keys: KeySet, expected: Expectation) -> str:
    """The subject of a token that is genuine and meant for this login. Raises TokenRefused."""
    if len(token) > LARGEST_TOKEN:
        raise TokenRefused("token.too_long")
    claims = _signed_claims(token, keys)
    _check_parties(claims, expected)
    _check_times(claims, expected)
    _check_login(claims, expected)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > LONGEST_SUBJECT:
        raise TokenRefused("token.subject")
    return subject


def _signed_claims(token: str, keys: KeySet) -> Mapping[str, Any]:
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError) as error:
        raise TokenRefused("token.malformed") from error
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise TokenRefused("token.algorithm")
    if {"jwk", "jku", "x5u", "x5c", "crit", "b64"} & header.keys():
        # A token that brings its own key proves nothing; an extension we do not know must not be ignored.
        raise TokenRefused("token.header")
    key = _key_for(header, keys)
    try:
        payload = jws.deserialize_compact(token.encode("ascii"), key, algorithms=[algorithm]).payload
        claims = json.loads(payload)
    except (JoseError, ValueError) as error:
        raise TokenRefused("token.signature") from error
    if not isinstance(claims, dict):
        raise TokenRefused("token.malformed")
    return claims


def _key_for(header: Mapping[str, Any], keys: KeySet) -> Key:
    """The provider's key that the token names; without a name, its only key of the right kind."""
    wanted = ALGORITHMS[header["alg"]]
    named = header.get("kid")
    fitting = [
        key
        for key in keys.keys
        if isinstance(key, RSAKey | ECKey)
        and key.key_type == wanted
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, header["alg"])
        and (named is None or key.kid == named)
    ]
    if len(fitting) != 1:
        raise UnknownKey("token.key")
    key = fitting[0]
    if isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA_BITS:
        raise TokenRefused("token.weak_key")
    return key


def _check_parties(claims: Mapping[str, Any], expected: Expectation) -> None:
    """Made by our provider, for us alone."""
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("token.issuer")
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise TokenRefused("token.audience")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise TokenRefused("token.authorised_party")


def _check_times(claims: Mapping[str, Any], expected: Expectation) -> None:
    """In force now, made just now, and the person proved themselves recently."""
    if _moment(claims, "exp") <= expected.now - LEEWAY:
        raise TokenRefused("token.expired")
    if "nbf" in claims and _moment(claims, "nbf") > expected.now + LEEWAY:
        raise TokenRefused("token.not_yet")
    if not _recent(_moment(claims, "iat"), expected.now, OLDEST_TOKEN):
        raise TokenRefused("token.stale")
    if not _recent(_moment(claims, "auth_time"), expected.now, expected.max_age):
        raise TokenRefused("token.old_authentication")


def _check_login(claims: Mapping[str, Any], expected: Expectation) -> None:
    """The answer to our question, at the level of the identity card."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise TokenRefused("token.nonce")
    if not expected.acr or claims.get("acr") != expected.acr:
        raise TokenRefused("token.level")


def _moment(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TokenRefused(f"token.no_{name}")
    return value


def _recent(moment: int, now: int, oldest: int) -> bool:
    return now - oldest - LEEWAY <= moment <= now + LEEWAY
