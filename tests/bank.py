"""A bank of its own for a test: a real program on a free port, with the office's account in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from secal.config.demo import bank as demo_bank
from secal.config.demo.bank import Bank
from secal.config.demo.processes import Processes
from secal.config.services.process import free_port

MORNING = "2026-11-20T09:00"
"""A Friday before the cut-off, so that a day's payments settle that day."""


@contextmanager
def running_bank(folder: Path, *, clock: str = MORNING) -> Iterator[Bank]:
    """Start the bank, open the office's account, and stop it in the end."""
    programs = Processes(folder)
    bank = Bank(free_port())
    programs.start(demo_bank.program(bank.port, clock=clock))
    try:
        programs.await_ready(seconds=20)
        bank.open_account(name=settings.OFFICE_NAME, iban=settings.OFFICE_IBAN, bic=settings.OFFICE_BIC)
        yield bank
    finally:
        programs.stop()
