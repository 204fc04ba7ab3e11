"""Acts of registration: whoever has one on a person or a file never consults them (12/057 §22)."""

import uuid

from django.db import connection

from secal.access.actors import current_actor
from secal.people.identifiers import niss_index
from secal.people.models import IdentityProposal, RegistrationAct, RegistrationKind


def record_act(
    kind: RegistrationKind,
    *,
    person: uuid.UUID | None = None,
    file: uuid.UUID | None = None,
    proposal: IdentityProposal | None = None,
) -> None:
    """The act of whoever is at work."""
    RegistrationAct.objects.create(
        kind=kind, person_id=person, file=file, proposal=proposal, actor=current_actor().id
    )


def record_file_opened(*, file: uuid.UUID) -> None:
    """The act of opening a file, under the actor at work."""
    record_act(RegistrationKind.FILE_OPENED, file=file)


def meet(niss: str, *, file: uuid.UUID | None) -> uuid.UUID | None:
    """The person with this NISS (eleven digits), without reading them; None for nobody.

    The database leaves the act of registration in the same statement: whoever learns that a person is known
    never consults them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT people_meet(%s, %s, %s, %s)",
            [niss_index(niss), file, uuid.uuid4(), current_actor().id],
        )
        met: uuid.UUID | None = cursor.fetchone()[0]
    return met
