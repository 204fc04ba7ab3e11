"""Numbers of notices and rolls: from a sequence, never given twice, also after a file is erased."""

from datetime import date
from typing import Literal

from django.db import connection

PREFIXES = {"notice": "MD", "roll": "RS"}


def next_number(of: Literal["notice", "roll"], *, on: date) -> str:
    """MD-2026-000042 (mise en demeure), RS-2026-000042 (rôle spécial)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [f"arrears_{of}_number"])
        serial: int = cursor.fetchone()[0]
    return f"{PREFIXES[of]}-{on.year}-{serial:06d}"
