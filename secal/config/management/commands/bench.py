"""`manage.py bench`: ratios, one line each; exit 0 only if all hold."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from secal.config.benching.benches import BENCHES
from secal.config.benching.measuring import measure
from secal.config.benching.ratio import Ratio


class Command(BaseCommand):
    help = "Measure what our ways cost beside others, on data of their own. Exit 0 only if all hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", choices=sorted(BENCHES), help="run this one")
        parser.add_argument("--quick", action="store_true", help="with less data, the same limits")
        parser.add_argument("--json", action="store_true", help="one JSON line a ratio")

    def handle(self, *args: Any, **options: Any) -> None:
        held = True
        for name in [options["only"]] if options["only"] else sorted(BENCHES):
            for ratio in measure(name, BENCHES[name], quick=options["quick"]):
                held = held and ratio.ok
                self.stdout.write(json.dumps(ratio.as_dict()) if options["json"] else line(ratio))
                self.stdout.flush()
        if not held:
            raise SystemExit(1)


def line(ratio: Ratio) -> str:
    word = "ok" if ratio.ok else "FAILED"
    if ratio.measured is None or ratio.value is None:
        return f"{ratio.claim.name}: {word}; not measured against {ratio.claim.rival}"
    ours, rival = ratio.measured.ours * 1000, ratio.measured.rival * 1000
    return (
        f"{ratio.claim.name}: {word}; {ratio.value:.2f} of at most {ratio.claim.limit} times"
        f" {ratio.claim.rival} ({ours:.2f} ms beside {rival:.2f} ms, {ratio.measured.n} each)"
    )
