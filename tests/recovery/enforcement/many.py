"""Many files at once, as rows that resemble one that the services made: for lists only."""

from itertools import count
from uuid import UUID, uuid4

from recovery.cases.models import Mandate, RecoveryFile, Title, TitleState
from secal.access.history import create_many
from secal.ledger.models import Book, BookKind
from secal.people.models import Employer

_serial = count(1)


def add_titles(told: Mandate, size: int, *, given_by: UUID) -> None:
    """`size` files, each with a title to transmit, one that waits and one under a running mandate."""
    for _file in range(size):
        number = next(_serial)
        employer = Employer.objects.get(pk=told.file.employer_id)
        employer.pk, employer.key_id = uuid4(), uuid4()
        employer.enterprise_number_bi, employer.onss_number_bi = uuid4().bytes + uuid4().bytes, None
        employer._state.adding = True
        employer.save(force_insert=True)
        book = Book.objects.create(
            kind=BookKind.EMPLOYER, number=5_000_000 + number, ogm=f"{number:012d}", opened_on=told.given_on
        )
        (file,) = create_many(
            RecoveryFile,
            [
                RecoveryFile(
                    key_id=uuid4(),
                    number=f"ONSS-2026-9{number:05d}",
                    employer=employer,
                    book=book,
                    opened_on=told.given_on,
                )
            ],
        )
        _issued, waiting, running = create_many(
            Title,
            [
                Title(
                    file=file,
                    number=f"CT-2026-{kind}{number:05d}",
                    roll=uuid4(),
                    issued_on=told.given_on,
                    issued_by=given_by,
                    sums=told.title.sums,
                    court=told.title.court,
                    state=state,
                )
                for kind, state in (
                    ("7", TitleState.ISSUED),
                    ("8", TitleState.TRANSMITTED),
                    ("9", TitleState.MANDATED),
                )
            ],
        )
        assert waiting.pk != running.pk
        create_many(
            Mandate,
            [
                Mandate(
                    title=running, file=file, office=told.office, given_on=told.given_on, given_by=given_by
                )
            ],
        )
