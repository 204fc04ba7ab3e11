"""The rest of what tells of persons, files and money: nobody sees it who does not see persons, and none of it who
ever registered them (12/057 §7, §21, §22). What the watchers keep is theirs and of who keeps the register of users.

Guards that look things up do so with the owner's eyes: whoever sees less must not be allowed more.
"""

from django.db import migrations

SEES = "(SELECT seat.sees_persons()::integer) <> 0"
"""As a comparison: of a plain truth value the planner expects that it leaves half the rows, and reads a page of files
by way of all of them.
"""
SERVICE = "(SELECT seat.plane()) IN ('service', 'author')"
REGISTER = "(SELECT seat.plane()) IN ('oversight', 'user_administration', 'service', 'author')"
PERSONS, FILES = "(SELECT barred_persons())::uuid[]", "(SELECT barred_files())::uuid[]"
BOOKS = "(SELECT barred_books())::uuid[]"
ENTRIES, MOVEMENTS = "(SELECT barred_entries())::uuid[]", "(SELECT barred_movements())::uuid[]"

BARRED = """
CREATE FUNCTION barred_entries() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    books uuid[] := public.barred_books();
BEGIN
    RETURN (SELECT coalesce(array_agg(e.id), '{}') FROM public.ledger_journalentry e WHERE e.book_id = ANY (books));
END
$$;
CREATE FUNCTION barred_movements() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    books uuid[] := public.barred_books();
BEGIN
    RETURN (SELECT coalesce(array_agg(r.movement_id), '{}') FROM public.ledger_receipt r WHERE r.book_id = ANY (books));
END
$$;
REVOKE ALL ON FUNCTION barred_entries(), barred_movements() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION barred_entries(), barred_movements() TO secal_app;
"""
BARRED_BACK = "DROP FUNCTION barred_movements(), barred_entries()"

OF_FILES = {
    "cases_assignment": "file_id",
    "cases_emergencyaccess": "file_id",
    "cases_filepermission": "content_object_id",
    "cases_protectedopening": "file_id",
    "cases_recusal": "file_id",
    "solvency_historicalsuspension": "file_id",
    "solvency_suspension": "file_id",
}
OF_EMPLOYERS = (
    "arrears_contest",
    "arrears_contestline",
    "arrears_debt",
    "arrears_debtcharge",
    "arrears_formalnotice",
    "arrears_historicaldebt",
    "arrears_historicalformalnotice",
    "arrears_historicalnoticeline",
    "arrears_historicalopposition",
    "arrears_historicalspecialroll",
    "arrears_noticeline",
    "arrears_opposition",
    "arrears_rollline",
    "arrears_specialroll",
    "enforcement_historicalirrecoverabilityproposal",
    "enforcement_irrecoverabilityproposal",
    "enforcement_transmission",
    "enforcement_transmittedtitle",
    "people_historicalemployer",
    "portal_collectedpayment",
    "portal_followup",
    "portal_judgeleave",
    "recovery_cases_historicalmandate",
    "recovery_cases_historicalrecoveryfile",
    "recovery_cases_historicaltitle",
)
WHOLE = (
    # A month's run is proposed, given up and paid as a whole: a line that somebody did not see would never be paid.
    "advances_advancerun",
    "advances_runchange",
    "advances_runline",
    "ledger_bankmessage",
    "ledger_bankstatement",
    "ledger_paymentfile",
    # Who registered whom is asked before a file is opened, of any officer.
    "people_registrationact",
    "retention_certificate",
    "retention_erasureapproval",
    "retention_erasureitem",
    "retention_erasurelist",
    "retention_listchange",
)
"""Seen in the planes that see persons, every row."""
OF_THE_REGISTER = (
    "chamber_departure",
    "chamber_member",
    "chamber_proposal",
    "chamber_release",
    "register_review",
    "register_reviewline",
)
"""Of those who watch, and of who keeps the register of users."""

