"""Files follow the work of the day: an assignment ends on the day on which other work begins, not when it is entered.

An appointment that follows the one before from the next day on is no change of work when it is of the same plane and
section (12/057 §21: the officer of the competent section). Taking back an appointment to come changes nothing. What
changes by its day alone, a last day that passes or a first day that comes, the service of the night asks for by
cases_files_follow_work: it ends what was given before the present work began, so it may be asked by anybody at any time.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_files_follow_work(p_officer uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
    since date;
    given_back bigint;
BEGIN
    WITH RECURSIVE work AS (
        SELECT a.plane, a.section, a.valid_from FROM public.access_appointment a
         WHERE a.user_id = p_officer AND a.ended_at IS NULL AND a.valid_from <= today
               AND coalesce(a.valid_until >= today, true)
        UNION ALL
        SELECT a.plane, a.section, a.valid_from FROM public.access_appointment a
          JOIN work w ON a.plane = w.plane AND a.section = w.section AND a.valid_until = w.valid_from - 1
         WHERE a.user_id = p_officer AND a.ended_at IS NULL)
    SELECT min(w.valid_from) INTO since FROM work w;
    UPDATE public.cases_assignment SET until_at = clock_timestamp()
     WHERE officer_id = p_officer AND until_at IS NULL
           AND from_at < coalesce(since::timestamp AT TIME ZONE 'Europe/Brussels', 'infinity');
    GET DIAGNOSTICS given_back = ROW_COUNT;
    RETURN given_back;
END
$$;
REVOKE ALL ON FUNCTION cases_files_follow_work(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_files_follow_work(uuid) TO secal_app;

CREATE OR REPLACE FUNCTION cases_files_are_given_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.valid_from <= (now() AT TIME ZONE 'Europe/Brussels')::date AND (TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT FROM public.access_appointment a
         WHERE a.user_id = NEW.user_id AND a.plane = NEW.plane AND a.section = NEW.section AND a.ended_at IS NULL
               AND a.valid_until = NEW.valid_from - 1)) THEN
        UPDATE public.cases_assignment SET until_at = clock_timestamp()
         WHERE officer_id = NEW.user_id AND until_at IS NULL;
    END IF;
    RETURN NULL;
END
$$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION cases_files_are_given_back() RETURNS trigger
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
DROP FUNCTION cases_files_follow_work(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0009_by_the_work_of_the_day"),
        ("cases", "0012_files_of_leavers"),
    ]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACKWARD)]
