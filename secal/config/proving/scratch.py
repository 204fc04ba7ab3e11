"""A database for one check: the whole schema, nobody's data, dropped at the end.

The servers are those that `manage.py` started in a scratch folder for this command. On a server that was
given (ADMIN_DATABASE_URL), the databases are new ones too: what is in the others is never touched.
"""

import atexit
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from secal.config.services import roles
from secal.config.services.environment import ADDRESS_OF_ROLE
from secal.config.trouble import ExitCode, Trouble

ADMINISTRATOR = "ADMIN_DATABASE_URL"
VARIABLE_OF_ROLE = {role: variable for variable, role in ADDRESS_OF_ROLE.items()}
PATIENCE = {"connect_timeout": 30}


@dataclass(frozen=True, slots=True)
class Scratch:
    """One database, as each of its users reaches it."""

    name: str

    def address(self, role: str = ADMINISTRATOR) -> str:
        """Where the role (or the administrator) connects. Raises Trouble when nobody said."""
        variable = VARIABLE_OF_ROLE.get(role, role)
        given = os.environ.get(variable)
        if not given:
            raise Trouble(
                ExitCode.SERVER_UNSUITABLE,
                f"{variable} is not set: a check makes databases of its own and reaches them as each user.",
                "unset DATABASE_URL and OWNER_DATABASE_URL to use the built-in server, or set DATABASE_URL "
                "alone, to an administrator's address.",
            )
        return make_conninfo(given, dbname=self.name)

    def parts(self, role: str) -> dict[str, Any]:
        """The same, in parts."""
        return conninfo_to_dict(self.address(role))

    def connect(self, role: str = ADMINISTRATOR, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        return psycopg.connect(self.address(role), autocommit=autocommit, **PATIENCE)  # type: ignore[arg-type]


@contextmanager
def scratch_database() -> Iterator[Scratch]:
    """A fresh database, and Django pointed at it for as long."""
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    administrator = Scratch("postgres").address()
    template = _template()
    usual = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    try:
        with psycopg.connect(administrator, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        # A clone carries the tables and their grants, not the rights on the database itself.
        roles.prepare_database(administrator, name)
        _point(dict.fromkeys(usual, name))
        yield Scratch(name)
    finally:
        _point(usual)
        roles.drop_database(administrator, name)


@cache
def _template() -> str:
    """The schema, migrated once for all checks of this command."""
    administrator = Scratch("postgres").address()
    name = f"scratch_template_{uuid.uuid4().hex[:8]}"
    atexit.register(roles.drop_database, administrator, name)
    roles.prepare_database(administrator, name)
    usual = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _point(dict.fromkeys(usual, name))
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _point(usual)
    return name


def _point(databases: dict[str, Any]) -> None:
    for alias, name in databases.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
