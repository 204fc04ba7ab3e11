"""Changing rows of tracked models in a test, the way the application does: row by row, with their history."""

from collections.abc import Iterable
from typing import Any

from django.db import models


def change(rows: models.Model | Iterable[models.Model], **values: Any) -> None:
    """Set these values on the row, or on each of the rows, as they stand in the database."""
    chosen = [rows] if isinstance(rows, models.Model) else list(rows)
    assert chosen, "there is nothing to change"
    for row in chosen:
        current = type(row)._default_manager.get(pk=row.pk)
        for name, value in values.items():
            setattr(current, name, value)
        current.save(update_fields=list(values))
