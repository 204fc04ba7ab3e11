"""Where a request came from counts, not what it says: the real server on sockets and on TCP."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from secal.access.eid import card
from secal.access.eid.card import complete
from secal.access.eid.checks import SERVER_ARGUMENTS, second_door_is_safe
from secal.access.identities import Proven, niss_index
from secal.access.models import User
from secal.access.roles import Role
from secal.config.services import process
from tests.access.eid.authority import NISS, POLICY, World, escaped, pem
from tests.access.eid.conftest import SIGNED_NOW
from tests.changing import change

ROOT = Path(__file__).resolve().parents[3]
CARD = "/connexion/carte/"
Log = Callable[..., list[dict[str, Any]]]
Knock = Callable[..., Any]


@pytest.mark.parametrize(
    "came", ["over nothing known", "over TCP", "over another socket", "with no door set"]
)
def test_only_the_doors_own_socket_is_the_door(
    came: str,
    knock: Knock,
    world: World,
    luc: User,
    good_header: str,
    folder: Path,
    settings: Any,
    security_log: Log,
) -> None:
    """A good card, over anything else: as if the page did not exist, and one row."""
    browser = Client()
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as other:
        tcp.bind(("127.0.0.1", 0))
        other.bind(str(folder / "office.sock"))
        ways: dict[str, dict[str, Any]] = {
            "over nothing known": {"gunicorn.socket": None},
            "over TCP": {"gunicorn.socket": tcp},
            "over another socket": {"gunicorn.socket": other},
            "with no door set": {},
        }
        if came == "with no door set":
            settings.EID_DOOR = ""
        answer = knock(world, good_header, browser=browser, **ways[came])
    assert answer.status_code == 404
    assert browser.get(reverse("office:law")).status_code == 302
    assert [row["reason"] for row in security_log(kind="DENY", act="access.login")] == ["card.channel"]
    assert security_log(kind="LOGIN") == []


def test_the_login_page_shows_the_second_door_only_where_there_is_one(
    db: None, door: socket.socket, settings: Any
) -> None:
    page = Client().get(reverse("access:login")).content.decode()
    assert f'href="https://carte.example{CARD}?next=/"' in page
    settings.EID_DOOR = ""
    assert CARD not in Client().get(reverse("access:login")).content.decode()


# A real server


class OverSocket(http.client.HTTPConnection):
    """HTTP as the proxy speaks it, on a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=20)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        try:
            self.sock.connect(str(self._path))
        except OSError:
            self.close()
            raise


@pytest.fixture
def port() -> int:
    return process.free_port()


@pytest.fixture
def served(committed_database: str, folder: Path, issued: World, port: int) -> Iterator[Path]:
    """gunicorn on the door's socket, on the office's socket and on TCP, with a throw-away authority."""
    files = issued.write(folder)
    databases = {
        name: make_conninfo(value, dbname=committed_database)
        for name, value in os.environ.items()
        if name.endswith("DATABASE_URL")
    }
    environment = {
        **os.environ,
        **databases,
        "DJANGO_SETTINGS_MODULE": "secal.config.settings.test",
        "EID_DOOR": str(folder / "eid.sock"),
        "EID_ADDRESS": "https://carte.example",
        "EID_ROOTS": files["EID_ROOTS"],
        "EID_ISSUERS": files["EID_ISSUERS"],
        "EID_REVOCATIONS": files["EID_REVOCATIONS"],
        "EID_POLICIES": POLICY,
    }
    binds = (f"unix:{folder}/eid.sock", f"unix:{folder}/office.sock", f"127.0.0.1:{port}")
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "secal.config.wsgi:application", "--no-control-socket"),
            *(word for bind in binds for word in ("--bind", bind)),
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(folder / "office.sock", server)
        yield folder
    finally:
        server.terminate()
        server.wait(timeout=20)


