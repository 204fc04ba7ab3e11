"""Structured logs, scrubbed: what looks like a NISS, an account, an e-mail or a name field never leaves.

The scrubber is the last net, not the rule: code logs identifiers and codes only.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from secal.office import incidents

NISS = re.compile(r"(?<![\dA-Fa-f])\d{2}[. ]?\d{2}[. ]?\d{2}[- .]?\d{3}[. ]?\d{2}(?![\dA-Fa-f])")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
PRIVATE_KEYS = frozenset(
    {
        "niss",
        "iban",
        "name",
        "given_name",
        "family_name",
        "address",
        "password",
        "token",
        "secret",
        "cookie",
        "q",
    }
)
REMOVED = "[scrubbed]"


def scrub_text(text: str) -> str:
    """The text without anything that has the shape of a personal identifier."""
    for pattern in (IBAN, NISS, EMAIL):
        text = pattern.sub(REMOVED, text)
    return text


def scrub(value: Any) -> Any:
    """The value, with personal identifiers removed at any depth."""
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, Mapping):
        return {
            key: REMOVED if str(key).lower() in PRIVATE_KEYS else scrub(inner) for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set):
        return [scrub(inner) for inner in value]
    if isinstance(value, BaseException):
        return type(value).__name__
    return value


def scrubber(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: scrubs the whole event and adds the incident number."""
    clean: MutableMapping[str, Any] = {
        key: REMOVED if key in PRIVATE_KEYS else (value if key.startswith("_") else scrub(value))
        for key, value in event.items()
    }
    if isinstance(clean.get("request"), str):
        # Addresses hold no personal value; what follows the question mark may be a one-time code.
        clean["request"] = clean["request"].partition("?")[0]
    clean["incident"] = incidents.current()
    return clean


def without_exception_text(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A traceback keeps its places and types; the exception's words (which quote values) are scrubbed."""
    if isinstance(event.get("exception"), str):
        event["exception"] = scrub_text(event["exception"])
    return event


def logging_config(*, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: every record, ours or a library's, passes the scrubber and goes to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "scrubbed": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    without_exception_text,
                    scrubber,
                    renderer,
                ],
                "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder(allow=[])],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "scrubbed"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "django.db.backends": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
        },
    }
