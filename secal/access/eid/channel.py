"""How a request came: by the second door's own socket, or from anywhere else.

A header proves nothing to somebody who can write it. What proves is where the request came from: the socket
of the door, a file that only its proxy may open. The server tells which, not the request.
"""

import re
import socket

from django.conf import settings
from django.http import HttpRequest

CERTIFICATE = "HTTP_X_SECAL_EID_CERTIFICATE"
"""X-Secal-Eid-Certificate: the certificate as nginx writes `$ssl_client_escaped_cert`."""
HANDSHAKE = "HTTP_X_SECAL_EID_HANDSHAKE"
"""X-Secal-Eid-Handshake: "$ssl_session_reused $connection_time": whether the card signed, how long ago."""
SERVER_SOCKET = "gunicorn.socket"

_SIGNED = re.compile(r"\. (\d{1,9})\.\d{3}", re.ASCII)


def is_door(request: HttpRequest) -> bool:
    """Whether the request came over the socket of the second door, and over no other."""
    came_over = request.META.get(SERVER_SOCKET)
    return (
        bool(settings.EID_DOOR)
        and isinstance(came_over, socket.socket)
        and came_over.family == socket.AF_UNIX
        and came_over.getsockname() == settings.EID_DOOR
    )


def address() -> str:
    """Where the second door is, for the button that leads there; "" when there is none."""
    return str(settings.EID_ADDRESS).rstrip("/") if settings.EID_DOOR else ""


def certificate(request: HttpRequest) -> str:
    return str(request.META.get(CERTIFICATE, ""))


def signed_seconds_ago(request: HttpRequest) -> int | None:
    """Seconds since the card signed the handshake of this connection; None when it did not, or none says."""
    said = _SIGNED.fullmatch(str(request.META.get(HANDSHAKE, "")))
    return int(said[1]) if said else None
