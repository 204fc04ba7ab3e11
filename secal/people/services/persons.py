"""Registering persons without reading them, and what casework's services do with what was stated of them."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from secal.access.policy import require
from secal.people import events
from secal.people.identifiers import account_index, niss_index
from secal.people.models import PaymentAccount, Person, RegistrationKind
from secal.people.services.acts import meet, record_act
from secal.vault.keystore import create_key

_SAME_LETTERS = str.maketrans({"’": "'", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"})
"""Letters that are written with others but do not come apart by themselves."""


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """A person as an application states them. `niss`: eleven digits or ""; `iban`: compact or ""."""

    given_name: str
    family_name: str
    birth_date: date | None = None
    birth_place: str = ""
    niss: str = ""
    address: str = ""
    iban: str = ""
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Registration:
    """The person behind the details, by identifier: who registers never holds the row."""

    person: uuid.UUID
    created: bool
    """For services; a screen never tells it."""


def searchable(text: str) -> str:
    """A name without accents, in lower case, with single spaces: "Élodie  D’Hondt" is "elodie d’hondt"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SAME_LETTERS))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def register_person(details: PersonDetails, *, file: uuid.UUID) -> Registration:
    """The person of these details: made, or met by NISS. Either way an act of registration is left.

    Nothing is read and nothing of a known person changes: what the application states is taken up later, by
    `take_statement`. Raises Refused.
    """
    require("application.register")
    registration = _meet_or_make(details, file)
    events.person_registered(person=registration.person, file=file)
    return registration


def take_statement(person: Person, details: PersonDetails, *, on: date) -> tuple[str, ...]:
    """Fill what the office did not hold of the person, take a first account, and keep everything else.

    Returns the names of the details that are stated otherwise than the office holds them: for casework to
    judge. Repeatable.
    """
    filled = _fill(person, details)
    if filled:
        person.save()
    differing = _compare(person, details)
    if details.iban and _account_differs(person, details.iban, on):
        differing.append("account")
    return tuple(differing)


def add_account(person: Person, *, iban: str, valid_from: date) -> PaymentAccount:
    """The account to which the person is paid from that day on."""
    account = PaymentAccount(person=person, iban_bi=account_index(iban), valid_from=valid_from)
    account.seal_value("iban", iban)
    account.save()
    return account


def _meet_or_make(details: PersonDetails, file: uuid.UUID) -> Registration:
    """Make the person unless they are known; when somebody else made the NISS meanwhile, meet theirs."""
    if not details.niss:
        return Registration(_make(details, file), True)
    met = meet(details.niss, file=file)
    if met is not None:
        return Registration(met, False)
    try:
        with transaction.atomic():
            return Registration(_make(details, file), True)
    except IntegrityError:
        met = meet(details.niss, file=file)
        if met is None:
            raise
        return Registration(met, False)


def _make(details: PersonDetails, file: uuid.UUID) -> uuid.UUID:
    person = Person(
        key_id=create_key("person"),
        given_name=details.given_name,
        family_name=details.family_name,
        search_name=searchable(f"{details.given_name} {details.family_name}"),
        birth_date=details.birth_date,
        language=details.language,
        niss_bi=niss_index(details.niss) if details.niss else None,
    )
    person.seal_value("niss", details.niss)
    person.seal_value("birth_place", details.birth_place)
    person.seal_value("address", details.address)
    person.save(force_insert=True)
    record_act(RegistrationKind.PERSON_CREATED, person=person.pk, file=file)
    return person.pk


def _fill(person: Person, details: PersonDetails) -> bool:
    filled = False
    if details.birth_date and not person.birth_date:
        person.birth_date, filled = details.birth_date, True
    for name in ("birth_place", "address"):
        value = getattr(details, name)
        if value and getattr(person, name) is None:
            person.seal_value(name, value)
            filled = True
    return filled


def _compare(person: Person, details: PersonDetails) -> list[str]:
    differing = []
    name = searchable(f"{details.given_name} {details.family_name}")
    # What completes an application repeats no name.
    if name and name != person.search_name:
        differing.append("name")
    if details.birth_date and details.birth_date != person.birth_date:
        differing.append("birth_date")
    for column in ("birth_place", "address"):
        stated = getattr(details, column)
        if stated and searchable(stated) != searchable(person.open_value(column)):
            differing.append(column)
    return differing


def _account_differs(person: Person, iban: str, on: date) -> bool:
    """A first account is taken as stated; another one than the known is only reported."""
    current = person.accounts.filter(valid_from__lte=on).order_by("-valid_from").first()
    if current is None:
        add_account(person, iban=iban, valid_from=on)
        return False
    return bool(current.iban_bi != account_index(iban))