def _await(path: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            if ask(OverSocket(path), "/health", {}).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not serve")


def ask(
    connection: http.client.HTTPConnection, page: str, headers: dict[str, str]
) -> http.client.HTTPResponse:
    """One request; a header may be given twice, as "Name " and "Name"."""
    connection.putrequest("GET", page)
    for name, value in headers.items():
        connection.putheader(name.strip(), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.fixture
def luc_committed(committed_database: str, make_user: Callable[..., User]) -> User:
    user = make_user(Role.CASE_OFFICER, given_name="Luc")
    change(user, niss_bi=niss_index(NISS))
    return user


@pytest.mark.obligation("17/006 §16.2")
def test_a_real_server_lets_a_card_in_by_its_socket_and_by_nothing_else(
    served: Path, luc_committed: User, issued: World, port: int, security_log: Log
) -> None:
    """One server: the good card enters by the door; the same request over TCP, over the office's own socket,
    or with the header spelt otherwise, does not."""
    good = escaped(pem(issued.card()))
    signed = {"X-Secal-Eid-Handshake": SIGNED_NOW}
    whole = {"X-Secal-Eid-Certificate": good, **signed}
    door = served / "eid.sock"

    for refused in (
        ask(http.client.HTTPConnection("127.0.0.1", port, timeout=20), CARD, whole),
        ask(OverSocket(served / "office.sock"), CARD, whole),
    ):
        assert refused.status == 404
        assert refused.getheader("Set-Cookie") is None
    assert [row["reason"] for row in security_log(kind="DENY")] == ["card.channel"] * 2

    for name, reason in VARIANTS.items():
        headers = dict.fromkeys(name.split("|"), good)
        answer = ask(OverSocket(door), CARD, {**headers, **signed})
        assert answer.status == 403, name
        assert security_log(kind="DENY")[-1]["reason"] == reason, name
    assert security_log(kind="LOGIN") == []

    entered = ask(OverSocket(door), CARD, whole)
    assert (entered.status, entered.getheader("Location")) == (302, "/")
    # HTTP does not tell capitals from small letters: the proxy's own header, whoever spells it.
    assert ask(OverSocket(door), CARD, {"x-secal-EID-certificate": good, **signed}).status == 302
    assert [row["actor"] for row in security_log(kind="LOGIN")] == [luc_committed.pk] * 2


VARIANTS = {
    "X_Secal_Eid_Certificate": "card.none",
    "X-Secal_Eid-Certificate": "card.none",
    "HTTP_X_SECAL_EID_CERTIFICATE": "card.none",
    "HTTP-X-Secal-Eid-Certificate": "card.none",
    "X-Secal-Eid-Certificate-": "card.none",
    "X-SSL-Client-Cert": "card.none",
    "SSL-Client-Cert": "card.none",
    "X-Client-Cert": "card.none",
    "X-Secal-Eid-Certificate|X-Secal-Eid-Certificate ": "card.malformed",
    "X-Secal-Eid-Certificate|x-secal-eid-certificate": "card.malformed",
}
"""How a forger may spell it, and what of it reaches us: a name with underscores is dropped by
the server, for WSGI writes "-" and "_" alike; two of the same name arrive joined by a comma."""


# What a deployment is told


@pytest.fixture
def whole_door(door: socket.socket, issued: World, folder: Path, settings: Any, monkeypatch: Any) -> Path:
    """A second door that is configured as it must be."""
    for name, value in issued.write(folder).items():
        setattr(settings, name, value)
    Path(settings.EID_DOOR).chmod(0o660)
    monkeypatch.setenv(SERVER_ARGUMENTS, f"--bind unix:{folder}/office.sock -b unix:{settings.EID_DOOR} -w 3")
    return folder


def found() -> list[str | None]:
    return [message.id for message in second_door_is_safe()]


def test_a_whole_door_needs_nothing_and_no_door_needs_nothing(whole_door: Path, settings: Any) -> None:
    assert found() == []
    settings.EID_DOOR = settings.EID_ROOTS = ""
    assert found() == []


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("EID_ADDRESS", "http://carte.example", "access.E022"),
        ("EID_ADDRESS", "", "access.E022"),
        ("EID_ROOTS", "", "access.E023"),
        ("EID_ISSUERS", "/nowhere", "access.E023"),
        ("EID_REVOCATIONS", "", "access.E024"),
        ("EID_REVOCATIONS", "/nowhere", "access.E024"),
        ("EID_POLICIES", [], "access.E025"),
        ("EID_POLICIES", ["authentication"], "access.E025"),
    ],
)
def test_half_a_door_is_refused_at_deployment(
    setting: str, value: Any, told: str, whole_door: Path, settings: Any
) -> None:
    setattr(settings, setting, value)
    assert found() == [told]


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "--bind 127.0.0.1:8000",
        "--bind unix:{door} --bind 127.0.0.1:8000",
        "--bind unix:{door} -b [::]:8000",
        "--bind=0.0.0.0 --bind=unix:{door}",
        "--bind unix:/run/another.sock",
        "--bind 'unix:{door}",
    ],
)
def test_a_server_on_tcp_beside_the_door_is_refused_at_deployment(
    arguments: str, whole_door: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SERVER_ARGUMENTS, arguments.format(door=settings.EID_DOOR))
    assert found() == ["access.E026"]


def test_a_socket_that_everybody_may_open_is_refused_at_deployment(whole_door: Path, settings: Any) -> None:
    Path(settings.EID_DOOR).chmod(0o666)
    assert found() == ["access.E021"]


def test_a_path_that_depends_on_where_one_stands_is_refused(whole_door: Path, settings: Any) -> None:
    settings.EID_DOOR = "eid.sock"
    assert found() == ["access.E020", "access.E026"]


def test_the_moment_of_the_card_is_the_moment_of_its_signature(
    knock: Knock, world: World, luc: User, good_header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven: list[Proven] = []

    def spy(*arguments: Any, **named: Any) -> Proven:
        proven.append(complete(*arguments, **named))
        return proven[-1]

    monkeypatch.setattr(card, "complete", spy)
    assert knock(world, good_header, HTTP_X_SECAL_EID_HANDSHAKE=". 120.500").status_code == 302
    (found,) = proven
    assert 119 <= (timezone.now() - found.authenticated_at).total_seconds() <= 150
    assert found.subject is None
    assert found.niss_bi.hex() not in repr(found)
