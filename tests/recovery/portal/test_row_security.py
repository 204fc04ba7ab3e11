"""What the portal's database user sees by raw SQL: the files mandated to who sits there, and not a row else.

The tables are those that the database itself says the portal was granted: a new one is tried at once.
"""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from recovery.cases.models import Mandate
from recovery.portal.field_list import columns_of
from recovery.portal.services import CloseReason, HandBackReason, close, hand_back
from secal.access.models import User
from secal.access.unit_of_work import acting_as
from tests.conftest import _administrator
from tests.recovery import stories
from tests.recovery.portal.conftest import AtPortal, World, sitting, token_of
from tests.recovery.portal.test_services import NOW

OWN = {
    "access_user",
    "access_appointment",
    "access_charge",
    "access_userrole",
    "access_office",
    "access_commitment",
}
"""Who sits there sees themselves: shown by the tests of seats."""

GRANTS = """
SELECT c.table_schema || '.' || c.table_name, c.column_name, c.privilege_type
FROM information_schema.column_privileges c
WHERE c.grantee = 'secal_portal' AND c.table_schema IN ('public', 'keystore')
ORDER BY 1, 2, 3
"""


def granted(database: str) -> dict[str, set[tuple[str, str]]]:
    """Table -> (column, right) of everything that the portal's database user was granted."""
    found: dict[str, set[tuple[str, str]]] = {}
    with _administrator(database) as administrator:
        for table, column, right in administrator.execute(GRANTS).fetchall():
            found.setdefault(table, set()).add((column, right))
    return found


def readable(database: str) -> dict[str, str]:
    """Each table with a column of it that may be read."""
    found: dict[str, str] = {}
    for table, rights in granted(database).items():
        columns = sorted(column for column, right in rights if right == "SELECT")
        if columns:
            found[table] = "id" if "id" in columns else columns[0]
    return found


def counts(at_portal: AtPortal, user: User, tables: dict[str, str]) -> dict[str, int]:
    with sitting(at_portal, user) as cursor:
        rows = {}
        for table, column in tables.items():
            cursor.execute(f"SELECT count({column}) FROM {table}")
            rows[table] = cursor.fetchone()[0]
    return rows


def keys_seen(at_portal: AtPortal, user: User, tables: dict[str, str]) -> dict[str, set[Any]]:
    """Which rows of each table this person sees, by their key."""
    with sitting(at_portal, user) as cursor:
        keys = {}
        for table, column in tables.items():
            cursor.execute(f"SELECT {column} FROM {table}")
            keys[table] = {key for (key,) in cursor.fetchall()}
    return keys


def of_files(rows: dict[str, int]) -> dict[str, int]:
    """Without the tables in which people see themselves."""
    return {table: number for table, number in rows.items() if table.split(".")[1] not in OWN and number}


@pytest.mark.obligation("17/006 §16.2")
def test_every_table_granted_to_the_portal_has_row_security_that_binds_its_owner_too(
    world: World, committed_database: str
) -> None:
    tables = granted(committed_database)
    assert len(tables) > 15
    with _administrator(committed_database) as administrator:
        bare = [
            table
            for table in tables
            if administrator.execute(
                "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
                [table],
            ).fetchone()
            != (True,)
        ]
        views = administrator.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('v', 'm') AND "
            "has_table_privilege('secal_portal', c.oid,"
            " 'SELECT') AND c.relnamespace IN ('public'::regnamespace, 'keystore'::regnamespace)"
        ).fetchall()
        for_all = administrator.execute(
            "SELECT tablename, policyname FROM pg_policies WHERE 'public' = ANY (roles::text[])"
        ).fetchall()
    assert (bare, views, for_all) == ([], [], [])


@pytest.mark.obligation("17/006 §6")
def test_the_portal_is_granted_the_fields_of_the_list_and_no_others(
    world: World, committed_database: str
) -> None:
    for table, rights in granted(committed_database).items():
        assert {column for column, _right in rights} <= columns_of(table.split(".")[1]), table


def test_it_writes_columns_that_a_bailiffs_acts_change_and_nothing_in_the_books(
    world: World, committed_database: str
) -> None:
    tables = granted(committed_database)
    updated = {
        (table.split(".")[1], column)
        for table, rights in tables.items()
        for column, right in rights
        if right == "UPDATE"
    }
    assert updated == {
        ("recovery_cases_title", "state"),
        ("recovery_cases_title", "served_at"),
        ("recovery_cases_title", "opposition_until"),
        ("recovery_cases_mandate", "state"),
        ("recovery_cases_mandate", "ended_at"),
        ("recovery_cases_mandate", "end_reason"),
    }
    added = {
        table.split(".")[1]
        for table, rights in tables.items()
        if any(right == "INSERT" for _c, right in rights)
    }
    assert added == {
        "access_commitment",
        "recovery_cases_act",
        "recovery_cases_document",
        "recovery_cases_fileevent",
        "recovery_cases_historicaltitle",
        "recovery_cases_historicalmandate",
        "portal_collectedpayment",
        "portal_followup",
        "portal_judgeleave",
    }
    with _administrator(committed_database) as administrator:
        for table in tables:
            assert administrator.execute(
                "SELECT has_table_privilege('secal_portal', %s, 'DELETE')"
                " OR has_table_privilege('secal_portal', %s, 'TRUNCATE')",
                [table, table],
            ).fetchone() == (False,), table


