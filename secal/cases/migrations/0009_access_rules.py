"""What the database itself refuses: a permission without a running assignment, an emergency by one pair too often,
an answer given twice, an agreement or a recusal taken back."""

from django.db import migrations

FORWARD = [
    "REVOKE UPDATE, DELETE, TRUNCATE ON cases_filepermission, cases_recusal FROM secal_app",
    "REVOKE UPDATE, DELETE, TRUNCATE ON cases_emergencyaccess, cases_protectedopening, cases_personprotection"
    " FROM secal_app",
    "GRANT UPDATE (decided_by_id, decided_in, decided_at, access_until, review_due_on, reviewed_by_id,"
    " reviewed_at, finding) ON cases_emergencyaccess TO secal_app",
    "GRANT UPDATE (signed_by_id, signed_at, watched_by_id, watched_at) ON cases_protectedopening TO secal_app",
    "GRANT UPDATE (lifted_by_id, lifted_on) ON cases_personprotection TO secal_app",
    # A permission: of this kind only, and only for the active officer of a running assignment, which is held until the transaction ends.
    """
    CREATE FUNCTION cases_permission_needs_assignment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM cases_assignment a JOIN access_user u ON u.id = a.officer_id AND u.is_active
            JOIN auth_permission p ON p.id = NEW.permission_id AND p.codename = 'work_in_charge'
            WHERE a.file_id = NEW.content_object_id AND a.officer_id = NEW.user_id AND a.until_at IS NULL
            FOR SHARE OF a;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no running assignment gives this person a permission on the file'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'permission_needs_running_assignment';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER permission_needs_running_assignment BEFORE INSERT OR UPDATE ON cases_filepermission"
    " FOR EACH ROW EXECUTE FUNCTION cases_permission_needs_assignment()",
    # An assignment is given once and ends once; the permission ends with it.
    """
    CREATE FUNCTION cases_assignment_rules() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF (NEW.file_id, NEW.officer_id, NEW.granted_by, NEW.from_at)
            IS DISTINCT FROM (OLD.file_id, OLD.officer_id, OLD.granted_by, OLD.from_at)
            OR OLD.until_at IS NOT NULL THEN
            RAISE EXCEPTION 'an assignment is given once and ends once'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_ends_once';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER assignment_rules BEFORE UPDATE ON cases_assignment"
    " FOR EACH ROW EXECUTE FUNCTION cases_assignment_rules()",
    """
    CREATE FUNCTION cases_drop_permission() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        DELETE FROM cases_filepermission WHERE content_object_id = OLD.file_id AND user_id = OLD.officer_id;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER permission_ends_with_assignment AFTER UPDATE OF until_at ON cases_assignment"
    " FOR EACH ROW WHEN (NEW.until_at IS NOT NULL) EXECUTE FUNCTION cases_drop_permission()",
    "CREATE TRIGGER permission_goes_with_assignment AFTER DELETE ON cases_assignment"
    " FOR EACH ROW WHEN (OLD.until_at IS NULL) EXECUTE FUNCTION cases_drop_permission()",
    """
    CREATE FUNCTION cases_leaver_loses_permissions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        DELETE FROM cases_filepermission WHERE user_id = NEW.id;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER leaver_loses_file_permissions AFTER UPDATE OF is_active ON access_user FOR EACH ROW"
    " WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION cases_leaver_loses_permissions()",
    # An emergency access: asked without an answer, on a file that runs; answered once, reviewed once; the same
    # two persons, whoever of them asks, at most twice in thirty days.
    """
    CREATE FUNCTION cases_emergency_rules() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND NEW.decided_at IS NOT NULL
            OR TG_OP = 'UPDATE' AND OLD.decided_at IS NOT NULL
               AND (NEW.decided_by_id, NEW.decided_in, NEW.decided_at, NEW.access_until, NEW.review_due_on)
               IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_in, OLD.decided_at, OLD.access_until, OLD.review_due_on)
            OR TG_OP = 'UPDATE' AND OLD.reviewed_at IS NOT NULL THEN
            RAISE EXCEPTION 'an emergency access is asked for, answered once and reviewed once'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'emergency_is_answered_once';
        END IF;
        IF NEW.reviewed_at IS NULL THEN
            PERFORM 1 FROM cases_alimonyfile f
                WHERE f.id = NEW.file_id AND f.state NOT IN ('closed', 'refused') FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'the file is not open'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'emergency_on_open_file';
            END IF;
        END IF;
        IF NEW.access_until IS NOT NULL AND NEW.reviewed_at IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtextextended(
                least(NEW.asked_by_id, NEW.decided_by_id)::text
                || greatest(NEW.asked_by_id, NEW.decided_by_id)::text, 0));
            IF (SELECT count(*) FROM cases_emergencyaccess e
                WHERE e.id <> NEW.id AND e.access_until IS NOT NULL
                AND e.decided_at > NEW.decided_at - interval '30 days'
                AND (e.asked_by_id, e.decided_by_id) IN (
                    (NEW.asked_by_id, NEW.decided_by_id), (NEW.decided_by_id, NEW.asked_by_id))) >= 2 THEN
                RAISE EXCEPTION 'these two persons allowed each other enough'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'emergency_pair_twice_a_month';
            END IF;
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER emergency_rules BEFORE INSERT OR UPDATE ON cases_emergencyaccess"
    " FOR EACH ROW EXECUTE FUNCTION cases_emergency_rules()",
    """
    CREATE FUNCTION cases_agreement_stays() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF OLD.signed_at IS NOT NULL
            AND (NEW.signed_by_id, NEW.signed_at) IS DISTINCT FROM (OLD.signed_by_id, OLD.signed_at)
            OR OLD.watched_at IS NOT NULL
            AND (NEW.watched_by_id, NEW.watched_at) IS DISTINCT FROM (OLD.watched_by_id, OLD.watched_at) THEN
            RAISE EXCEPTION 'an agreement is given once'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'agreement_is_given_once';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER agreement_stays BEFORE UPDATE ON cases_protectedopening"
    " FOR EACH ROW EXECUTE FUNCTION cases_agreement_stays()",
    # Officers in charge before there were permissions get theirs (nothing in a new database).
    """
    INSERT INTO auth_permission (name, content_type_id, codename)
    SELECT 'Work on the file while in charge of it', c.id, 'work_in_charge' FROM django_content_type c
    WHERE c.app_label = 'cases' AND c.model = 'alimonyfile' ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO cases_filepermission (user_id, permission_id, content_object_id)
    SELECT a.officer_id, p.id, a.file_id FROM cases_assignment a
    JOIN access_user u ON u.id = a.officer_id AND u.is_active
    JOIN auth_permission p ON p.codename = 'work_in_charge'
    WHERE a.until_at IS NULL ON CONFLICT DO NOTHING
    """,
]

BACKWARD = [
    "DROP TRIGGER agreement_stays ON cases_protectedopening",
    "DROP FUNCTION cases_agreement_stays()",
    "DROP TRIGGER emergency_rules ON cases_emergencyaccess",
    "DROP FUNCTION cases_emergency_rules()",
    "DROP TRIGGER leaver_loses_file_permissions ON access_user",
    "DROP FUNCTION cases_leaver_loses_permissions()",
    "DROP TRIGGER permission_goes_with_assignment ON cases_assignment",
    "DROP TRIGGER permission_ends_with_assignment ON cases_assignment",
    "DROP FUNCTION cases_drop_permission()",
    "DROP TRIGGER assignment_rules ON cases_assignment",
    "DROP FUNCTION cases_assignment_rules()",
    "DROP TRIGGER permission_needs_running_assignment ON cases_filepermission",
    "DROP FUNCTION cases_permission_needs_assignment()",
    "GRANT UPDATE, DELETE ON cases_filepermission, cases_recusal, cases_emergencyaccess, cases_protectedopening,"
    " cases_personprotection TO secal_app",
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_access"),
        ("access", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACKWARD)]
