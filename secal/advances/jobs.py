"""Background work of the advances: reckoning a run's candidates, and sending an approved run to the bank."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secal.advances.models import AdvanceRun, LineState, RunLine, RunState
from secal.advances.selectors import runs as selectors
from secal.advances.services import runs
from secal.ledger.bank_client import send_payment_file
from secal.ledger.jobs import BANK_ERRORS
from secal.ledger.services import payments
from secal.office.jobs import JobRun, register
from secal.office.models import Job

SEND_ERRORS = BANK_ERRORS | {
    "payments.invalid_file": _(
        "Le fichier de paiement n’est pas conforme à son schéma : rien n’est parti. "
        "Signalez-le au service informatique."
    ),
    "run.cannot_send": _("La liste n’est pas approuvée : rien n’est parti."),
}


def _run_page(job: Job) -> str:
    return reverse("advances:run", args=[job.period])


@register("advances.compute", service="advances", title=_("Calcul des avances du mois"), page=_run_page)
def compute(hold: JobRun) -> dict[str, Any]:
    """`period` is the run's identifier. Parts of a thousand children; a right that has its line is not
    done again.
    """
    run_id = uuid.UUID(hold.period)
    with hold.step():
        run = AdvanceRun.objects.get(pk=run_id)
        total = selectors.rights_of_month(run.month).count()
        done = RunLine.objects.filter(run=run).count()
        hold.progress(done=min(done, total), total=max(total, done))
    while True:
        with hold.step():
            written = runs.compute_part(run_id=run_id)
            done += written
            total = max(total, done)
            hold.progress(done=done, total=total)
        hold.tell(done, total)
        if not written:
            break
    with hold.step():
        run = runs.propose(run_id=run_id)
    return {"state": str(run.state), "lines": done, "payable": run.count}


@register(
    "advances.send",
    service="advances",
    title=_("Envoi des avances à la banque"),
    errors=SEND_ERRORS,
    page=_run_page,
)
def send(hold: JobRun) -> dict[str, Any]:
    """`period` is the run's identifier. Cut off anywhere, it is done again from what is there: same
    instructions, same message.
    """
    run_id = uuid.UUID(hold.period)
    with hold.step():
        file = runs.begin_sending(run_id=run_id)
        lines = RunLine.objects.filter(run=run_id)
        done = lines.filter(state=LineState.INSTRUCTED).count()
        total = done + lines.filter(state=LineState.CANDIDATE).count()
        hold.progress(done=done, total=total)
    if file is None:
        return {"state": str(RunState.SENT)}
    if file.state == "open":
        while True:
            with hold.step():
                instructed = runs.instruct_part(run_id=run_id)
                done += instructed
                hold.progress(done=done, total=total)
            hold.tell(done, total)
            if not instructed:
                break
        with hold.step():
            payments.make_file(file_id=file.pk, made_at=timezone.localtime())
    with hold.step():
        message = payments.message_of(file.pk)
    # No transaction is open while the bank reads; cut off here, the same message is sent again and
    # the bank knows it.
    answer = send_payment_file(message.content, message_id=message.message_id) if message else None
    with hold.step():
        run = runs.record_sent(run_id=run_id, file_id=file.pk, answer=answer, at=timezone.localtime())
    return {"state": str(run.state), "payments": done, "had_it_already": bool(answer and answer.duplicate)}
