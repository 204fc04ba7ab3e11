"""The background work that follows what registrars do: what they may not read is read here."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from secal.cases.services.applications import ARRIVAL
from secal.cases.services.arrival import examine_statement, waiting_statements
from secal.cases.services.identity import SETTLING, settle_identity
from secal.office.clock import today
from secal.office.jobs import JobRun, register


@register(ARRIVAL, service="arrival", title=_("Arrivée d’une demande"))
def arrive(run: JobRun) -> dict[str, Any]:
    """The period is a statement. Those of the same file are examined in their order, a step each.

    The result is empty, whatever was found: nobody learns from a job whether a person was known.
    """
    with run.step():
        waiting = waiting_statements(uuid.UUID(run.period))
    for statement in waiting:
        with run.step():
            examine_statement(statement)
    return {}


@register(SETTLING, service="identity", title=_("Identité à changer"))
def settle(run: JobRun) -> dict[str, Any]:
    """The period is a proposal that two registrars agreed on. The result is empty, whatever came of it."""
    with run.step():
        settle_identity(uuid.UUID(run.period), on=today())
    return {}