@pytest.mark.obligation("forbidden 3")
def test_each_bailiff_sees_the_rows_of_their_own_file_only(
    world: World, at_portal: AtPortal, committed_database: str
) -> None:
    tables = readable(committed_database)
    mine, theirs = world.staff.bailiff, world.sibling
    of_others = {table: column for table, column in tables.items() if table.split(".")[1] not in OWN}
    seen = [keys_seen(at_portal, user, of_others) for user in (mine, theirs)]
    assert {table for table in seen[0] if seen[0][table] & seen[1][table]} == set()
    for user, mandate, other in (
        (mine, world.mandate, world.sibling_mandate),
        (theirs, world.sibling_mandate, world.mandate),
    ):
        rows = of_files(counts(at_portal, user, tables))
        assert rows["public.recovery_cases_recoveryfile"] == 1
        assert rows["public.people_employer"] == 1
        assert rows["public.ledger_book"] == 1
        assert rows["public.recovery_cases_mandate"] == rows["public.recovery_cases_title"] == 1
        assert rows["keystore.data_key"] == 2
        assert rows["public.ledger_posting"] > 0
        with sitting(at_portal, user) as cursor:
            cursor.execute("SELECT id FROM recovery_cases_recoveryfile")
            assert cursor.fetchall() == [(mandate.file_id,)]
            # A guessed identifier, of a row that is there.
            cursor.execute("SELECT count(*) FROM recovery_cases_recoveryfile WHERE id = %s", [other.file_id])
            assert cursor.fetchone() == (0,)
            cursor.execute(
                "SELECT count(*) FROM keystore.data_key k JOIN recovery_cases_recoveryfile f ON "
                "f.key_id = k.id"
                " WHERE f.id <> %s",
                [mandate.file_id],
            )
            assert cursor.fetchone() == (0,)


def _handed_back(world: World) -> None:
    with acting_as(world.staff.bailiff.pk):
        hand_back(file_id=world.file_id, mandate_id=world.mandate.pk, reason=HandBackReason.PREVENTED, at=NOW)


def _closed(world: World) -> None:
    with acting_as(world.staff.bailiff.pk):
        close(file_id=world.file_id, mandate_id=world.mandate.pk, reason=CloseReason.NO_GOODS, at=NOW)


def _left_for_the_sibling_office(world: World) -> None:
    user = User.objects.get(pk=world.staff.bailiff.pk)
    user.office = world.sibling_office
    user.save()


