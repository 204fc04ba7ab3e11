"""The form of a message of the National Chamber, as JSON Schema. What is not named here is refused."""

from typing import Any

from jsonschema import Draft202012Validator

MOST_LINES = 20_000
CAPACITIES = ("titular", "candidate", "staff")
KINDS = ("full", "delta")
CHANGES = ("left", "function_changed", "office_changed", "joined")

# A number of eleven digits could be a NISS, which is never stored: the Chamber's numbers are others.
_NUMBER = {"type": "string", "pattern": r"\A(?!\d{11}\Z)[A-Z0-9-]{1,20}\Z"}
_DAY = {"type": "string", "pattern": r"\A\d{4}-\d{2}-\d{2}\Z"}
_MEMBER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["number", "niss", "capacity", "office", "valid_from", "valid_until"],
    "properties": {
        "number": _NUMBER,
        "niss": {"type": "string", "pattern": r"\A[0-9]{11}\Z"},
        "capacity": {"enum": list(CAPACITIES)},
        "office": _NUMBER,
        "valid_from": _DAY,
        "valid_until": {"anyOf": [_DAY, {"type": "null"}]},
    },
}
_CHANGE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["change", "individual", "member"],
    "properties": {
        "change": {"enum": list(CHANGES)},
        "individual": {"type": "boolean"},
        "member": _MEMBER,
    },
}
_HEAD: dict[str, Any] = {
    "v": {"const": 1},
    "issuer": {"type": "string", "minLength": 1, "maxLength": 200},
    "sequence": {"type": "integer", "minimum": 1, "maximum": 2**53},
    "made_at": {"type": "string", "pattern": r"\A\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z"},
    "previous": {"type": "string", "pattern": r"\A([0-9a-f]{64})?\Z"},
}


def _message(kind: str, part: str, line: dict[str, Any]) -> Draft202012Validator:
    properties = {
        **_HEAD,
        "kind": {"const": kind},
        part: {"type": "array", "maxItems": MOST_LINES, "items": line},
    }
    return Draft202012Validator(
        {
            "type": "object",
            "additionalProperties": False,
            "required": sorted(properties),
            "properties": properties,
        }
    )


FORMS = {"full": _message("full", "members", _MEMBER), "delta": _message("delta", "changes", _CHANGE)}


def has_form(message: Any) -> bool:
    """Whether the message is exactly of the form of its kind. Says no more: its words could hold a NISS."""
    kind = message.get("kind") if isinstance(message, dict) else None
    # True and 1.0 equal 1 in a JSON Schema, and in Python too.
    return (
        isinstance(kind, str)
        and kind in FORMS
        and type(message.get("v")) is int
        and FORMS[kind].is_valid(message)
    )
