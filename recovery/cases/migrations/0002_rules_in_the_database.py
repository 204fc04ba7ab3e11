"""What the database itself refuses: files, titles, mandates and acts that do not belong together; a permission
without a running mandate; an act after the mandate. A permission goes when its mandate ends."""

from django.db import migrations

STAYS = (
    "recovery_cases_historicalrecoveryfile, recovery_cases_historicaltitle, recovery_cases_historicalmandate,"
    " recovery_cases_fileevent, recovery_cases_document, recovery_cases_act"
)

FORWARD = [
    "CREATE SEQUENCE recovery_cases_file_number START 1 NO CYCLE",
    "CREATE SEQUENCE recovery_cases_title_number START 1 NO CYCLE",
    "ALTER TABLE recovery_cases_mandate ADD CONSTRAINT mandate_title_of_its_file"
    " FOREIGN KEY (title_id, file_id) REFERENCES recovery_cases_title (id, file_id)",
    "ALTER TABLE recovery_cases_act ADD CONSTRAINT act_title_of_its_file"
    " FOREIGN KEY (title_id, file_id) REFERENCES recovery_cases_title (id, file_id)",
    "ALTER TABLE recovery_cases_act ADD CONSTRAINT act_mandate_of_its_title"
    " FOREIGN KEY (mandate_id, title_id) REFERENCES recovery_cases_mandate (id, title_id)",
    "ALTER TABLE recovery_cases_document ADD CONSTRAINT document_title_of_its_file"
    " FOREIGN KEY (title_id, file_id) REFERENCES recovery_cases_title (id, file_id)",
    f"REVOKE UPDATE, DELETE ON {STAYS} FROM secal_app",
    # A permission: only for an active bailiff of an office with a running mandate on the file. The mandate is
    # held until the transaction ends: it cannot end between the question and the answer.
    """
    CREATE FUNCTION recovery_cases_permission_needs_mandate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM recovery_cases_mandate m
            JOIN access_user u ON u.office_id = m.office_id AND u.is_active
            JOIN access_userrole r ON r.user_id = u.id AND r.role = 'bailiff' AND r.ended_at IS NULL
                AND (r.valid_until IS NULL OR r.valid_until >= current_date)
            WHERE m.file_id = NEW.content_object_id AND m.state = 'running' AND u.id = NEW.user_id
            FOR SHARE OF m;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no running mandate gives this person a permission on the file'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'permission_needs_running_mandate';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER permission_needs_running_mandate BEFORE INSERT OR UPDATE ON recovery_cases_mandatepermission"
    " FOR EACH ROW EXECUTE FUNCTION recovery_cases_permission_needs_mandate()",
    # A mandate: only on a file that goes on; once ended it stays ended, and takes the permissions along.
    """
    CREATE FUNCTION recovery_cases_mandate_rules() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF (NEW.title_id, NEW.file_id, NEW.office_id, NEW.given_on, NEW.given_by)
                IS DISTINCT FROM (OLD.title_id, OLD.file_id, OLD.office_id, OLD.given_on, OLD.given_by)
                OR (OLD.state <> 'running' AND NEW.state IS DISTINCT FROM OLD.state) THEN
                RAISE EXCEPTION 'a mandate is given once and ends once'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'mandate_ends_once';
            END IF;
            RETURN NEW;
        END IF;
        PERFORM 1 FROM recovery_cases_recoveryfile f WHERE f.id = NEW.file_id AND f.ended_on IS NULL FOR SHARE;
        IF NOT FOUND AND NEW.state = 'running' THEN
            RAISE EXCEPTION 'the file has ended'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'mandate_on_running_file';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER mandate_rules BEFORE INSERT OR UPDATE ON recovery_cases_mandate"
    " FOR EACH ROW EXECUTE FUNCTION recovery_cases_mandate_rules()",
    """
    CREATE FUNCTION recovery_cases_drop_permissions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        DELETE FROM recovery_cases_mandatepermission p
            WHERE p.content_object_id = NEW.file_id
            AND NOT EXISTS (
                SELECT 1 FROM recovery_cases_mandate m JOIN access_user u ON u.office_id = m.office_id
                WHERE m.file_id = p.content_object_id AND m.state = 'running' AND u.id = p.user_id AND u.is_active);
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER permissions_end_with_mandate AFTER UPDATE OF state ON recovery_cases_mandate"
    " FOR EACH ROW WHEN (NEW.state <> 'running') EXECUTE FUNCTION recovery_cases_drop_permissions()",
    """
    CREATE FUNCTION recovery_cases_leaver_loses_permissions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        DELETE FROM recovery_cases_mandatepermission WHERE user_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER leaver_loses_permissions AFTER UPDATE ON access_user FOR EACH ROW"
    " WHEN (NEW.office_id IS DISTINCT FROM OLD.office_id OR (OLD.is_active AND NOT NEW.is_active))"
    " EXECUTE FUNCTION recovery_cases_leaver_loses_permissions()",
    # A file ends only when no bailiff intervenes any more (17/006 §7).
    """
    CREATE FUNCTION recovery_cases_file_ends_last() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM recovery_cases_mandate m WHERE m.file_id = NEW.id AND m.state = 'running';
        IF FOUND THEN
            RAISE EXCEPTION 'a mandate still runs on this file'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'file_ends_after_mandates';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER file_ends_after_mandates BEFORE INSERT OR UPDATE OF ended_on ON recovery_cases_recoveryfile"
    " FOR EACH ROW WHEN (NEW.ended_on IS NOT NULL) EXECUTE FUNCTION recovery_cases_file_ends_last()",
    # An act is recorded under a mandate that runs; execution waits while an opposition is pending (art. 40 §5).
    """
    CREATE FUNCTION recovery_cases_act_needs_mandate() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE
        acted date := (NEW.acted_at AT TIME ZONE 'Europe/Brussels')::date;
    BEGIN
        PERFORM 1 FROM recovery_cases_mandate m WHERE m.id = NEW.mandate_id AND m.state = 'running' FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the mandate has ended'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'act_under_running_mandate';
        END IF;
        IF NEW.kind IN ('order_to_pay', 'movable_seizure', 'attachment', 'immovable_seizure', 'sale') THEN
            PERFORM 1 FROM recovery_cases_title t WHERE t.id = NEW.title_id AND t.opposed_on <= acted
                AND (t.opposition_decided_on IS NULL OR t.opposition_decided_on > acted);
            IF FOUND THEN
                RAISE EXCEPTION 'an opposition to this title is pending'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'opposition_blocks_execution';
            END IF;
            PERFORM 1 FROM recovery_cases_title t WHERE t.id = NEW.title_id AND t.state = 'closed';
            IF FOUND THEN
                RAISE EXCEPTION 'this title is executed no more'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_title_is_not_executed';
            END IF;
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER act_under_running_mandate BEFORE INSERT ON recovery_cases_act"
    " FOR EACH ROW EXECUTE FUNCTION recovery_cases_act_needs_mandate()",
]

