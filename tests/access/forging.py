"""Tokens that prove nothing, each a good one but for one thing: for the verifier and for the login."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519
from joserfc import jws
from joserfc.jwk import ECKey, KeySet, RSAKey

from secal.access.verifier import Expectation

NISS = "68052199829"
ABSENT = object()
LATIN = "é".encode("latin-1")


def claims_of(expected: Expectation, *, subject: str, niss: str = NISS) -> dict[str, Any]:
    """What a good token says."""
    return {
        "iss": expected.issuer,
        "aud": expected.client_id,
        "sub": subject,
        "nonce": expected.nonce,
        "acr": expected.acr,
        "iat": expected.now - 5,
        "auth_time": expected.now - 20,
        "exp": expected.now + 300,
        "egovNRN": niss,
    }


def sign(key: Any, claims: Mapping[str, Any] | bytes, **header: Any) -> str:
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    protected = {"alg": "RS256", "kid": "provider", **header}
    protected = {name: value for name, value in protected.items() if value is not None}
    return jws.serialize_compact(protected, payload, key, algorithms=[protected["alg"]])


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def public(*held: RSAKey | ECKey) -> KeySet:
    """The provider's keys as we know them."""
    return KeySet.import_key_set({"keys": [key.as_dict(private=False) for key in held]})


@dataclass(frozen=True)
class Forged:
    token: str
    keys: KeySet


@dataclass(frozen=True)
class Forgery:
    """What a forger has: in the worst case the provider's own key; and somebody else's."""

    key: RSAKey
    other: RSAKey
    good: dict[str, Any]

    def signed(self, claims: Mapping[str, Any] | bytes | None = None, **header: Any) -> Forged:
        """With the provider's key."""
        return self.of(sign(self.key, self.good if claims is None else claims, **header))

    def of(self, token: str) -> Forged:
        return Forged(token, public(self.key))

    @property
    def good_token(self) -> str:
        return sign(self.key, self.good)

    @property
    def now(self) -> int:
        return int(self.good["iat"]) + 5


@dataclass(frozen=True)
class Case:
    make: Callable[[Forgery], Forged]
    code: str
    """What the security log says."""


def _claim(name: str, value: Any, code: str) -> Case:
    """One claim changed; a callable is given the present moment."""

    def make(at: Forgery) -> Forged:
        said = value(at.now) if callable(value) else value
        return at.signed({key: held for key, held in {**at.good, name: said}.items() if held is not ABSENT})

    return Case(make, code)


def _text(change: Callable[[str], str], code: str = "token.claims") -> Case:
    """The text of the claims changed before it is signed."""
    return Case(lambda at: at.signed(change(json.dumps(at.good)).encode()), code)


def _header(code: str, **header: Any) -> Case:
    return Case(lambda at: at.signed(**header), code)


def _bare_header(header: Any, code: str) -> Case:
    """A header that no honest library writes, over a signature of something else."""
    return Case(lambda at: at.of(f"{part(header)}.{part(at.good)}.{at.good_token.rpartition('.')[2]}"), code)


def _shape(change: Callable[[str], str], code: str = "token.malformed") -> Case:
    """The finished token changed."""
    return Case(lambda at: at.of(change(at.good_token)), code)


def _unsigned(algorithm: str) -> Case:
    return Case(lambda at: at.of(f"{part({'alg': algorithm})}.{part(at.good)}."), "token.algorithm")


def _shared_secret(algorithm: str, digest: str, *, pem: bool) -> Case:
    """The provider's public key, which everybody has, used as a secret."""

    def make(at: Forgery) -> Forged:
        secret = at.key.as_pem(private=False) if pem else at.key.as_der(private=False)
        body = f"{part({'alg': algorithm, 'kid': 'provider'})}.{part(at.good)}"
        return at.of(f"{body}.{part(hmac.digest(secret, body.encode(), digest))}")

    return Case(make, "token.algorithm")


def _edwards(at: Forgery) -> Forged:
    body = f"{part({'alg': 'EdDSA', 'kid': 'provider'})}.{part(at.good)}"
    return at.of(f"{body}.{part(ed25519.Ed25519PrivateKey.generate().sign(body.encode()))}")


def _elliptic(signature: bytes, code: str = "token.signature") -> Case:
    """A signature of two numbers that any message would fit, if nobody looked at them."""

    def make(at: Forgery) -> Forged:
        key = ECKey.generate_key("P-256", {"kid": "provider"}, private=True)
        body = f"{part({'alg': 'ES256', 'kid': 'provider'})}.{part(at.good)}"
        return Forged(f"{body}.{part(signature)}", public(key))

    return Case(make, code)


