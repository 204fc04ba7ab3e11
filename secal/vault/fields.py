"""Model fields for personal values. What a model holds is always ciphertext; opening is an explicit act."""

import uuid
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from django.db import models

from secal.vault.keystore import open_keys
from secal.vault.sealing import Place, Sealed, open_sealed, seal

if TYPE_CHECKING:
    BinaryField = models.BinaryField[Any, Any]
else:
    BinaryField = models.BinaryField


class SealedField(BinaryField):
    """A personal value, sealed. Its Python value is `Sealed` bytes: templates and logs show dots."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, Sealed) else Sealed(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.model.__name__}.{self.name} takes a sealed value: use seal_value()")
        return super().get_db_prep_value(None if value is None else bytes(value), connection, prepared)


class BlindIndexField(BinaryField):
    """Keyed blind index of a sealed value: 32 bytes, equality only (secal.vault.blind_index)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        kwargs["max_length"] = 32
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)


class SealedModel(models.Model):
    """A model with sealed fields: the row says which data key seals it (`sealing_key_id`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    @abstractmethod
    def sealing_key_id(self) -> uuid.UUID:
        """The data key of the person or file that this row belongs to."""

    def seal_value(self, field: str, value: str | bytes | None) -> None:
        """Put `value` into the sealed `field`; None or an empty text clears it."""
        raw = value.encode() if isinstance(value, str) else value
        setattr(
            self, field, seal(raw, key_id=self.sealing_key_id(), place=self._place(field)) if raw else None
        )

    def open_value(self, field: str) -> str:
        """The text in the sealed `field`, "" when empty. It discloses: for selectors and services only."""
        return self.open_bytes(field).decode()

    def open_bytes(self, field: str) -> bytes:
        sealed = getattr(self, field)
        return b"" if sealed is None else open_sealed(sealed, self._place(field))

    def _place(self, field: str) -> Place:
        return Place(table=self._meta.db_table, column=field, row=self.pk)


def prefetch_keys(rows: "list[SealedModel]") -> None:
    """Open the data keys of many rows in one query, within a unit of work."""
    open_keys({row.sealing_key_id() for row in rows})
