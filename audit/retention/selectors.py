"""The only readers of what is due, lists and certificates: numbers, grounds, dates; no names of parties."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from audit.retention import events
from audit.retention.models import (
    OPEN_ITEM,
    OPEN_LIST,
    Certificate,
    ErasureApproval,
    ErasureItem,
    ErasureList,
    ItemState,
)
from secal.access.actors import current_actor
from secal.access.policy import require
from secal.office import keeping
from secal.office.keeping import DueUnit


@dataclass(frozen=True, slots=True)
class DueLine:
    """A unit that has to go, and whether an open list names it already."""

    kind: str
    unit: DueUnit
    on_list: bool


@dataclass(frozen=True, slots=True)
class WatchedList:
    """A list as a watcher sees it: whether they may still approve it, and the approvals so far."""

    row: ErasureList
    approvals: Sequence[ErasureApproval]
    approved_by_me: bool
    role_taken: bool


def due_units(*, on: date) -> list[DueLine]:
    """Everything that has to go on this day, longest due first. Raises Refused."""
    require("erasure.list" if current_actor().is_service else "erasure.view")
    listed = set(ErasureItem.objects.filter(state__in=OPEN_ITEM).values_list("unit_kind", "unit_id"))
    lines = [
        DueLine(unit.kind, due, (unit.kind, due.id) in listed)
        for unit in keeping.units()
        for due in unit.due(on)
    ]
    return sorted(lines, key=lambda line: (line.unit.since, line.unit.number))


def open_lists() -> QuerySet[ErasureList]:
    """Lists that wait for an approval or are being erased, with what they count. Raises Refused."""
    return lists().filter(state__in=OPEN_LIST)


def lists() -> QuerySet[ErasureList]:
    """All lists, newest first, with what each counts: units, erased, with residue. Raises Refused."""
    require("erasure.view")
    return ErasureList.objects.annotate(
        units=Count("items", distinct=True),
        erased=Count("items", filter=Q(items__state=ItemState.ERASED), distinct=True),
        residues=Count("items", filter=Q(items__state=ItemState.RESIDUE), distinct=True),
        approved=Count("approvals", distinct=True),
    ).order_by("-made_on", "-number")


def watched_list(list_id: uuid.UUID) -> WatchedList | None:
    """One list, for its page. Raises Refused."""
    actor = require("erasure.view")
    approvals = Prefetch("approvals", ErasureApproval.objects.select_related("user").order_by("at"))
    found = ErasureList.objects.prefetch_related(approvals).filter(pk=list_id).first()
    if found is None:
        return None
    given = list(found.approvals.all())
    taken = {approval.role for approval in given}
    return WatchedList(
        row=found,
        approvals=given,
        approved_by_me=actor.user_id in {approval.user_id for approval in given},
        role_taken=not {role.value for role in actor.roles} - taken,
    )


def items_of(list_id: uuid.UUID) -> QuerySet[ErasureItem]:
    """What a list names, with the certificate of what is erased. Raises Refused."""
    require("erasure.view")
    return (
        ErasureItem.objects.filter(list_id=list_id)
        .defer("material")
        .select_related("certificate")
        .defer("certificate__pdf", "certificate__manifest", "material")
        .order_by("number")
    )


def residues() -> QuerySet[ErasureItem]:
    """Units of which something was found after their erasure: an alarm until it is gone. Raises Refused."""
    require("erasure.view")
    return (
        ErasureItem.objects.filter(state=ItemState.RESIDUE)
        .defer("material")
        .select_related("list")
        .order_by("number")
    )


def certificates() -> QuerySet[Certificate]:
    """Certificates, newest first, without their documents. Raises Refused."""
    require("erasure.view")
    return (
        Certificate.objects.select_related("item", "item__list")
        .defer("pdf", "item__material")
        .order_by("-made_at")
    )


def certificate_document(certificate_id: uuid.UUID) -> Certificate | None:
    """A certificate with its document, which leaves the office: logged. Raises Refused."""
    require("erasure.view")
    found = (
        Certificate.objects.select_related("item").defer("item__material").filter(pk=certificate_id).first()
    )
    if found is not None:
        events.certificate_exported(unit=found.item.unit_id)
    return found


def erased_unit(number: str) -> uuid.UUID | None:
    """The erased unit of this number, or of the certificate with this number. For the log's own search."""
    named = Certificate.objects.filter(Q(number=number) | Q(item__number=number))
    return named.values_list("item__unit_id", flat=True).first()
