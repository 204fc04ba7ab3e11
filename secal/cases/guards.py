"""What the ledger asks about the book of an alimony file: who may look into it, and who wants to know of
receipts."""

from functools import partial

from django.urls import reverse

from secal.access.errors import Refused
from secal.cases import closing
from secal.cases.models import AlimonyFile
from secal.cases.selectors import get_file, identity
from secal.cases.timeline import add_receipts
from secal.ledger.guards import BookIdentity, register_guard
from secal.ledger.models import Book, BookKind
from secal.ledger.moments import on_receipts_allocated, on_receipts_put_back
from secal.ledger.wording import NO_SUCH_BOOK
from secal.office.explaining import add_words

ALLOCATED = partial(add_receipts, code="receipt_allocated")
PUT_BACK = partial(add_receipts, code="receipt_put_back")


def register() -> None:
    add_words(steps=closing.STEPS, remarks={}, facts=closing.FACTS, amounts=closing.SUMS)
    register_guard(BookKind.ALIMONY_FILE, _admit)
    on_receipts_allocated.register(ALLOCATED)
    on_receipts_put_back.register(PUT_BACK)


def _admit(book: Book, act: str, purpose: str) -> BookIdentity:
    """Through the one door to files. Raises Refused, hidden when the file is not theirs."""
    file_id = AlimonyFile.objects.filter(book=book).values_list("pk", flat=True).first()
    if file_id is None:
        raise Refused(act, "no_such_book", NO_SUCH_BOOK, file=book.pk, hidden=True)
    file = get_file(file_id, act=act, purpose=purpose, fields=("number", "parties", "ledger"))
    url = reverse("files:page", args=[file.pk])
    return {"title": file.number, "url": url, "identity": identity(file, url=url), "file": file.pk}
