"""The National Chamber as tests play it: signs what it is told to, also what it never would."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.jwk import ECKey, OKPKey

from recovery.chamber.messages import Registry, canonical, digest_of

ISSUER = "https://chamber.test"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EDDSA = OKPKey.generate_key("Ed25519", {"kid": "chamber-1"}, private=True)
ES256 = ECKey.generate_key("P-256", {"kid": "chamber-2"}, private=True)
ENDED = OKPKey.generate_key("Ed25519", {"kid": "chamber-0"}, private=True)
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "chamber-1"}, private=True)
"""Calls itself by the name of the Chamber's key, and is another."""


def pinned(key: Any, *, since: datetime | None = None, until: datetime | None = None) -> dict[str, Any]:
    return {
        **key.as_dict(private=False),
        "valid_from": (since or NOW - timedelta(days=400)).isoformat(),
        "valid_until": (until or NOW + timedelta(days=400)).isoformat(),
    }


KEYS = {"keys": [pinned(EDDSA), pinned(ES256), pinned(ENDED, until=NOW - timedelta(days=1))]}


def sign(payload: bytes, *, key: Any = EDDSA, **header: Any) -> bytes:
    """A JWS over exactly these bytes."""
    from joserfc import jws

    algorithm = "ES256" if isinstance(key, ECKey) else "EdDSA"
    protected = {"alg": algorithm, "kid": key.kid, **header}
    registry = Registry(algorithms=[protected["alg"]], strict_check_header=False)
    return jws.serialize_compact(
        protected, payload, key, algorithms=[protected["alg"]], registry=registry
    ).encode()


def member(niss: str, **changes: Any) -> dict[str, Any]:
    return {
        "number": f"NK-{niss[-6:]}",
        "niss": niss,
        "capacity": "titular",
        "office": "ET-1",
        "valid_from": "2020-01-01",
        "valid_until": None,
        **changes,
    }


def change(what: str, niss: str, *, individual: bool = False, **changes: Any) -> dict[str, Any]:
    return {"change": what, "individual": individual, "member": member(niss, **changes)}


@dataclass
class Sender:
    """Numbers and chains its messages. `draft` gives the next one without going on."""

    sequence: int = 0
    previous: str = ""
    made_at: datetime = NOW
    key: Any = field(default_factory=lambda: EDDSA, repr=False)

    def draft(self, kind: str, lines: Iterable[dict[str, Any]] = (), **changes: Any) -> dict[str, Any]:
        return {
            "v": 1,
            "issuer": ISSUER,
            "sequence": self.sequence + 1,
            "kind": kind,
            "made_at": self.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "previous": self.previous,
            "members" if kind == "full" else "changes": list(lines),
            **changes,
        }

    def send(self, message: dict[str, Any]) -> bytes:
        raw = sign(canonical(message), key=self.key)
        self.sequence, self.previous = message["sequence"], digest_of(raw)
        return raw

    def full(self, *nisses: str, **changes: Any) -> bytes:
        return self.send(self.draft("full", [member(niss) for niss in nisses], **changes))

    def full_of(self, *members: dict[str, Any]) -> bytes:
        return self.send(self.draft("full", members))

    def delta(self, *changes: dict[str, Any]) -> bytes:
        return self.send(self.draft("delta", changes))

    def left(self, *nisses: str, individual: bool = False) -> bytes:
        return self.delta(*(change("left", niss, individual=individual) for niss in nisses))


def niss(number: int) -> str:
    """Eleven digits with the right check, of nobody: a day counter that is never issued."""
    base = (
        f"800101{number % 1000:03d}"
        if number < 1000
        else f"80{1 + number // 1000 % 12:02d}01{number % 1000:03d}"
    )
    return f"{base}{97 - int(base) % 97:02d}"


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()
