"""The National Chamber of bailiffs of the demonstration and the tests: a program of its own, on this machine
only, that signs its list of users and says at once who leaves it.

    python -m secal.config.demo.chamber --port 9500 --state var

Its page lets one say what happens to whom. Its key is made for the occasion and lies in the state folder.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.jwk import OKPKey

from recovery.chamber.messages import Registry, canonical, digest_of
from secal.access.roles import Role
from secal.config.demo.personas import PERSONAS
from secal.config.demo.processes import Program, answers
from secal.config.services.places import write_private

NAME = "chamber"
ISSUER = "urn:demo:chambre-nationale"
KEY_NAME = "chamber-demo"
KEY_FILE, MEMORY_FILE = "chamber-key.json", "chamber.json"
TEMPLATES = Path(__file__).parent / "templates"
LOOPBACK = "127.0.0.1"
SECONDS = 10
DAILY = timedelta(hours=24)
KEPT = 500
"""Messages that are still handed out; who lacks an older one asks for a full list."""
SINCE = "2020-01-01"
LASTS = timedelta(days=5 * 365)

Member = dict[str, Any]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Chamber:
    """A running Chamber, and what only its tester may say to it."""

    port: int

    @property
    def page(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def url(self) -> str:
        """What the office is told (CHAMBER_URL)."""
        return f"{self.page}/list"

    def say(self, change: str, number: str, *, individual: bool = True, **changes: str) -> None:
        """One thing happens to one member: left, joined, office_changed, function_changed."""
        self._post("/changes", [{"change": change, "individual": individual, "number": number, **changes}])

    def enrol(self, members: Sequence[Member]) -> None:
        """Put people on the list, who then `join` in one message."""
        self._post("/changes", [{"change": "joined", "individual": False, **member} for member in members])

    def publish_full(self, *, without: Sequence[str] = ()) -> None:
        """A full list now; `without` some, as a mistake of the Chamber would leave them out."""
        self._post("/full", {"without": list(without)})

    def _post(self, path: str, body: Any) -> None:
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.page + path, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310 - loopback
            return


def number_of(niss: str) -> str:
    """The Chamber's number of a persona, stable from one start to the next and no part of the NISS."""
    places = [persona.niss for persona in PERSONAS if persona.role is Role.BAILIFF]
    return f"NK-{1001 + places.index(niss)}"


def program(port: int, state: Path, *, environment: Mapping[str, str] | None = None) -> Program:
    """The Chamber as a program to start, with its memory and its key in the state folder."""
    command = [sys.executable, "-m", "secal.config.demo.chamber", "--port", str(port), "--state", str(state)]
    return Program(NAME, command, ready=answers(f"http://{LOOPBACK}:{port}/"), environment=environment or {})


def pinned_keys(state: Path) -> dict[str, Any]:
    """What the office pins (CHAMBER_KEYS): the public half of the key, which is made at the first asking."""
    public = signing_key(state).as_dict(private=False)
    since = datetime.fromisoformat(f"{SINCE}T00:00:00+00:00")
    until = datetime.now(UTC) + LASTS
    return {
        "keys": [
            {**public, "kid": KEY_NAME, "valid_from": since.isoformat(), "valid_until": until.isoformat()}
        ]
    }


def signing_key(state: Path) -> OKPKey:
    path = state / KEY_FILE
    if not path.exists():
        made = OKPKey.generate_key("Ed25519", {"kid": KEY_NAME}, private=True)
        write_private(path, json.dumps(made.as_dict(private=True)))
    return OKPKey.import_key(json.loads(path.read_text(encoding="utf-8")))


def told(chamber: Chamber, state: Path) -> dict[str, str]:
    """What the office's programs are told about this Chamber."""
    return {
        "CHAMBER_URL": chamber.url,
        "CHAMBER_ISSUER": ISSUER,
        "CHAMBER_KEYS": json.dumps(pinned_keys(state)),
    }


def forget(state: Path) -> None:
    """Begin anew: the list, its numbers and the key."""
    for name in (KEY_FILE, MEMORY_FILE):
        (state / name).unlink(missing_ok=True)


