"""The feed over a real socket: what is fetched, what is asked for, what an answer may not be; and a file."""

import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from recovery.chamber import polling, wire
from recovery.chamber.messages import LARGEST_MESSAGE
from recovery.chamber.models import Channel, Member, ReceivedList, ReceivedOutcome
from recovery.chamber.polling import poll
from recovery.chamber.tasks import receive_lists
from recovery.chamber.wire import ChamberUnreachable, address_is_safe
from secal.access.models import User
from secal.config.demo import chamber as demo_chamber
from secal.config.demo.chamber import Chamber, number_of, pinned_keys
from secal.config.demo.personas import PERSONAS
from secal.config.demo.processes import Processes
from secal.config.services.process import free_port
from secal.people.identifiers import niss_index
from tests.recovery.chamber.conftest import Take, active, nisses
from tests.recovery.chamber.sender import EDDSA, NOW, STRANGER, Sender, niss, pinned

Answer = Callable[[str], tuple[int, dict[str, str], bytes]]
SOPHIE = next(persona for persona in PERSONAS if persona.family_name == "Moreau")

LONG_AGO, LONG_AFTER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """A server that answers as it is told: its address, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/list", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def only(answers: dict[str, bytes]) -> Answer:
    """These messages at their addresses, and nothing new elsewhere."""
    return lambda path: (200, {}, answers[path]) if path in answers else (204, {}, b"")


@contextmanager
def running_chamber(folder: Path, settings: Any) -> Iterator[Chamber]:
    """The stand-in as a real program, and the settings pointed at it."""
    programs, chamber = Processes(folder), Chamber(free_port())
    settings.CHAMBER_KEYS, settings.CHAMBER_ISSUER = pinned_keys(folder), demo_chamber.ISSUER
    settings.CHAMBER_URL = chamber.url
    programs.start(demo_chamber.program(chamber.port, folder))
    try:
        programs.await_ready(seconds=20)
        yield chamber
    finally:
        programs.stop()


@pytest.mark.obligation("17/006 §21")
def test_the_list_is_fetched_and_a_departure_takes_effect_at_the_next_ring(
    bailiffs: Callable[[int], list[User]], settings: Any, tmp_path: Path
) -> None:
    (user,) = bailiffs(1)
    user.niss_bi = niss_index(SOPHIE.niss)
    user.save()
    with running_chamber(tmp_path, settings) as chamber:
        assert receive_lists() == {ReceivedOutcome.ACCEPTED: 1}
        assert receive_lists() == {}
        assert Member.objects.count() == 2
        chamber.say("left", number_of(SOPHIE.niss))
        chamber.say("office_changed", "NK-1002", office="ET-150")
        assert receive_lists() == {ReceivedOutcome.ACCEPTED: 2}
    assert active([user]) == 0
    assert list(ReceivedList.objects.order_by("sequence").values_list("sequence", "kind", "channel")) == [
        (1, "full", Channel.FETCHED),
        (2, "delta", Channel.FETCHED),
        (3, "delta", Channel.FETCHED),
    ]


def test_the_chamber_goes_on_where_it_was_after_a_restart(settings: Any, tmp_path: Path, db: None) -> None:
    with running_chamber(tmp_path, settings):
        assert receive_lists() == {ReceivedOutcome.ACCEPTED: 1}
    with running_chamber(tmp_path, settings) as chamber:
        chamber.say("left", "NK-1002")
        assert receive_lists() == {ReceivedOutcome.ACCEPTED: 1}
    assert ReceivedList.objects.order_by("-sequence")[0].sequence == 2


def test_after_a_gap_the_full_list_is_asked_for(sender: Sender, settings: Any, db: None) -> None:
    first, _lost, later, whole = (
        sender.full(niss(1), niss(2)),
        sender.left(niss(1), individual=True),
        sender.left(niss(2), individual=True),
        sender.full(),
    )
    answers = {"/list/after/0": first, "/list/after/1": later, "/list/full": whole}
    with serving(only(answers)) as (settings.CHAMBER_URL, asked):
        counts = poll(clock=lambda: NOW)
    assert asked == ["/list/after/0", "/list/after/1", "/list/full"]
    assert counts == {ReceivedOutcome.ACCEPTED: 2, ReceivedOutcome.REFUSED: 1}
    assert ReceivedList.objects.get(outcome=ReceivedOutcome.REFUSED).reason == "gap"
    assert not Member.objects.exists()


def test_a_ring_is_over_before_the_next_could_believe_it_dead() -> None:
    """Two rings at once refuse what the other took; a ring that was killed delays no departure too long."""
    slowest = sum(wire.PATIENCE) + wire.WHOLE_SECONDS
    assert polling.FETCHING_SECONDS + 2 * slowest < polling.TURN_SECONDS < 300


def test_a_ring_that_lasted_asks_for_nothing_more(
    settings: Any, db: None, monkeypatch: pytest.MonkeyPatch, sender: Sender
) -> None:
    first, second = sender.full(niss(1)), sender.full(niss(1))
    moments = iter([0.0, 1.0, polling.FETCHING_SECONDS + 1.0])
    monkeypatch.setattr(polling, "monotonic", lambda: next(moments))
    answers = {"/list/after/0": first, "/list/after/1": second}
    with serving(only(answers)) as (settings.CHAMBER_URL, asked):
        poll(clock=lambda: NOW)
    assert asked == ["/list/after/0"]


def test_a_full_list_that_was_refused_is_not_asked_for_every_minute(settings: Any, db: None) -> None:
    stranger = Sender(key=STRANGER)
    with serving(lambda _path: (200, {}, stranger.full(niss(1)))) as (settings.CHAMBER_URL, asked):
        for minutes in (0, 1, 9, 11):
            poll(clock=lambda minutes=minutes: NOW + timedelta(minutes=minutes))  # type: ignore[misc]
    assert [path for path in asked if path == "/list/full"] == ["/list/full"] * 2
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "answered 302"),
        ((301, {"Location": "/list/full"}, b""), "answered 301"),
        ((404, {}, b""), "answered 404"),
        ((500, {}, b""), "answered 500"),
        ((200, {"Content-Encoding": "gzip"}, b"x"), "compressed"),
    ],
)
def test_what_is_no_answer_is_not_followed(answer: Any, cause: str, settings: Any) -> None:
    with (
        serving(lambda _path: answer) as (settings.CHAMBER_URL, asked),
        pytest.raises(ChamberUnreachable, match=cause),
    ):
        wire.fetch_next(0)
    assert asked == ["/list/after/0"]


def test_an_answer_without_end_is_read_to_the_limit_and_refused(settings: Any, db: None) -> None:
    with serving(lambda _path: (200, {}, b"x" * (2 * LARGEST_MESSAGE))) as (settings.CHAMBER_URL, _asked):
        body = wire.fetch_next(0)
        assert body is not None
        assert len(body) == LARGEST_MESSAGE + 1
        poll(clock=lambda: NOW)
    assert {row.reason for row in ReceivedList.objects.all()} == {"too_big"}


def test_an_answer_that_drips_is_given_up(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "WHOLE_SECONDS", 0.2)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _peer = listener.accept()
        # Whoever gave up has closed.
        with connection, suppress(OSError):
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _byte in range(10):
                connection.sendall(b"x")
                time.sleep(0.1)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    settings.CHAMBER_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with pytest.raises(ChamberUnreachable, match="too long"):
            wire.fetch_next(0)
    finally:
        thread.join()
        listener.close()


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://chamber.example/list", True),
        ("http://127.0.0.1:9500/list", True),
        ("http://[::1]:9500/list", True),
        ("http://chamber.example/list", False),
        ("http://127.0.0.1.evil.example/list", False),
        ("http://localhost@evil.example/list", False),
        ("https://user:word@chamber.example/list", False),
        ("ftp://127.0.0.1/list", False),
        ("file:///etc/passwd", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_the_list_travels_encrypted_unless_it_never_leaves_this_machine(address: str, safe: bool) -> None:
    assert address_is_safe(address) is safe


def test_an_address_that_is_not_safe_is_not_asked(settings: Any) -> None:
    settings.CHAMBER_URL = "http://chamber.example/list"
    with pytest.raises(ChamberUnreachable, match="not safe"):
        wire.fetch_full()


@pytest.mark.usefixtures("db")
def test_a_chamber_that_is_away_is_no_error(settings: Any) -> None:
    settings.CHAMBER_URL = f"http://127.0.0.1:{free_port()}/list"
    assert receive_lists() == {}


# As a file


def _command(path: Path, *options: str) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    try:
        call_command("chamber_list", str(path), "--json", *options, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_list_comes_as_a_file_too(
    bailiffs: Callable[[int], list[User]], receive: Take, tmp_path: Path, settings: Any
) -> None:
    users = bailiffs(3)
    sender = Sender(made_at=timezone.now())
    settings.CHAMBER_KEYS = {"keys": [pinned(EDDSA, since=LONG_AGO, until=LONG_AFTER)]}
    path = tmp_path / "list.jws"
    path.write_bytes(sender.full(*nisses(3)) + b"\n")
    code, told = _command(path, "--dry-run")
    assert (code, told["outcome"], told["dry_run"]) == (0, "accepted", True)
    assert not ReceivedList.objects.exists()
    assert _command(path)[0] == 0
    assert ReceivedList.objects.get().channel == Channel.FILE
    code, told = _command(path)
    assert (code, told["outcome"], told["reason"]) == (1, "refused", "replay")
    path.write_bytes(sender.full())
    code, told = _command(path)
    assert (code, told["outcome"]) == (1, "held")
    assert active(users) == 3


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("chamber_list", str(tmp_path / "nothing"))
