"""The line to the bank: payment files go out, messages come in. Nothing here touches the database.

The address is BANK_URL. The doors are those of the stand-in that demonstration and tests run as a separate
program; a production bank's channel (EBICS, or files over SFTP) takes the place of this module.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import requests
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from secal.kernel.errors import DomainError
from secal.office.jobs import Postponed

CONNECT_SECONDS, ANSWER_SECONDS = 3.05, 40
ATTEMPTS = 4
LONGEST_PAUSE_SECONDS = 2.0
DUPLICATE = "DUPL"
"""ISO 20022 status reason: a message of this identification was received before."""
WANTED = ("pain.002", "camt.054", "camt.053")

T = TypeVar("T")


class BankUnreachable(Postponed):
    """The bank does not answer, or answers that it cannot work now."""

    def __init__(self) -> None:
        super().__init__("bank.unreachable", _("La banque ne répond pas. Un nouvel essai suit."))


class BankAnswerUnreadable(DomainError):
    """The bank answered something that is no answer to what we asked."""

    def __init__(self, status: int) -> None:
        super().__init__(
            "bank.answer_unreadable",
            _("La banque a répondu de façon incompréhensible (HTTP %(status)s)."),
            params={"status": status},
        )


@dataclass(frozen=True, slots=True)
class DoorAnswer:
    """What the bank says at the door about a payment file."""

    message_id: str
    taken: bool
    duplicate: bool
    """It has this message already: an earlier sending arrived."""
    reason: str = ""
    """Reason code when it refuses the whole file."""
    reported: bool = True
    """A status report follows in the mailbox."""


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A message in our mailbox, as its list tells it. `reference` is the same at every reading."""

    reference: str
    kind: str
    number: int


def send_payment_file(content: bytes, *, message_id: str) -> DoorAnswer:
    """Hand over a pain.001. Raises BankUnreachable, BankAnswerUnreadable.

    Sending again is safe: the bank knows the message by its identification and answers that it has it.
    """
    answer = _ask("POST", "/payments", data=content, headers={"Content-Type": "application/xml"})
    told = _json(answer, expected=(202, 422))
    if told.get("msg_id") != message_id:
        raise BankAnswerUnreadable(answer.status_code)
    reason = str(told.get("reason") or "")
    refused = answer.status_code == 422
    return DoorAnswer(
        message_id=message_id,
        taken=not refused,
        duplicate=refused and reason == DUPLICATE,
        reason=reason if refused else "",
        reported=bool(told.get("reported", True)),
    )


def waiting_messages() -> Iterator[WaitingMessage]:
    """What lies in the mailbox, oldest first. Looking takes nothing away: we note ourselves what is done."""
    listing = _json(_ask("GET", "/_mock/mailbox?leave"), expected=(200,))
    for entry in listing:
        if entry["type"].startswith(WANTED):
            number = int(entry["id"])
            reference = f"{entry['type']}:{number}:{entry['queuedAt']}"
            yield WaitingMessage(reference=reference[:80], kind=entry["type"], number=number)


def message_content(message: WaitingMessage) -> bytes:
    """The message itself. Raises BankUnreachable, BankAnswerUnreadable."""
    answer = _ask("GET", f"/_mock/mailbox/{quote(str(message.number))}")
    if answer.status_code != 200:
        raise BankAnswerUnreadable(answer.status_code)
    return answer.content


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Busy(Exception):
    """The bank's server failed: worth another try."""


def _ask(method: str, path: str, **options: Any) -> requests.Response:
    if not settings.BANK_URL:
        raise BankUnreachable
    return _persist(lambda: _once(method, path, **options))


def _once(method: str, path: str, **options: Any) -> requests.Response:
    answer = requests.request(
        method,
        settings.BANK_URL.rstrip("/") + path,
        timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
        allow_redirects=False,
        **options,
    )
    if answer.status_code >= 500:
        raise _Busy
    return answer


def _persist(ask: Callable[[], T]) -> T:
    """Try a few times with growing pauses. What we send is safe to send twice. Raises BankUnreachable."""
    attempt = retry(
        retry=retry_if_exception_type((requests.ConnectionError, requests.Timeout, _Busy)),
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_random_exponential(multiplier=0.2, max=LONGEST_PAUSE_SECONDS),
        reraise=True,
    )
    try:
        return attempt(ask)()
    except (requests.RequestException, _Busy) as error:
        raise BankUnreachable from error


def _json(answer: requests.Response, *, expected: tuple[int, ...]) -> Any:
    if answer.status_code not in expected:
        raise BankAnswerUnreadable(answer.status_code)
    try:
        return answer.json()
    except ValueError as error:
        raise BankAnswerUnreadable(answer.status_code) from error