def _wrong_curve(at: Forgery) -> Forged:
    key = ECKey.generate_key("P-384", {"kid": "provider"}, private=True)
    body = f"{part({'alg': 'ES256', 'kid': 'provider'})}.{part(at.good)}"
    return Forged(f"{body}.{part(bytes(64))}", public(key))


def _key_of_another_kind(at: Forgery) -> Forged:
    key = ECKey.generate_key("P-256", {"kid": "provider"}, private=True)
    return Forged(at.good_token, public(key))


def _short_key(at: Forgery) -> Forged:
    key = RSAKey.generate_key(1024, {"kid": "provider"}, private=True)
    return Forged(sign(key, at.good), public(key))


def _two_keys_no_name(at: Forgery) -> Forged:
    second = RSAKey.generate_key(2048, {"kid": "second"}, private=True)
    return Forged(sign(at.key, at.good, kid=None), public(at.key, second))


def _with_payload(claims: Mapping[str, Any]) -> Callable[[str], str]:
    def change(token: str) -> str:
        head, payload, signature = token.split(".")
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return f"{head}.{part({**said, **claims})}.{signature}"

    return change


def _with_header(**header: Any) -> Callable[[str], str]:
    def change(token: str) -> str:
        _head, rest = token.split(".", 1)
        return f"{part({'alg': 'RS256', 'kid': 'provider', **header})}.{rest}"

    return change


