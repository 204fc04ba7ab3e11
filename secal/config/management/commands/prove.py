"""`manage.py prove`: the long checks, one line each; exit 0 only if all hold."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from secal.config.proving import CHECKS


class Command(BaseCommand):
    help = "Run the long checks on services and data of their own. One line a check; exit 0 only if all hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=sorted(CHECKS), help="run this one")
        parser.add_argument("--quick", action="store_true", help="the short form of each")
        parser.add_argument("--json", action="store_true", help="one JSON line a check")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = [options["only"]] if options["only"] else sorted(CHECKS)
        held = True
        for name in chosen:
            outcome = CHECKS[name](options["quick"])
            held = held and outcome.ok
            if options["json"]:
                self.stdout.write(json.dumps(outcome.as_dict()))
            else:
                word = "ok" if outcome.ok else "FAILED"
                self.stdout.write(
                    f"{name}: {word}; tried {outcome.tried} of {outcome.target},"
                    f" failed {outcome.failed}, {outcome.seconds:.0f} s"
                )
            self.stdout.flush()
        if not held:
            raise SystemExit(1)
