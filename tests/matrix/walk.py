"""Every address of a site asked in every way by everybody, and what was wrong with the answers.

The requests are made from the table of addresses and the table of rules; nothing here knows a page. What
should be refused is asked for real; what should be given is asked in a transaction that is undone.
"""

import os
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from psycopg import sql
from psycopg.conninfo import make_conninfo

from secal.access.roles import Role
from secal.config.permissions import addresses, rules
from secal.config.settings.sites import SITES
from secal.office.page_rules import PageRule
from secal.office.screens import OPEN_TO_ALL
from tests.matrix.things import Secret, Thing, World

METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")
USUAL = METHODS[:2]
GIVEN = frozenset({200, 302, 409, 422, 429})
"""Answers of a page to whom it is meant for."""
OPEN = frozenset({200, 302, 400, 403, 404, 503})
"""Answers of the pages before the login: without a provider, or without the card's own door, they say so."""
WHILE_IT_WAITS = frozenset({"files:close", "solvency:suspension"})
"""Pages that are there only while something waits for a decision; else they answer 404 to all."""
NOWHERE = "/admin/nowhere/"
"""For the one line without a name: whatever the admin frame does not know."""
WORDS = {"step": "titre"}
"""Parameters that name no object."""
NUMBERS = ("niss", "iban", "communication", "enterprise_number", "onss_number")
"""Texts that are looked for in every spelling: their digits and letters without what stands between."""
NOT_TOLD = ("django_session", "access_seat")
"""Tables that a request may always write: that somebody was there."""
INCIDENT = re.compile(rb"\b[0-9A-F]{8}\b")
BETWEEN = bytes(
    sorted(set(range(256)) - set(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
)

FORMS: dict[str, Callable[[uuid.UUID], str]] = {
    "upper case": lambda one: str(one).upper(),
    "braces": lambda one: f"{{{one}}}",
    "urn": lambda one: one.urn,
    "without hyphens": lambda one: one.hex,
    "a number": lambda one: str(one.int),
    "too long": lambda one: f"{one}0",
    "digits of another script": lambda one: str(one).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
}
"""Other ways to write an identifier. None is one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a browser. `role` is None for whoever the site does not know."""

    name: str
    browser: Client
    role: Role | None
    user_id: uuid.UUID | None
    cookies: Any


@dataclass(frozen=True, slots=True)
class Page:
    """A line of the table of addresses with its rule."""

    rule: PageRule
    pattern: URLPattern

    @property
    def parameters(self) -> list[str]:
        return [name for name in self.pattern.pattern.converters if name not in WORDS]

    def address(self, values: dict[str, Any]) -> str:
        if self.pattern.name is None:
            return NOWHERE
        words = {name: WORDS[name] for name in self.pattern.pattern.converters if name in WORDS}
        return reverse(self.rule.name, kwargs={**words, **values}, urlconf=SITES[self.rule.site].urls)


@dataclass(frozen=True, slots=True)
class Question:
    """One request, and the answers that are right."""

    page: Page
    actor: Actor
    method: str
    address: str
    about: str
    right: frozenset[int]

    @property
    def words(self) -> str:
        return (
            f"{self.method} {self.page.rule.site} {self.page.rule.name} ({self.about}) as {self.actor.name}"
        )

    @property
    def refused(self) -> bool:
        """Whether a page itself has to refuse: then the log must say so."""
        return self.right in ({403}, {404}) and self.about not in FORMS


@dataclass(slots=True)
class Findings:
    """What was asked, and what was wrong, by kind."""

    asked: int = 0
    pages: set[str] = field(default_factory=set)
    of_pages: set[str] = field(default_factory=set)
    without_example: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong_answers: list[str] = field(default_factory=list)
    foreign_bytes: list[str] = field(default_factory=list)
    unlogged: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    silent_refusals: list[str] = field(default_factory=list)
    told_apart: list[str] = field(default_factory=list)


def pages_of(site: str) -> list[Page]:
    """The site's table of addresses with its rules, line by line."""
    lines = [pattern for _name, _route, pattern in addresses(SITES[site].urls)]
    return [
        Page(rule, line) for rule, line in zip([r for r in rules() if r.site == site], lines, strict=True)
    ]


class Walk:
    """A walk over one site. `whole`: every combination; else each at least once."""

    def __init__(
        self, site: str, world: World, actors: Sequence[Actor], *, database: str, whole: bool
    ) -> None:
        self.pages = pages_of(site)
        self.world = world
        self.actors = actors
        self.whole = whole
        self.found = Findings(of_pages={f"{site} {page.rule.name}" for page in self.pages})
        self._bodies: dict[tuple[str, str, str], dict[str, bytes]] = {}
        self._database = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=database)

    def walk(self) -> Findings:
        """Ask everything. The database's own administrator looks at what changed and what was logged."""
        with psycopg.connect(self._database, autocommit=True) as self._watch:
            query = self._digest_query()
            before = self._digests(query)
            for page in self.pages:
                for actor in self.actors:
                    self._ask_all(page, actor)
                after = self._digests(query)
                changed = sorted(name for name in after if after[name] != before[name])
                if changed:
                    self.found.changed.append(f"{page.rule.site} {page.rule.name}: {', '.join(changed)}")
                before = after
        return self.found

    def _ask_all(self, page: Page, actor: Actor) -> None:
        questions = list(self._questions(page, actor))
        known = actor.user_id is not None and actor.role is not None
        expected = sum(question.refused for question in questions) if known else 0
        logged = self._denials(actor) if expected else 0
        for question in questions:
            self._ask(question)
        if expected and (rows := self._denials(actor) - logged) < expected:
            self.found.unlogged.append(
                f"{page.rule.site} {page.rule.name} as {actor.name}: {expected} refusals, {rows} rows"
            )

    # --- what is asked ---------------------------------------------------------------------------------

    def _questions(self, page: Page, actor: Actor) -> Iterator[Question]:
        turn = self.whole or self._in_turn(page, actor)
        objects, usual = self._objects(page, actor.role), page.rule.methods
        if not self.whole and actor.role not in page.rule.roles:
            if not turn and self._passes(page, actor):
                return
            # Refused before anybody looks at the object or at what is wanted: one of each stands for all.
            objects, usual = objects[:1], self._one_of(page, actor)
        for number, (about, values, answer) in enumerate(objects):
            methods = METHODS if self.whole or (turn and number == 0) else usual
            for method in methods:
                right = self._right(page, actor, method, answer)
                yield Question(page, actor, method, page.address(values), about, right)
        if turn and page.parameters:
            yield from self._strange(page, actor)

    def _things(self, page: Page) -> list[Thing]:
        """What the page may be asked about: the things of its kind, or those that its act alone meets."""
        rule = page.rule
        things = self.world.things.get(f"{rule.kind} {rule.act}", self.world.things.get(rule.kind, []))
        return [thing for thing in things if set(page.parameters) <= set(thing.values)]

    def _objects(self, page: Page, role: Role | None) -> list[tuple[str, dict[str, uuid.UUID], int]]:
        """Each thing of the kind with its answer to the role: 200, 403 or 404; one thing's part under
        another thing; and a thing that is not there. Nothing, once, for a page about nothing."""
        parameters = page.parameters
        if not parameters:
            return [("-", {}, 200)]
        things = self._things(page)
        if not things:
            self.found.without_example.add(f"{page.rule.name}: {page.rule.kind} {parameters}")
            return []
        found = [
            (thing.name, {name: thing.values[name] for name in parameters}, _answer_to(role, thing, page))
            for thing in things
        ]
        if len(parameters) > 1 and len(things) > 1:
            part = {name: things[1].values[name] for name in parameters[1:]}
            found.append(("crossed", {parameters[0]: things[0].values[parameters[0]], **part}, 404))
        return [*found, ("none", {name: uuid.uuid4() for name in parameters}, 404)]

    def _strange(self, page: Page, actor: Actor) -> Iterator[Question]:
        for thing in self._things(page)[:1]:
            usual = page.address({name: thing.values[name] for name in page.parameters})
            for form, write in FORMS.items():
                address = usual
                for name in page.parameters:
                    address = address.replace(str(thing.values[name]), write(thing.values[name]))
                for method in USUAL if self.whole else USUAL[:1]:
                    yield Question(page, actor, method, address, form, frozenset({404}))

    def _one_of(self, page: Page, actor: Actor) -> tuple[str, ...]:
        """One of the page's methods: another for the next actor."""
        methods = page.rule.methods
        return (methods[self.actors.index(actor) % len(methods)],) if methods else ()

    def _in_turn(self, page: Page, actor: Actor) -> bool:
        """In the short form each page has one actor who tries every method and every way to write."""
        number = self.pages.index(page)
        return self.actors[number % len(self.actors)] is actor

    def _passes(self, page: Page, actor: Actor) -> bool:
        """In the short form every fourth of those who are refused asks; at the next page others do."""
        return (self.pages.index(page) + self.actors.index(actor)) % 4 > 0

    def _right(self, page: Page, actor: Actor, method: str, answer: int) -> frozenset[int]:
        rule = page.rule
        if not rule.act:
            admin = rule.name.startswith("admin:")
            known = actor.role is not None
            return frozenset({200, 302, 403, 404, 405}) if known or not admin else frozenset({302, 404, 405})
        if method not in rule.methods:
            return frozenset({405})
        if rule.act == OPEN_TO_ALL:
            return OPEN
        if actor.role is None:
            return frozenset({302})
        if actor.role not in rule.roles:
            return frozenset({403})
        given = GIVEN | {404} if rule.name in WHILE_IT_WAITS else GIVEN
        return given if answer == 200 else frozenset({answer})

    # --- how it is asked, and what is looked at --------------------------------------------------------

    def _ask(self, question: Question) -> None:
        self.found.asked += 1
        self.found.pages.add(f"{question.page.rule.site} {question.page.rule.name}")
        browser = question.actor.browser
        browser.cookies = deepcopy(question.actor.cookies)
        browser.raise_request_exception = False
        given = len(question.right) > 1
        with transaction.atomic():
            answer = browser.generic(question.method, question.address, HTTP_HOST="testserver")
            body = _body(answer)
            transaction.set_rollback(given)
        self.found.statuses[answer.status_code] += 1
        if answer.status_code not in question.right or _leads_to_login(answer) != (
            question.actor.role is None
        ) & (question.right == {302}):
            self.found.wrong_answers.append(
                f"{question.words}: {answer.status_code}, not {set(question.right)}"
            )
        self._look_for_secrets(question, answer, body)
        if answer.status_code == 403 and question.right == {403}:
            self._look_at_the_words(question, body)
        if answer.status_code == 404 and question.refused and question.method != "HEAD":
            self._compare(question, body)

    def _look_for_secrets(self, question: Question, answer: HttpResponseBase, body: bytes) -> None:
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
        whole = headers + b"\n" + body
        squeezed = whole.translate(None, BETWEEN)
        for secret in self.world.secrets:
            if question.actor.role in secret.reached_by:
                continue
            if _stands_in(secret, whole, squeezed):
                self.found.foreign_bytes.append(f"{question.words}: {secret.label} {secret.text!r}")

    def _look_at_the_words(self, question: Question, body: bytes) -> None:
        text = body.decode()
        if question.method != "HEAD" and not ("Droit demandé" in text and "Qui le peut" in text):
            self.found.silent_refusals.append(question.words)

    def _compare(self, question: Question, body: bytes) -> None:
        """Somebody else's and nobody's give the same page, but for the number of the incident."""
        key = (question.page.rule.name, question.actor.name, question.method)
        known = self._bodies.setdefault(key, {})
        known[question.about] = INCIDENT.sub(b"", body)
        if len(set(known.values())) > 1:
            self.found.told_apart.append(question.words)

    def _denials(self, actor: Actor) -> int:
        query = "SELECT count(*) FROM seclog.event WHERE kind = 'DENY' AND actor = %s"
        row = self._watch.execute(query, [actor.user_id]).fetchone()
        return int(row[0]) if row else 0

    def _digest_query(self) -> sql.Composed:
        rows = self._watch.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s) ORDER BY 1",
            [list(NOT_TOLD)],
        ).fetchall()
        parts = [
            sql.SQL("SELECT {}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t").format(
                sql.Literal(name), sql.Identifier("public", name)
            )
            for (name,) in rows
        ]
        return sql.SQL(" UNION ALL ").join(parts)

    def _digests(self, query: sql.Composed) -> dict[str, tuple[int, int]]:
        """Every table but the log: how many rows, and a sum over what stands in them."""
        return {name: (count, total) for name, count, total in self._watch.execute(query).fetchall()}


def _answer_to(role: Role | None, thing: Thing, page: Page) -> int:
    if role in thing.closed_to:
        return 403
    return 200 if role in thing.reached_by and page.rule.name not in thing.without else 404


def _body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def _leads_to_login(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith("/connexion/?")


def _stands_in(secret: Secret, whole: bytes, squeezed: bytes) -> bool:
    if secret.label.rpartition(".")[2] in NUMBERS:
        return secret.text.encode().translate(None, BETWEEN) in squeezed
    return secret.text.encode() in whole
