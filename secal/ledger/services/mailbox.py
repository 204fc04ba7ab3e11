"""The bank's mailbox, emptied message after message: status reports, debit notifications, statements.

Reading takes nothing away at the bank. A message is noted as dealt with after its effects, which are each safe
to repeat: a worker killed in between deals with it again and changes nothing twice.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import batched
from typing import Any

import structlog
from django.conf import settings

from secal.kernel.errors import DomainError
from secal.ledger import bank_client, pain002
from secal.ledger.bank_client import WaitingMessage
from secal.ledger.models import BankMessage, BankMessageState
from secal.ledger.services import payments
from secal.ledger.services.receipts import import_statement
