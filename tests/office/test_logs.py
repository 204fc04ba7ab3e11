"""Nothing personal reaches a log line, whoever writes it."""

import io
import logging

import pytest
import structlog

from secal.office.logs import logging_config, scrub, scrub_text, scrubber

NISS = "85.07.30-033.28"


@pytest.mark.parametrize(
    "text",
    [
        "person 85073003328 not found",
        f"person {NISS} not found",
        "paid to BE68 5390 0754 7034",
        "paid to BE68539007547034",
        "mail to els@example.be",
        "line one\n85073003328\nline three",
    ],
)
def test_identifiers_are_scrubbed_from_text(text: str) -> None:
    cleaned = scrub_text(text)
    for secret in ("85073003328", NISS, "BE68", "els@example.be"):
        assert secret not in cleaned


def test_identifiers_are_scrubbed_at_any_depth() -> None:
    cleaned = scrub({"a": [{"niss": "whatever", "note": "see 85073003328"}], "count": 3})
    assert cleaned == {"a": [{"niss": "[scrubbed]", "note": "see [scrubbed]"}], "count": 3}


def test_uuids_amounts_and_dates_stay_readable() -> None:
    text = "file 4f0c2a35-6a55-5a70-9d7e-2f7f1d9c0b11 175.00 2026-11-21 SECAL-2026-000042"
    assert scrub_text(text) == text


def test_a_library_that_logs_an_exception_does_not_leak_it() -> None:
    stream = io.StringIO()
    formatter = logging_config(as_json=True)["formatters"]["scrubbed"].copy()
    factory = formatter.pop("()")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(factory(**formatter))
    logger = logging.getLogger("somebody.else")
    logger.addHandler(handler)
    logger.propagate = False
    try:
        raise ValueError("Key (niss)=(85073003328) already exists")
    except ValueError:
        logger.exception("failed for %s", "85073003328")
        structlog.stdlib.get_logger("somebody.else").error("again", niss="85073003328")
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
    assert "failed for" in stream.getvalue()
    assert "85073003328" not in stream.getvalue()


def test_a_request_line_loses_what_follows_the_question_mark() -> None:
    line = scrubber(
        None, "info", {"event": "request_started", "request": "GET /connexion/retour/?code=abc&state=d"}
    )
    assert line["request"] == "GET /connexion/retour/"
