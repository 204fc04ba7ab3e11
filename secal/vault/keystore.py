"""Data keys, wrapped by the key-encryption key and kept in a schema of their own.

Destroying a data key makes every value sealed with it unreadable at once: live rows, history, replicas
and backups. That is why the keys live apart from the data (other schema, other backup set).
"""

import base64
import os
import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NONCE_BYTES = 12
_opened: ContextVar[dict[uuid.UUID, bytes] | None] = ContextVar("opened_keys", default=None)


class KeyUnavailable(Exception):
    """The data key was destroyed, never existed, or does not open under the present key-encryption key."""


def _wrapping_key() -> AESGCM:
    return AESGCM(base64.b64decode(settings.VAULT_KEK))


def new_key_material(key_id: uuid.UUID) -> tuple[bytes, bytes]:
    """A fresh 256-bit data key: (the key, the key wrapped for storage). For bulk loads; else `create_key`."""
    key = AESGCM.generate_key(bit_length=256)
    nonce = os.urandom(NONCE_BYTES)
    return key, nonce + _wrapping_key().encrypt(nonce, key, key_id.bytes)


def create_key(purpose: str) -> uuid.UUID:
    """Make and store a data key for one person or one file; returns its identifier."""
    return create_keys(purpose, 1)[0]


def create_keys(purpose: str, count: int) -> list[uuid.UUID]:
    """As `create_key`, for many at once: in one statement."""
    made = {key_id: new_key_material(key_id) for key_id in (uuid.uuid4() for _ in range(count))}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO keystore.data_key (id, purpose, wrapped, kek_version)"
            " SELECT made.id, %s, made.wrapped, %s"
            " FROM unnest(%s::uuid[], %s::bytea[]) AS made (id, wrapped)",
            [purpose, settings.VAULT_KEK_VERSION, list(made), [wrapped for _key, wrapped in made.values()]],
        )
    cache = _opened.get()
    if cache is not None:
        cache.update({key_id: key for key_id, (key, _wrapped) in made.items()})
    return list(made)


def open_keys(key_ids: "Iterable[uuid.UUID]") -> dict[uuid.UUID, bytes]:
    """The data keys for these identifiers, fetched in one query. Raises KeyUnavailable for a missing one."""
    cache = _opened.get()
    known: dict[uuid.UUID, bytes] = cache if cache is not None else {}
    wanted = set(key_ids)
    missing = [key_id for key_id in wanted if key_id not in known]
    if missing:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, wrapped FROM keystore.data_key WHERE id = ANY(%s)", [missing])
            for key_id, wrapped in cursor.fetchall():
                known[key_id] = _unwrap(key_id, bytes(wrapped))
    if not wanted <= known.keys():
        raise KeyUnavailable("a data key was destroyed or never existed")
    return {key_id: known[key_id] for key_id in wanted}


def destroy_key(key_id: uuid.UUID) -> bool:
    """Forget a data key for ever. True when it existed. Everything sealed with it is lost, as intended."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM keystore.data_key WHERE id = %s", [key_id])
        destroyed = bool(cursor.rowcount)
    cache = _opened.get()
    if cache is not None:
        cache.pop(key_id, None)
    return destroyed


def destroy_keys(key_ids: "Iterable[uuid.UUID]", *, using: str) -> int:
    """Forget these data keys through the connection of the role that erases; how many there were."""
    forgotten = list(set(key_ids))
    with connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM keystore.data_key WHERE id = ANY(%s)", [forgotten])
        destroyed = int(cursor.rowcount)
    cache = _opened.get()
    if cache is not None:
        for key_id in forgotten:
            cache.pop(key_id, None)
    return destroyed


@contextmanager
def keys_remembered() -> "Iterator[None]":
    """Within one unit of work an opened key is fetched once; it is forgotten when the unit ends."""
    token = _opened.set({})
    try:
        yield
    finally:
        _opened.reset(token)


def _unwrap(key_id: uuid.UUID, wrapped: bytes) -> bytes:
    try:
        return _wrapping_key().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.bytes)
    except InvalidTag as error:
        raise KeyUnavailable("a data key does not open under the present key-encryption key") from error
