"""The database role that erases changes nothing but the columns that migrations name, and deletes nothing of the
office's own: no user, no role, no office, no right. It holds rows that units share while it looks at them, for
which the database asks a right to change one column: that of the key, which it may destroy anyway."""

from django.db import migrations

HELD = "people_person, people_employer, cases_alimonyfile, recovery_cases_recoveryfile"
HELD_BY_ID = "people_paymentaccount"
NOT_OF_UNITS = (
    "access_user, access_userrole, access_office, arrears_delegation, auth_group,"
    " auth_group_permissions, auth_permission, django_content_type, django_migrations,"
    " django_admin_log, guardian_groupobjectpermission, guardian_userobjectpermission, ledger_book"
)

FORWARD = f"""
DO $$
DECLARE
    found regclass;
BEGIN
    FOR found IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                  AND c.relkind IN ('r', 'p') AND has_table_privilege('secal_eraser', c.oid, 'UPDATE') LOOP
        EXECUTE format('REVOKE UPDATE ON %s FROM secal_eraser', found);
    END LOOP;
END $$;
REVOKE DELETE, TRUNCATE ON {NOT_OF_UNITS} FROM secal_eraser;
GRANT UPDATE (key_id) ON {HELD} TO secal_eraser;
GRANT UPDATE (id) ON {HELD_BY_ID} TO secal_eraser;

-- An approval is given by somebody who holds the role on that day, and who still works here.
CREATE OR REPLACE FUNCTION retention_approval_holds() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT state FROM retention_erasurelist WHERE id = NEW.list_id) <> 'proposed' THEN
        RAISE EXCEPTION 'only a proposed list is approved' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM access_userrole r JOIN access_user u ON u.id = r.user_id AND u.is_active
         WHERE r.user_id = NEW.user_id AND r.role = NEW.role AND r.ended_at IS NULL
           AND r.valid_from <= (now() AT TIME ZONE 'Europe/Brussels')::date
           AND (r.valid_until IS NULL OR r.valid_until >= (now() AT TIME ZONE 'Europe/Brussels')::date)) THEN
        RAISE EXCEPTION 'an approval is given in a role that the person holds' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
"""  # noqa: S608 - names of our own tables

REVERSE = f"""
CREATE OR REPLACE FUNCTION retention_approval_holds() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT state FROM retention_erasurelist WHERE id = NEW.list_id) <> 'proposed' THEN
        RAISE EXCEPTION 'only a proposed list is approved' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM access_userrole WHERE user_id = NEW.user_id AND role = NEW.role) THEN
        RAISE EXCEPTION 'an approval is given in a role that the person holds' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
REVOKE UPDATE (id) ON {HELD_BY_ID} FROM secal_eraser;
REVOKE UPDATE (key_id) ON {HELD} FROM secal_eraser;
GRANT DELETE ON {NOT_OF_UNITS} TO secal_eraser;
"""  # noqa: S608 - names of our own tables


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0003_files_go_when_approved"),
        ("access", "0008_the_register_is_kept"),
        ("admin", "__first__"),
        ("arrears", "0002_rules_in_the_database"),
        ("auth", "__first__"),
        ("contenttypes", "__first__"),
        ("enforcement", "0002_second_person_and_end"),
        ("guardian", "__first__"),
        ("ledger", "0005_held_and_forgotten"),
        ("people", "0006_registrations_forget_their_file"),
        ("portal", "0002_row_security"),
    ]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
