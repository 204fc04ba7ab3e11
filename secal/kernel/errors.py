"""What the office says when something cannot be done: one base class, a stable code, a sentence with a
remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def gettext_noop(message: str) -> str:
    """Mark a French source sentence for the message catalogues without translating it here.

    The kernel knows no language machinery; the name is one that the catalogue extractor looks for.
    """
    return message


class DomainError(Exception):
    """A refusal that a person can understand and act on.

    code     stable, dotted, English ("niss.checksum"); tests and screens branch on it, never on the text.
    message  sentence with %(name)s places; a French source string or a lazy translation.
    field    name of the form field the refusal belongs to, or None for the whole.
    params   values for the places of the message.
    """

    def __init__(
        self,
        code: str,
        message: object = "",
        field: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        # All four go to args, so that the error survives pickling between processes.
        super().__init__(code, message, field, params)
        self.code = code
        self.message = message
        self.field = field
        self.params: dict[str, object] = dict(params or {})

    def text(self, translate: Callable[[str], str] | None = None) -> str:
        """The sentence with its values; `translate` turns a French source string into the reader's
        language."""
        message = self.message
        sentence = translate(message) if translate is not None and isinstance(message, str) else str(message)
        return sentence % self.params if self.params else sentence

    def __str__(self) -> str:
        return self.text() or self.code
