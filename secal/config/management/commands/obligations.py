"""`manage.py obligations`: every row of the two deliberations, its tests and what they showed."""

import json
import os
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.console.obligations import FAILED, Proofs, last, store
from audit.console.proofs import folder
from secal.config.proving.obligations import NotRun, prove_obligations


class Command(BaseCommand):
    help = (
        "Run the tests that prove an obligation and print each row of both deliberations with its tests and "
        "result; exit 1 when a row fails. The result is kept for the data protection officer's page."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object with every row")
        parser.add_argument("--last", action="store_true", help="what the last run showed; runs nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        proofs = self.kept() if options["last"] else self.run_now()
        if options["json"]:
            told = {"obligations": [asdict(proof) for proof in proofs.obligations]}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.tell(proofs)
        if any(proof.result == FAILED for proof in proofs.obligations):
            raise SystemExit(1)

    def kept(self) -> Proofs:
        proofs = last(folder())
        if proofs is None:
            raise CommandError("no run is kept yet: run `manage.py obligations` first")
        return proofs

    def run_now(self) -> Proofs:
        try:
            proofs = prove_obligations(version=settings.VERSION, browser="CHROMIUM" in os.environ)
        except NotRun as error:
            raise CommandError(f"the tests did not come to their end: {error}") from error
        store(proofs, folder())
        return proofs

    def tell(self, proofs: Proofs) -> None:
        for proof in proofs.obligations:
            self.stdout.write(f"{proof.ref:<14}{proof.result:<8}{proof.text}")
            for test in proof.tests:
                self.stdout.write(f"{'':22}{test}")
        shown = [proof.result for proof in proofs.obligations]
        counts = ", ".join(f"{shown.count(word)} {word}" for word in ("passed", "failed", "none"))
        self.stdout.write(
            f"{len(shown)} rows: {counts}; run {proofs.at}, version {proofs.version} {proofs.commit}"
        )
