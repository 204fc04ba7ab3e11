"""What the database itself refuses: an office of another arrondissement, a transmission rewritten, an approval by
whom proposed, an end before both conditions of the law hold (17/006 §7). And the one writer of a file's end."""

from django.db import migrations

STAYS = (
    "enforcement_transmission, enforcement_transmittedtitle, enforcement_historicalirrecoverabilityproposal"
)
FILE = "id, key_id, number, language, opened_on, outcome, outcome_on, ended_on, book_id, employer_id"
TITLE = (
    "id, number, kind, roll, issued_on, issued_by, sums, court, state, served_at, opposition_until, opposed_on,"
    " opposition_decided_on, file_id"
)

FORWARD = [
    f"REVOKE UPDATE, DELETE, TRUNCATE ON {STAYS} FROM secal_app",
    "REVOKE DELETE, TRUNCATE ON enforcement_irrecoverabilityproposal FROM secal_app",
    "ALTER TABLE enforcement_transmittedtitle ADD CONSTRAINT transmitted_title_of_its_file"
    " FOREIGN KEY (title_id, file_id) REFERENCES recovery_cases_title (id, file_id)",
    # Bailiffs act in the arrondissement of their appointment only (Judicial Code art. 516).
    """
    CREATE FUNCTION enforcement_office_is_competent() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM recovery_cases_recoveryfile f
            JOIN people_employer e ON e.id = f.employer_id
            JOIN access_office o ON o.arrondissement = e.arrondissement
            WHERE f.id = NEW.file_id AND o.id = NEW.office_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'this office does not act in the arrondissement of the debtor'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'office_of_the_arrondissement';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER office_of_the_arrondissement BEFORE INSERT ON recovery_cases_mandate"
    " FOR EACH ROW EXECUTE FUNCTION enforcement_office_is_competent()",
    # A proposal: what was proposed stays, and what was decided stays decided.
    """
    CREATE FUNCTION enforcement_proposal_stays() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.state <> 'proposed'
            OR (NEW.file_id, NEW.evidence_id, NEW.reasons, NEW.proposed_on, NEW.proposed_by_id)
                IS DISTINCT FROM (OLD.file_id, OLD.evidence_id, OLD.reasons, OLD.proposed_on, OLD.proposed_by_id)
        THEN
            RAISE EXCEPTION 'a proposal is made once and decided once'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_stays';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER proposal_stays BEFORE UPDATE ON enforcement_irrecoverabilityproposal FOR EACH ROW"
    " WHEN (session_user <> 'secal_eraser') EXECUTE FUNCTION enforcement_proposal_stays()",
    # Given up only after an approval; the approval and the outcome are of one transaction.
    """
    CREATE FUNCTION enforcement_given_up_when_approved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM enforcement_irrecoverabilityproposal p
            WHERE p.file_id = NEW.id AND p.state = 'approved' AND p.decided_on = NEW.outcome_on;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody approved to give this file up'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'irrecoverable_when_approved';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER irrecoverable_when_approved BEFORE UPDATE OF outcome ON recovery_cases_recoveryfile"
    " FOR EACH ROW WHEN (NEW.outcome = 'irrecoverable' AND OLD.outcome IS DISTINCT FROM NEW.outcome)"
    " EXECUTE FUNCTION enforcement_given_up_when_approved()",
    # The two conditions of the law, in one place. The day on which the last of them came to hold; NULL before.
    # Paid: nothing is open. Intervention closed: no mandate runs and no bailiff holds money of the debtor.
    """
    CREATE FUNCTION recovery_end_reached(wanted uuid) RETURNS date
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        SELECT greatest(
            f.outcome_on,
            (SELECT max((m.ended_at AT TIME ZONE 'Europe/Brussels')::date)
                FROM recovery_cases_mandate m WHERE m.file_id = f.id),
            (SELECT max(e.booked_on) FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
                WHERE p.book_id = f.book_id AND p.account = 'held'))
        FROM recovery_cases_recoveryfile f
        WHERE f.id = wanted
            AND f.outcome <> ''
            AND NOT EXISTS (
                SELECT 1 FROM recovery_cases_mandate m WHERE m.file_id = f.id AND m.state = 'running')
            AND NOT EXISTS (
                SELECT 1 FROM ledger_posting p
                WHERE p.book_id = f.book_id
                    AND (p.account = 'held' OR (p.account = 'debtor' AND f.outcome = 'paid'))
                GROUP BY p.account HAVING sum(p.amount) > 0)
    $$
    """,
    """
    CREATE FUNCTION enforcement_end_is_reached() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF recovery_end_reached(NEW.id) IS NULL THEN
            RAISE EXCEPTION 'a file ends when it has its outcome and the intervention is closed'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'file_ends_when_both_hold';
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER file_ends_when_both_hold AFTER UPDATE OF ended_on ON recovery_cases_recoveryfile"
    " FOR EACH ROW WHEN (NEW.ended_on IS NOT NULL AND OLD.ended_on IS NULL)"
    " EXECUTE FUNCTION enforcement_end_is_reached()",
    """
    CREATE FUNCTION enforcement_end_stays() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION 'what has ended stays ended'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'file_stays_ended';
    END $$
    """,
    "CREATE TRIGGER file_stays_ended BEFORE UPDATE OF ended_on, outcome, outcome_on ON recovery_cases_recoveryfile"
    " FOR EACH ROW WHEN (OLD.ended_on IS NOT NULL AND session_user <> 'secal_eraser'"
    " AND (NEW.ended_on, NEW.outcome, NEW.outcome_on) IS DISTINCT FROM (OLD.ended_on, OLD.outcome, OLD.outcome_on))"
    " EXECUTE FUNCTION enforcement_end_stays()",
    # The one writer of the end: it holds the file before it asks, and the predicate alone decides.
    """
    CREATE FUNCTION recovery_end_when_reached(wanted uuid, at_work uuid, name_at_work text) RETURNS date
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        day date;
    BEGIN
        -- Held before the question: two mandates that end at once are asked about one after the other.
        PERFORM 1 FROM recovery_cases_recoveryfile WHERE id = wanted AND ended_on IS NULL FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
        day := recovery_end_reached(wanted);
        IF day IS NULL THEN
            RETURN NULL;
        END IF;
        WITH withdrawn AS (
            UPDATE recovery_cases_title SET state = 'closed' WHERE file_id = wanted AND state <> 'closed'
            RETURNING __TITLE__
        ), remembered AS (
            INSERT INTO recovery_cases_historicaltitle (__TITLE__, history_user_id, history_date, history_type)
            SELECT __TITLE__, at_work, clock_timestamp(), '~' FROM withdrawn
        )
        INSERT INTO recovery_cases_fileevent
            (id, file_id, kind, code, params, happened_on, at, actor, actor_name)
        SELECT gen_random_uuid(), wanted, 'title', 'title_withdrawn', jsonb_build_object('title', number), day,
            clock_timestamp(), at_work, name_at_work FROM withdrawn;
        UPDATE recovery_cases_recoveryfile SET ended_on = day WHERE id = wanted;
        INSERT INTO recovery_cases_historicalrecoveryfile (__FILE__, history_user_id, history_date, history_type)
        SELECT __FILE__, at_work, clock_timestamp(), '~' FROM recovery_cases_recoveryfile WHERE id = wanted;
        INSERT INTO recovery_cases_fileevent
            (id, file_id, kind, code, params, happened_on, at, actor, actor_name)
        VALUES (gen_random_uuid(), wanted, 'end', 'file_ended', '{}', day, clock_timestamp(), at_work,
            name_at_work);
        RETURN day;
    END $$
    """.replace("__TITLE__", TITLE).replace("__FILE__", FILE),
    "REVOKE ALL ON FUNCTION recovery_end_reached(uuid), recovery_end_when_reached(uuid, uuid, text) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION recovery_end_reached(uuid) TO secal_app",
    "GRANT EXECUTE ON FUNCTION recovery_end_when_reached(uuid, uuid, text) TO secal_app",
]

