"""Run one background job here and now, with a progress bar: the same code as the worker's."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from secal.access.unit_of_work import service_work
from secal.office import jobs
from secal.office.models import JobState


class Command(BaseCommand):
    help = "Run a background job by its kind and period. Running it again resumes or finds what is done."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=jobs.kinds())
        parser.add_argument(
            "period", help="month (2026-11), day (2026-11-21) or identifier, as the kind asks"
        )
        parser.add_argument("--json", action="store_true", help="print the job as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with service_work("sweeper"):
            job = jobs.request_job(options["kind"], options["period"], ring=False)
        with tqdm(total=None, desc=options["kind"], disable=options["json"], file=self.stderr) as bar:

            def report(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            job = jobs.run(job.pk, report=report)
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "kind": job.kind,
                        "period": job.period,
                        "state": job.state,
                        "done": job.done,
                        "total": job.total,
                        "error": job.error,
                        "result": job.result,
                    }
                )
            )
        if job.state != JobState.DONE:
            raise CommandError(f"{job.kind} {job.period}: {job.get_state_display()} {job.error}".rstrip())
