"""What tells the past is added to and never rewritten, by the user of the database that works here."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from secal.cases.models import CaseEvent

PAST = sorted(
    [CaseEvent._meta.db_table]
    + [model._meta.db_table for model in apps.get_models() if model.__name__.startswith("Historical")]
)


def test_there_is_a_past_to_keep() -> None:
    assert len(PAST) >= 7


@pytest.mark.django_db
@pytest.mark.parametrize("table", PAST)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_past_is_never_rewritten(table: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
