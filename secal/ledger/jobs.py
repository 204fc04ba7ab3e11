"""Background work of the ledger: reading the bank's mailbox."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from secal.ledger.models import BankMessageState
from secal.ledger.services.mailbox import collect_reports
from secal.office.formatting import number_text
from secal.office.jobs import JobRun, register
from secal.office.models import Job

BANK_ERRORS = {
    "bank.unreachable": gettext_lazy(
        "La banque ne répond pas. Un nouvel essai suit tout seul, toutes les trente secondes."
    ),
    "bank.answer_unreadable": gettext_lazy(
        "La banque a répondu de façon incompréhensible. Signalez-le au service informatique."
    ),
}


def _run_page(job: Job) -> str:
    """The run of payments from whose page the mailbox was read; none for another asking."""
    try:
        run_id = uuid.UUID(job.period.partition(" ")[2])
    except ValueError:
        return ""
    return reverse("advances:run", args=[run_id])


def _found(job: Job) -> str:
    """How many messages were new, and how each kind of them ended."""
    if not job.result:
        return _("La boîte ne contenait aucun nouveau message de la banque.")
    new = sum(job.result.values())
    told = ngettext("%(n)s nouveau message de la banque", "%(n)s nouveaux messages de la banque", new)
    ended = [f"{BankMessageState(state).label} {number_text(n)}" for state, n in sorted(job.result.items())]
    return _("%(messages)s – %(ended)s.") % {
        "messages": told % {"n": number_text(new)},
        "ended": ", ".join(ended),
    }


@register(
    "ledger.collect",
    service="bank",
    title=gettext_lazy("Relève des réponses de la banque"),
    errors=BANK_ERRORS,
    page=_run_page,
    found=_found,
)
def collect(run: JobRun) -> dict[str, Any]:
    """`period` is the moment of asking, with the run that asked: each asking is a reading of its own."""
    return dict(collect_reports(unit=run.step, at=timezone.localtime()))
