"""A bailiff sees the files mandated to their office and nothing else, whatever SQL the portal sends (17/006 §16).

Three questions are asked of the database once a statement: which titles are given to the office of whoever sits
there (seat.me()), while a permission on the file is theirs. Both the running mandate and the permission are
needed; without a token there is nobody, and every answer is empty. The answers are arrays so that policies
are met through indexes. Rights to write are given by column, and only on what a bailiff's acts change.
"""

from django.db import migrations

OFFICE = "secal_owner, secal_app, secal_eraser"
"""The users of the database for whom nothing changes."""

TITLES = "(SELECT portal_titles())::uuid[]"
FILES = "(SELECT portal_files())::uuid[]"
BOOKS = "(SELECT portal_books())::uuid[]"
KEYS = "(SELECT portal_keys())::uuid[]"
EMPLOYERS = "(SELECT portal_employers())::uuid[]"
ME = "(SELECT seat.me())"
MY_OFFICE = f"(SELECT u.office_id FROM access_user u WHERE u.id = {ME})"  # noqa: S608 - a constant of ours

SEEN = {
    "recovery_cases_recoveryfile": f"id = ANY ({FILES})",
    "recovery_cases_title": f"id = ANY ({TITLES})",
    "recovery_cases_mandate": f"file_id = ANY ({FILES}) AND office_id = {MY_OFFICE}",
    "recovery_cases_mandatepermission": f"user_id = {ME}",
    "recovery_cases_act": f"title_id = ANY ({TITLES})",
    "recovery_cases_document": f"file_id = ANY ({FILES}) AND (title_id IS NULL OR title_id = ANY ({TITLES}))",
    "people_employer": f"id = ANY ({EMPLOYERS})",
    "ledger_book": f"id = ANY ({BOOKS})",
    "ledger_claim": f"book_id = ANY ({BOOKS})",
    "ledger_journalentry": f"book_id = ANY ({BOOKS})",
    "ledger_posting": f"book_id = ANY ({BOOKS})",
    "keystore.data_key": f"id = ANY ({KEYS})",
    "portal_collectedpayment": f"title_id = ANY ({TITLES})",
    "portal_followup": f"title_id = ANY ({TITLES})",
    "portal_judgeleave": f"title_id = ANY ({TITLES})",
}
"""Each table that the portal reads, with the rows it may read."""

ADDED = {
    "recovery_cases_act": f"title_id = ANY ({TITLES}) AND recorded_by = {ME}",
    "recovery_cases_document": f"title_id = ANY ({TITLES}) AND kind = 'deed' AND by = {ME}",
    "recovery_cases_fileevent": f"file_id = ANY ({FILES}) AND actor = {ME}",
    "recovery_cases_historicaltitle": f"id = ANY ({TITLES}) AND history_user_id = {ME}",
    # Written when the mandate has just ended: the files of the office no longer tell, the office does.
    "recovery_cases_historicalmandate": f"office_id = {MY_OFFICE} AND history_user_id = {ME}",
    "portal_collectedpayment": f"title_id = ANY ({TITLES}) AND recorded_by = {ME} AND booked_at IS NULL",
    "portal_followup": f"title_id = ANY ({TITLES}) AND done_at IS NULL",
    "portal_judgeleave": f"title_id = ANY ({TITLES})",
}
"""Each table into which the portal writes new rows, with what such a row must be."""

CHANGED = {
    "recovery_cases_title": (
        "state, served_at, opposition_until",
        f"id = ANY ({TITLES})",
        f"id = ANY ({TITLES})",
    ),
    "recovery_cases_mandate": (
        "state, ended_at, end_reason",
        f"title_id = ANY ({TITLES}) AND office_id = {MY_OFFICE} AND state = 'running'",
        f"title_id = ANY ({TITLES}) AND office_id = {MY_OFFICE}",
    ),
}
"""Each table in which it changes columns: which columns, of which rows, and what they must be afterwards."""

HISTORY = ("recovery_cases_historicaltitle", "recovery_cases_historicalmandate")
"""Written and not read: the number of the line that was just written comes back, and nothing else."""

TABLES = sorted({*SEEN, *ADDED, *CHANGED})

