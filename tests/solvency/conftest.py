"""A file in recovery, through the real decision."""

from datetime import date

import pytest

from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.advances.models import Outcome
from secal.advances.services.decisions import decide_advance
from secal.cases.models import AlimonyFile
from tests.stories import register_file

DECIDED_ON = date(2026, 10, 20)


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    received = register_file(registrar=registrar, officer=officer)
    with acting_as(officer.pk):
        decide_advance(file_id=received.pk, outcome=Outcome.GRANTED, motive="", on=DECIDED_ON)
    return AlimonyFile.objects.get(pk=received.pk)