def _lost_the_permission(world: World) -> None:
    """The mandate runs on; the permission alone is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM recovery_cases_mandatepermission WHERE user_id = %s", [world.staff.bailiff.pk]
        )


ENDS: list[Callable[[World], None]] = [
    _handed_back,
    _closed,
    _left_for_the_sibling_office,
    _lost_the_permission,
]


@pytest.mark.obligation("17/006 §7", "17/006 §15")
@pytest.mark.obligation("forbidden 3")
@pytest.mark.parametrize("end", ENDS)
def test_after_the_end_no_row_is_left_in_any_table(
    end: Callable[[World], None], world: World, at_portal: AtPortal, committed_database: str
) -> None:
    tables = readable(committed_database)
    before = of_files(counts(at_portal, world.sibling, tables))
    end(world)
    assert of_files(counts(at_portal, world.staff.bailiff, tables)) == {}
    assert of_files(counts(at_portal, world.sibling, tables)) == before


@pytest.mark.obligation("17/006 §21")
def test_a_deactivated_bailiff_sees_nothing_in_a_seat_that_was_open(
    world: World, at_portal: AtPortal, committed_database: str
) -> None:
    """Also in a transaction that had begun: the question is asked again with each statement."""
    from secal.access import seats

    bailiff = world.staff.bailiff
    token = token_of(bailiff)
    with at_portal(), transaction.atomic():
        seats.enter(token)
        with connection.cursor() as cursor, _administrator(committed_database) as administrator:
            cursor.execute("SELECT count(*) FROM recovery_cases_recoveryfile")
            assert cursor.fetchone() == (1,)
            administrator.execute("UPDATE access_user SET is_active = false WHERE id = %s", [bailiff.pk])
            for table, column in readable(committed_database).items():
                if table.split(".")[1] not in OWN:
                    cursor.execute(f"SELECT count({column}) FROM {table}")
                    assert cursor.fetchone() == (0,), table


@pytest.mark.obligation("17/006 §16.2")
def test_without_a_seat_no_row_in_any_table(
    world: World, at_portal: AtPortal, committed_database: str
) -> None:
    with at_portal(), transaction.atomic(), connection.cursor() as cursor:
        for table, column in readable(committed_database).items():
            cursor.execute(f"SELECT count({column}) FROM {table}")
            assert cursor.fetchone() == (0,), table


FORBIDDEN: dict[str, tuple[str, Any]] = {
    "serve the sibling's title": (
        "UPDATE recovery_cases_title SET state = 'served', served_at = now(), opposition_until = current_date"
        " WHERE id = %(other_title)s",
        0,
    ),
    "end the sibling's mandate": (
        "UPDATE recovery_cases_mandate SET state = 'closed', ended_at = now(), end_reason = 'x'"
        " WHERE id = %(other_mandate)s",
        0,
    ),
    "take over a title": (
        "UPDATE recovery_cases_mandate SET office_id = %(office)s WHERE id = %(mandate)s",
        "permission denied",
    ),
    "give oneself a permission": (
        "INSERT INTO recovery_cases_mandatepermission (user_id, permission_id, content_object_id)"
        " VALUES (%(me)s, 1, %(other_file)s)",
        "permission denied",
    ),
    "end the file": (
        "UPDATE recovery_cases_recoveryfile SET outcome = 'paid' WHERE id = %(file)s",
        "permission denied",
    ),
    "book in the ledger": (
        "INSERT INTO ledger_posting (id, entry_id, book_id, account, amount)"
        " SELECT gen_random_uuid(), entry_id, book_id, 'bank', -1 FROM ledger_posting LIMIT 1",
        "permission denied",
    ),
    "mark a payment as booked": (
        "INSERT INTO portal_collectedpayment (id, file_id, title_id, mandate_id, amount, "
        "received_on, way, recorded_by,"
        " recorded_at, booked_at) VALUES (gen_random_uuid(), %(file)s, %(title)s, %(mandate)s, 1, "
        "current_date, 'cash',"
        " %(me)s, now(), now())",
        "row-level security",
    ),
    "pay on the sibling's title": (
        "INSERT INTO portal_collectedpayment (id, file_id, title_id, mandate_id, amount, "
        "received_on, way, recorded_by,"
        " recorded_at) VALUES (gen_random_uuid(), %(other_file)s, %(other_title)s, "
        "%(other_mandate)s, 1, current_date,"
        " 'cash', %(me)s, now())",
        "row-level security",
    ),
    "act on the sibling's title": (
        "INSERT INTO recovery_cases_act (id, mandate_id, title_id, file_id, kind, acted_at, place, "
        "mode, costs,"
        " recorded_by, recorded_at) VALUES (gen_random_uuid(), %(other_mandate)s, %(other_title)s, "
        "%(other_file)s,"
        " 'other', now(), 'bruxelles', '', 0, %(me)s, now())",
        "row-level security",
    ),
    "act in another's name": (
        "INSERT INTO recovery_cases_act (id, mandate_id, title_id, file_id, kind, acted_at, place, "
        "mode, costs,"
        " recorded_by, recorded_at) VALUES (gen_random_uuid(), %(mandate)s, %(title)s, %(file)s,"
        " 'other', now(), 'bruxelles', '', 0, %(sibling)s, now())",
        "must name who is at work",
    ),
    "keep a constraint of one's own making": (
        "INSERT INTO recovery_cases_document (id, file_id, title_id, kind, name, content, "
        "media_type, sha256, size,"
        " made_on, by) VALUES (gen_random_uuid(), %(file)s, %(title)s, 'constraint', 'x', 'x', 'x', "
        "%(digest)s, 1,"
        " current_date, %(me)s)",
        "row-level security",
    ),
    "read the history": ("SELECT state FROM recovery_cases_historicaltitle", "permission denied"),
    "read the timeline": ("SELECT code FROM recovery_cases_fileevent", "permission denied"),
    "read alimony files": ("SELECT * FROM cases_alimonyfile", "permission denied"),
    "read persons": ("SELECT * FROM people_person", "permission denied"),
    "read receipts": ("SELECT * FROM ledger_receipt", "permission denied"),
    "read debts": ("SELECT * FROM arrears_debt", "permission denied"),
    "read jobs": ("SELECT * FROM office_job", "permission denied"),
    "erase an act": ("DELETE FROM recovery_cases_act", "permission denied"),
    "turn row security off": ("ALTER TABLE recovery_cases_act DISABLE ROW LEVEL SECURITY", "must be owner"),
}


@pytest.mark.obligation("17/006 §16.2")
def test_what_the_portals_user_may_not_do_by_raw_sql(world: World, at_portal: AtPortal) -> None:
    values = {
        "me": world.staff.bailiff.pk,
        "sibling": world.sibling.pk,
        "office": world.sibling_office.pk,
        "file": world.mandate.file_id,
        "title": world.mandate.title_id,
        "mandate": world.mandate.pk,
        "other_file": world.sibling_mandate.file_id,
        "other_title": world.sibling_mandate.title_id,
        "other_mandate": world.sibling_mandate.pk,
        "digest": hashlib.sha256(b"x").hexdigest(),
    }
    with sitting(at_portal, world.staff.bailiff) as cursor:
        for what, (statement, expected) in FORBIDDEN.items():
            if isinstance(expected, int):
                cursor.execute(statement, values)
                assert cursor.rowcount == expected, what
                continue
            with pytest.raises(ProgrammingError, match=expected), transaction.atomic():
                cursor.execute(statement, values)
    assert {mandate.state for mandate in Mandate.objects.all()} == {"running"}


def test_an_ended_mandate_of_ones_own_is_never_rewritten(world: World, at_portal: AtPortal) -> None:
    """The office hands a title back and gets it again: the first mandate stays as it ended."""
    from recovery.cases.services.mandates import give_mandate

    _handed_back(world)
    with acting_as(world.staff.operator.pk):
        give_mandate(
            title_id=world.mandate.title_id,
            file_id=world.file_id,
            office=world.staff.office,
            on=stories.MANDATED_ON,
        )
    with sitting(at_portal, world.staff.bailiff) as cursor:
        cursor.execute(
            "UPDATE recovery_cases_mandate SET end_reason = 'other' WHERE id = %s", [world.mandate.pk]
        )
        assert cursor.rowcount == 0


def test_the_office_and_the_eraser_see_every_row(world: World, committed_database: str) -> None:
    """Row security changes nothing for them: the same counts as an administrator, whom no policy binds."""
    from django.db import connections

    for alias in ("default", "owner", "eraser"):
        with connections[alias].cursor() as cursor, _administrator(committed_database) as administrator:
            for table in readable(committed_database):
                if alias != "owner" and table.endswith("historicalmandate"):
                    continue
                query = f"SELECT count(*) FROM {table}"
                cursor.execute(query)
                assert cursor.fetchone() == administrator.execute(query).fetchone(), (alias, table)


def test_the_portals_questions_are_met_through_indexes(
    world: World, at_portal: AtPortal, committed_database: str
) -> None:
    """With a thousand files of others beside, the plan reads ours by index and asks once who sits there."""
    with _administrator(committed_database) as administrator:
        _crowd(administrator)
    with sitting(at_portal, world.staff.bailiff) as cursor:
        for query, values in (
            ("SELECT * FROM ledger_posting WHERE book_id = %s", [world.file.book_id]),
            ("SELECT id, wrapped FROM keystore.data_key WHERE id = %s", [world.file.key_id]),
            ("SELECT * FROM people_employer", []),
            ("SELECT id, wrapped FROM keystore.data_key", []),
        ):
            cursor.execute(f"EXPLAIN (COSTS OFF) {query}", values)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "InitPlan" in plan and "Seq Scan" not in plan, plan


def _crowd(administrator: psycopg.Connection[Any]) -> None:
    """Rows of nobody we know: enough for the planner to prefer an index."""
    administrator.execute("SET session_replication_role = replica")
    administrator.execute(
        "INSERT INTO keystore.data_key (id, purpose, wrapped, kek_version)"
        " SELECT gen_random_uuid(), 'file', repeat('x', 60)::bytea, 1 FROM generate_series(1, 3000)"
    )
    administrator.execute(
        "INSERT INTO people_employer (id, key_id, kind, name, search_name, legal_form, enterprise_number_bi,"
        " arrondissement, language, created_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), 'legal', 'x', 'x', '', decode(md5(n::text), "
        "'hex'), 'namur',"
        " 'fr', now() FROM generate_series(1, 3000) AS n"
    )
    administrator.execute(
        "INSERT INTO ledger_posting (id, entry_id, book_id, account, amount)"
        " SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'bank', 1 FROM "
        "generate_series(1, 5000)"
    )
    administrator.execute("ANALYZE keystore.data_key, people_employer, ledger_posting")


def test_a_guessed_uuid_is_nobodys(world: World, at_portal: AtPortal) -> None:
    with sitting(at_portal, world.staff.bailiff) as cursor:
        cursor.execute("SELECT count(*) FROM recovery_cases_document WHERE id = %s", [uuid.uuid4()])
        assert cursor.fetchone() == (0,)
