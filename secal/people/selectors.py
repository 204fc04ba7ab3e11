"""Reading persons: who they turned out to be, their account at a date, their NISS."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import connection

from secal.people import events
from secal.people.models import PaymentAccount, Person
from secal.vault.fields import prefetch_keys

REMAINING = """
WITH RECURSIVE led AS (
    SELECT id AS asked, id, merged_into_id FROM people_person WHERE id = ANY (%s)
    UNION SELECT led.asked, p.id, p.merged_into_id FROM people_person p JOIN led ON p.id = led.merged_into_id
)
SELECT asked, id FROM led WHERE merged_into_id IS NULL
"""


def account_on(person_ids: Iterable[uuid.UUID], on: date) -> dict[uuid.UUID, PaymentAccount]:
    """The account of each person that counts on a day; persons without one are left out. One query,
    logged."""
    wanted = list(person_ids)
    accounts = list(
        PaymentAccount.objects.filter(person__in=wanted, valid_from__lte=on)
        .order_by("person_id", "-valid_from")
        .distinct("person_id")
        .select_related("person")
    )
    if accounts:
        events.account_read(persons=[account.person_id for account in accounts], purpose="payment")
    return {account.person_id: account for account in accounts}


def who_they_are_now(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Of each person the row that remains, however often they were merged: themselves for most. One query."""
    with connection.cursor() as cursor:
        cursor.execute(REMAINING, [list(person_ids)])
        return dict(cursor.fetchall())


def masked_niss(persons: list[Person]) -> dict[uuid.UUID, str]:
    """The NISS of each person with only its last three digits; "" where there is none. Keys in one query."""
    holders = [person for person in persons if person.niss is not None]
    prefetch_keys(list(holders))
    opened = {person.pk: person.open_value("niss") for person in persons}
    return {person: mask_niss(niss) if niss else "" for person, niss in opened.items()}


def mask_niss(niss: str) -> str:
    """Only the last three of the eleven digits."""
    return f"••.••.••-••{niss[8]}.{niss[9:]}"


def niss_of(person: Person, *, file: uuid.UUID) -> str:
    """The whole NISS, on request; logged as a read of its own."""
    events.niss_revealed(person=person.pk, file=file)
    return person.open_value("niss")
