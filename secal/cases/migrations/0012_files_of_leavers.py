"""Whoever leaves, or changes their work, gives their files back: an assignment ends with the appointment in which it
was given, and does not come back with the next one (17/006 §21).

An appointment that follows the one before from the next day on, in the same plane, is no change of work.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION cases_leaver_loses_permissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_assignment SET until_at = clock_timestamp() WHERE officer_id = NEW.id AND until_at IS NULL;
    DELETE FROM cases_filepermission WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION cases_files_are_given_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT FROM access_appointment a
         WHERE a.user_id = NEW.user_id AND a.plane = NEW.plane AND a.ended_at IS NULL
               AND a.valid_until = NEW.valid_from - 1) THEN
        UPDATE cases_assignment SET until_at = clock_timestamp()
         WHERE officer_id = NEW.user_id AND until_at IS NULL;
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION cases_files_are_given_back() FROM PUBLIC;
CREATE TRIGGER files_are_given_back_with_the_end AFTER UPDATE OF ended_at ON access_appointment FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION cases_files_are_given_back();
CREATE TRIGGER files_do_not_come_back AFTER INSERT ON access_appointment
    FOR EACH ROW EXECUTE FUNCTION cases_files_are_given_back();
"""

BACKWARD = """
DROP TRIGGER files_do_not_come_back ON access_appointment;
DROP TRIGGER files_are_given_back_with_the_end ON access_appointment;
DROP FUNCTION cases_files_are_given_back();
CREATE OR REPLACE FUNCTION cases_leaver_loses_permissions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM cases_filepermission WHERE user_id = NEW.id;
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_appointments_and_missions"),
        ("cases", "0011_newest_first"),
    ]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACKWARD)]
