"""Transactions of many persons over few connections: none sees another's rows.

In transaction mode a pooler gives each transaction whichever connection is free, with all that the one
before left on it. Who acts must therefore end with the transaction. Clients come with a seat, without one,
and with a token that opens nothing; they commit, roll back, fail, and vanish in mid-transaction as a killed
process does. What each may see is known beforehand, row by row.
"""

import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from secal.config.proving.bailiffs import bailiffs_at_work
from secal.config.proving.officers import officers_at_work
from secal.config.proving.outcome import Order, Tally
from secal.config.proving.pooler import pooled
from secal.config.proving.scratch import Scratch, scratch_database
from secal.config.services import roles

CLIENTS, CONNECTIONS, PERSONS = 20, 2, 8
WITHOUT_SEAT, WRONG_TOKEN = 0.2, 0.1
"""Shares of the transactions in which nobody may be at work."""
VANISHING = 0.03
ENDS = ("commit", "commit", "rollback", "failure")
PATIENCE = 60
GARBAGE = "x" * 43


class Vanished(Exception):
    """The client has gone, as at `kill -9`: its socket is closed and not a word more is said."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a seat, and the rows that are theirs: identifiers by table. A table that is not named
    shows them nothing.
    """

    token: str
    sees: Mapping[str, frozenset[Any]]


NOBODY = Person("", {})


@dataclass(frozen=True, slots=True)
class Site:
    """One site: its database user, the tables whose rows belong to somebody, and people at work in it."""

    name: str
    role: str
    tables: Mapping[str, str]
    """Each table with the column that names a row."""
    people: Callable[[Scratch, random.Random, int], Sequence[Person]]


def portal_people(scratch: Scratch, chance: random.Random, count: int) -> list[Person]:
    return [Person(one.token, one.sees) for one in bailiffs_at_work(scratch, chance, count)]


def office_people(scratch: Scratch, chance: random.Random, count: int) -> list[Person]:
    return [Person(one.token, one.sees) for one in officers_at_work(scratch, chance, count)]


SITES = (
    Site(
        "portal",
        roles.PORTAL,
        {
            "access_user": "id",
            "access_office": "id",
            "access_appointment": "user_id",
            "access_userrole": "user_id",
            "people_employer": "id",
            "recovery_cases_recoveryfile": "id",
            "recovery_cases_title": "id",
            "recovery_cases_mandate": "id",
        },
        portal_people,
    ),
    Site(
        "office",
        roles.APPLICATION,
        {
            "people_person": "id",
            "cases_alimonyfile": "id",
            "cases_application": "file_id",
            "ledger_book": "id",
            "files_intakedraft": "id",
        },
        office_people,
    ),
)


def prove_pooling(order: Order, tally: Tally) -> None:
    """The sites share the tries; each has a pooler of its own before a database of its own."""
    share = -(-order.target // len(SITES))
    for site in SITES:
        with scratch_database() as scratch:
            people = site.people(scratch, order.chance(site.name), PERSONS)
            with pooled(scratch, site.role, size=CONNECTIONS, clients=CLIENTS) as address:
                crowd(site, people, address, share, order, tally)


def crowd(site: Site, people: Sequence[Person], address: str, share: int, order: Order, tally: Tally) -> None:
    """All clients at once, each with its part of the transactions. Raises the first error of a client."""

    def work(number: int) -> None:
        visitor = Visitor(site, people, order.chance(f"{site.name} {number}"), tally)
        with clients(address) as connect:
            for _ in range(len(range(number, share, CLIENTS))):
                visitor.visit(connect())

    with ThreadPoolExecutor(CLIENTS) as pool:
        for one in [pool.submit(work, number) for number in range(CLIENTS)]:
            one.result()


@contextmanager
def clients(address: str) -> Iterator[Callable[[], psycopg.Connection[Any]]]:
    """Gives the client's connection; a new one when the last vanished."""
    held: list[psycopg.Connection[Any]] = []

    def connect() -> psycopg.Connection[Any]:
        if not held or held[-1].closed:
            held.append(
                psycopg.connect(address, autocommit=True, connect_timeout=PATIENCE, prepare_threshold=None)
            )
        return held[-1]

    try:
        yield connect
    finally:
        for connection in held:
            connection.close()


@dataclass
class Visitor:
    """Does one transaction after another, each as somebody else."""

    site: Site
    people: Sequence[Person]
    chance: random.Random
    tally: Tally
    vanishes: bool = True
    killed: int = field(default=0)

    def visit(self, connection: psycopg.Connection[Any]) -> None:
        """One transaction: enter (or not), look at every table, end in one way or another. Counted once."""
        person, token, looks_first = self._choose()
        end = self.chance.choice(ENDS)
        gone = self.vanishes and self.chance.random() < VANISHING
        wrong: list[str] = []
        try:
            with _transaction(connection, end):
                if looks_first:
                    wrong += self._look(connection, NOBODY)
                if token:
                    connection.execute("SELECT user_id FROM seat.enter(%s)", [token])
                wrong += self._look(connection, person)
                if gone:
                    vanish(connection)
        except Vanished:
            self.killed += 1
        self.tally.count(not wrong, f"{self.site.name}: {', '.join(wrong)}")

    def _choose(self) -> tuple[Person, str, bool]:
        """Who, with which token, and whether they look around before they enter."""
        draw = self.chance.random()
        if draw < WITHOUT_SEAT:
            return NOBODY, "", False
        if draw < WITHOUT_SEAT + WRONG_TOKEN:
            return NOBODY, GARBAGE, False
        person = self.chance.choice(self.people)
        return person, person.token, self.chance.random() < 0.5

    def _look(self, connection: psycopg.Connection[Any], person: Person) -> list[str]:
        """The tables that show anything but this person's rows: too many, too few, or somebody else's."""
        wrong = []
        for table, column in self.site.tables.items():
            query = sql.SQL("SELECT {} FROM {}").format(sql.Identifier(column), sql.Identifier(table))
            seen = {row[0] for row in connection.execute(query).fetchall()}
            expected = person.sees.get(table, frozenset())
            if seen != expected:
                wrong.append(f"{table}: {len(seen - expected)} rows too many, {len(expected - seen)} missing")
        return wrong


@contextmanager
def _transaction(connection: psycopg.Connection[Any], end: str) -> Iterator[None]:
    """A transaction that ends by commit, by rollback, or by the error of a statement."""
    with suppress(psycopg.errors.DivisionByZero), connection.transaction(force_rollback=end == "rollback"):
        yield
        if end == "failure":
            connection.execute("SELECT 1 / 0")


def vanish(connection: psycopg.Connection[Any]) -> None:
    """Close the client's socket without a word, as the kernel does for a killed process. Raises Vanished."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, connection.fileno())
    os.close(nowhere)
    connection.close()
    raise Vanished
