"""A seat at the portal: a session that the database knows, so that its row policies can ask who acts.

The token lives in the bailiff's cookie only; the database keeps its digest. The portal's own database user
can neither open a seat nor read one: the door, another user of the database, opens it after the login.
"""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse

from audit.log import events as log
from audit.log.context import LogContext, logging_as
from secal.access import selectors
from secal.access.models import User
from secal.access.roles import Plane
from secal.access.sessions import ENDED
from secal.access.unit_of_work import OUTSIDE

LENGTH = 43
"""Characters of a token: 256 random bits."""


class SeatRefused(Exception):
    """The person named may not work in the portal. `code` goes to the security log."""

    def __init__(self, code: str, user_id: UUID | None) -> None:
        super().__init__(code)
        self.code = code
        self.user_id = user_id


@dataclass(frozen=True, slots=True)
class Seat:
    user_id: UUID
    token: str


def open_seat(subject: str) -> Seat:
    """A fresh seat for whom the identity provider named; an earlier one of the same person ends.

    Raises SeatRefused.
    """
    token = secrets.token_urlsafe(32)
    with connections["door"].cursor() as cursor:
        cursor.execute(
            "SELECT user_id, refusal FROM seat.open(%s, %s, %s, %s, %s)",
            [
                subject,
                hashlib.sha256(token.encode()).digest(),
                Plane.PORTAL.value,
                settings.SESSION_COOKIE_AGE,
                settings.SESSION_IDLE_SECONDS,
            ],
        )
        user_id, refusal = cursor.fetchone()
    if refusal:
        raise SeatRefused(refusal, user_id)
    return Seat(user_id, token)


def enter(token: str) -> tuple[UUID | None, str]:
    """Begin this transaction as the holder of the token: (the person, "") or (None, why it ended)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, ended FROM seat.enter(%s)", [token])
        user_id, ended = cursor.fetchone()
    return user_id, ended or ""


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
    if settings.SITE.needs_door and token:
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
        user_id, ended = enter(token)
        if user_id is not None:
            request.user = User.objects.get(pk=user_id)
        elif ended != "logout":
            request.session[ENDED] = ended
            with logging_as(LogContext(actor=None, capacity="", section="", request="")):
                log.record_logout(f"access.session_{ended}")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A token that opens nothing any more leaves the browser."""
        stale = settings.SEAT_COOKIE_NAME in request.COOKIES and not request.user.is_authenticated
        if stale and settings.SEAT_COOKIE_NAME not in response.cookies:
            response.delete_cookie(settings.SEAT_COOKIE_NAME, samesite="Lax")
        return response
