"""A message of the National Chamber: who signed it, whether it is of the agreed form, and whether it follows
the one before it. Pure: no database, no settings, no clock.

A message is a JWS in compact form. What is signed is canonical JSON: keys in order, no spaces, UTF-8.
A NISS becomes its blind index while the message is read; nothing that is returned or raised holds one.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jws import JWSRegistry

from recovery.chamber.pins import Pin
from recovery.chamber.schema import has_form

LARGEST_MESSAGE = 4 * 1024 * 1024
"""Characters. All bailiffs of the country and their staff take about one million."""
OLDEST = timedelta(hours=24)
"""Age at which a message says nothing any more about who works today."""
LEEWAY = timedelta(minutes=5)
"""By how much the Chamber's clock may be ahead of ours."""
HEADER = {"alg", "kid"}

Index = Callable[[str], bytes]
"""NISS -> blind index."""


class MessageRefused(Exception):
    """The message is not believed. `code` is kept; what is known about a message that was signed, too."""

    def __init__(self, code: str, message: "Message | None" = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Line:
    """One bailiff, candidate or member of staff of the Chamber's list."""

    niss_bi: bytes
    number: str
    """The Chamber's own number: says nothing about the person."""
    capacity: str
    office: str
    """The Chamber's number of the bailiff's office."""
    valid_from: date
    valid_until: date | None

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and not self.is_over(on)

    def is_over(self, on: date) -> bool:
        return self.valid_until is not None and self.valid_until < on


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one person. `individual`: the Chamber decided on this person by name."""

    change: str
    individual: bool
    line: Line


@dataclass(frozen=True, slots=True)
class Message:
    """What the Chamber said, once its signature and its form were found good."""

    sequence: int
    kind: str
    issuer: str
    made_at: datetime
    previous: str
    digest: str
    lines: tuple[Line, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the next message must fit to."""

    issuer: str
    now: datetime
    sequence: int = 0
    """Of the last message taken; 0 before the first."""
    digest: str = ""
    made_at: datetime | None = None
    has_full: bool = False
    """Whether a full list was ever taken: a delta changes nothing that is not there."""


def canonical(message: Mapping[str, Any]) -> bytes:
    """The one way to write a message down. Raises ValueError for what is no JSON."""
    return json.dumps(
        message, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def digest_of(raw: bytes) -> str:
    """SHA-256 of a message as it was sent; the next one names it as `previous`."""
    return hashlib.sha256(raw.strip()).hexdigest()


class Registry(JWSRegistry):
    """The two signatures that are accepted, and messages longer than a token."""

    max_payload_length = LARGEST_MESSAGE

    def get_alg(self, name: str) -> Any:
        """Without the library's word about the old name of Ed25519: the pinned key says which it is."""
        if name not in (self.allowed or ()):
            raise MessageRefused("algorithm")
        return self.algorithms[name]


def read_message(raw: bytes, pins: Mapping[str, Pin], *, now: datetime, index: Index) -> Message:
    """The message, if a pinned key signed it and it is of the agreed form. Raises MessageRefused."""
    if len(raw) > LARGEST_MESSAGE:
        raise MessageRefused("too_big")
    raw = raw.strip()
    payload, pin = _signed(raw, pins)
    told = _json(payload)
    if not has_form(told):
        raise MessageRefused("schema")
    message = _told(told, digest_of(raw), index)
    if not pin.in_force(made_at=message.made_at, now=now):
        raise MessageRefused("key_expired", message)
    return message


def check_place(message: Message, expected: Expectation) -> None:
    """Whether the message is ours, of now, and the next. Raises MessageRefused."""

    def refuse(code: str) -> NoReturn:
        raise MessageRefused(code, message)

    if message.issuer != expected.issuer:
        refuse("issuer")
    if message.sequence <= expected.sequence:
        refuse("replay")
    if message.made_at > expected.now + LEEWAY:
        refuse("from_future")
    if message.made_at < expected.now - OLDEST or (expected.made_at and message.made_at < expected.made_at):
        refuse("old")
    follows = message.sequence == expected.sequence + 1
    if message.kind == "delta":
        if not expected.has_full:
            refuse("no_full_list")
        if not follows:
            refuse("gap")
    # A full list after a gap replaces everything: what it follows is not known here.
    if follows and message.previous != expected.digest:
        refuse("previous")


def _signed(raw: bytes, pins: Mapping[str, Pin]) -> tuple[bytes, Pin]:
    registry = Registry(algorithms=[name for pin in pins.values() for name in pin.algorithms])
    try:
        compact = jws.extract_compact(raw, registry=registry)
        header = compact.headers()
        segments = raw.split(b".")
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise MessageRefused("malformed") from error
    if not all(_written_one_way(segment) for segment in segments):
        raise MessageRefused("malformed")
    # A message that brings its own key proves nothing; an extension we do not know must not be ignored.
    if set(header) != HEADER:
        raise MessageRefused("header")
    name = header["kid"]
    pin = pins.get(name) if isinstance(name, str) else None
    if pin is None:
        raise MessageRefused("key_unknown")
    if header["alg"] not in pin.algorithms:
        raise MessageRefused("algorithm")
    try:
        held = jws.validate_compact(compact, pin.key, algorithms=list(pin.algorithms), registry=registry)
    except (JoseError, ValueError) as error:
        raise MessageRefused("signature") from error
    if not held:
        raise MessageRefused("signature")
    return bytes(compact.payload or b""), pin


def _written_one_way(segment: bytes) -> bool:
    """Base64url that decodes to what encodes to it: else one message could be written in many ways."""
    try:
        value = base64.b64decode(segment + b"=" * (-len(segment) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return False
    return base64.urlsafe_b64encode(value).rstrip(b"=") == segment


def _json(payload: bytes) -> Any:
    try:
        told = json.loads(payload.decode("utf-8"))
        if canonical(told) != payload:
            raise MessageRefused("not_canonical")
    except (ValueError, RecursionError, TypeError, AttributeError) as error:
        raise MessageRefused("schema") from error
    return told


def _told(told: Mapping[str, Any], digest: str, index: Index) -> Message:
    try:
        lines = tuple(_line(member, index) for member in told.get("members", ()))
        changes = tuple(
            Change(change["change"], change["individual"], _line(change["member"], index))
            for change in told.get("changes", ())
        )
        made_at = datetime.fromisoformat(told["made_at"])
    except ValueError as error:
        raise MessageRefused("schema") from error
    _refuse_twice([*lines, *(change.line for change in changes)])
    return Message(
        sequence=told["sequence"],
        kind=told["kind"],
        issuer=told["issuer"],
        made_at=made_at,
        previous=told["previous"],
        digest=digest,
        lines=lines,
        changes=changes,
    )


def _line(member: Mapping[str, Any], index: Index) -> Line:
    until = member["valid_until"]
    return Line(
        niss_bi=index(member["niss"]),
        number=member["number"],
        capacity=member["capacity"],
        office=member["office"],
        valid_from=date.fromisoformat(member["valid_from"]),
        valid_until=None if until is None else date.fromisoformat(until),
    )


def _refuse_twice(lines: Iterable[Line]) -> None:
    """One person, one number, one line."""
    listed = list(lines)
    if len({line.niss_bi for line in listed}) < len(listed) or len({line.number for line in listed}) < len(
        listed
    ):
        raise MessageRefused("twice")
