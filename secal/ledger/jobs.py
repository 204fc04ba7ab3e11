"""Background work of the ledger: reading the bank's mailbox."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secal.ledger.services.mailbox import collect_reports
from secal.office.jobs import JobRun, register

BANK_ERRORS = {
    "bank.unreachable": _(
        "La banque ne répond pas. Un nouvel essai suit tout seul, toutes les trente secondes."
    ),
    "bank.answer_unreadable": _(
        "La banque a répondu de façon incompréhensible. Signalez-le au service informatique."
    ),
}


@register("ledger.collect", service="bank", title=_("Relève des réponses de la banque"), errors=BANK_ERRORS)
def collect(run: JobRun) -> dict[str, Any]:
    """`period` is the moment of asking: each asking is a reading of its own."""
    return dict(collect_reports(unit=run.step, at=timezone.localtime()))