FUNCTIONS = """
CREATE FUNCTION portal_titles() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(m.title_id), '{}')
      FROM public.recovery_cases_mandate m JOIN public.access_user u ON u.office_id = m.office_id
     WHERE u.id = seat.me() AND u.is_active AND m.state = 'running'
       AND EXISTS (SELECT FROM public.recovery_cases_mandatepermission p
                    WHERE p.user_id = u.id AND p.content_object_id = m.file_id)
$$;
CREATE FUNCTION portal_files() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT t.file_id), '{}') FROM public.recovery_cases_title t
     WHERE t.id = ANY ((SELECT public.portal_titles())::uuid[])
$$;
CREATE FUNCTION portal_books() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(f.book_id), '{}') FROM public.recovery_cases_recoveryfile f
     WHERE f.id = ANY ((SELECT public.portal_files())::uuid[])
$$;
CREATE FUNCTION portal_employers() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT f.employer_id), '{}') FROM public.recovery_cases_recoveryfile f
     WHERE f.id = ANY ((SELECT public.portal_files())::uuid[])
$$;
CREATE FUNCTION portal_keys() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(f.key_id) || array_agg(DISTINCT e.key_id), '{}')
      FROM public.recovery_cases_recoveryfile f JOIN public.people_employer e ON e.id = f.employer_id
     WHERE f.id = ANY ((SELECT public.portal_files())::uuid[])
$$;
"""
LINE = """
CREATE FUNCTION portal_line(lines regclass) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN currval(lines);
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION portal_line(regclass) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION portal_line(regclass) TO secal_portal;
"""
NAMES = ("portal_keys", "portal_employers", "portal_books", "portal_files", "portal_titles")


def forward() -> list[str]:
    statements = [FUNCTIONS, LINE, "GRANT USAGE ON SCHEMA keystore TO secal_portal"]
    for name in NAMES:
        statements.append(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
        statements.append(f"GRANT EXECUTE ON FUNCTION {name}() TO secal_portal")
    for table in TABLES:
        statements.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        statements.append(
            f"CREATE POLICY office_sees_all ON {table} TO {OFFICE} USING (true) WITH CHECK (true)"
        )
    for table, rows in SEEN.items():
        statements.append(
            f"CREATE POLICY portal_sees_mandated ON {table} FOR SELECT TO secal_portal USING ({rows})"
        )
        statements.append(f"GRANT SELECT ON {table} TO secal_portal")
    for table, rows in ADDED.items():
        statements.append(
            f"CREATE POLICY portal_adds ON {table} FOR INSERT TO secal_portal WITH CHECK ({rows})"
        )
        statements.append(f"GRANT INSERT ON {table} TO secal_portal")
    for table, (columns, rows, afterwards) in CHANGED.items():
        statements.append(
            f"CREATE POLICY portal_changes ON {table} FOR UPDATE TO secal_portal"
            f" USING ({rows}) WITH CHECK ({afterwards})"
        )
        statements.append(f"GRANT UPDATE ({columns}) ON {table} TO secal_portal")
    for table in HISTORY:
        statements.append(
            f"CREATE POLICY portal_knows_its_line ON {table} FOR SELECT TO secal_portal"
            f" USING (history_user_id = {ME} AND history_id = portal_line('{table}_history_id_seq'))"
        )
        statements.append(f"GRANT SELECT (history_id) ON {table} TO secal_portal")
    statements.append(
        "REVOKE UPDATE, DELETE, TRUNCATE ON portal_collectedpayment, portal_followup,"
        " portal_judgeleave FROM secal_app"
    )
    statements.append("GRANT UPDATE (booked_at) ON portal_collectedpayment TO secal_app")
    statements.append("GRANT UPDATE (done_at) ON portal_followup TO secal_app")
    return statements


def backward() -> list[str]:
    statements = [
        "GRANT UPDATE, DELETE ON portal_collectedpayment, portal_followup, portal_judgeleave TO secal_app"
    ]
    for table in HISTORY:
        statements.append(f"REVOKE SELECT (history_id) ON {table} FROM secal_portal")  # noqa: S608 - a table of ours
        statements.append(f"DROP POLICY portal_knows_its_line ON {table}")
    for table, (columns, _rows, _afterwards) in CHANGED.items():
        statements.append(f"REVOKE UPDATE ({columns}) ON {table} FROM secal_portal")
        statements.append(f"DROP POLICY portal_changes ON {table}")
    for table in ADDED:
        statements.append(f"REVOKE INSERT ON {table} FROM secal_portal")
        statements.append(f"DROP POLICY portal_adds ON {table}")
    for table in SEEN:
        statements.append(f"REVOKE SELECT ON {table} FROM secal_portal")  # noqa: S608 - a table of ours
        statements.append(f"DROP POLICY portal_sees_mandated ON {table}")
    for table in TABLES:
        statements.append(f"DROP POLICY office_sees_all ON {table}")
        statements.append(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    statements += [f"DROP FUNCTION {name}()" for name in NAMES]
    statements.append("DROP FUNCTION portal_line(regclass)")
    statements.append("REVOKE USAGE ON SCHEMA keystore FROM secal_portal")
    return statements


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_payments_and_follow_ups"),
        ("recovery_cases", "0003_erased_when_approved"),
        ("ledger", "0005_held_and_forgotten"),
        ("people", "0005_employer_history_stays"),
        ("vault", "0002_keys_of_erasures"),
        ("access", "0004_portal_sees_itself"),
    ]
    operations = [migrations.RunSQL(sql=forward(), reverse_sql=backward())]
