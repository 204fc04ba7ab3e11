"""Whom the office's database user may see, whatever SQL it sends (12/057 §7, §21, §22).

Where nobody is at work there is no row. The plane of registration and the register of users see no person, no file
and no ledger: a registrar writes, and reads nothing back. Whoever ever left an act of registration on a person or
a file never sees it again, in any role. The questions are asked once a statement, as arrays.
"""

from django.db import migrations

SEES = "(SELECT seat.sees_persons())"
PERSONS, FILES = "(SELECT barred_persons())::uuid[]", "(SELECT barred_files())::uuid[]"
BOOKS, KEYS = "(SELECT barred_books())::uuid[]", "(SELECT barred_keys())::uuid[]"

OF_PERSONS = {
    "people_person": "id",
    "people_paymentaccount": "person_id",
    "people_historicalperson": "id",
    "people_historicalpaymentaccount": "person_id",
    "cases_beneficiary": "child_id",
    "cases_historicalbeneficiary": "child_id",
}
"""Each table of natural persons of the alimony service, with the column that says of whom."""

OF_FILES = {
    "cases_alimonyfile": "id",
    "cases_historicalalimonyfile": "id",
    "cases_application": "file_id",
    "cases_historicalapplication": "file_id",
    "cases_attachment": "file_id",
    "cases_caseevent": "file_id",
    "cases_closure": "file_id",
    "cases_historicalclosure": "file_id",
    "cases_executorytitle": "file_id",
    "cases_historicalexecutorytitle": "file_id",
    "cases_monthlyterm": "file_id",
    "cases_workitem": "file_id",
    "cases_statement": "file_id",
    "advances_advanceright": "file_id",
    "solvency_solvencyreview": "file_id",
    "solvency_reexamination": "file_id",
}
OF_BOOKS = {
    "ledger_book": "id",
    "ledger_claim": "book_id",
    "ledger_journalentry": "book_id",
    "ledger_posting": "book_id",
}
OF_EMPLOYERS = (
    "people_employer",
    "recovery_cases_recoveryfile",
    "recovery_cases_title",
    "recovery_cases_mandate",
    "recovery_cases_act",
    "recovery_cases_document",
    "recovery_cases_fileevent",
)
"""Tables of the other half: seen in the planes that see persons."""

BARRED = """
-- In plpgsql, whose plans stay with the connection: a function in SQL is planned again in every statement.
-- A background identity carries out what persons registered: it bars nobody, and looks at nothing for itself.
CREATE FUNCTION barred_person() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN seat.plane() IN ('service', 'author') THEN NULL ELSE seat.me() END;
END
$$;
CREATE FUNCTION barred_persons() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who uuid := public.barred_person();
BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT a.person_id) FILTER (WHERE a.person_id IS NOT NULL), '{}')
              FROM public.people_registrationact a WHERE a.actor_id = who);
END
$$;
CREATE FUNCTION barred_files() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who uuid := public.barred_person();
    persons uuid[] := public.barred_persons();
    files uuid[];
BEGIN
    SELECT coalesce(array_agg(DISTINCT a.file) FILTER (WHERE a.file IS NOT NULL), '{}') INTO files
      FROM public.people_registrationact a WHERE a.actor_id = who;
    IF cardinality(persons) = 0 THEN
        RETURN files;
    END IF;
    RETURN files || coalesce((
        SELECT array_agg(f.id) FROM public.cases_alimonyfile f
         WHERE f.creditor_id = ANY (persons) OR f.debtor_id = ANY (persons)), '{}')
        || coalesce((
        SELECT array_agg(t.file_id) FROM public.cases_beneficiary b
          JOIN public.cases_executorytitle t ON t.id = b.title_id WHERE b.child_id = ANY (persons)), '{}');
END
$$;
CREATE FUNCTION barred_books() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(f.book_id), '{}') FROM public.cases_alimonyfile f
     WHERE f.id = ANY (public.barred_files())
$$;
CREATE FUNCTION barred_keys() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT array_agg(f.key_id) FROM public.cases_alimonyfile f
                      WHERE f.id = ANY (public.barred_files())), '{}')
        || coalesce((SELECT array_agg(p.key_id) FROM public.people_person p
                      WHERE p.id = ANY (public.barred_persons())), '{}')
$$;
REVOKE ALL ON FUNCTION barred_person(), barred_persons(), barred_files(), barred_books(), barred_keys() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION barred_person(), barred_persons(), barred_files(), barred_books(), barred_keys()
    TO secal_app;
"""

ROWS = {
    **{table: f"{SEES} AND {column} <> ALL ({PERSONS})" for table, column in OF_PERSONS.items()},
    **{table: f"{SEES} AND {column} <> ALL ({FILES})" for table, column in OF_FILES.items()},
    **{table: f"{SEES} AND {column} <> ALL ({BOOKS})" for table, column in OF_BOOKS.items()},
    **dict.fromkeys(OF_EMPLOYERS, SEES),
    "keystore.data_key": f"{SEES} AND id <> ALL ({KEYS})",
    # Typed by its registrar; once sent, read by who handles the file: in casework not by that registrar.
    "files_intakedraft": "(started_by_id = (SELECT seat.me()) AND (SELECT seat.plane()) = 'registration')"
    f" OR (sent_at IS NOT NULL AND {SEES} AND id <> ALL ({FILES}))"
    " OR (SELECT seat.plane()) IN ('service', 'author')",
    "files_draftpaper": "draft_id IN (SELECT id FROM files_intakedraft)",
}
"""Each table with the rows that whoever is at work may see, change or remove."""

