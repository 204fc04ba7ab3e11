"""What the ledger asks about the book of an employer: who may look into it, who holds money in between, and
who wants to know of receipts.
"""

from collections.abc import Iterable

from django.urls import reverse

from recovery.cases.models import RecoveryFile
from recovery.cases.selectors import NO_SUCH_FILE, get_file, identity
from recovery.cases.timeline import ALLOCATED, PUT_BACK, add_collections
from secal.access.errors import Refused
from secal.access.models import Office
from secal.ledger import intermediaries
from secal.ledger.guards import BookIdentity, register_guard
from secal.ledger.models import Book, BookKind
from secal.ledger.moments import on_collected, on_receipts_allocated, on_receipts_put_back


def register() -> None:
    register_guard(BookKind.EMPLOYER, _admit)
    intermediaries.register(third_party_accounts)
    on_receipts_allocated.register(ALLOCATED)
    on_receipts_put_back.register(PUT_BACK)
    on_collected.register(add_collections)


def third_party_accounts(ibans: Iterable[str]) -> set[str]:
    """Which of these accounts are the third-party accounts of bailiffs' offices."""
    return set(Office.objects.filter(iban__in=list(ibans)).exclude(iban="").values_list("iban", flat=True))


def _admit(book: Book, act: str, purpose: str) -> BookIdentity:
    """Through the door of the offices. Raises Refused, hidden when the file is not theirs."""
    file_id = RecoveryFile.objects.filter(book=book).values_list("pk", flat=True).first()
    if file_id is None:
        raise Refused(act, "no_such_book", NO_SUCH_FILE, file=book.pk, hidden=True)
    file = get_file(file_id, act=act, purpose=purpose, fields=("number", "employer", "ledger"))
    url = reverse("arrears:page", args=[file.pk])
    return {"title": file.number, "url": url, "identity": identity(file, url=url), "file": file.pk}
