"""Reading persons: by NISS, their account at a date, and who registered them."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q

from secal.people import events
from secal.people.identifiers import niss_index
from secal.people.models import PaymentAccount, Person, RegistrationAct
from secal.vault.fields import prefetch_keys


def find_by_niss(niss: str) -> Person | None:
    """The person with this NISS (eleven digits). For services: a screen never tells its answer to a
    registrar."""
    return Person.objects.filter(niss_bi=niss_index(niss)).first()


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


def registered_by(actor_id: uuid.UUID, file: uuid.UUID | None, person_ids: Iterable[uuid.UUID]) -> bool:
    """Whether this person ever did a registration act on the file or on one of the persons (12/057 §22)."""
    return RegistrationAct.objects.filter(
        Q(file=file, file__isnull=False) | Q(person__in=list(person_ids)), actor=actor_id
    ).exists()


def registered_file(actor_id: uuid.UUID, file: OuterRef) -> Exists:
    """The same question inside a query of files: an act on the file itself."""
    return Exists(RegistrationAct.objects.filter(actor=actor_id, file=file))


def registered_person(actor_id: uuid.UUID, person: OuterRef) -> Exists:
    """The same question inside a query: an act on one person."""
    return Exists(RegistrationAct.objects.filter(actor=actor_id, person=person))


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
