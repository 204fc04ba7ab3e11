"""The keys with which the National Chamber signs, as the settings pin them. None comes with a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, import_key

Key = OKPKey | ECKey

ALGORITHMS = {("OKP", "Ed25519"): ("EdDSA", "Ed25519"), ("EC", "P-256"): ("ES256",)}
"""What each kind of key signs with. Ed25519 has an old and a new name (RFC 8037, RFC 9864)."""
SECRET_PARTS = frozenset({"d", "k", "p", "q"})


class PinsUnusable(ValueError):
    """The setting CHAMBER_KEYS is not what it must be; the words say what, never a key."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One public key, with what it signs and from when until when."""

    name: str
    key: Key
    algorithms: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime

    def in_force(self, *, made_at: datetime, now: datetime) -> bool:
        """Whether a message of that moment may be believed now: an ended key signs nothing any more."""
        return self.valid_from <= made_at and now < self.valid_until


def read_pins(setting: object) -> dict[str, Pin]:
    """The keys of a JWK set, by name. Each carries `kid`, `valid_from` and `valid_until` (ISO 8601).

    Raises PinsUnusable.
    """
    listed = setting.get("keys") if isinstance(setting, Mapping) else None
    if not isinstance(listed, list):
        raise PinsUnusable("no list of keys")
    pins = [_read(entry) for entry in listed]
    named = {pin.name: pin for pin in pins}
    if len(named) != len(pins):
        raise PinsUnusable("two keys have the same name")
    return named


def _read(entry: Any) -> Pin:
    if not isinstance(entry, Mapping):
        raise PinsUnusable("an entry is no key")
    if SECRET_PARTS & entry.keys():
        raise PinsUnusable("a private or shared key")
    name = entry.get("kid")
    algorithms = ALGORITHMS.get((str(entry.get("kty")), str(entry.get("crv"))))
    if not isinstance(name, str) or not name or algorithms is None:
        raise PinsUnusable("a key without a name, or of a kind that is not accepted")
    try:
        public = {part: entry[part] for part in ("kty", "crv", "x", "y") if part in entry}
        key = import_key({**public, "kid": name})
        since, until = (datetime.fromisoformat(entry[part]) for part in ("valid_from", "valid_until"))
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise PinsUnusable("a key, or its validity, cannot be read") from error
    if since.tzinfo is None or until.tzinfo is None or not since < until:
        raise PinsUnusable("a validity without time zone, or that ends before it begins")
    if not isinstance(key, OKPKey | ECKey):
        raise PinsUnusable("a key of a kind that is not accepted")
    return Pin(name, key, algorithms, since, until)
