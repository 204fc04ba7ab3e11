"""The day on which each debt lapses, kept on its claims: renewed by registered letters and by service,
stretched by oppositions (L 27-06-1969, art. 42 and 40 §5).
"""

import uuid
from collections import defaultdict
from datetime import date

from django.utils import timezone

from recovery.arrears.models import Debt, DebtCharge, NoticeLine, Opposition, RollLine
from recovery.cases.models import RecoveryFile, Title
from secal.kernel.reckoning.arrears import DebtAct, Stay, debt_limitation
from secal.law.onss import debt_limitation_parameters
from secal.ledger.services.books import set_limitation


def refresh_limitation(file: RecoveryFile, *, on: date) -> None:
    """Reckon anew, from what is recorded, when each debt of the file lapses. The caller holds the file."""
    acts, stays = _acts(file), _stays(file)
    charges: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for debt_id, claim_id in DebtCharge.objects.filter(debt__file=file).values_list("debt", "claim"):
        charges[debt_id].append(claim_id)
    parameters = debt_limitation_parameters(on=on)
    days: dict[uuid.UUID, date | None] = {}
    for debt in Debt.objects.filter(file=file):
        reckoned = debt_limitation(
            debt.due_on, parameters, acts=acts.get(debt.pk, []), stays=stays.get(debt.pk, [])
        )
        days |= dict.fromkeys(charges[debt.pk], reckoned.lapses_on)
    set_limitation(days)


def served(title: Title, on: date) -> None:
    """A constraint was served: the debts in it begin a new term."""
    refresh_limitation(title.file, on=on)


def _acts(file: RecoveryFile) -> dict[uuid.UUID, list[DebtAct]]:
    acts: dict[uuid.UUID, set[DebtAct]] = defaultdict(set)
    noticed = NoticeLine.objects.filter(notice__file=file).values_list("charge__debt", "notice__sent_on")
    for debt_id, sent_on in noticed:
        acts[debt_id].add(DebtAct(sent_on, "registered_letter"))
    for title, debt_id in _debts_of_titles(file):
        if title.served_at is not None:
            acts[debt_id].add(DebtAct(timezone.localdate(title.served_at), "constraint_service"))
    return {debt_id: sorted(found, key=lambda act: (act.on, act.kind)) for debt_id, found in acts.items()}


def _stays(file: RecoveryFile) -> dict[uuid.UUID, list[Stay]]:
    oppositions: dict[uuid.UUID, list[Stay]] = defaultdict(list)
    for row in Opposition.objects.filter(title__file=file, effective=True):
        oppositions[row.title_id].append(Stay(row.filed_on, row.decided_on))
    stays: dict[uuid.UUID, list[Stay]] = defaultdict(list)
    for title, debt_id in _debts_of_titles(file):
        stays[debt_id] += oppositions.get(title.pk, [])
    return stays


def _debts_of_titles(file: RecoveryFile) -> list[tuple[Title, uuid.UUID]]:
    """Each title of the file with each debt whose sums it executes, once."""
    titles = {title.roll: title for title in Title.objects.filter(file=file)}
    rows = set(RollLine.objects.filter(roll__in=titles).values_list("roll", "charge__debt"))
    return [(titles[roll], debt_id) for roll, debt_id in rows]
