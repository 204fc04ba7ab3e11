"""What goes wrong with legal values: one that is missing, one of another kind, a file that cannot be
trusted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from secal.kernel.errors import DomainError, gettext_noop


class MissingParameter(DomainError):
    """No value of that name is known for that day and those conditions. It is never taken for nought."""

    def __init__(self, name: str, on: date, conditions: Mapping[str, object]) -> None:
        wanted = ", ".join(f"{key}={value}" for key, value in sorted(conditions.items()))
        super().__init__(
            "law.missing_parameter",
            gettext_noop(
                "La valeur légale « %(name)s » %(conditions)s n’est pas connue au %(on)s. "
                "Complétez les tables de la loi avant de continuer."
            ),
            None,
            {"name": name, "on": on.isoformat(), "conditions": f"({wanted})" if wanted else ""},
        )
        self.name = name
        self.on = on
        self.conditions = dict(conditions)

    def __reduce__(self) -> tuple[type[MissingParameter], tuple[object, ...]]:
        return type(self), (self.name, self.on, self.conditions)


class WrongKind(DomainError):
    """A value was asked as a number, a text or a flag that it is not."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(
            "law.wrong_kind",
            gettext_noop("La valeur légale « %(name)s » n’est pas du type demandé (%(wanted)s)."),
            None,
            {"name": name, "wanted": wanted},
        )
        self.name = name
        self.wanted = wanted

    def __reduce__(self) -> tuple[type[WrongKind], tuple[object, ...]]:
        return type(self), (self.name, self.wanted)


class LawFileError(Exception):
    """A file of legal values breaks its own rules; the message names file, parameter and fault. For
    developers."""
