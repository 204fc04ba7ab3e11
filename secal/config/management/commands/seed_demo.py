"""Fill an empty database with the demonstration's data."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from secal.config.demo.seed.fill import fill
from secal.config.demo.seed.sow import SIZES, NotEmpty
from secal.office.clock import today


class Command(BaseCommand):
    help = (
        "Fill an empty, migrated database with made-up families and employers. The same seed gives the same"
        " data."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="small")
        parser.add_argument(
            "--on", type=date.fromisoformat, help="the day on which the stories stand (today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        on = options["on"] or today()
        with tqdm(total=SIZES[options["size"]].files, desc="files", file=self.stderr, disable=None) as bar:
            try:
                sown = fill(options["size"], today=on, report=lambda done, _total: bar.update(done - bar.n))
            except NotEmpty as error:
                raise CommandError(
                    "there are files already; the seed begins from an empty database"
                ) from error
        lines = sum(sown.rows.values())
        wanted = SIZES[options["size"]]
        self.stdout.write(
            f"{wanted.files} files, {wanted.employers} employers, "
            f"{sown.rows['ledger.Posting']} ledger lines, {lines} rows in {sown.seconds:.1f} s"
        )
