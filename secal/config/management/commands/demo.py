"""`manage.py demo`: the whole office on this machine, with made-up data and stand-ins for the outside."""

import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

import redis
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from psycopg.conninfo import conninfo_to_dict

from secal.access.roles import Plane
from secal.config.demo.chamber import forget
from secal.config.demo.evidence import witnessing
from secal.config.demo.office import BANK_MEMORY, Open, open_office
from secal.config.demo.personas import NEWCOMERS, PERSONAS
from secal.config.demo.processes import Addresses, NotReady, ProgramEnded
from secal.config.demo.seed import recovery_told, told
from secal.config.demo.seed.fill import fill
from secal.config.demo.seed.sow import SIZES, is_empty, sow
from secal.config.demo.tour import write_tour_statements
from secal.config.services import roles
from secal.kernel.identifiers import format_niss
from secal.office.clock import today

LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Start the demonstration: web, portal, worker, scheduler, identity provider and bank, on this "
        "machine only. Ctrl-C stops everything; a second start keeps the data."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=8000,
            help="of the office; the next free one if taken, and the portal above it",
        )
        parser.add_argument(
            "--size", choices=list(SIZES), default="medium", help="of the data, when there are none"
        )
        parser.add_argument("--reset", action="store_true", help="throw the data away and begin anew")
        parser.add_argument("--no-beat", action="store_true", help="without the scheduler")
        parser.add_argument(
            "--check",
            action="store_true",
            help="walk both stories over HTTP on scratch data, one JSON line a step",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGINT, _end)
        try:
            if options["check"]:
                self.check_all(options["port"])
            else:
                self.open(options)
        except ProgramEnded as ended:
            words = f"{ended.name} ended (code {ended.code}); the end of its log:\n{ended.tail}"
            raise CommandError(words) from ended
        except NotReady as error:
            raise CommandError(str(error)) from error
        except Stopped:
            self.stdout.write("Stopped.")

    def open(self, options: dict[str, Any]) -> None:
        """Data where there are none, every program, then wait to be stopped."""
        began = time.monotonic()
        addresses = Addresses(Path(settings.STATE_DIR))
        with addresses.alone() as alone:
            if not alone:
                raise CommandError(already_open(addresses))
            if options["reset"]:
                begin_anew()
            call_command("migrate", verbosity=0, interactive=False)
            self.fill(options["size"])
            with open_office(port=options["port"], beat=not options["no_beat"]) as office:
                self.present(office, time.monotonic() - began)
                self.watch(office)

    def fill(self, size: str) -> None:
        """Made-up data where there are none."""
        with witnessing():
            if not is_empty():
                return
        self.stdout.write(f"Filling the empty database ({size}) ...")
        self.stdout.flush()
        sown = fill(size, today=today())
        wanted = SIZES[size]
        self.stdout.write(f"  {wanted.files} files, {wanted.employers} employers in {sown.seconds:.0f} s")

    def present(self, office: Open, seconds: float) -> None:
        """Where it is, who may log in, what to look at."""
        write = self.stdout.write
        write(f"\nThe office is open (ready in {seconds:.0f} s).\n")
        write(f"  Office             {office.web}/")
        write(f"  Bailiffs' portal   {office.portal}/")
        write(f"  Identity provider  {office.identity}/   (choose who you are there)")
        write(f"  Bank               {office.bank.url}/_mock/health")
        write(f"  National Chamber   {office.chamber.page}/   (say there who leaves)\n")
        write("Who may log in:")
        for persona in PERSONAS:
            door = "portal" if persona.plane is Plane.PORTAL else persona.section
            write(f"  {persona.name:<18}{persona.role.value:<24}{door:<12}{persona.story}")
        write("\nWhom the register does not know yet (name, NISS, federal identifier, to be entered there):")
        for card in NEWCOMERS:
            write(f"  {card.name:<18}{format_niss(card.niss):<24}{card.subject}")
        write("\nStories to look for:")
        for story in (*told.STORIES, *recovery_told.STORIES):
            write(f"  {story.name:<23}{story.whose:<26}{story.what}")
        for account, statement in write_tour_statements(Path(settings.STATE_DIR)):
            write(f"\nA bank statement to import ({account}): {statement}")
        write("\nEverything is made up. Ctrl-C stops; --reset begins anew.")
        self.stdout.flush()

    def watch(self, office: Open) -> None:
        """Until somebody stops us, or a program ends by itself."""
        while True:
            time.sleep(LOOK_SECONDS)
            office.processes.refuse_ended()

    def check_all(self, port: int) -> None:
        """The walks of both stories; exit code 1 when a step did not hold."""
        from secal.config.demo.check import walk

        call_command("migrate", verbosity=0, interactive=False)
        sow("small", today=today())
        with open_office(port=port, beat=False, to_keep=False) as office:
            held = walk(office, write=self._line)
        if not held:
            raise SystemExit(1)

    def _line(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


class Stopped(BaseException):
    """Somebody asked us to stop; programs are stopped on the way out."""


def _end(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def already_open(addresses: Addresses) -> str:
    """One demonstration a state folder: where the other one is."""
    running = addresses.of_running()
    if running is None:
        return "another start of the demonstration is under way"
    return f"the demonstration is open already at {running['web']} (process {running['pid']})"


def begin_anew() -> None:
    """Drop the database and empty the broker; the roles stay."""
    administrator = os.environ.get("ADMIN_DATABASE_URL")
    if not administrator:
        raise CommandError("--reset needs ADMIN_DATABASE_URL (the administrator's address of that server)")
    connections.close_all()
    name = str(conninfo_to_dict(os.environ["DATABASE_URL"])["dbname"])
    roles.drop_database(administrator, name)
    roles.prepare_database(administrator, name)
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
    (Path(settings.STATE_DIR) / BANK_MEMORY).unlink(missing_ok=True)
    forget(Path(settings.STATE_DIR))
