"""Keyed blind indexes: equality look-up of a sealed value without being able to read it.

One derived key a column, so that the same NISS in two columns cannot be linked. The value must be
normalised first (digits of a NISS, compact IBAN): the index of two spellings would differ.
"""

import base64
import hashlib
import hmac

from django.conf import settings


def blind_index(column: str, normalised: str) -> bytes:
    """32-byte HMAC-SHA-256 of `normalised` under the key of `column` (for example "person.niss")."""
    root = base64.b64decode(settings.BLIND_INDEX_KEY)
    column_key = hmac.new(root, b"blind-index|" + column.encode(), hashlib.sha256).digest()
    return hmac.new(column_key, normalised.encode(), hashlib.sha256).digest()
