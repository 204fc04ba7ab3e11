"""Messages that are not the Chamber's next one: each differs from a good one in one thing, and none is taken.

Replayed, missing, altered, old, early, signed by somebody else, of another form: more than two hundred.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recovery.chamber.messages import (
    LARGEST_MESSAGE,
    OLDEST,
    Expectation,
    Message,
    MessageRefused,
    canonical,
    check_place,
    digest_of,
    read_message,
)
from recovery.chamber.models import Channel, Member, ReceivedList, ReceivedOutcome
from recovery.chamber.pins import PinsUnusable, read_pins
from recovery.chamber.wording import REASONS
from secal.access.models import User
from tests.recovery.chamber.conftest import Take, active, nisses
from tests.recovery.chamber.sender import (
    EDDSA,
    ENDED,
    ES256,
    ISSUER,
    KEYS,
    NOW,
    STRANGER,
    Sender,
    change,
    member,
    niss,
    sign,
)

PINS = read_pins(KEYS)
BEFORE = Sender(sequence=41, previous="ab" * 32)
"""The Chamber after its 41st message, which we took."""
EXPECTED = Expectation(
    issuer=ISSUER, now=NOW, sequence=41, digest="ab" * 32, made_at=NOW - timedelta(hours=1), has_full=True
)
FULL = BEFORE.draft("full", [member(niss(1)), member(niss(2))])
DELTA = BEFORE.draft("delta", [change("left", niss(1)), change("joined", niss(3))])


def believed(raw: bytes, expected: Expectation = EXPECTED) -> Message:
    message = read_message(raw, PINS, now=expected.now, index=lambda niss: niss.encode())
    check_place(message, expected)
    return message


def code_of(raw: bytes, expected: Expectation = EXPECTED) -> str:
    with pytest.raises(MessageRefused) as refusal:
        believed(raw, expected)
    return refusal.value.code


@pytest.mark.parametrize("key", [EDDSA, ES256], ids=["EdDSA", "ES256"])
@pytest.mark.parametrize("told", [FULL, DELTA], ids=["full", "delta"])
def test_a_good_message_is_believed(key: Any, told: dict[str, Any]) -> None:
    raw = sign(canonical(told), key=key)
    message = believed(raw + b"\n")
    assert (message.sequence, message.kind, message.digest) == (42, told["kind"], digest_of(raw))
    assert len(message.lines) + len(message.changes) == 2


def test_the_new_name_of_the_same_signature_is_believed() -> None:
    assert believed(sign(canonical(FULL), alg="Ed25519")).sequence == 42


# What was signed by the Chamber's key, and is not what should come next

PLACES: dict[str, tuple[dict[str, Any], str]] = {
    **{f"replay of {number}": ({"sequence": number}, "replay") for number in range(1, 42)},
    **{f"gap to {number}": ({"sequence": number}, "gap") for number in (*range(43, 70), 1000, 2**53)},
    "another issuer": ({"issuer": "https://chamber.test.evil"}, "issuer"),
    "issuer with a slash more": ({"issuer": ISSUER + "/"}, "issuer"),
    "issuer in capitals": ({"issuer": ISSUER.upper()}, "issuer"),
    "follows another": ({"previous": "cd" * 32}, "previous"),
    "follows nothing": ({"previous": ""}, "previous"),
    "made before the last": ({"made_at": "2026-11-22T06:59:59Z"}, "old"),
    "made yesterday": ({"made_at": "2026-11-21T07:59:59Z"}, "old"),
    "made last year": ({"made_at": "2025-11-22T08:00:00Z"}, "old"),
    "made in ten minutes": ({"made_at": "2026-11-22T08:10:00Z"}, "from_future"),
    "made tomorrow": ({"made_at": "2026-11-23T08:00:00Z"}, "from_future"),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_signed_message_out_of_place_is_refused(name: str) -> None:
    changes, code = PLACES[name]
    assert code_of(sign(canonical({**DELTA, **changes}))) == code


@pytest.mark.parametrize("name", [name for name, (_c, code) in PLACES.items() if code != "gap"])
def test_a_full_list_out_of_place_is_refused_too(name: str) -> None:
    changes, code = PLACES[name]
    assert code_of(sign(canonical({**FULL, **changes}))) == code


def test_a_full_list_after_a_gap_is_believed() -> None:
    assert believed(sign(canonical({**FULL, "sequence": 50, "previous": "cd" * 32}))).sequence == 50


def test_a_delta_says_nothing_before_the_first_full_list() -> None:
    assert code_of(sign(canonical(DELTA)), replace(EXPECTED, has_full=False)) == "no_full_list"


def test_the_oldest_message_is_believed_and_no_older() -> None:
    expected = replace(EXPECTED, made_at=None)
    made_at = NOW - OLDEST
    told = {**DELTA, "made_at": made_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert believed(sign(canonical(told)), expected).made_at == made_at
    assert code_of(sign(canonical(told)), replace(expected, now=NOW + timedelta(seconds=1))) == "old"


# What is not of the agreed form


def _with(part: str, value: Any) -> dict[str, Any]:
    return {**DELTA, "changes": [{**DELTA["changes"][0], part: value}]}


def _about(part: str, value: Any) -> dict[str, Any]:
    return _with("member", {**member(niss(1)), part: value})


def _without(part: str) -> dict[str, Any]:
    return {name: value for name, value in DELTA.items() if name != part}


FORMS: dict[str, Any] = {
    **{f"without {part}": _without(part) for part in DELTA},
    "version 2": {**DELTA, "v": 2},
    "version true": {**DELTA, "v": True},
    "version in words": {**DELTA, "v": "1"},
    "another kind": {**DELTA, "kind": "grant"},
    "kind of a list": {**DELTA, "kind": ["delta"]},
    "full with changes": {**DELTA, "kind": "full"},
    "delta with members": {**FULL, "kind": "delta"},
    "both": {**DELTA, "members": []},
    "more than agreed": {**DELTA, "grant": True},
    "sequence zero": {**DELTA, "sequence": 0},
    "sequence negative": {**DELTA, "sequence": -1},
    "sequence in words": {**DELTA, "sequence": "42"},
    "sequence true": {**DELTA, "sequence": True},
    "sequence endless": {**DELTA, "sequence": 10**30},
    "sequence with a fraction": {**DELTA, "sequence": 42.5},
    "moment without zone": {**DELTA, "made_at": "2026-11-22T08:00:00"},
    "moment of another zone": {**DELTA, "made_at": "2026-11-22T09:00:00+01:00"},
    "moment that is none": {**DELTA, "made_at": "2026-13-41T08:00:00Z"},
    "moment as number": {**DELTA, "made_at": 1795334400},
    "digest too short": {**DELTA, "previous": "ab" * 31},
    "digest in capitals": {**DELTA, "previous": "AB" * 32},
    "issuer empty": {**DELTA, "issuer": ""},
    "changes as an object": {**DELTA, "changes": {}},
    "change of no kind": _with("change", "reinstated"),
    "change with a right": {**DELTA, "changes": [{**DELTA["changes"][0], "role": "bailiff"}]},
    "individual in words": _with("individual", "yes"),
    "nobody": _with("member", None),
    "member with a name": _about("name", "Maes"),
    "NISS too short": _about("niss", "8001010010"),
    "NISS with dots": _about("niss", "80.01.01-001.05"),
    "NISS with a line more": _about("niss", niss(1) + "\n"),
    "NISS in other digits": _about("niss", "٨٠٠١٠١٠٠١٠٥"),
    "number that is a NISS": _about("number", niss(1)),
    "number with spaces": _about("number", "NK 1"),
    "number empty": _about("number", ""),
    "office that is a NISS": _about("office", niss(1)),
    "capacity unknown": _about("capacity", "president"),
    "day that is none": _about("valid_from", "2026-02-30"),
    "day in another order": _about("valid_until", "31-12-2026"),
    "day empty": _about("valid_until", ""),
    "a list": [],
    "a word": "full",
    "nothing": None,
    "a number": 42,
}


@pytest.mark.parametrize("name", FORMS)
def test_a_signed_message_of_another_form_is_refused(name: str) -> None:
    assert code_of(sign(canonical(FORMS[name]))) == "schema"


WRITTEN: dict[str, tuple[Callable[[], bytes], str]] = {
    "spaces": (lambda: json.dumps(DELTA, sort_keys=True).encode(), "not_canonical"),
    "another order": (lambda: json.dumps(DELTA, separators=(",", ":")).encode(), "not_canonical"),
    "a key twice": (lambda: canonical(DELTA)[:-1] + b',"v":1}', "not_canonical"),
    "a version of 1.0": (lambda: canonical(DELTA).replace(b'"v":1}', b'"v":1.0}'), "schema"),
    "a space at the end": (lambda: canonical(DELTA) + b" ", "not_canonical"),
    "escaped letters": (lambda: canonical(DELTA).replace(b"delta", b"\\u0064elta"), "not_canonical"),
    "not a number": (lambda: canonical(DELTA).replace(b'"v":1}', b'"v":NaN}'), "schema"),
    "not UTF-8": (lambda: canonical(DELTA).replace(b"delta", b"d\xe9lta"), "schema"),
    "half a message": (lambda: canonical(DELTA)[:-5], "schema"),
    "empty": (lambda: b"", "schema"),
    "endlessly nested": (lambda: b"[" * 100_000, "schema"),
    "endless number": (lambda: b"9" * 5000, "schema"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_signed_is_written_in_one_way_only(name: str) -> None:
    payload, code = WRITTEN[name]
    assert code_of(sign(payload())) == code


@pytest.mark.parametrize(
    "lines",
    [
        [change("left", niss(1)), change("joined", niss(1), number="NK-2")],
        [change("left", niss(1), number="NK-1"), change("left", niss(2), number="NK-1")],
    ],
    ids=["person", "number"],
)
def test_nobody_is_in_a_message_twice(lines: list[dict[str, Any]]) -> None:
    assert code_of(sign(canonical(BEFORE.draft("delta", lines)))) == "twice"


# Who signed


def part(value: Any) -> bytes:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def headed(header: Any, *, signature: bytes | None = None) -> bytes:
    """The good message under another header."""
    return b".".join([part(header), BODY, SIGNATURE if signature is None else signature])


GOOD = sign(canonical(DELTA))
HEAD, BODY, SIGNATURE = GOOD.split(b".")
OTHER = sign(canonical(FULL)).split(b".")[2]

FORGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "another's key by the same name": (lambda: sign(canonical(DELTA), key=STRANGER), "signature"),
    "key of another name": (lambda: sign(canonical(DELTA), kid="chamber-9"), "key_unknown"),
    "key named by a number": (
        lambda: headed({"alg": "EdDSA", "kid": 1}),
        "key_unknown",
    ),
    "key without name": (lambda: headed({"alg": "EdDSA"}), "header"),
    "key that ended": (lambda: sign(canonical(DELTA), key=ENDED), "key_expired"),
    "the other key's name": (lambda: sign(canonical(DELTA), kid="chamber-2"), "algorithm"),
    "no signature at all": (
        lambda: headed({"alg": "none", "kid": "chamber-1"}, signature=b""),
        "algorithm",
    ),
    "empty signature": (lambda: b".".join([HEAD, BODY, b""]), "signature"),
    "shared secret": (
        lambda: headed({"alg": "HS256", "kid": "chamber-1"}),
        "algorithm",
    ),
    "brings its own key": (
        lambda: sign(canonical(DELTA), key=STRANGER, jwk=STRANGER.as_dict(private=False)),
        "header",
    ),
    "says where its key is": (lambda: sign(canonical(DELTA), jku="https://evil.test/keys"), "header"),
    "an extension": (
        lambda: headed({"alg": "EdDSA", "kid": "chamber-1", "x": 1}),
        "header",
    ),
    "header of a list": (lambda: headed([]), "malformed"),
    "another's signature": (
        lambda: b".".join([HEAD, BODY, OTHER]),
        "signature",
    ),
    "another's content": (lambda: b".".join([HEAD, part(canonical(FULL)), SIGNATURE]), "signature"),
    "two parts": (lambda: b".".join([HEAD, BODY]), "malformed"),
    "four parts": (lambda: GOOD + b".x", "malformed"),
    "nothing": (lambda: b"", "malformed"),
    "bytes": (lambda: bytes(range(256)), "malformed"),
    "the message in clear": (lambda: canonical(DELTA), "malformed"),
    "padded": (lambda: GOOD + b"==", "malformed"),
    "two messages": (lambda: GOOD + b"\n" + GOOD, "malformed"),
    "a page of a web site": (lambda: b"<html><body>503</body></html>", "malformed"),
    "too big": (lambda: b"x" * (LARGEST_MESSAGE + 1), "too_big"),
    "too big and signed": (lambda: GOOD + b" " * LARGEST_MESSAGE, "too_big"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_the_chamber_did_not_sign_is_refused(name: str) -> None:
    forge, code = FORGED[name]
    assert code_of(forge()) == code


@pytest.mark.parametrize("key", [EDDSA, ES256], ids=["EdDSA", "ES256"])
@pytest.mark.parametrize("share", range(60))
def test_a_flipped_bit_anywhere_is_noticed(key: Any, share: int) -> None:
    """Each sixtieth of the message, one bit of one character."""
    raw = bytearray(sign(canonical(DELTA), key=key))
    place = (len(raw) - 1) * share // 59
    raw[place] ^= 1 << (share % 7)
    assert code_of(bytes(raw)) in {"malformed", "signature", "key_unknown", "header", "algorithm"}


def test_more_than_two_hundred_messages_were_refused() -> None:
    full = len([code for _changes, code in PLACES.values() if code != "gap"])
    assert len(PLACES) + full + len(FORMS) + len(WRITTEN) + 2 + len(FORGED) + 120 >= 200


def test_a_refusal_has_words_and_never_a_value() -> None:
    codes = {code for _made, code in [*PLACES.values(), *WRITTEN.values(), *FORGED.values()]}
    assert codes | {"schema", "twice", "no_full_list"} <= REASONS.keys()
    for name in ("NISS with dots", "NISS with a line more", "number that is a NISS"):
        with pytest.raises(MessageRefused) as refusal:
            believed(sign(canonical(FORMS[name])))
        assert niss(1) not in f"{refusal.value!r} {refusal.value.__cause__!r} {refusal.value.message!r}"


# The keys of the settings


def _key(**changes: Any) -> dict[str, Any]:
    return {"keys": [{**KEYS["keys"][0], **changes}]}


UNUSABLE: dict[str, object] = {
    "no list": {},
    "a list": [],
    "an entry that is no key": {"keys": ["chamber-1"]},
    "a private key": {"keys": [{**KEYS["keys"][0], **EDDSA.as_dict(private=True)}]},
    "no name": _key(kid=""),
    "another curve": _key(crv="Ed448"),
    "a shared secret": {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "chamber-1"}]},
    "no end": _key(valid_until=None),
    "no zone": _key(valid_from="2026-01-01T00:00:00"),
    "an end before the beginning": _key(valid_until="2020-01-01T00:00:00+00:00"),
    "half a key": _key(x="AAAA"),
    "a name twice": {"keys": [KEYS["keys"][0], KEYS["keys"][0]]},
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_keys_that_prove_nothing_are_not_read(name: str) -> None:
    with pytest.raises(PinsUnusable):
        read_pins(UNUSABLE[name])


def test_a_key_is_believed_within_its_time_only() -> None:
    pin = PINS["chamber-0"]
    before = datetime(2026, 11, 20, tzinfo=UTC)
    assert pin.in_force(made_at=before, now=before)
    # Whoever finds an ended key cannot sign yesterday's message with it today.
    assert not pin.in_force(made_at=before, now=NOW)
    assert not pin.in_force(made_at=pin.valid_from - timedelta(seconds=1), now=before)


# What is kept of a refusal


def test_a_refused_message_is_kept_with_its_reason_and_changes_nothing(
    bailiffs: Callable[[int], list[User]], sender: Sender, receive: Take
) -> None:
    users = bailiffs(5)
    first = receive(sender.full(*nisses(5)))
    tried = [
        (sign(canonical({**sender.draft("delta", [change("left", niss(1))]), **changes}), key=key), code)
        for changes, key, code in [
            ({}, STRANGER, "signature"),
            ({"sequence": 1}, EDDSA, "replay"),
            ({"sequence": 3}, EDDSA, "gap"),
            ({"issuer": "x"}, EDDSA, "issuer"),
            ({"previous": ""}, EDDSA, "previous"),
            ({"made_at": "2026-11-20T08:00:00Z"}, EDDSA, "old"),
            ({"kind": "grant"}, EDDSA, "schema"),
            ({}, ENDED, "key_expired"),
        ]
    ]
    for raw, code in tried:
        row = receive(raw)
        assert (row.outcome, row.reason, row.digest) == (ReceivedOutcome.REFUSED, code, digest_of(raw))
        # What nobody we trust signed has no number.
        assert (row.sequence is None) is (code in {"signature", "schema"})
    assert active(users) == Member.objects.count() == 5
    again = receive(tried[0][0], at=NOW + timedelta(minutes=1))
    assert (again.times, again.last_seen_at, again.received_at) == (2, NOW + timedelta(minutes=1), NOW)
    assert ReceivedList.objects.count() == 1 + len(tried)
    assert ReceivedList.objects.get(outcome=ReceivedOutcome.ACCEPTED) == first
    # And the next good one goes on where we were.
    assert receive(sender.left(niss(1), individual=True)).outcome == ReceivedOutcome.ACCEPTED


def test_the_very_message_that_was_taken_is_a_replay(sender: Sender, receive: Take) -> None:
    raw = sender.full(niss(1))
    assert receive(raw).outcome == ReceivedOutcome.ACCEPTED
    for channel in Channel:
        assert receive(raw, channel=channel).reason == "replay"


def test_unusable_keys_believe_nobody(sender: Sender, receive: Take, settings: Any) -> None:
    settings.CHAMBER_KEYS = {"keys": ["?"]}
    assert receive(sender.full(niss(1))).reason == "key_unknown"