OWN_KEYS = (
    "id IN (SELECT d.key_id FROM files_intakedraft d WHERE d.sent_at IS NULL)"
    " OR id IN (SELECT p.key_id FROM people_identityproposal p WHERE p.state = 'proposed')"
)
"""A registrar reads what they are still typing, and the proposal that waits for a second registrar."""
SERVICE = "(SELECT seat.plane()) IN ('service', 'author')"
WAITING = (
    "(SELECT seat.plane()) = 'registration'"
    " AND (state = 'proposed' OR (SELECT seat.me()) IN (proposed_by_id, decided_by_id))"
)
PROPOSALS = (
    f"FOR SELECT TO secal_app USING ({WAITING} OR {SERVICE})",
    "FOR INSERT TO secal_app WITH CHECK ((SELECT seat.plane()) IS NOT NULL)",
    f"FOR UPDATE TO secal_app USING (({WAITING} AND state IN ('proposed', 'refused')"
    f" AND proposed_by_id <> (SELECT seat.me())) OR {SERVICE})"
    f" WITH CHECK (decided_by_id = (SELECT seat.me()) OR {SERVICE})",
    "TO secal_owner, secal_eraser USING (true) WITH CHECK (true)",
)
"""Proposals to correct a number or to merge: seen by who proposed, by who may decide, and by the service."""

SECURED = {*OF_BOOKS, *OF_EMPLOYERS, "keystore.data_key"}
"""Tables that have row security since the portal reads them; there the office saw everything."""


NOBODY_BY_DEFAULT = """
DO $$
DECLARE
    open_to_all regprocedure;
BEGIN
    FOR open_to_all IN
        SELECT p.oid FROM pg_proc p
         WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND p.proowner = 'secal_owner'::regrole
           AND has_function_privilege('public', p.oid, 'EXECUTE')
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', open_to_all);
    END LOOP;
END
$$
"""
"""A function that runs with the owner's rights is open to whom it was granted, triggers to nobody."""


def forward() -> list[str]:
    statements = [BARRED]
    for table, rows in ROWS.items():
        if table in SECURED:
            statements.append(f"ALTER POLICY office_sees_all ON {table} TO secal_owner, secal_eraser")
        else:
            statements.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            statements.append(
                f"CREATE POLICY kept_whole ON {table} TO secal_owner, secal_eraser USING (true) WITH CHECK (true)"
            )
        for command in ("SELECT", "UPDATE", "DELETE"):
            statements.append(
                f"CREATE POLICY office_{command.lower()} ON {table} FOR {command} TO secal_app USING ({rows})"
            )
        statements.append(
            f"CREATE POLICY office_insert ON {table} FOR INSERT TO secal_app"
            " WITH CHECK ((SELECT seat.plane()) IS NOT NULL)"
        )
    table = "people_identityproposal"
    statements.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    statements += [f"CREATE POLICY part_{n} ON {table} {policy}" for n, policy in enumerate(PROPOSALS)]
    statements.append(
        f"CREATE POLICY own_keys ON keystore.data_key FOR SELECT TO secal_app USING ({OWN_KEYS})"
    )
    # Who registers and later moves to casework is barred from it like anybody: the plane is asked too.
    own = "registered_by_id = (SELECT seat.me()) AND (SELECT seat.plane()) = 'registration'"
    statements.append(
        f"CREATE POLICY own_applications ON cases_application FOR SELECT TO secal_app USING ({own})"
    )
    statements.append(
        "CREATE POLICY own_incomplete_applications ON cases_application FOR UPDATE TO secal_app"
        f" USING ({own} AND state = 'incomplete') WITH CHECK ({own})"
    )
    statements.append(NOBODY_BY_DEFAULT)
    return statements


def backward() -> list[str]:
    statements = [
        "DROP POLICY own_applications ON cases_application",
        "DROP POLICY own_incomplete_applications ON cases_application",
        "DROP POLICY own_keys ON keystore.data_key",
        *(f"DROP POLICY part_{n} ON people_identityproposal" for n in range(len(PROPOSALS))),
        "ALTER TABLE people_identityproposal NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
    ]
    for table in reversed(ROWS):
        statements += [
            f"DROP POLICY office_{command} ON {table}" for command in ("insert", "delete", "update", "select")
        ]
        if table in SECURED:
            statements.append(
                f"ALTER POLICY office_sees_all ON {table} TO secal_owner, secal_app, secal_eraser"
            )
        else:
            statements.append(f"DROP POLICY kept_whole ON {table}")
            statements.append(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    statements.append(
        "DROP FUNCTION barred_keys(), barred_books(), barred_files(), barred_persons(), barred_person()"
    )
    return statements


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_rows_are_signed"),
        ("people", "0008_registration_proves_itself"),
        ("cases", "0010_protection_goes_along"),
    ]
    operations = [migrations.RunSQL(sql=forward(), reverse_sql=backward())]
