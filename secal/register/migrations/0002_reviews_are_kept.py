"""Below the program: a review is opened by a security co-ordinator, confirmed by a data protection officer who
answered nothing in it, only once every line is answered; then nothing of it changes. Nothing is deleted."""

from django.db import migrations

IN_FORCE = """
    SELECT FROM access_userrole r
     WHERE r.user_id = {who} AND r.role = '{role}' AND r.ended_at IS NULL AND r.valid_from <= today
       AND (r.valid_until IS NULL OR r.valid_until >= today)
"""

FORWARD = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON register_review, register_reviewline FROM secal_app, secal_eraser;
GRANT UPDATE (confirmed_by_id, confirmed_on) ON register_review TO secal_app;
GRANT UPDATE (verdict, decided_by_id, decided_on) ON register_reviewline TO secal_app;

CREATE FUNCTION register_review_is_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_by_id IS NOT NULL
           OR NOT EXISTS ({IN_FORCE.format(who="NEW.opened_by_id", role="security_coordinator")}) THEN
            RAISE EXCEPTION 'a review is opened by a security co-ordinator' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.confirmed_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'a confirmed review does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS ({IN_FORCE.format(who="NEW.confirmed_by_id", role="dpo")}) THEN
        RAISE EXCEPTION 'a review is confirmed by a data protection officer' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM register_reviewline l WHERE l.review_id = NEW.id AND l.verdict = '') THEN
        RAISE EXCEPTION 'a review is confirmed when every line is answered' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM register_reviewline l WHERE l.review_id = NEW.id
                  AND l.decided_by_id = NEW.confirmed_by_id AND l.holder_id <> NEW.opened_by_id) THEN
        RAISE EXCEPTION 'who answers does not confirm' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION register_line_is_kept() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
DECLARE
    review register_review;
BEGIN
    SELECT * INTO review FROM register_review WHERE id = NEW.review_id;
    IF review.confirmed_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'a confirmed review does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'INSERT' AND (NEW.verdict <> ''
       OR (review.opened_by_id IS DISTINCT FROM seat.me() AND seat.plane() IS DISTINCT FROM 'author')) THEN
        RAISE EXCEPTION 'lines come unanswered, with whoever opens the review' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.verdict = '' THEN
        RAISE EXCEPTION 'an answer is not taken back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON register_review
    FOR EACH ROW EXECUTE FUNCTION register_review_is_kept();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON register_reviewline
    FOR EACH ROW EXECUTE FUNCTION register_line_is_kept();
CREATE TRIGGER signed BEFORE INSERT OR UPDATE ON register_review
    FOR EACH ROW EXECUTE FUNCTION seat.signs('opened_by_id', 'confirmed_by_id');
CREATE TRIGGER signed BEFORE INSERT OR UPDATE ON register_reviewline
    FOR EACH ROW EXECUTE FUNCTION seat.signs('decided_by_id');
"""  # noqa: S608 - names of roles in the program, no value
REVERSE = """
DROP TRIGGER signed ON register_reviewline;
DROP TRIGGER signed ON register_review;
DROP TRIGGER kept ON register_reviewline;
DROP TRIGGER kept ON register_review;
DROP FUNCTION register_line_is_kept();
DROP FUNCTION register_review_is_kept();
GRANT UPDATE, DELETE ON register_review, register_reviewline TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("access", "0008_the_register_is_kept")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