ROWS = {
    **{table: f"{SEES} AND {column} <> ALL ({FILES})" for table, column in OF_FILES.items()},
    **dict.fromkeys((*OF_EMPLOYERS, *WHOLE), SEES),
    **dict.fromkeys(OF_THE_REGISTER, REGISTER),
    "cases_personprotection": f"{SEES} AND person_id <> ALL ({PERSONS})",
    "advances_advancedecision": f"{SEES}"
    " AND EXISTS (SELECT FROM cases_application a WHERE a.id = advances_advancedecision.application_id)",
    "ledger_collection": f"{SEES} AND book_id <> ALL ({BOOKS})",
    "ledger_paymentinstruction": f"{SEES} AND book_id <> ALL ({BOOKS})",
    "ledger_receipt": f"{SEES} AND (book_id IS NULL OR book_id <> ALL ({BOOKS}))",
    "ledger_allocation": f"{SEES} AND entry_id <> ALL ({ENTRIES})",
    "ledger_bankmovement": f"{SEES} AND id <> ALL ({MOVEMENTS})",
    # Who keeps the register of users delegates too, and takes the mandated files from who leaves.
    **dict.fromkeys(
        ("arrears_delegation", "arrears_historicaldelegation", "recovery_cases_mandatepermission"),
        f"{SEES} OR {REGISTER}",
    ),
    # What a proposal came to would tell a registrar whether somebody is known.
    "people_identityoutcome": f"{SERVICE} OR ({SEES} AND person_id <> ALL ({PERSONS}))",
}
"""Each table with the rows that whoever is at work may see, change or remove."""

SECURED = {
    "portal_collectedpayment",
    "portal_followup",
    "portal_judgeleave",
    "recovery_cases_historicalmandate",
    "recovery_cases_historicaltitle",
    "recovery_cases_mandatepermission",
}
"""Tables that have row security since the portal reads or writes them; there the office saw everything."""

GUARDS = (
    "advances_lines_are_made_while_preparing",
    "arrears_roll_line_rules",
    "arrears_roll_rules",
    "cases_closed_by_two",
    "chamber_departure_waits",
    "chamber_list_is_decided_once",
    "chamber_release_in_turn",
    "enforcement_office_is_competent",
    "ledger_claim_is_not_overpaid",
    "ledger_entry_balances",
    "ledger_entry_has_postings",
    "ledger_held_is_there",
    "ledger_instruction_joins_open_file",
    "ledger_posting_stays_in_book",
    "register_line_is_kept",
    "register_review_is_kept",
    "retention_approval_holds",
    "retention_certificate_follows_scan",
    "retention_item_joins",
    "retention_item_moves",
    "retention_list_moves",
    "solvency_suspension_rules",
)
"""Triggers that look at other rows than their own."""

COMMANDS = ("SELECT", "UPDATE", "DELETE")


def forward() -> list[str]:
    statements = [BARRED]
    for guard in GUARDS:
        statements.append(f"ALTER FUNCTION {guard}() SECURITY DEFINER")
        statements.append(f"REVOKE ALL ON FUNCTION {guard}() FROM PUBLIC")
    for table, rows in ROWS.items():
        if table in SECURED:
            statements.append(f"ALTER POLICY office_sees_all ON {table} TO secal_owner, secal_eraser")
        else:
            statements.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            statements.append(
                f"CREATE POLICY kept_whole ON {table} TO secal_owner, secal_eraser USING (true) WITH CHECK (true)"
            )
        statements += [
            f"CREATE POLICY office_{command.lower()} ON {table} FOR {command} TO secal_app USING ({rows})"
            for command in COMMANDS
        ]
        statements.append(
            f"CREATE POLICY office_insert ON {table} FOR INSERT TO secal_app"
            " WITH CHECK ((SELECT seat.plane()) IS NOT NULL)"
        )
    return statements


def backward() -> list[str]:
    statements = []
    for table in reversed(ROWS):
        statements += [
            f"DROP POLICY office_{command.lower()} ON {table}" for command in ("INSERT", *COMMANDS)
        ]
        if table in SECURED:
            statements.append(
                f"ALTER POLICY office_sees_all ON {table} TO secal_owner, secal_app, secal_eraser"
            )
        else:
            statements.append(f"DROP POLICY kept_whole ON {table}")
            statements.append(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
    statements += [f"ALTER FUNCTION {guard}() SECURITY INVOKER" for guard in GUARDS]
    statements += [f"GRANT EXECUTE ON FUNCTION {guard}() TO PUBLIC" for guard in GUARDS]
    return [*statements, BARRED_BACK]


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0004_configuration_log_is_signed"),
        ("cases", "0012_files_of_leavers"),
        ("register", "0003_answers_are_ones_own"),
    ]
    operations = [migrations.RunSQL(sql=forward(), reverse_sql=backward())]
