"""An answer of a review is given, and changed while nothing is confirmed, by the watcher whose name it bears: who is
at work, in a role in force that day."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION register_answer_is_ones_own() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    IF seat.plane() IS DISTINCT FROM 'author' AND (
        NEW.decided_by_id IS NULL OR NEW.decided_by_id IS DISTINCT FROM seat.me() OR NOT EXISTS (
            SELECT FROM public.access_userrole r
             WHERE r.user_id = NEW.decided_by_id AND r.role IN ('security_coordinator', 'dpo')
               AND r.ended_at IS NULL AND r.valid_from <= today
               AND (r.valid_until IS NULL OR r.valid_until >= today))) THEN
        RAISE EXCEPTION 'an answer is the word of the watcher who is at work'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION register_answer_is_ones_own() FROM PUBLIC;
CREATE TRIGGER answer_is_ones_own BEFORE UPDATE ON register_reviewline
    FOR EACH ROW EXECUTE FUNCTION register_answer_is_ones_own();
"""

REVERSE = """
DROP TRIGGER answer_is_ones_own ON register_reviewline;
DROP FUNCTION register_answer_is_ones_own();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0002_reviews_are_kept")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