BACKWARD = [
    "DROP FUNCTION recovery_end_when_reached(uuid, uuid, text)",
    "DROP TRIGGER file_stays_ended ON recovery_cases_recoveryfile",
    "DROP FUNCTION enforcement_end_stays()",
    "DROP TRIGGER file_ends_when_both_hold ON recovery_cases_recoveryfile",
    "DROP FUNCTION enforcement_end_is_reached()",
    "DROP FUNCTION recovery_end_reached(uuid)",
    "DROP TRIGGER irrecoverable_when_approved ON recovery_cases_recoveryfile",
    "DROP FUNCTION enforcement_given_up_when_approved()",
    "DROP TRIGGER proposal_stays ON enforcement_irrecoverabilityproposal",
    "DROP FUNCTION enforcement_proposal_stays()",
    "DROP TRIGGER office_of_the_arrondissement ON recovery_cases_mandate",
    "DROP FUNCTION enforcement_office_is_competent()",
    "ALTER TABLE enforcement_transmittedtitle DROP CONSTRAINT transmitted_title_of_its_file",
    "GRANT DELETE ON enforcement_irrecoverabilityproposal TO secal_app",
    f"GRANT UPDATE, DELETE ON {STAYS} TO secal_app",
]


class Migration(migrations.Migration):
    dependencies = [
        ("enforcement", "0001_initial"),
        ("recovery_cases", "0003_erased_when_approved"),
        ("ledger", "0005_held_and_forgotten"),
    ]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACKWARD)]
