"""Every row that names who acted names who is at work: the database compares, whatever SQL is sent.

Filled once, such a column never changes. The columns of the register of users and of its reviews have guards of
their own.
"""

from django.db import migrations

SIGNED = {
    "access_commitment": "user_id",
    "advances_advancedecision": "decided_by_id",
    "advances_advancerun": "prepared_by_id approved_by_id",
    "advances_runchange": "actor",
    "arrears_contest": "recorded_by",
    "arrears_debt": "recorded_by",
    "arrears_delegation": "recorded_by",
    "arrears_formalnotice": "sent_by",
    "arrears_opposition": "recorded_by",
    "arrears_specialroll": "drawn_by_id enforceable_by_id",
    "cases_application": "registered_by_id",
    "cases_assignment": "granted_by",
    "cases_caseevent": "actor",
    "cases_closure": "proposed_by_id decided_by_id",
    "cases_emergencyaccess": "asked_by_id decided_by_id reviewed_by_id",
    "cases_personprotection": "marked_by_id lifted_by_id",
    "cases_protectedopening": "asked_by_id signed_by_id watched_by_id",
    "cases_recusal": "officer_id",
    "chamber_proposal": "closed_by",
    "chamber_release": "first_by_id second_by_id",
    "enforcement_irrecoverabilityproposal": "proposed_by_id decided_by_id",
    "enforcement_transmission": "transmitted_by_id",
    "files_intakedraft": "started_by_id",
    "ledger_bankstatement": "imported_by_id",
    "ledger_journalentry": "actor",
    "ledger_receipt": "~matched_by_id",
    "office_job": "requested_by_id",
    "people_identityproposal": "proposed_by_id decided_by_id",
    "people_registrationact": "actor_id",
    "portal_collectedpayment": "recorded_by",
    "recovery_cases_act": "recorded_by",
    "recovery_cases_document": "by",
    "recovery_cases_fileevent": "actor",
    "recovery_cases_mandate": "given_by",
    "recovery_cases_title": "issued_by",
    "retention_erasureapproval": "user_id",
    "retention_listchange": "actor",
    "solvency_solvencyreview": "reviewed_by_id",
    "solvency_suspension": "proposed_by_id decided_by_id",
}
"""Each table with the columns that name who acted."""

HISTORIES = """
DO $$
DECLARE
    history regclass;
BEGIN
    FOR history IN
        SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'history_user_id'
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    LOOP
        EXECUTE format({statement}, history);
    END LOOP;
END
$$;
"""


def forward() -> str:
    lines = []
    for table, columns in SIGNED.items():
        names = ", ".join(f"'{column}'" for column in columns.split())
        lines.append(
            f"CREATE TRIGGER signed BEFORE INSERT OR UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION seat.signs({names});"
        )
    signing = (
        "'CREATE TRIGGER signed BEFORE INSERT OR UPDATE ON %s"
        " FOR EACH ROW EXECUTE FUNCTION seat.signs(''history_user_id'')'"
    )
    return "\n".join([*lines, HISTORIES.format(statement=signing)])


def backward() -> str:
    lines = [f"DROP TRIGGER signed ON {table};" for table in SIGNED]
    return "\n".join([*lines, HISTORIES.format(statement="'DROP TRIGGER signed ON %s'")])


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0008_the_register_is_kept"),
        ("advances", "0005_lines_without_person"),
        ("arrears", "0002_rules_in_the_database"),
        ("cases", "0009_access_rules"),
        ("chamber", "0002_lists_stay"),
        ("enforcement", "0002_second_person_and_end"),
        ("files", "0001_initial"),
        ("ledger", "0005_held_and_forgotten"),
        ("office", "0001_initial"),
        ("people", "0008_registration_proves_itself"),
        ("portal", "0003_acts_mean_what_they_say"),
        ("recovery_cases", "0003_erased_when_approved"),
        ("retention", "0004_eraser_changes_little"),
        ("solvency", "0004_suspended_by_two"),
    ]
    operations = [migrations.RunSQL(sql=forward(), reverse_sql=backward())]
