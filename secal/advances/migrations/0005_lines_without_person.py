"""Of a run's line the eraser may take the right, the term and the reckoning, and nothing else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION advances_eraser_only_empties() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.right_id IS NOT NULL OR NEW.term_id IS NOT NULL OR NEW.explanation <> '{}' THEN
        RAISE EXCEPTION 'erasing empties, it writes nothing' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON advances_runline
    FOR EACH ROW WHEN (session_user = 'secal_eraser') EXECUTE FUNCTION advances_eraser_only_empties();
REVOKE UPDATE, DELETE, TRUNCATE ON advances_runline, advances_advancerun, advances_runchange FROM secal_eraser;
GRANT UPDATE (right_id, term_id, explanation) ON advances_runline TO secal_eraser;
"""

REVERSE = """
REVOKE UPDATE (right_id, term_id, explanation) ON advances_runline FROM secal_eraser;
DROP TRIGGER eraser_only_empties ON advances_runline;
DROP FUNCTION advances_eraser_only_empties();
"""


class Migration(migrations.Migration):
    dependencies = [("advances", "0004_lines_of_erased_files")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
