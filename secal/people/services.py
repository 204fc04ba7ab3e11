"""The only writers of persons, their accounts, and the acts of registration."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from secal.access.actors import current_actor
from secal.access.policy import require
from secal.people import events
from secal.people.identifiers import account_index, niss_index
from secal.people.models import PaymentAccount, Person, RegistrationAct, RegistrationKind
from secal.people.selectors import find_by_niss
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
    """The person behind the details, and the names of details that differ from what the office already
    held."""

    person: Person
    differing: tuple[str, ...]


def searchable(text: str) -> str:
    """A name without accents, in lower case, with single spaces: "Élodie  D’Hondt" is "elodie d’hondt"."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_SAME_LETTERS))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def register_person(details: PersonDetails, *, file: uuid.UUID, on: date) -> Registration:
    """The person of these details: made, or found by NISS and linked. Either way an act of registration is
    left.

    A known person keeps what the office holds: what the application states otherwise is for casework to
    judge.
    Raises Refused.
    """
    actor = require("application.register")
    known = find_by_niss(details.niss) if details.niss else None
    person, kind = (known, RegistrationKind.PERSON_LINKED) if known else _make_or_meet(details)
    if kind is RegistrationKind.PERSON_CREATED:
        differing: tuple[str, ...] = ()
        if details.iban:
            add_account(person, iban=details.iban, valid_from=on)
    else:
        differing = _compare(person, details, on)
    RegistrationAct.objects.create(kind=kind, person=person, file=file, actor_id=actor.id)
    events.person_registered(person=person.pk, file=file)
    return Registration(person, differing)


def record_file_opened(*, file: uuid.UUID) -> None:
    """The act of opening a file, under the actor at work."""
    RegistrationAct.objects.create(kind=RegistrationKind.FILE_OPENED, file=file, actor_id=current_actor().id)


def complete_person(
    person: Person, *, file: uuid.UUID, birth_date: date | None, birth_place: str, address: str
) -> None:
    """Fill what the office did not hold yet; what it holds stays. Leaves an act of registration."""
    actor = require("application.register")
    if birth_date and not person.birth_date:
        person.birth_date = birth_date
    if birth_place and person.birth_place is None:
        person.seal_value("birth_place", birth_place)
    if address and person.address is None:
        person.seal_value("address", address)
    person.save()
    RegistrationAct.objects.create(
        kind=RegistrationKind.PERSON_LINKED, person=person, file=file, actor_id=actor.id
    )


def add_account(person: Person, *, iban: str, valid_from: date) -> PaymentAccount:
    """The account to which the person is paid from that day on."""
    account = PaymentAccount(person=person, iban_bi=account_index(iban), valid_from=valid_from)
    account.seal_value("iban", iban)
    account.save()
    return account


def _make_or_meet(details: PersonDetails) -> tuple[Person, RegistrationKind]:
    """Make the person; when somebody else made the same NISS at the same moment, meet theirs."""
    try:
        with transaction.atomic():
            return _make(details), RegistrationKind.PERSON_CREATED
    except IntegrityError:
        met = find_by_niss(details.niss) if details.niss else None
        if met is None:
            raise
        return met, RegistrationKind.PERSON_LINKED


def _make(details: PersonDetails) -> Person:
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
    person.save()
    return person


def _compare(person: Person, details: PersonDetails, on: date) -> tuple[str, ...]:
    differing = []
    if searchable(f"{details.given_name} {details.family_name}") != person.search_name:
        differing.append("name")
    if details.birth_date and details.birth_date != person.birth_date:
        differing.append("birth_date")
    if details.birth_place and searchable(details.birth_place) != searchable(
        person.open_value("birth_place")
    ):
        differing.append("birth_place")
    if details.address and searchable(details.address) != searchable(person.open_value("address")):
        differing.append("address")
    if details.iban and _account_differs(person, details.iban, on):
        differing.append("account")
    return tuple(differing)


def _account_differs(person: Person, iban: str, on: date) -> bool:
    """A first account is taken as stated; another one than the known is only reported."""
    current = person.accounts.filter(valid_from__lte=on).order_by("-valid_from").first()
    if current is None:
        add_account(person, iban=iban, valid_from=on)
        return False
    return bool(current.iban_bi != account_index(iban))
