"""Who registered somebody who stays is kept without the erased file: the eraser may forget that and nothing else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_registration_forgets_its_file() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.file IS NOT NULL OR NEW.person_id IS DISTINCT FROM OLD.person_id THEN
        RAISE EXCEPTION 'who registered a person stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER registration_forgets_its_file BEFORE UPDATE ON people_registrationact
    FOR EACH ROW EXECUTE FUNCTION people_registration_forgets_its_file();
REVOKE UPDATE, TRUNCATE ON people_registrationact FROM secal_eraser;
GRANT UPDATE (file) ON people_registrationact TO secal_eraser;
"""

REVERSE = """
REVOKE UPDATE (file) ON people_registrationact FROM secal_eraser;
DROP TRIGGER registration_forgets_its_file ON people_registrationact;
DROP FUNCTION people_registration_forgets_its_file();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_employer_history_stays")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
