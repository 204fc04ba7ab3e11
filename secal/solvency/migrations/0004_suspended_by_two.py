"""A suspension is proposed by the review of its file, and decided once."""

from django.db import migrations

FORWARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON solvency_suspension FROM secal_app;
GRANT UPDATE (state, decided_by_id, decided_on, effective_on) ON solvency_suspension TO secal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON solvency_historicalsuspension FROM secal_app;

CREATE FUNCTION solvency_suspension_rules() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NOT EXISTS (
            SELECT 1 FROM solvency_solvencyreview r WHERE r.id = NEW.review_id AND r.file_id = NEW.file_id
            AND r.procedure = 'suspension' AND r.reviewed_by_id = NEW.proposed_by_id) THEN
            RAISE EXCEPTION 'a suspension is proposed by the review of its file'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'suspension_of_its_review';
        END IF;
    ELSIF OLD.state <> 'proposed' THEN
        RAISE EXCEPTION 'a suspension that was decided stays as it was'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_suspension_stays';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER suspension_rules BEFORE INSERT OR UPDATE ON solvency_suspension
    FOR EACH ROW EXECUTE FUNCTION solvency_suspension_rules();
"""

REVERSE = """
DROP TRIGGER suspension_rules ON solvency_suspension;
DROP FUNCTION solvency_suspension_rules();
GRANT UPDATE, DELETE ON solvency_suspension, solvency_historicalsuspension TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("solvency", "0003_suspensions")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
