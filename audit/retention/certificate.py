"""The certificate of an erasure: a manifest without personal values, its digest, and the letter itself."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils import translation

from audit.retention.models import Certificate, ErasureApproval, ErasureItem
from audit.retention.wording import ground_words
from secal.access.roles import Role
from secal.office import keeping
from secal.office.letters import compose

LANGUAGE = "fr"
"""Of the office that keeps the certificates."""


def issue(item: ErasureItem, *, on: date, using: str) -> Certificate:
    """Write the certificate of an item whose scan found nothing, in the transaction that ends its erasure."""
    number = _number(on, using)
    approvals = list(
        ErasureApproval.objects.using(using)
        .filter(list_id=item.list_id)
        .select_related("user")
        .order_by("at")
    )
    manifest = _manifest(item, number, approvals)
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    with translation.override(LANGUAGE):
        pdf = compose(
            "erasure_certificate",
            data=_letter(item, number, approvals, digest, on),
            language=LANGUAGE,
            title=translation.gettext("Certificat d’effacement %(number)s") % {"number": number},
        )
    return Certificate.objects.using(using).create(
        number=number,
        item=item,
        made_at=datetime.now(UTC),
        pdf=pdf,
        manifest=manifest,
        manifest_sha256=digest,
        sha256=hashlib.sha256(pdf).hexdigest(),
    )


def _number(on: date, using: str) -> str:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT nextval('retention_certificate_number')")
        (place,) = cursor.fetchone()
    return f"CERT-{on.year}-{place:06d}"


def _manifest(item: ErasureItem, number: str, approvals: list[ErasureApproval]) -> dict[str, Any]:
    """What was done, by whom it was approved and what the scan read: identifiers, tables and counts only."""
    return {
        "certificate": number,
        "list": str(item.list_id),
        "unit": {"kind": item.unit_kind, "id": str(item.unit_id), "number": item.number},
        "ground": item.ground,
        "due_since": item.due_since.isoformat(),
        "approvals": [
            {"user": str(one.user_id), "role": one.role, "at": one.at.astimezone(UTC).isoformat()}
            for one in approvals
        ],
        "steps": item.steps,
        "rows": item.counts.get("rows", {}),
        "keys_destroyed": item.counts.get("keys", 0),
        "scan": {key: item.scan[key] for key in ("tables", "columns", "hits")},
    }


def _letter(
    item: ErasureItem, number: str, approvals: list[ErasureApproval], digest: str, on: date
) -> dict[str, Any]:
    return {
        "dated": on,
        "certificate_number": number,
        "institution": keeping.unit(item.unit_kind).institution,
        "unit_kind": item.unit_kind,
        "unit_number": item.number,
        "ground": ground_words(item.unit_kind, item.ground),
        "due_since": item.due_since,
        "approvals": [
            {"who": one.user.display_name, "capacity": str(Role(one.role).label), "at": one.at}
            for one in approvals
        ],
        "erased": [{"table": table, "rows": rows} for table, rows in item.counts.get("rows", {}).items()],
        "keys_destroyed": item.counts.get("keys", 0),
        "scan": {
            "at": datetime.fromisoformat(item.steps["scan"]),
            "columns": item.scan["columns"],
            "hits": item.scan["hits"],
        },
        "logical_on": on,
        "keys_gone_on": on + timedelta(days=settings.KEY_BACKUP_DAYS),
        "backups_gone_on": on + timedelta(days=settings.BACKUP_DAYS),
        "manifest_sha256": digest,
    }
