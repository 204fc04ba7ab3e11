"""A door of its own: a unix socket and a throw-away authority."""

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.access.eid.authority import World, escaped, pem

SIGNED_NOW = ". 0.042"


@pytest.fixture(scope="session")
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture(scope="session")
def issued(now: datetime) -> World:
    """Keys are slow to make: one authority for all tests, which never change it."""
    return World(now)


@pytest.fixture
def world(issued: World) -> World:
    """The authority, for one test to change."""
    copy = World.__new__(World)
    copy.__dict__.update(issued.__dict__)
    copy.roots, copy.issuers, copy.lists = list(issued.roots), list(issued.issuers), list(issued.lists)
    return copy


@pytest.fixture
def folder() -> Iterator[Path]:
    """Short enough for the path of a socket."""
    path = Path(tempfile.mkdtemp(prefix="eid-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def door(folder: Path, settings: Any) -> Iterator[socket.socket]:
    """The server's end of a connection that came through the door."""
    path = str(folder / "eid.sock")
    settings.EID_DOOR, settings.EID_ADDRESS = path, "https://carte.example"
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as proxy:
        listening.bind(path)
        listening.listen()
        proxy.connect(path)
        accepted, _address = listening.accept()
        with accepted:
            yield accepted


Knock = Callable[..., Any]


@pytest.fixture
def knock(door: socket.socket, folder: Path, settings: Any) -> Knock:
    """Come to the second door with a header, believing what this world believes."""

    def come(world: World, header: str, *, browser: Client | None = None, **extra: Any) -> Any:
        for name, value in world.write(folder).items():
            setattr(settings, name, value)
        said = {
            "gunicorn.socket": door,
            "HTTP_X_SECAL_EID_CERTIFICATE": header,
            "HTTP_X_SECAL_EID_HANDSHAKE": SIGNED_NOW,
            **extra,
        }
        said = {name: value for name, value in said.items() if value is not None}
        return (browser or Client()).get(reverse("access:card"), **said)

    return come


@pytest.fixture
def good_header(issued: World) -> str:
    return escaped(pem(issued.card()))
