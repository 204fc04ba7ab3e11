"""What the beat table rings in the ledger."""

import structlog
from celery import shared_task
from django.utils import timezone

from secal.access.unit_of_work import service_work
from secal.ledger.bank_client import BankUnreachable
from secal.ledger.services.mailbox import collect_reports

log = structlog.get_logger(__name__)


@shared_task(name="ledger.collect_bank_reports")
def collect_bank_reports() -> dict[str, int]:
    """Read the bank's mailbox. When the bank is away the next ring tries again."""
    try:
        return collect_reports(unit=lambda: service_work("bank"), at=timezone.localtime())
    except BankUnreachable:
        log.warning("bank_unreachable")
        return {}
