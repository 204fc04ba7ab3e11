"""A departure that the National Chamber tells is effective within five minutes: measured at the portal, with
the Chamber's feed, the beat and the worker as programs that run."""

import dataclasses
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import requests
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from recovery.cases.models import MandatePermission
from recovery.chamber.models import Member
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.seats import SeatRefused
from secal.access.unit_of_work import acting_as
from secal.config.demo import chamber as demo_chamber
from secal.config.demo.chamber import Chamber
from secal.config.demo.office import LOOPBACK, programs
from secal.config.demo.processes import Processes
from secal.config.demo.seed.author import author_at_work
from secal.config.proving.bailiffs import Bailiff, bailiffs_at_work, token_of
from secal.config.proving.outcome import Order, Tally
from secal.config.proving.scratch import VARIABLE_OF_ROLE, Scratch, scratch_database
from secal.config.services import process
from secal.config.services.roles import DOOR, ERASER, PORTAL, WORKER
from secal.config.settings.sites import SITES
from secal.people.identifiers import niss_index

AT_MOST = 300.0
"""Seconds from the Chamber's word to the first request that is refused (17/006 §21)."""
GIVEN_UP = AT_MOST + 60
APART = 2.0
"""Seconds between two departures, so that they fall anywhere between two rings."""
LOOK = 0.25
READY_SECONDS = 60.0
PATIENCE = 30
OK = 200
LOOKED_AT = ("session", "link")


@dataclass
class Trial:
    """One bailiff who leaves: their live session, a link that they were sent, and what came of both."""

    user_id: UUID
    number: str
    session: requests.Session
    portal: str
    link: str
    told_at: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    """By what was refused: seconds until then."""


def prove_departures(order: Order, tally: Tally) -> None:
    """Each bailiff is one try: session, link, work in their name, login and mandates, all gone in time."""
    with scratch_database() as scratch, tempfile.TemporaryDirectory() as folder:
        # One more stays: whoever ended everybody's access would pass else.
        seated = bailiffs_at_work(scratch, order.chance("departures"), order.target + 1)
        with _running(scratch, Path(folder)) as (chamber, portal):
            trials = [_trial(number, one, portal) for number, one in enumerate(seated)]
            chamber.enrol([_listed(one, number) for number, one in enumerate(trials)])
            _await_work(trials)
            *leaving, staying = trials
            _leave(leaving, chamber)
            for one in leaving:
                tally.count(_gone_in_time(one), f"{one.number}: {one.seconds}")
            if not _works(staying):
                raise RuntimeError("somebody who stayed lost access")
    worst = max(max(one.seconds.values(), default=GIVEN_UP) for one in leaving)
    sys.stderr.write(f"  departures: the worst took {worst:.0f} s\n")


@contextmanager
def _running(scratch: Scratch, folder: Path) -> Iterator[tuple[Chamber, str]]:
    """The Chamber, the portal, worker and beat, on the scratch database."""
    chamber, processes = Chamber(process.free_port()), Processes(folder / "logs")
    port = process.free_port()
    try:
        processes.start(demo_chamber.program(chamber.port, folder))
        for program in programs(port, port, folder, _told(chamber, folder), beat=True):
            if program.name != "web":
                environment = {**program.environment, **_addresses(scratch, program.name)}
                processes.start(dataclasses.replace(program, environment=environment))
        processes.await_ready(seconds=READY_SECONDS)
        yield chamber, f"http://{LOOPBACK}:{port}"
    finally:
        processes.stop()


def _told(chamber: Chamber, folder: Path) -> dict[str, str]:
    """What the office's programs are told; their secrets are ours, else they would know nobody's index."""
    return {
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "SECAL_STATE_DIR": str(settings.STATE_DIR),
        "OIDC_ISSUER": "http://127.0.0.1:1",
        **demo_chamber.told(chamber, folder),
    }


