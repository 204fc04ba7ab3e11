"""System checks of the second door: half configured it opens to nobody, and here it says so at once."""

import argparse
import os
import re
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from secal.access.eid import trust
from secal.access.provider import address_is_safe

SERVER_ARGUMENTS = "GUNICORN_CMD_ARGS"
_POLICY = re.compile(r"[0-2](\.\d+)+", re.ASCII)


@register(Tags.security, deploy=True)
def second_door_is_safe(**kwargs: Any) -> list[CheckMessage]:
    """Nothing to say without a second door; with one, everything that it needs."""
    return [*_door(), *_belief(), *_server()] if settings.EID_DOOR else []


def _door() -> Iterator[CheckMessage]:
    if not Path(settings.EID_DOOR).is_absolute():
        yield Error(
            "EID_DOOR is not the whole path of a socket.",
            hint="Write it as the server binds it: /run/secal/eid.sock.",
            id="access.E020",
        )
    if any(_everybody_writes(path) for path in (Path(settings.EID_DOOR), Path(settings.EID_DOOR).parent)):
        yield Error(
            "Every program on this machine may open the second door.",
            hint="Give the socket and its folder to the server and the group of the proxy only.",
            id="access.E021",
        )
    if not address_is_safe(settings.EID_ADDRESS):
        yield Error(
            "EID_ADDRESS is not an https address.",
            hint="Set EID_ADDRESS to the address of the host name at which the proxy asks for the card.",
            id="access.E022",
        )


def _belief() -> Iterator[CheckMessage]:
    if not trust.certificates(settings.EID_ROOTS) or not trust.certificates(settings.EID_ISSUERS):
        yield Error(
            "The second door has no roots or no issuers to believe.",
            hint="EID_ROOTS and EID_ISSUERS name files of certificates in PEM.",
            id="access.E023",
        )
    if not trust.revocation_lists(settings.EID_REVOCATIONS):
        yield Error(
            "The second door has no revocation list: nobody could enter.",
            hint="EID_REVOCATIONS names the folder into which they are fetched at least once a day.",
            id="access.E024",
        )
    if not settings.EID_POLICIES or not all(_POLICY.fullmatch(policy) for policy in settings.EID_POLICIES):
        yield Error(
            "EID_POLICIES does not name the policies of authentication certificates.",
            hint="Dotted numbers, separated by commas, from the issuer's certification practice statement.",
            id="access.E025",
        )


def _server() -> Iterator[CheckMessage]:
    """A site with a second door listens on sockets only: nobody else can write its header."""
    binds = _binds(os.environ.get(SERVER_ARGUMENTS, ""))
    if f"unix:{settings.EID_DOOR}" not in binds or any(not bind.startswith("unix:") for bind in binds):
        yield Error(
            "The server does not listen on the second door's socket, or listens on TCP too.",
            hint=f'{SERVER_ARGUMENTS}="--bind unix:/run/secal/office.sock --bind unix:{settings.EID_DOOR}"',
            id="access.E026",
        )


def _binds(arguments: str) -> list[str]:
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    parser.add_argument("-b", "--bind", action="append", default=[])
    with suppress(ValueError, argparse.ArgumentError):
        known, _others = parser.parse_known_args(shlex.split(arguments))
        return list(known.bind)
    return []


def _everybody_writes(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & stat.S_IWOTH)
