"""Who is at work, known to the database: a seat is a session whose token it gave out.

The token lives in the browser's cookie only; the database keeps its digest. A site's own database user can
neither open a seat nor read one: the door, another user of the database, opens it after the login. Every
transaction begins by entering, as the holder of a token or (in the worker) as a background identity.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from audit.log import events as log
from audit.log.context import LogContext, logging_as
from secal.access import selectors
from secal.access.models import User

DOOR = "door"
"""The connection of the database user that opens seats."""
LENGTH = 43
"""Characters of a token: 256 random bits."""
ENDED = "session_ended"
"""In the browser's session: why its seat ended, for the login page to say."""
OUTSIDE = ("/health", "/metrics", "/static/")
"""Addresses that touch no data and must answer even when the database does not."""


class SeatRefused(Exception):
    """The person named may not work at this site. `code` goes to the security log."""

    def __init__(self, code: str, user_id: UUID | None) -> None:
        super().__init__(code)
        self.code = code
        self.user_id = user_id


@dataclass(frozen=True, slots=True)
class Seat:
    user_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What the database answers to a token: the person and when they last used their card, or why not and
    whose seat it was. `to_note`: the door has something to write down."""

    user_id: UUID | None
    ended: str
    authenticated_at: datetime | None
    holder: UUID | None
    to_note: bool


def open_seat(subject: str | None, *, niss_bi: bytes | None, authenticated_at: datetime) -> Seat:
    """A fresh seat for whom the identity provider named and whose number it proved; without a name, for whom
    the card itself proved. An earlier seat of the same person ends. Raises SeatRefused.
    """
    token = secrets.token_urlsafe(32)
    with connections[DOOR].cursor() as cursor:
        cursor.execute(
            "SELECT user_id, refusal FROM seat.open(%s, %s, %s, %s, %s, %s, %s)",
            [
                subject,
                niss_bi,
                digest(token),
                "portal" if settings.SITE.admits_portal else "office",
                authenticated_at,
                settings.SESSION_COOKIE_AGE,
                settings.SESSION_IDLE_SECONDS,
            ],
        )
        user_id, refusal = cursor.fetchone()
    if refusal:
        raise SeatRefused(refusal, user_id)
    return Seat(user_id, token)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def enter(token: str) -> Entered:
    """Begin this transaction as the holder of the token."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT user_id, ended, authenticated_at, holder, to_note FROM seat.enter(%s)", [token]
        )
        user_id, ended, authenticated_at, holder, to_note = cursor.fetchone()
    return Entered(user_id, ended or "", authenticated_at, holder, to_note)


def note(token: str) -> None:
    """Write down that its holder was there just now, or that the session is over: in a statement of its own,
    so that no request keeps the session locked while it goes on."""
    with connections[DOOR].cursor() as cursor:
        cursor.execute("SELECT seat.note(%s)", [digest(token)])


@contextmanager
def at_work_as(user_id: UUID) -> Iterator[None]:
    """Begin this transaction as this person, outside any browser: a fresh seat, opened by the door.

    Raises SeatRefused.
    """
    user = User.objects.get(pk=user_id)
    enter(open_seat(user.subject, niss_bi=user.niss_bi, authenticated_at=timezone.now()).token)
    yield


@contextmanager
def at_work_as_service(name: str) -> Iterator[None]:
    """Begin this transaction as a background identity: only the worker's database user can."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seat.enter_service(%s)", [name])
    yield


def give(response: HttpResponse, seat: Seat) -> None:
    """The cookie: as long as the browser stays open, and never read by a script."""
    response.set_cookie(
        settings.SEAT_COOKIE_NAME,
        seat.token,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """End the seat of this browser, if it has one."""
    token = request.COOKIES.get(settings.SEAT_COOKIE_NAME, "")
    if token:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seat.leave(%s)", [token])
        response.delete_cookie(settings.SEAT_COOKIE_NAME, samesite="Lax")


class SeatMiddleware(AuthenticationMiddleware):
    """Who sits there, asked of the database at every request, before the first row is read."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = selectors.anonymous()
        token = request.COOKIES.get(settings.SEAT_COOKIE_NAME, "")
        if request.path.startswith(OUTSIDE) or len(token) != LENGTH:
            return
        entered = enter(token)
        if entered.to_note:
            note(token)
        request.authenticated_at = entered.authenticated_at  # type: ignore[attr-defined]
        if entered.user_id is not None:
            request.user = User.objects.get(pk=entered.user_id)
        elif entered.holder is not None and entered.ended != "logout":
            request.session[ENDED] = entered.ended
            with logging_as(LogContext(actor=None, capacity="", section="", request="")):
                log.record_logout(f"access.session_{entered.ended}", holder=entered.holder)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A token that opens nothing any more leaves the browser; where nobody was asked, none is stale."""
        if request.path.startswith(OUTSIDE):
            return response
        stale = settings.SEAT_COOKIE_NAME in request.COOKIES and not request.user.is_authenticated
        if stale and settings.SEAT_COOKIE_NAME not in response.cookies:
            response.delete_cookie(settings.SEAT_COOKIE_NAME, samesite="Lax")
        return response
