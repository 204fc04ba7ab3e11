"""`manage.py prove`: the long checks, one line each; exit 0 only if all hold."""

import json
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from secal.config.proving.checks import CHECKS
from secal.config.proving.outcome import Outcome
from secal.config.proving.running import hold

SEEDS = 2**31


class Command(BaseCommand):
    help = "Run the long checks on services and data of their own. One line a check; exit 0 only if all hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=sorted(CHECKS), help="run this one")
        parser.add_argument("--quick", action="store_true", help="the short form of each")
        parser.add_argument("--json", action="store_true", help="one JSON line a check")
        parser.add_argument("--seed", type=int, help="of what is left to chance; printed with each line")

    def handle(self, *args: Any, **options: Any) -> None:
        seed = secrets.randbelow(SEEDS) if options["seed"] is None else options["seed"]
        held = True
        for name in [options["only"]] if options["only"] else sorted(CHECKS):
            outcome = hold(name, CHECKS[name], quick=options["quick"], seed=seed)
            held = held and outcome.ok
            self.stdout.write(json.dumps(outcome.as_dict()) if options["json"] else line(outcome))
            self.stdout.flush()
        if not held:
            raise SystemExit(1)


def line(outcome: Outcome) -> str:
    word = "ok" if outcome.ok else "FAILED"
    return (
        f"{outcome.check}: {word}; tried {outcome.tried} of {outcome.target},"
        f" failed {outcome.failed}, {outcome.seconds:.0f} s, seed {outcome.seed}"
    )
