"""Enter the first watchers: security co-ordinator and data protection officer. Shows first; --enter does."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from secal.access.identities import NumberIndexes, number_indexes
from secal.access.roles import Role
from secal.kernel.errors import DomainError
from secal.kernel.identifiers import parse_niss
from secal.office.clock import today
from secal.register.ceremony import FIRST, CeremonyRefused, First, appoint_first, in_office


class Command(BaseCommand):
    help = (
        "Enter a first watcher of the register, as the owner of the schema (OWNER_DATABASE_URL)."
        " Without --enter it only says what it would do."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--subject", required=True, help="federal identifier, as the identity provider says it"
        )
        parser.add_argument("--given-name", required=True)
        parser.add_argument("--family-name", required=True)
        parser.add_argument("--role", required=True, choices=sorted(FIRST))
        parser.add_argument("--section", default="Direction")
        parser.add_argument("--language", default="fr", choices=[code for code, _name in settings.LANGUAGES])
        parser.add_argument(
            "--niss-stdin",
            action="store_true",
            required=True,
            help="the national number is read from standard input: never an argument",
        )
        parser.add_argument("--enter", action="store_true", help="do it")

    def handle(self, *args: Any, **options: Any) -> None:
        first = First(
            subject=options["subject"],
            given_name=options["given_name"],
            family_name=options["family_name"],
            role=Role(options["role"]),
            section=options["section"],
            language=options["language"],
            number=self._number(),
        )
        there = in_office(first.role, on=today())
        self.stdout.write(f"{first.role.value} today: {', '.join(there) or 'nobody'}")
        if not options["enter"]:
            self.stdout.write(
                "Nothing was written. With --enter this person is entered in that role, from today."
            )
            return
        try:
            identifier = appoint_first(first, on=today())
        except CeremonyRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Entered from {today()}: {identifier}")

    def _number(self) -> NumberIndexes:
        try:
            return number_indexes(parse_niss(sys.stdin.readline().strip()))
        except DomainError as error:
            # Its words quote what was read; the code does not.
            raise CommandError(f"what came on standard input is no national number ({error.code})") from None