BACKWARD = [
    "DROP TRIGGER act_under_running_mandate ON recovery_cases_act",
    "DROP FUNCTION recovery_cases_act_needs_mandate()",
    "DROP TRIGGER file_ends_after_mandates ON recovery_cases_recoveryfile",
    "DROP FUNCTION recovery_cases_file_ends_last()",
    "DROP TRIGGER leaver_loses_permissions ON access_user",
    "DROP FUNCTION recovery_cases_leaver_loses_permissions()",
    "DROP TRIGGER permissions_end_with_mandate ON recovery_cases_mandate",
    "DROP FUNCTION recovery_cases_drop_permissions()",
    "DROP TRIGGER mandate_rules ON recovery_cases_mandate",
    "DROP FUNCTION recovery_cases_mandate_rules()",
    "DROP TRIGGER permission_needs_running_mandate ON recovery_cases_mandatepermission",
    "DROP FUNCTION recovery_cases_permission_needs_mandate()",
    f"GRANT UPDATE, DELETE ON {STAYS} TO secal_app",
    "ALTER TABLE recovery_cases_document DROP CONSTRAINT document_title_of_its_file",
    "ALTER TABLE recovery_cases_act DROP CONSTRAINT act_mandate_of_its_title",
    "ALTER TABLE recovery_cases_act DROP CONSTRAINT act_title_of_its_file",
    "ALTER TABLE recovery_cases_mandate DROP CONSTRAINT mandate_title_of_its_file",
    "DROP SEQUENCE recovery_cases_title_number",
    "DROP SEQUENCE recovery_cases_file_number",
]


class Migration(migrations.Migration):
    dependencies = [("recovery_cases", "0001_initial")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACKWARD)]
