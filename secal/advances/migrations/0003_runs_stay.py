"""What a second person approved is what is paid: the database keeps a run's author, its lines and its course."""

from django.db import migrations

FORWARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON advances_advancerun, advances_runline FROM secal_app;
GRANT UPDATE (state, approved_by_id, approved_at, count, total) ON advances_advancerun TO secal_app;
GRANT UPDATE (state, exclusion) ON advances_runline TO secal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON advances_runchange FROM secal_app;

CREATE FUNCTION advances_lines_are_made_while_preparing() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT state FROM advances_advancerun WHERE id = NEW.run_id) <> 'preparing' THEN
        RAISE EXCEPTION 'a proposed run takes no more lines' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER lines_are_made_while_preparing BEFORE INSERT ON advances_runline
    FOR EACH ROW EXECUTE FUNCTION advances_lines_are_made_while_preparing();

CREATE FUNCTION advances_approval_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.approved_by_id IS NOT NULL
       AND (NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id OR NEW.count <> OLD.count OR NEW.total <> OLD.total)
    THEN
        RAISE EXCEPTION 'what is approved stays as it was approved' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER approval_stays BEFORE UPDATE ON advances_advancerun
    FOR EACH ROW EXECUTE FUNCTION advances_approval_stays();
"""

REVERSE = """
DROP TRIGGER lines_are_made_while_preparing ON advances_runline;
DROP TRIGGER approval_stays ON advances_advancerun;
DROP FUNCTION advances_lines_are_made_while_preparing();
DROP FUNCTION advances_approval_stays();
GRANT UPDATE, DELETE ON advances_advancerun, advances_runline, advances_runchange TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("advances", "0002_decisions_stay")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
