"""A file is closed only by what a second person confirmed, and a closure once decided is not rewritten."""

from django.db import migrations

FORWARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON cases_closure FROM secal_app;
GRANT UPDATE (state, decided_by_id, decided_on, explanation) ON cases_closure TO secal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON cases_historicalclosure FROM secal_app;

CREATE FUNCTION cases_decided_closure_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'proposed' THEN
        RAISE EXCEPTION 'a closure that was decided stays as it was' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER decided_closure_stays BEFORE UPDATE ON cases_closure
    FOR EACH ROW EXECUTE FUNCTION cases_decided_closure_stays();

CREATE FUNCTION cases_closed_by_two() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_closure c WHERE c.file_id = NEW.id AND c.state = 'approved') THEN
        RAISE EXCEPTION 'a file is closed by what a second person confirmed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER closed_by_two BEFORE UPDATE ON cases_alimonyfile
    FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed') EXECUTE FUNCTION cases_closed_by_two();
"""

REVERSE = """
DROP TRIGGER closed_by_two ON cases_alimonyfile;
DROP FUNCTION cases_closed_by_two();
DROP TRIGGER decided_closure_stays ON cases_closure;
DROP FUNCTION cases_decided_closure_stays();
GRANT UPDATE, DELETE ON cases_closure, cases_historicalclosure TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_closures")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
