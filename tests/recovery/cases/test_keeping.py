"""How long a recovery file is kept, and that its employer goes with the last of its files (17/006 §7)."""

from datetime import date

import pytest

from recovery.cases import keeping as room
from secal.office import keeping
from tests.recovery.stories import People, made_file


@pytest.mark.obligation("17/006 §7")
def test_a_file_that_goes_on_is_never_due(staff: People) -> None:
    file = made_file(staff)
    assert not list(room.due(date(2050, 1, 1)))
    assert not room.still_due(file.pk, date(2050, 1, 1))


def test_the_traces_name_the_debtor_and_its_numbers(staff: People) -> None:
    file = made_file(staff, name="Boulangerie du Nord")
    told = {trace.label: trace.value for trace in room._employer_traces("default", [file.employer_id])}
    assert told["name"] == "Boulangerie du Nord"
    assert told["address"] == "Rue du Midi 12, 1000 Bruxelles"
    assert {trace.label for trace in room._traces(file.pk)} == {"number", "communication"}


def test_everything_about_the_file_is_registered() -> None:
    kept = {model.label for model in keeping.kept_of(room.UNIT)}
    assert len(kept) >= 18


def test_the_employer_goes_with_the_file_when_no_other_names_it(staff: People) -> None:
    file = made_file(staff)
    assert list(room._only_here("default", file.pk)) == [file.employer_id]
