"""Names for the identifiers that log and history hold: of staff, services, persons, employers and files."""

import uuid
from collections.abc import Collection, Iterable

from secal.access.actors import service_actor
from secal.access.models import User
from secal.access.policy import SERVICE_ACTS
from secal.office import keeping
from secal.people.models import Employer, Person

Ids = Collection[uuid.UUID]


def actors(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Who acted: members of staff by name, background services by theirs. One query."""
    wanted = {identifier for identifier in ids if identifier}
    services = {service_actor(name.partition(":")[2]).id: name for name in SERVICE_ACTS}
    found = {identifier: services[identifier] for identifier in wanted & set(services)}
    staff = User.objects.filter(pk__in=wanted - set(found))
    return {**found, **{user.pk: user.display_name for user in staff}}


def subjects(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Persons and employers that still exist, by name. The caller logs that it shows them. Two queries."""
    wanted = {identifier for identifier in ids if identifier}
    if not wanted:
        return {}
    persons = Person.objects.filter(pk__in=wanted).only("given_name", "family_name")
    employers = Employer.objects.filter(pk__in=wanted).only("name")
    return {row.pk: str(row) for found in (persons, employers) for row in found}


def units(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Files that still exist, by number. One query a kind of file."""
    wanted = {identifier for identifier in ids if identifier}
    if not wanted:
        return {}
    return {
        key: number
        for unit in keeping.units()
        for key, number in unit.root._base_manager.filter(pk__in=wanted).values_list("pk", unit.number)
    }


def unit_of_number(number: str) -> tuple[keeping.Unit, uuid.UUID] | None:
    """The file with this number, of whichever kind."""
    for unit in keeping.units():
        key = unit.root._base_manager.filter(**{unit.number: number}).values_list("pk", flat=True).first()
        if key:
            return unit, key
    return None


def units_naming(model: type[Person] | type[Employer], ids: Ids) -> set[uuid.UUID]:
    """The files whose tables name one of these persons or employers, by what the rooms say that they keep."""
    found: set[uuid.UUID] = set()
    for unit in keeping.units():
        for kept in keeping.kept_of(unit.kind):
            columns = [
                field.name
                for field in kept.model._meta.concrete_fields
                if field.remote_field and field.remote_field.model is model
            ]
            if kept.shared:
                continue
            for column in columns:
                rows = kept.model._base_manager.filter(**{f"{column}__in": ids})
                found |= set(rows.values_list(kept.by or "pk", flat=True))
    return found
