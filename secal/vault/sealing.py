"""Sealing and opening one value. A sealed value is bound to its table, column, row and key.

Layout of the bytes: version (1), data key id (16), nonce (12), AES-256-GCM ciphertext with its tag.
"""

import os
import uuid
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from secal.vault.keystore import NONCE_BYTES, open_keys

VERSION = b"\x01"
_HEAD = 1 + 16


class SealBroken(Exception):
    """The value was altered, or moved from the table, column or row that it was sealed for."""


class Sealed(bytes):
    """Ciphertext as it travels through models and history. Shows nothing of its value."""

    def __str__(self) -> str:
        return "•••"

    def __repr__(self) -> str:
        return "<sealed>"

    @property
    def key_id(self) -> uuid.UUID:
        return uuid.UUID(bytes=bytes(self[1:_HEAD]))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives: the associated data that ties ciphertext to its cell."""

    table: str
    column: str
    row: uuid.UUID

    def associated_data(self, key_id: uuid.UUID) -> bytes:
        return b"|".join([self.table.encode(), self.column.encode(), self.row.bytes, VERSION, key_id.bytes])


def seal_with(key: bytes, key_id: uuid.UUID, value: bytes, place: Place) -> Sealed:
    """Seal with a key already at hand (bulk loads)."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(key).encrypt(nonce, value, place.associated_data(key_id))
    return Sealed(VERSION + key_id.bytes + nonce + cipher)


def seal(value: bytes, *, key_id: uuid.UUID, place: Place) -> Sealed:
    """Seal `value` for `place` with the data key `key_id`. Raises KeyUnavailable."""
    return seal_with(open_keys([key_id])[key_id], key_id, value, place)


def open_sealed(sealed: Sealed, place: Place) -> bytes:
    """The value sealed for `place`. Raises SealBroken, KeyUnavailable."""
    if sealed[:1] != VERSION:
        raise SealBroken("unknown version of a sealed value")
    key_id = sealed.key_id
    key = open_keys([key_id])[key_id]
    body = bytes(sealed[_HEAD:])
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], place.associated_data(key_id))
    except InvalidTag as error:
        raise SealBroken("a sealed value does not open in its place") from error
