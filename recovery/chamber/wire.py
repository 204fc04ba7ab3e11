"""The line to the National Chamber: one message at a time, nothing sent but the number of the last one.

The address is CHAMBER_URL; CHAMBER_CLIENT_CERTIFICATE is the file with which we prove who asks. Nothing here
touches the database.
"""

import time
from urllib.parse import urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

from recovery.chamber.messages import LARGEST_MESSAGE

PATIENCE = (3.05, 10)
"""Seconds to connect, and to wait for the next bytes."""
WHOLE_SECONDS = 30
"""However slowly the bytes come."""
CHUNK = 64 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ChamberUnreachable(Exception):
    """The Chamber does not answer, or not as agreed. The next ring tries again; silence raises its alarm."""


def address_is_safe(address: str) -> bool:
    """Encrypted; without encryption on this very machine only."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.username or parts.password:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )


def fetch_next(sequence: int) -> bytes | None:
    """The first message after this one; None when there is none yet. Raises ChamberUnreachable."""
    return _get(f"after/{sequence}")


def fetch_full() -> bytes | None:
    """A full list made now. Raises ChamberUnreachable."""
    return _get("full")


def _get(path: str) -> bytes | None:
    address = f"{settings.CHAMBER_URL.rstrip('/')}/{path}"
    if not address_is_safe(address):
        raise ChamberUnreachable("the address is not safe")
    try:
        with requests.get(
            address,
            timeout=PATIENCE,
            allow_redirects=False,
            stream=True,
            headers={"Accept-Encoding": "identity"},
            cert=settings.CHAMBER_CLIENT_CERTIFICATE or None,
        ) as answer:
            if answer.status_code == requests.codes.no_content:
                return None
            if answer.status_code != requests.codes.ok:
                raise ChamberUnreachable(f"answered {answer.status_code}")
            return _body(answer)
    except (requests.RequestException, HTTPError, OSError) as error:
        raise ChamberUnreachable(type(error).__name__) from error


def _body(answer: requests.Response) -> bytes:
    """What was answered, and one byte too many of what is too long: whoever reads it refuses it."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise ChamberUnreachable("the answer is compressed")
    deadline = time.monotonic() + WHOLE_SECONDS
    body = bytearray()
    # One read of the socket at a time: a server that drips must not keep us until a whole part is there.
    while chunk := answer.raw.read1(CHUNK, decode_content=False):
        body += chunk
        if len(body) > LARGEST_MESSAGE:
            break
        if time.monotonic() > deadline:
            raise ChamberUnreachable("the answer takes too long")
    return bytes(body[: LARGEST_MESSAGE + 1])
