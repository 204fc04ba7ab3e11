"""A missing language or a changed text is an error at start, not a page without words later."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from secal.access.commitments.texts import FOLDER, TextsWrong, read


@register()
def texts_are_whole(**kwargs: Any) -> list[CheckMessage]:
    """Each version of each text is there in every language, as it was recorded."""
    try:
        read(FOLDER)
    except TextsWrong as wrong:
        return [
            Error(
                str(fault),
                hint="Texts lie in secal/access/texts/<kind>/<day in force>/, four languages and SHA256SUMS.",
                id="access.E010",
            )
            for fault in wrong.args
        ]
    return []
