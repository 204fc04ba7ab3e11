"""What the ledger refuses, in words: a code for programs, a sentence with its remedy for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError


class LedgerError(DomainError):
    """A booking that cannot be made as asked."""


class StatementRefused(DomainError):
    """A bank statement that is not taken: nothing of the file was written.

    `line` is the number of the movement in the file (0: the statement itself), `where` the element that is
    wrong, `understood` the value as it was read, `remedy` what to do about it.
    """

    def __init__(
        self, code: str, *, line: int = 0, where: str = "", understood: str = "", remedy: Any = ""
    ) -> None:
        super().__init__(code, remedy, "file", {"line": line, "where": where, "understood": understood})
        self.line = line
        self.where = where
        self.understood = understood
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuilt, (self.code, self.line, self.where, self.understood, str(self.remedy)))

    def text(self, translate: Any = None) -> str:
        place = (
            _("Mouvement %(line)s, élément %(where)s") % {"line": self.line, "where": self.where}
            if self.line
            else _("Extrait, élément %(where)s") % {"where": self.where}
        )
        value = (
            _("lu : « %(value)s »") % {"value": self.understood} if self.understood else _("rien n’a été lu")
        )
        return f"{place} — {value}. {self.remedy}"


class StatementAlreadyTaken(DomainError):
    """The same statement again; says who took it and when."""

    def __init__(self, params: Mapping[str, object]) -> None:
        super().__init__(
            "statement.already_taken",
            _(
                "L’extrait %(statement)s a déjà été importé le %(when)s par %(who)s. Rien n’a été "
                "enregistré une seconde fois : choisissez un autre fichier."
            ),
            "file",
            params,
        )


def _rebuilt(code: str, line: int, where: str, understood: str, remedy: str) -> StatementRefused:
    return StatementRefused(code, line=line, where=where, understood=understood, remedy=remedy)