class Publisher:
    """The list and its messages, numbered and chained; kept from one start to the next."""

    def __init__(self, state: Path, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.path, self.key, self.clock = state / MEMORY_FILE, signing_key(state), clock
        self.turn = threading.Lock()
        self.memory = self._remembered()

    @property
    def members(self) -> dict[str, Member]:
        """Who is on the list, by number."""
        found: dict[str, Member] = self.memory["members"]
        return found

    @property
    def gone(self) -> dict[str, Member]:
        """Who was."""
        found: dict[str, Member] = self.memory["gone"]
        return found

    def after(self, sequence: int) -> str | None:
        """The first message after that one; None when there is none yet."""
        with self.turn:
            self._daily()
            later = sorted(int(number) for number in self.memory["messages"] if int(number) > sequence)
            return self.memory["messages"][str(later[0])] if later else None

    def full(self, *, without: Sequence[str] = ()) -> str:
        """A full list, made now."""
        with self.turn:
            return self._publish_full(without)

    def change(self, changes: Sequence[Mapping[str, Any]]) -> str:
        """What happened, in one message. Each names `change`, `individual`, `number`, and what is new."""
        with self.turn:
            told = [
                {"change": one["change"], "individual": bool(one["individual"]), "member": self._changed(one)}
                for one in changes
            ]
            return self._publish("delta", "changes", told)

    def _changed(self, one: Mapping[str, Any]) -> Member:
        number = str(one["number"])
        known = self.members.get(number) or self.gone.get(number)
        new = {part: one[part] for part in ("niss", "capacity", "office") if part in one}
        if known is None:
            known = {"number": number, "capacity": "titular", "valid_from": SINCE, "valid_until": None}
        member: Member = {**known, **new}
        if one["change"] == "left":
            self.members.pop(number, None)
            self.gone[number] = member
        else:
            self.gone.pop(number, None)
            self.members[number] = member
        return member

    def _daily(self) -> None:
        last = self.memory["full_at"]
        if not last or self.clock() - datetime.fromisoformat(last) >= DAILY:
            self._publish_full()

    def _publish_full(self, without: Sequence[str] = ()) -> str:
        listed = [member for number, member in sorted(self.members.items()) if number not in without]
        self.memory["full_at"] = self.clock().isoformat()
        return self._publish("full", "members", listed)

    def _publish(self, kind: str, part: str, lines: list[Any]) -> str:
        memory = self.memory
        memory["sequence"] += 1
        message = {
            "v": 1,
            "issuer": ISSUER,
            "sequence": memory["sequence"],
            "kind": kind,
            "made_at": self.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "previous": memory["digest"],
            part: lines,
        }
        registry = Registry(algorithms=["EdDSA"])
        signed = jws.serialize_compact(
            {"alg": "EdDSA", "kid": KEY_NAME}, canonical(message), self.key, registry=registry
        )
        memory["digest"] = digest_of(signed.encode())
        memory["messages"][str(memory["sequence"])] = signed
        memory["messages"].pop(str(memory["sequence"] - KEPT), None)
        draft = self.path.with_suffix(".new")
        write_private(draft, json.dumps(memory))
        draft.replace(self.path)
        return signed

    def _remembered(self) -> dict[str, Any]:
        if self.path.exists():
            kept: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
            return kept
        members = {member["number"]: member for member in _bailiffs()}
        return {
            "sequence": 0, "digest": "", "full_at": "", "messages": {}, "members": members, "gone": {}
        }  # fmt: skip


def _bailiffs() -> list[Member]:
    """The personas who are bailiffs: titular, each in an office of their own."""
    offices = sorted({persona.office for persona in PERSONAS if persona.office})
    return [
        {
            "number": number_of(persona.niss),
            "niss": persona.niss,
            "capacity": "titular",
            "office": f"ET-{101 + offices.index(persona.office)}",
            "valid_from": SINCE,
            "valid_until": None,
        }
        for persona in PERSONAS
        if persona.role is Role.BAILIFF
    ]


def site(publisher: Publisher) -> Any:
    """The Chamber as a WSGI application: its list, and the page on which things happen."""
    import flask

    application = flask.Flask("chamber", template_folder=str(TEMPLATES), static_folder=None)
    names = {number_of(persona.niss): persona.name for persona in PERSONAS if persona.role is Role.BAILIFF}

    @application.get("/list/after/<int:sequence>")
    def after(sequence: int) -> Any:
        found = publisher.after(sequence)
        return ("", 204) if found is None else flask.Response(found, mimetype="application/jose")

    @application.get("/list/full")
    def full() -> Any:
        return flask.Response(publisher.full(), mimetype="application/jose")

    @application.post("/changes")
    def changes() -> Any:
        publisher.change(flask.request.get_json())
        return "", 204

    @application.post("/full")
    def publish_full() -> Any:
        told = flask.request.get_json(silent=True) or {}
        without = told.get("without") or flask.request.form.getlist("without")
        publisher.full(without=without)
        return flask.redirect("/", 303)

    @application.post("/members/<number>")
    def happens(number: str) -> Any:
        change = flask.request.form["change"]
        new = {
            "office_changed": {"office": "ET-199"},
            "function_changed": {"capacity": "staff"},
            "joined": {"office": "ET-199"},
        }
        publisher.change([{"change": change, "individual": True, "number": number, **new.get(change, {})}])
        return flask.redirect("/", 303)

    @application.get("/")
    def page() -> Any:
        return flask.render_template(
            "chamber.html",
            members=publisher.members.values(),
            gone=publisher.gone.values(),
            names=names,
            sequence=publisher.memory["sequence"],
        )

    return application


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped. Prints its address on the first line of standard output once it listens."""
    parser = argparse.ArgumentParser(description="National Chamber of bailiffs of the demonstration.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--state", type=Path, required=True, help="folder of its key and its memory")
    choices = parser.parse_args(arguments)
    from werkzeug.serving import make_server

    server = make_server(LOOPBACK, choices.port, site(Publisher(choices.state)), threaded=True)
    sys.stdout.write(f"http://{LOOPBACK}:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
