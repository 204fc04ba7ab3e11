"""Print or apply the SQL that makes the database roles."""

from __future__ import annotations

import os
from argparse import ArgumentParser

import psycopg
from django.core.management.base import BaseCommand, CommandError
from psycopg.conninfo import conninfo_to_dict

from secal.config.services import roles
from secal.config.trouble import Trouble


class Command(BaseCommand):
    help = (
        "Print the SQL of the database roles (superuser work, once per server); with --apply, execute "
        "it on ADMIN_DATABASE_URL. Passwords in DATABASE_URL and OWNER_DATABASE_URL are set."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--apply", action="store_true", help="execute instead of printing")

    def handle(self, *, apply: bool, **options: object) -> None:
        if not apply:
            self.stdout.write(roles.script())
            return
        address = os.environ.get("ADMIN_DATABASE_URL")
        if not address:
            raise CommandError("ADMIN_DATABASE_URL is not set: the SQL needs the server's administrator.")
        try:
            roles.install(address, passwords=passwords_given())
        except Trouble as trouble:
            raise CommandError(f"{trouble.happened} {trouble.advice}") from trouble
        except psycopg.Error as error:
            raise CommandError(f"the server refused: {error.diag.message_primary}") from error
        self.stdout.write("Roles, extensions and rights are in place.")


def passwords_given() -> dict[str, str]:
    """Passwords of our login roles in the addresses of the environment."""
    found = {}
    for variable in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        parts = conninfo_to_dict(os.environ.get(variable, ""))
        if parts.get("user") in roles.LOGIN_ROLES and parts.get("password"):
            found[str(parts["user"])] = str(parts["password"])
    return found
