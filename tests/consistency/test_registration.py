"""Every column that decides whether somebody has a file is guarded in the database: read from its catalogue,
so that a new one is found without being listed."""

import re

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.obligation("12/057 §22")]

CHAIN = ("people_person", "cases_alimonyfile", "cases_executorytitle", "cases_beneficiary")
"""From a person to a file: whoever stands at one end has what stands at the other."""
BESIDES = {("people_person", "niss_bi"), ("cases_alimonyfile", "state")}
"""By which a person is found, and a file is open: no foreign keys."""

LINKS = """
SELECT c.conrelid::regclass::text, a.attname
  FROM pg_constraint c
  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
 WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY (%(chain)s)
       AND c.confrelid::regclass::text = ANY (%(chain)s)
"""
TRIGGERS = """
SELECT t.tgrelid::regclass::text, pg_get_triggerdef(t.oid), t.tgtype & 4 > 0 AS on_insert, p.prosecdef,
       pg_get_userbyid(p.proowner), p.proconfig
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE t.tgrelid::regclass::text = ANY (%(chain)s) AND t.tgenabled = 'O' AND t.tgconstraint <> 0
       AND p.prosrc ~ 'people_acted|stays with its file'
"""


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"chain": list(CHAIN)})
        return cursor.fetchall()


def test_every_column_between_a_person_and_a_file_asks_for_an_act_when_it_changes() -> None:
    influences = {(str(table), str(column)) for table, column in rows(LINKS)} | BESIDES
    influences |= {(table, "id") for table in CHAIN}
    assert ("cases_alimonyfile", "debtor_id") in influences
    watched = [(str(table), str(text)) for table, text, on_insert, *_rest in rows(TRIGGERS) if not on_insert]
    unguarded = {
        (table, column)
        for table, column in influences
        if not any(
            guarded == table
            and re.search(rf"old\.{column}\b[^ ]* IS DISTINCT FROM [^ ]*new\.{column}\b", text)
            for guarded, text in watched
        )
    }
    assert unguarded == set()


def test_every_row_between_a_person_and_a_file_asks_for_an_act_when_it_is_made() -> None:
    made = {str(table) for table, _text, on_insert, *_rest in rows(TRIGGERS) if on_insert}
    assert made == set(CHAIN)


def test_the_judges_are_the_owners_and_nobody_can_put_a_table_of_theirs_before_ours() -> None:
    for _table, _text, _on_insert, definer, owner, settings in rows(TRIGGERS):
        assert (definer, owner) == (True, "secal_owner")
        assert settings == ["search_path=pg_catalog, pg_temp"]


@pytest.mark.parametrize("table", CHAIN)
def test_the_application_removes_nothing_from_the_chain(table: str) -> None:
    with connection.cursor() as cursor:
        for right in ("DELETE", "TRUNCATE"):
            cursor.execute("SELECT has_table_privilege('secal_app', %s, %s)", [table, right])
            assert cursor.fetchone() == (False,), right
