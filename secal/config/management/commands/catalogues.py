"""Bring the translation catalogues in line with the code, compile them, or check that nothing is missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from secal.config import catalogues


class Command(BaseCommand):
    help = "Update locale/*.po from the code and compile them; --check only reports what lacks a translation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when a message is missing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        missing = 0
        for language in catalogues.TARGETS:
            if not options["check"]:
                catalogues.update(language)
            lacking = catalogues.untranslated(language)
            missing += len(lacking)
            self.stdout.write(f"{language}: {len(lacking)} without translation")
            for message in lacking[:20]:
                self.stdout.write(f"  {message!r}")
        catalogues.compile_stale()
        if missing and options["check"]:
            raise CommandError(
                f"{missing} messages lack a translation: run manage.py catalogues, then translate"
            )
