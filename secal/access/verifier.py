"""Checks an ID token of the identity provider: who signed it, for whom, when, for which login, how surely.

Everything is refused that is not exactly what was asked for. No network, no settings, no clock: the caller
gives the keys, what to expect and the present moment. No error carries a value of the token, in its words or
behind it.
"""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from secal.kernel.identifiers import IdentifierError, parse_niss

ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "P-256", "ES384": "P-384"}
"""Accepted signatures with the kind of key (RSA, or the curve) each takes. No shared-secret algorithm, and
never "none"."""
HEADER = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
"""What a token may say of its own signature. One that brings a key proves nothing; an extension that we do
not know must not be ignored."""
NUMBER = "egovNRN"
"""The claim with the number of the national register."""
LARGEST_TOKEN = 16_384
SMALLEST_RSA_BITS = 2048
LEEWAY = 30
"""Seconds by which two clocks may differ."""
OLDEST_TOKEN = 600
"""Seconds after its making at which a token is too old to open a session."""
LONGEST_LIFE = 86_400
"""Seconds for which a token may say that it holds."""
LONGEST_SUBJECT = 120

_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)

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


@dataclass(frozen=True, slots=True)
class Proof:
    """What a genuine token proves of a person. Whoever prints it sees neither the person nor their number."""

    subject: str = field(repr=False)
    niss: str = field(repr=False)
    acr: str
    auth_time: int
    """Seconds since 1970: when the card was used."""


def verify_id_token(token: str, keys: KeySet, expected: Expectation) -> Proof:
    """What a token proves that is genuine and meant for this login. Raises TokenRefused."""
    if len(token) > LARGEST_TOKEN:
        raise TokenRefused("token.too_long")
    claims = _signed_claims(token, keys)
    _check_parties(claims, expected)
    _check_times(claims, expected)
    _check_login(claims, expected)
    return Proof(
        subject=_subject(claims),
        niss=_number(claims),
        acr=expected.acr,
        auth_time=_moment(claims, "auth_time"),
    )


def _signed_claims(token: str, keys: KeySet) -> Mapping[str, Any]:
    if not _COMPACT.fullmatch(token):
        raise TokenRefused("token.malformed")
    header, payload, signature = map(_decoded, token.split("."))
    described = _members(header)
    if described is None or payload is None or signature is None:
        raise TokenRefused("token.malformed")
    algorithm = described.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise TokenRefused("token.algorithm")
    if described.keys() - HEADER or str(described.get("typ", "JWT")).upper() != "JWT":
        raise TokenRefused("token.header")
    if not _is_signed(token, _key_for(algorithm, described.get("kid"), keys), algorithm):
        raise TokenRefused("token.signature")
    claims = _members(payload)
    if claims is None:
        raise TokenRefused("token.claims")
    return claims


def _is_signed(token: str, key: Key, algorithm: str) -> bool:
    with suppress(JoseError, ValueError, TypeError):
        jws.deserialize_compact(token, key, algorithms=[algorithm])
        return True
    return False


def _decoded(part: str) -> bytes | None:
    """The bytes of one part, if it is their one spelling: no padding, no bits left over."""
    with suppress(ValueError):
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == part:
            return raw
    return None


def _members(raw: bytes | None) -> dict[str, Any] | None:
    """The JSON object, if it is one and says nothing twice."""
    with suppress(ValueError, RecursionError):
        value = json.loads((raw or b"").decode(), object_pairs_hook=_once, parse_constant=_refused)
        if isinstance(value, dict):
            return value
    return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _refused(constant: str) -> None:
    raise ValueError("no number of JSON")


def _key_for(algorithm: str, named: Any, keys: KeySet) -> Key:
    """The provider's key that the token names; without a name, its only key of the right kind."""
    fitting = [
        key
        for key in keys.keys
        if isinstance(key, RSAKey | ECKey)
        and ALGORITHMS[algorithm] == (key.curve_name if isinstance(key, ECKey) else "RSA")
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, algorithm)
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
    if _moment(claims, "exp") > expected.now + LONGEST_LIFE:
        raise TokenRefused("token.endless")
    if "nbf" in claims and _moment(claims, "nbf") > expected.now + LEEWAY:
        raise TokenRefused("token.not_yet")
    if not _recent(_moment(claims, "iat"), expected.now, OLDEST_TOKEN):
        raise TokenRefused("token.stale")
    if not _recent(_moment(claims, "auth_time"), expected.now, expected.max_age):
        raise TokenRefused("token.old_authentication")


def _check_login(claims: Mapping[str, Any], expected: Expectation) -> None:
    """The answer to our question, at the level of the identity card."""
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not _same(nonce, expected.nonce):
        raise TokenRefused("token.nonce")
    if not expected.acr or claims.get("acr") != expected.acr:
        raise TokenRefused("token.level")


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if (
        not isinstance(subject, str)
        or not subject.strip()
        or not subject.isprintable()
        or len(subject) > LONGEST_SUBJECT
    ):
        raise TokenRefused("token.subject")
    return subject


def _number(claims: Mapping[str, Any]) -> str:
    """The eleven digits as the register writes them: no mark, no space, right check digits."""
    number = claims.get(NUMBER)
    if isinstance(number, str):
        # Suppressed and not chained: the error of the kernel quotes what it read.
        with suppress(IdentifierError):
            if parse_niss(number) == number:
                return number
    raise TokenRefused("token.national_number")


def _same(said: str, asked: str) -> bool:
    """In constant time; a text that no alphabet can write is never the same."""
    return hmac.compare_digest(said.encode(errors="surrogatepass"), asked.encode())


def _moment(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise TokenRefused(f"token.no_{name}")
    return value


def _recent(moment: int, now: int, oldest: int) -> bool:
    return now - oldest - LEEWAY <= moment <= now + LEEWAY
