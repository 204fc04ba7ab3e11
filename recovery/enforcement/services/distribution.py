"""Giving titles to bailiffs' offices: the operator's act."""

import uuid
from datetime import date

from recovery.cases.models import Mandate
from recovery.cases.services.mandates import give_mandate
from recovery.enforcement.errors import foreign_office, office_unknown
from recovery.enforcement.selectors.distribution import waiting_title
from secal.access.models import Office


def give(*, title_id: uuid.UUID, office_id: uuid.UUID, on: date) -> Mandate:
    """Give a waiting title to an office that acts in the debtor's arrondissement (Judicial Code art. 516).

    The database refuses another office too (migration 0002). Raises Refused, hidden for a title that was
    never transmitted; DistributionError title.not_waiting, office.unknown, office.foreign; RecoveryError.
    """
    title = waiting_title(title_id, act="mandate.give")
    office = Office.objects.filter(pk=office_id, is_active=True).first()
    if office is None:
        raise office_unknown()
    if office.arrondissement != title.file.employer.arrondissement:
        raise foreign_office()
    return give_mandate(title_id=title.pk, file_id=title.file_id, office=office, on=on)
