"""Take a message of the National Chamber that was handed over as a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from recovery.chamber.messages import LARGEST_MESSAGE
from recovery.chamber.models import Channel, ReceivedOutcome
from recovery.chamber.polling import SERVICE
from recovery.chamber.services.receiving import receive
from recovery.chamber.wording import reason_text
from secal.access.unit_of_work import service_work


class Command(BaseCommand):
    help = (
        "Take a message of the National Chamber of bailiffs from a file: the same checks as for one that is "
        "fetched. Exit code 1 when it is refused or held."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the message, as the Chamber signed it")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would come of it; change nothing"
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as handle:
                raw = handle.read(LARGEST_MESSAGE + 1)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        with service_work(SERVICE):
            row = receive(raw, channel=Channel.FILE, at=timezone.now())
            if options["dry_run"]:
                transaction.set_rollback(True)
        told = {
            "sequence": row.sequence,
            "kind": row.kind,
            "outcome": row.outcome,
            "reason": row.reason,
            "digest": row.digest,
            "counts": row.counts,
            "dry_run": options["dry_run"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
        else:
            words = reason_text(row.reason)
            self.stdout.write(f"{row.get_outcome_display()} {words}".rstrip())
        if row.outcome != ReceivedOutcome.ACCEPTED:
            raise SystemExit(1)
