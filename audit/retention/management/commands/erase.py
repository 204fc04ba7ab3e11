"""Erase what may no longer be kept: the jobs of the night, with a progress bar. People approve, not this."""

import json
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from audit.retention.models import Certificate, ErasureItem, ErasureList, ItemState, ListState
from audit.retention.selectors import DueLine, due_units
from audit.retention.services import ERASE_JOB, lists_to_erase, propose_list
from audit.retention.wording import ground_words, kind_words
from secal.access.unit_of_work import service_work
from secal.office import jobs
from secal.office.clock import today
from secal.office.models import Job, JobState


class Command(BaseCommand):
    help = (
        "List what has to go (--dry-run); without it, put what is due on a list for approval,"
        " and erase the lists that two persons approved."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--due", action="store_true", required=True, help="what is due today")
        parser.add_argument("--dry-run", action="store_true", help="show what is due and why; write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with service_work("retention"):
            due = due_units(on=today())
        if options["dry_run"]:
            self._show(due, as_json=options["json"])
            return
        with service_work("retention"):
            made = propose_list(on=today())
            to_erase = list(lists_to_erase())
        run = [self._erase(str(list_id), quiet=options["json"]) for list_id in to_erase]
        with service_work("retention"):
            self._report(made, run, as_json=options["json"])
        failed = [job for job in run if job.state != JobState.DONE]
        if failed:
            raise CommandError(", ".join(f"{job.kind} {job.period}: {job.error}" for job in failed))

    def _erase(self, list_id: str, *, quiet: bool) -> Job:
        with service_work("retention"):
            job = jobs.request_job(ERASE_JOB, list_id, ring=False)
        with tqdm(total=None, desc=ERASE_JOB, disable=quiet, file=self.stderr) as bar:

            def report(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return jobs.run(job.pk, report=report)

    def _show(self, due: list[DueLine], *, as_json: bool) -> None:
        if as_json:
            lines = [
                {
                    "kind": line.kind,
                    "number": line.unit.number,
                    "ground": line.unit.ground,
                    "since": line.unit.since.isoformat(),
                    "on_list": line.on_list,
                }
                for line in due
            ]
            self.stdout.write(json.dumps({"due": lines}))
            return
        for line in due:
            ground = ground_words(line.kind, line.unit.ground)
            listed = " *" if line.on_list else ""
            self.stdout.write(
                f"{line.unit.since}  {line.unit.number}  {kind_words(line.kind)}: {ground}{listed}"
            )
        self.stdout.write(f"{len(due)} due; * on an open list. Nothing was written.")

    def _report(self, made: ErasureList | None, run: list[Job], *, as_json: bool) -> None:
        lists = [uuid.UUID(job.period) for job in run]
        items = ErasureItem.objects.filter(list_id__in=lists)
        certificates = Certificate.objects.filter(item__list_id__in=lists).order_by("number")
        told = {
            "list": made.number if made else "",
            "waiting_for_approval": list(
                ErasureList.objects.filter(state=ListState.PROPOSED)
                .order_by("number")
                .values_list("number", flat=True)
            ),
            "certificates": list(certificates.values_list("number", flat=True)),
            "kept_back": list(items.filter(state=ItemState.KEPT_BACK).values_list("number", flat=True)),
            "residue": list(items.filter(state=ItemState.RESIDUE).values_list("number", flat=True)),
        }
        if as_json:
            self.stdout.write(json.dumps(told))
            return
        for title, found in told.items():
            self.stdout.write(f"{title}: {', '.join(found) if isinstance(found, list) else found}")