def _last_bits(token: str) -> str:
    """Another spelling of the same signature: the bits that base64 leaves over."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def _general_form(at: Forgery) -> Forged:
    """Two signatures over one payload, as JSON."""
    head, payload, signature = at.good_token.split(".")
    one = {"protected": head, "signature": signature}
    return at.of(json.dumps({"payload": payload, "signatures": [one, one]}))


def _twice(name: str, value: Any) -> Callable[[str], str]:
    return lambda text: text[:-1] + f", {json.dumps(name)}: {json.dumps(value)}}}"


def _first(name: str, value: Any) -> Callable[[str], str]:
    return lambda text: f"{{{json.dumps(name)}: {json.dumps(value)}, " + text[1:]


def _header_twice(at: Forgery) -> Forged:
    """A header that says its algorithm twice, well signed for the second."""
    head = part(b'{"alg": "none", "kid": "provider", "alg": "RS256"}')
    return at.of(f"{head}.{'.'.join(at.good_token.split('.')[1:])}")


FORGERIES: dict[str, Case] = {
    # who made it, for whom
    "issuer of somebody else": _claim("iss", "https://identity.example.evil", "token.issuer"),
    "issuer with a slash more": _claim("iss", "https://identity.example//", "token.issuer"),
    "issuer in capitals": _claim("iss", "HTTPS://IDENTITY.EXAMPLE", "token.issuer"),
    "issuer in a list": _claim("iss", ["https://identity.example"], "token.issuer"),
    "no issuer": _claim("iss", ABSENT, "token.issuer"),
    "another client's": _claim("aud", "other-office", "token.audience"),
    "for us and another": _claim("aud", ["secal-office", "other-office"], "token.audience"),
    "for us twice": _claim("aud", ["secal-office", "secal-office"], "token.audience"),
    "for whoever begins like us": _claim("aud", "secal-office-test", "token.audience"),
    "for nobody": _claim("aud", [], "token.audience"),
    "audience as object": _claim("aud", {"secal-office": True}, "token.audience"),
    "no audience": _claim("aud", ABSENT, "token.audience"),
    "given to another party": _claim("azp", "other-office", "token.authorised_party"),
    "party null": _claim("azp", None, "token.authorised_party"),
    # for which login, how surely
    "another login's nonce": _claim("nonce", "nonce-of-yesterday", "token.nonce"),
    "no nonce": _claim("nonce", ABSENT, "token.nonce"),
    "empty nonce": _claim("nonce", "", "token.nonce"),
    "nonce in a list": _claim("nonce", ["nonce-of-this-login"], "token.nonce"),
    "nonce that no alphabet writes": _claim("nonce", "\ud800", "token.nonce"),
    "lower level": _claim("acr", "urn:be:fedict:iam:fas:Level100", "token.level"),
    "level of a code application": _claim("acr", "urn:be:fedict:iam:fas:Level450", "token.level"),
    "no level": _claim("acr", ABSENT, "token.level"),
    "level null": _claim("acr", None, "token.level"),
    "level in a list": _claim("acr", ["level-card"], "token.level"),
    # when
    "expired": _claim("exp", lambda now: now - 60, "token.expired"),
    "no end": _claim("exp", ABSENT, "token.no_exp"),
    "end as text": _claim("exp", lambda now: str(now + 300), "token.no_exp"),
    "end as truth": _claim("exp", True, "token.no_exp"),
    "end with a fraction": _claim("exp", lambda now: now + 300.5, "token.no_exp"),
    "endless": _claim("exp", lambda now: now + 10 * 365 * 86_400, "token.endless"),
    "end beyond all number": _claim("exp", 10**400, "token.endless"),
    "infinite": _claim("exp", float("inf"), "token.claims"),
    "made tomorrow": _claim("iat", lambda now: now + 86_400, "token.stale"),
    "made an hour ago": _claim("iat", lambda now: now - 3600, "token.stale"),
    "no making": _claim("iat", ABSENT, "token.no_iat"),
    "not yet in force": _claim("nbf", lambda now: now + 3600, "token.not_yet"),
    "force as text": _claim("nbf", "now", "token.no_nbf"),
    "card used long ago": _claim("auth_time", lambda now: now - 7200, "token.old_authentication"),
    "card used tomorrow": _claim("auth_time", lambda now: now + 7200, "token.old_authentication"),
    "no use of the card": _claim("auth_time", ABSENT, "token.no_auth_time"),
    "use of the card as text": _claim("auth_time", "just now", "token.no_auth_time"),
    # who
    "no subject": _claim("sub", ABSENT, "token.subject"),
    "empty subject": _claim("sub", "  ", "token.subject"),
    "subject null": _claim("sub", None, "token.subject"),
    "number as subject": _claim("sub", 7, "token.subject"),
    "long subject": _claim("sub", "x" * 500, "token.subject"),
    "subject with a zero byte": _claim("sub", "demo-luc-dubois\0", "token.subject"),
    "subject that no alphabet writes": _claim("sub", "\udfff", "token.subject"),
    "no national number": _claim("egovNRN", ABSENT, "token.national_number"),
    "empty national number": _claim("egovNRN", "", "token.national_number"),
    "national number null": _claim("egovNRN", None, "token.national_number"),
    "national number as number": _claim("egovNRN", int(NISS), "token.national_number"),
    "national number in a list": _claim("egovNRN", [NISS], "token.national_number"),
    "national number with spaces": _claim("egovNRN", f" {NISS} ", "token.national_number"),
    "national number with dots": _claim("egovNRN", "68.05.21-998.29", "token.national_number"),
    "wrong check digits": _claim("egovNRN", "68052199830", "token.national_number"),
    "ten digits": _claim("egovNRN", NISS[:10], "token.national_number"),
    "twelve digits": _claim("egovNRN", f"{NISS}0", "token.national_number"),
    "digits of another script": _claim("egovNRN", "٦٨٠٥٢١٩٩٨٢٩", "token.national_number"),
    "number of nobody": _claim("egovNRN", "00000000097", "token.national_number"),
    "impossible day": _claim("egovNRN", "68023199849", "token.national_number"),
    "number under another name": Case(
        lambda at: at.signed({**{k: v for k, v in at.good.items() if k != "egovNRN"}, "egovnrn": NISS}),
        "token.national_number",
    ),
    # said twice, or not in JSON
    "national number twice": _text(_twice("egovNRN", NISS)),
    "another national number first": _text(_first("egovNRN", "71031299857")),
    "subject twice": _text(_twice("sub", "person-2")),
    "audience twice": _text(_first("aud", "other-office")),
    "level twice": _text(_first("acr", "urn:be:fedict:iam:fas:Level100")),
    "end not a number": _text(lambda text: text.replace('"exp": ', '"exp": NaN, "x": ')),
    "claims in a list": _text(lambda text: f"[{text}]"),
    "claims without quotes": _text(lambda text: "{sub: me}"),
    "claims with something after": _text(lambda text: f"{text} {{}}"),
    "claims of a thousand depths": _text(lambda text: '{"x":' + "[" * 5000),
    "claims in another encoding": Case(
        lambda at: at.signed(json.dumps(at.good).encode("utf-16")), "token.claims"
    ),
    "claims in latin letters": Case(lambda at: at.signed(b'{"x": "' + LATIN + b'"}'), "token.claims"),
    "no claims": Case(lambda at: at.signed(b"{}"), "token.issuer"),
    "a long story": Case(lambda at: at.signed({**at.good, "story": "x" * 20_000}), "token.too_long"),
    # how it is signed
    "unsigned": _unsigned("none"),
    "unsigned in capitals": _unsigned("nOnE"),
    "unsigned with a space": _unsigned("none "),
    "no algorithm": _bare_header({"kid": "provider"}, "token.algorithm"),
    "algorithm null": _bare_header({"alg": None, "kid": "provider"}, "token.algorithm"),
    "algorithms in a list": _bare_header({"alg": ["RS256"], "kid": "provider"}, "token.algorithm"),
    "algorithm in small letters": _bare_header({"alg": "rs256", "kid": "provider"}, "token.algorithm"),
    "public key as shared secret": _shared_secret("HS256", "sha256", pem=True),
    "public key as long secret": _shared_secret("HS512", "sha512", pem=True),
    "public key in bytes as secret": _shared_secret("HS256", "sha256", pem=False),
    "Edwards curve under an RSA key": Case(_edwards, "token.algorithm"),
    "old RSA with SHA-1": _bare_header({"alg": "RS1", "kid": "provider"}, "token.algorithm"),
    "algorithm changed after signing": _shape(_with_header(alg="PS256"), "token.signature"),
    "curve under an RSA key": _shape(_with_header(alg="ES256"), "token.key"),
    "RSA under a curve": Case(_key_of_another_kind, "token.key"),
    "both numbers zero": _elliptic(bytes(64)),
    "both numbers one": _elliptic((bytes(31) + b"\x01") * 2),
    "the numbers too short": _elliptic(bytes(8)),
    "no number": _elliptic(b""),
    "another curve": Case(_wrong_curve, "token.key"),
    "short RSA key": Case(_short_key, "token.weak_key"),
    "signed by another": Case(lambda at: at.of(sign(at.other, at.good)), "token.signature"),
    # which key
    "unknown key": _header("token.key", kid="somebody"),
    "key as path": _header("token.key", kid="../../etc/passwd"),
    "key as statement": _header("token.key", kid="' OR 1=1 --"),
    "key as number": _bare_header({"alg": "RS256", "kid": 7}, "token.key"),
    "keys in a list": _bare_header({"alg": "RS256", "kid": ["provider"]}, "token.key"),
    "two keys and no name": Case(_two_keys_no_name, "token.key"),
    "brings its own key": Case(
        lambda at: at.of(sign(at.other, at.good, jwk=at.other.as_dict(private=False))), "token.header"
    ),
    "names where its key is": _header("token.header", jku="https://evil.example/keys"),
    "names where its certificate is": _header("token.header", x5u="https://evil.example/certificate"),
    "brings its certificate": _header("token.header", x5c=["bm90IGEgY2VydGlmaWNhdGU="]),
    "an extension that matters": _bare_header(
        {"alg": "RS256", "kid": "provider", "crit": ["exp"], "exp": 1}, "token.header"
    ),
    "payload not encoded": _bare_header(
        {"alg": "RS256", "kid": "provider", "b64": False, "crit": ["b64"]}, "token.header"
    ),
    "compressed": _bare_header({"alg": "RS256", "kid": "provider", "zip": "DEF"}, "token.header"),
    "an access token": _header("token.header", typ="at+jwt"),
    "a logout token": _header("token.header", typ="logout+jwt"),
    "algorithm twice": Case(_header_twice, "token.malformed"),
    "header in a list": _bare_header(["RS256"], "token.malformed"),
    # the text itself
    "subject changed after signing": _shape(_with_payload({"sub": "person-2"}), "token.signature"),
    "number changed after signing": _shape(_with_payload({"egovNRN": "71031299857"}), "token.signature"),
    "signature cut": _shape(lambda token: token.rpartition(".")[0] + ".", "token.signature"),
    "signature half": _shape(lambda token: token[: token.rindex(".") + 173], "token.signature"),
    "signature of another token": Case(
        lambda at: at.of(
            f"{at.good_token.rpartition('.')[0]}."
            f"{sign(at.key, {**at.good, 'sub': 'person-2'}).rpartition('.')[2]}"
        ),
        "token.signature",
    ),
    "signature all zero": _shape(
        lambda token: f"{token.rpartition('.')[0]}.{part(bytes(256))}", "token.signature"
    ),
    "signature spelt otherwise": _shape(_last_bits),
    "signature padded": _shape(lambda token: token + "=="),
    "letters of the other alphabet": _shape(lambda token: token[:-4] + "+/+/"),
    "a line more": _shape(lambda token: token + "\n"),
    "a space before": _shape(lambda token: " " + token),
    "broken in lines": _shape(lambda token: token.replace(".", ".\n")),
    "two signatures": _shape(lambda token: f"{token}.{token.rpartition('.')[2]}"),
    "two signatures in JSON": Case(_general_form, "token.malformed"),
    "sealed instead of signed": _shape(lambda token: token + ".x.y"),
    "payload alone": _shape(lambda token: token.split(".")[1]),
    "cut in the payload": _shape(lambda token: token[: token.index(".") + 20]),
    "no token": _shape(lambda token: "not a token"),
    "empty": _shape(lambda token: ""),
    "dots": _shape(lambda token: ".."),
    "a letter of French": _shape(lambda token: token + "é"),
}
"""By name. At the login each leaves one row in the security log, with this code as its reason."""
