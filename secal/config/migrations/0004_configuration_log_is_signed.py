"""A line of the configuration log names who is at work: the database compares, whatever SQL is sent. Where nobody is,
as in the ceremony that enters the first watchers, it names nobody."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION configuration_log_is_signed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF seat.plane() IS DISTINCT FROM 'author' AND (
        NEW.additional_data ->> 'actor' IS DISTINCT FROM coalesce(seat.me()::text, '')
        OR NEW.actor_id IS NOT NULL AND NEW.actor_id IS DISTINCT FROM seat.me()) THEN
        RAISE EXCEPTION 'a line of the configuration log must name who is at work'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION configuration_log_is_signed() FROM PUBLIC;
CREATE TRIGGER configuration_is_signed BEFORE INSERT OR UPDATE ON auditlog_logentry
    FOR EACH ROW EXECUTE FUNCTION configuration_log_is_signed();
"""

REVERSE = """
DROP TRIGGER configuration_is_signed ON auditlog_logentry;
DROP FUNCTION configuration_log_is_signed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0003_keys_know_who_made_them"),
        ("console", "0001_configuration_log_stays"),
    ]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
