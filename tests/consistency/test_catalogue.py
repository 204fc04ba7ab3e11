"""What the database lets whom do equals what was looked at and committed: roles, grants, policies, definer
functions, owners, triggers.

A migration that changes any of them shows up here. Read the difference; if it is meant, write the snapshot
anew: `SECAL_WRITE_CATALOGUE=1 python3 manage.py test tests/consistency/test_catalogue.py`.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.access.strict import OPEN_TO_ALL
from tests.conftest import clone_template, drop_database

SNAPSHOT = Path(__file__).with_name("catalogue.txt")
OURS = "('public', 'seat', 'seclog', 'keystore')"
NOT_OF_EXTENSIONS = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {}.oid AND d.deptype = 'e')"

PARTS = {
    "role": """
        SELECT rolname || concat(CASE WHEN rolcanlogin THEN ' login' END,
               CASE WHEN rolsuper THEN ' SUPERUSER' END, CASE WHEN rolbypassrls THEN ' BYPASSRLS' END,
               CASE WHEN rolcreaterole THEN ' CREATEROLE' END, CASE WHEN rolcreatedb THEN ' CREATEDB' END,
               CASE WHEN rolreplication THEN ' REPLICATION' END)
               || coalesce(' ' || array_to_string(rolconfig, ' '), '')
        FROM pg_roles WHERE rolname LIKE 'secal_%'""",
    "member": """
        SELECT member::regrole || ' of ' || roleid::regrole FROM pg_auth_members
        WHERE roleid::regrole::text LIKE 'secal_%' OR member::regrole::text LIKE 'secal_%'""",
    "schema": f"""
        SELECT nspname || ' owner ' || nspowner::regrole || coalesce(' ' || nspacl::text, '')
        FROM pg_namespace WHERE nspname IN {OURS}""",
    "table": f"""
        SELECT c.oid::regclass || ' owner ' || c.relowner::regrole
               || CASE WHEN relrowsecurity THEN ' rows' ELSE '' END
               || CASE WHEN relforcerowsecurity THEN ' forced' ELSE '' END
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN {OURS} AND relkind IN ('r', 'p', 'v', 'm') AND c.relispartition = false""",
    "grant": f"""
        SELECT c.oid::regclass || ' ' || coalesce(g.rolname, 'PUBLIC') || ' '
               || string_agg(a.privilege_type, ',' ORDER BY a.privilege_type)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
        LEFT JOIN pg_roles g ON g.oid = a.grantee
        WHERE n.nspname IN {OURS} AND a.grantee <> c.relowner AND c.relispartition = false
        GROUP BY c.oid, g.rolname""",
    "column grant": f"""
        SELECT c.oid::regclass || '.' || t.attname || ' ' || a.grantee::regrole || ' ' || a.privilege_type
        FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(t.attacl) a
        WHERE n.nspname IN {OURS}""",
    "policy": f"""
        SELECT schemaname || '.' || tablename || ' ' || policyname || ' ' || permissive || ' ' || cmd || ' '
               || array_to_string(roles, ',') || ' using ' || md5(coalesce(qual, '')) || ' check '
               || md5(coalesce(with_check, ''))
        FROM pg_policies WHERE schemaname IN {OURS}""",
    "function": f"""
        SELECT p.oid::regprocedure || ' owner ' || p.proowner::regrole
               || CASE WHEN p.prosecdef THEN ' definer' ELSE '' END
               || coalesce(' ' || array_to_string(p.proconfig, ' '), '')
               || ' may ' || coalesce((SELECT string_agg(coalesce(g.rolname, 'PUBLIC'), ','
                                                         ORDER BY g.rolname)
                  FROM aclexplode(p.proacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
                  WHERE a.privilege_type = 'EXECUTE' AND a.grantee <> p.proowner),
                  CASE WHEN p.proacl IS NULL THEN 'PUBLIC' ELSE 'nobody' END)
               || ' body ' || md5(p.prosrc)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname IN {OURS} AND {NOT_OF_EXTENSIONS.format("p")}""",
    "trigger": f"""
        SELECT c.oid::regclass || ' ' || t.tgname || ' ' || t.tgenabled::text || ' '
               || regexp_replace(pg_get_triggerdef(t.oid), '^.*? (BEFORE|AFTER) ', '\\1 ')
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND n.nspname IN {OURS} AND c.relispartition = false""",
    "database": "SELECT datacl::text FROM pg_database WHERE datname = current_database()",
}  # fmt: skip


@pytest.fixture(scope="module")
def administrator(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """An administrator in a database exactly as an office has it."""
    name = clone_template(lenient=False)
    try:
        with psycopg.connect(make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=name)) as connection:
            yield connection
    finally:
        drop_database(name)


def catalogue(administrator: psycopg.Connection[Any]) -> list[str]:
    name = administrator.execute("SELECT current_user::text").fetchone()
    assert name is not None
    return [
        f"{part}: {line}".replace(name[0], "<administrator>")
        for part, query in PARTS.items()
        for line in sorted(row[0] for row in administrator.execute(query).fetchall())
    ]


def test_the_database_lets_everybody_do_what_was_committed_and_nothing_else(
    administrator: psycopg.Connection[Any],
) -> None:
    now = catalogue(administrator)
    if os.environ.get("SECAL_WRITE_CATALOGUE") == "1":
        SNAPSHOT.write_text("\n".join(now) + "\n", encoding="utf-8")
    before = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    gone, come = sorted(set(before) - set(now)), sorted(set(now) - set(before))
    assert not gone and not come, "\n".join(
        [*(f"- {line}" for line in gone), *(f"+ {line}" for line in come)]
    )


def test_every_definer_function_has_a_pinned_search_path_and_is_open_to_nobody_by_default(
    administrator: psycopg.Connection[Any],
) -> None:
    functions = [
        line for line in catalogue(administrator) if line.startswith("function:") and " definer" in line
    ]
    assert functions
    assert [line for line in functions if "search_path=" not in line or "pg_temp" not in line] == []
    assert [line for line in functions if " may PUBLIC" in line] == []


def test_every_trigger_fires(administrator: psycopg.Connection[Any]) -> None:
    triggers = [line.split() for line in catalogue(administrator) if line.startswith("trigger:")]
    assert triggers
    assert [words[1:3] for words in triggers if words[3] not in ("O", "A")] == []


def test_row_security_is_forced_wherever_it_is_on(administrator: psycopg.Connection[Any]) -> None:
    tables = [line for line in catalogue(administrator) if line.startswith("table:") and " rows" in line]
    assert tables
    assert [line for line in tables if " forced" not in line] == []


@pytest.mark.obligation("12/057 §22")
def test_every_table_asks_who_is_at_work_or_says_why_not(administrator: psycopg.Connection[Any]) -> None:
    """A view asks when it reads with the eyes of whoever looks."""
    open_to_all = administrator.execute(
        """
        SELECT c.oid::regclass::text FROM pg_class c
         WHERE c.relnamespace IN ('public'::regnamespace, 'keystore'::regnamespace)
           AND c.relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege('secal_app', c.oid, 'SELECT')
           AND 'security_invoker=true' <> ALL (coalesce(c.reloptions, '{}'))
           AND (NOT c.relforcerowsecurity OR EXISTS (
               SELECT FROM pg_policy p
                WHERE p.polrelid = c.oid AND p.polpermissive AND p.polcmd IN ('r', '*')
                  AND ('secal_app'::regrole = ANY (p.polroles) OR p.polroles = '{0}')
                  AND pg_get_expr(p.polqual, p.polrelid) = 'true'))
        """
    ).fetchall()
    assert {name for (name,) in open_to_all} == set(OPEN_TO_ALL)


def test_every_guard_that_looks_things_up_sees_everything(administrator: psycopg.Connection[Any]) -> None:
    """Under the eyes of whoever writes, a row that they may not see would not count."""
    blind = administrator.execute(
        """
        SELECT DISTINCT p.proname FROM pg_proc p JOIN pg_trigger t ON t.tgfoid = p.oid
         WHERE NOT p.prosecdef AND p.pronamespace IN ('public'::regnamespace, 'keystore'::regnamespace)
           AND regexp_replace(p.prosrc, 'DISTINCT\\s+FROM', '', 'g')
               ~ '\\m(FROM|JOIN)\\s+(public\\.)?[a-z]+_[a-z_]+\\M(?!\\()'
        """
    ).fetchall()
    assert blind == []


ACTING = r"^(actor|by|.*_by)(_id)?$"
NAMED_OTHERWISE = {
    "access_commitment.user_id",
    "cases_recusal.officer_id",
    "retention_erasureapproval.user_id",
}
"""Who acted, in columns whose name does not say so."""
UNSIGNED = {
    "auditlog_logentry.actor_id": "held by configuration_log_is_signed, with the name in the line's data",
    "retention_erasurelist.made_by": "the name of a service; who decides on the list signs elsewhere",
    **dict.fromkeys(
        (
            f"access_{table}.{column}"
            for table in ("appointment", "charge", "userrole")
            for column in ("entered_by_id", "ended_by")
        ),
        "guarded by the register of users: access_right_is_kept",
    ),
}
"""Columns of business tables that no trigger `signed` holds to who is at work, each with the reason."""


def test_every_column_that_names_who_acted_is_signed(administrator: psycopg.Connection[Any]) -> None:
    columns = administrator.execute(
        """
        SELECT c.relname || '.' || a.attname FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname ~ %s
           AND NOT EXISTS (
               SELECT FROM pg_attribute h WHERE h.attrelid = c.oid AND h.attname = 'history_user_id')
        """,
        [ACTING],
    ).fetchall()
    triggers = administrator.execute(
        """
        SELECT c.relname, string_to_array(encode(t.tgargs, 'escape'), '\\000')
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE t.tgfoid = 'seat.signs()'::regprocedure AND t.tgenabled IN ('O', 'A')
        """
    ).fetchall()
    signed = {f"{table}.{name.removeprefix('~')}" for table, names in triggers for name in names if name}
    acting = {name for (name,) in columns} | NAMED_OTHERWISE
    assert len(acting) > len(UNSIGNED) > 0
    assert sorted(acting - signed - set(UNSIGNED)) == []
    assert sorted(set(UNSIGNED) - (acting - signed)) == []


def test_every_history_names_who_is_at_work(administrator: psycopg.Connection[Any]) -> None:
    unsigned = administrator.execute(
        """
        SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE a.attname = 'history_user_id' AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
           AND NOT EXISTS (
               SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgfoid = 'seat.signs()'::regprocedure
                  AND encode(t.tgargs, 'escape') LIKE 'history_user_id%')
        """
    ).fetchall()
    assert unsigned == []
