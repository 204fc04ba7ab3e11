"""What timelines have in common, whatever kind of file they tell of: lines signed by whoever is at work, and
their sentences in the reader's language.

A line is a code with its parameters (text, no personal value). Each room that has files makes a `Timeline`
and a `Telling` of its own.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import get_language

from secal.access.actors import current_actor
from secal.office.formatting import date_text, money_text

File = TypeVar("File", bound=Model)
Event = TypeVar("Event", bound=Model)
Words = dict[str, str | Promise]
Reader = Callable[[Any], str]

ELISION = re.compile(r"\bde (?=(?:avril|août|octobre)\b)")
"""French: « avance d’octobre », but « avance de mai »."""


@dataclass(frozen=True, slots=True)
class Timeline(Generic[File, Event]):
    """The writer of one kind of line, about one kind of file."""

    files: type[File]
    """A model with a `book`."""
    lines: type[Event]
    """A model with file, kind, code, params, happened_on, actor and actor_name."""

    def add(
        self, file: File, *, kind: str, code: str, on: date, params: dict[str, Any] | None = None
    ) -> Event:
        """One line."""
        line = self._line(file.pk, on, params or {}, kind=kind, code=code)
        line.save(force_insert=True)
        return line

    def add_many(
        self, lines: Iterable[tuple[uuid.UUID, date, dict[str, Any]]], *, kind: str, code: str
    ) -> None:
        """The same line on many timelines: file, day and parameters of each; in one statement."""
        self.lines._default_manager.bulk_create(self._line(*line, kind=kind, code=code) for line in lines)

    def add_money(
        self, moves: Sequence[tuple[uuid.UUID | None, Decimal, date]], on: date, *, kind: str, code: str
    ) -> None:
        """A line for each sum (book, amount, value day) moved in the book of such a file; the other books are
        passed over. Two statements however many there are."""
        books = {book for book, *_move in moves}
        files = dict(self.files._default_manager.filter(book__in=books).values_list("book", "pk"))
        lines = [
            (files[book], on, {"amount": str(amount), "value_on": value_on.isoformat()})
            for book, amount, value_on in moves
            if book in files
        ]
        self.add_many(lines, kind=kind, code=code)

    def _line(self, file: uuid.UUID, on: date, params: dict[str, Any], *, kind: str, code: str) -> Event:
        actor = current_actor()
        return self.lines(
            file_id=file,
            kind=kind,
            code=code,
            params=params,
            happened_on=on,
            actor=actor.id,
            actor_name=actor.name,
        )


@dataclass(frozen=True, slots=True)
class Telling:
    """How the lines of one kind of file read."""

    shapes: Mapping[Any, str]
    """Kind of mark on the timeline (templates/README.md), by kind of line."""
    words: Words
    """One sentence a code, with its parameters as written by `readers`."""
    readers: dict[str, Reader]
    """How a parameter reads, by its name. Amounts, and days (…_on), read the same everywhere."""

    def register(self, words: Words, readers: dict[str, Reader] | None = None) -> None:
        """A room above adds the sentences of its own codes, and how its parameters read, when the application
        starts."""
        self.words.update(words)
        self.readers.update(readers or {})

    def sentence(self, event: Any) -> str:
        """The line in words; a code without words is shown as it is, so that nothing disappears."""
        words = self.words.get(event.code)
        if words is None:
            return str(event.code)
        told = str(words) % {name: self._read(name, value) for name, value in event.params.items()}
        return ELISION.sub("d’", told, count=1) if (get_language() or "fr").startswith("fr") else told

    def entry(self, event: Any) -> dict[str, Any]:
        """What {% timeline %} shows of an event."""
        return {
            "when": event.happened_on,
            "kind": self.shapes[event.kind],
            "title": self.sentence(event),
            "amount": Decimal(event.params.get("amount") or 0) or None,
            "by": event.actor_name if not event.actor_name.startswith("service:") else "",
        }

    def _read(self, name: str, value: Any) -> str:
        if name in self.readers:
            return self.readers[name](value)
        if name.endswith("_on"):
            return date_text(date.fromisoformat(value))
        return money_text(Decimal(value)) if name == "amount" else str(value)