def _addresses(scratch: Scratch, name: str) -> dict[str, str]:
    """The database users that each program has, on the scratch database."""
    roles = {"portal": (PORTAL, DOOR), "worker": (WORKER, ERASER), "beat": (WORKER,)}[name]
    return {VARIABLE_OF_ROLE[role]: scratch.address(role) for role in roles}


def _trial(number: int, one: Bailiff, portal: str) -> Trial:
    (user_id,) = one.sees["access_user"]
    (file_id,) = one.sees["recovery_cases_recoveryfile"]
    session = requests.Session()
    # A connection kept alive may be closed by the server just as the next request sets out.
    session.headers["Connection"] = "close"
    session.cookies.set(SITES["portal"].cookie("seat"), one.token)
    path = reverse("portal:file", args=[file_id], urlconf="secal.config.portal_urls")
    return Trial(user_id, f"P-{number}", session, portal, path)


def _listed(trial: Trial, number: int) -> dict[str, str]:
    """The bailiff as the Chamber lists them, and known to us by that person's number."""
    niss = f"800101{number:03d}"
    niss += f"{97 - int(niss) % 97:02d}"
    with author_at_work():
        user = User.objects.get(pk=trial.user_id)
        user.niss_bi = niss_index(niss)
        user.save(update_fields=["niss_bi"])
    return {"number": trial.number, "niss": niss, "office": f"ET-{number}"}


def _await_work(trials: list[Trial]) -> None:
    """Until everybody is listed and at work: the portal may be closed before its first list."""
    deadline = time.monotonic() + GIVEN_UP
    while _members() < len(trials) or not all(map(_works, trials)):
        if time.monotonic() > deadline:
            raise RuntimeError("not every bailiff is at work before anybody leaves")
        time.sleep(1)


def _members() -> int:
    with author_at_work():
        return Member.objects.count()


def _works(trial: Trial) -> bool:
    """Whether the live session still opens a page."""
    return _status(trial, "/") == OK


def _status(trial: Trial, path: str) -> int:
    answer = trial.session.get(trial.portal + path, allow_redirects=False, timeout=PATIENCE)
    return answer.status_code


def _leave(leaving: list[Trial], chamber: Chamber) -> None:
    """Tell the departures one after the other, and look all the while who is still let in."""
    waiting, began = list(leaving), time.monotonic()
    watched: list[Trial] = []
    while waiting or watched:
        if waiting and time.monotonic() >= began + APART * len(leaving) - APART * len(waiting):
            one = waiting.pop(0)
            chamber.say("left", one.number)
            one.told_at = time.monotonic()
            watched.append(one)
        watched = [one for one in watched if not _is_out(one)]
        time.sleep(LOOK)


def _is_out(trial: Trial) -> bool:
    """Look once more; note when the session and the link were refused for the first time."""
    seconds = time.monotonic() - trial.told_at
    for what, path in (("session", "/"), ("link", trial.link)):
        if what not in trial.seconds and _status(trial, path) != OK:
            trial.seconds[what] = time.monotonic() - trial.told_at
    return len(trial.seconds) == len(LOOKED_AT) or seconds > GIVEN_UP


def _gone_in_time(trial: Trial) -> bool:
    """All was refused in time, and so is what waits in their name, another login, and every mandate."""
    in_time = all(trial.seconds.get(what, GIVEN_UP) <= AT_MOST for what in LOOKED_AT)
    return in_time and not (_may_begin_work(trial) or _may_log_in(trial) or _has_mandates(trial))


def _may_begin_work(trial: Trial) -> bool:
    try:
        with override_settings(SITE=SITES["portal"]), acting_as(trial.user_id):
            return True
    except (Refused, SeatRefused):
        return False


def _may_log_in(trial: Trial) -> bool:
    try:
        with override_settings(SITE=SITES["portal"]):
            token_of(User.objects.get(pk=trial.user_id))
    except SeatRefused:
        return False
    return True


def _has_mandates(trial: Trial) -> bool:
    with author_at_work():
        return MandatePermission.objects.filter(user=trial.user_id).exists()
