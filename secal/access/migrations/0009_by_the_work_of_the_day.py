"""Who keeps an entry goes by the work of the day; an appointment taken back in time leaves its days free.

A user's entry is kept by who keeps the appointment that runs today; without one, the next to come; else the last
that ran. An appointment that was ended before its first day no longer stands in the way of another. Since the day of
the end then says something, it is the day on which it is ended, and what was in force stays so until then.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

import secal.access.models.rights

ENTRY = """
CREATE OR REPLACE FUNCTION access_user_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
    of_plane text := coalesce({of_plane}, '');
BEGIN
    IF session_user = 'secal_owner' OR seat.plane() = 'author' THEN
        RETURN NEW;
    END IF;
    IF NEW.id = seat.me() THEN
        RAISE EXCEPTION 'nobody changes their own entry' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- To suspend is to end: whoever may end their rights may do that, and nothing else.
    IF TG_OP = 'UPDATE' AND NOT NEW.is_active AND public.access_keeps(of_plane, false)
       AND to_jsonb(NEW) - 'is_active' = to_jsonb(OLD) - 'is_active' THEN
        RETURN NEW;
    END IF;
    -- The day on which an appointment begins puts its holder where it says, and nowhere else.
    IF TG_OP = 'UPDATE' AND seat.serves('appointments')
       AND to_jsonb(NEW) - '{{section,office_id}}'::text[] = to_jsonb(OLD) - '{{section,office_id}}'::text[]
       AND EXISTS (SELECT FROM public.access_appointment a
                    WHERE a.user_id = NEW.id AND a.ended_at IS NULL AND a.valid_from <= today
                      AND (a.valid_until IS NULL OR a.valid_until >= today)
                      AND a.section = NEW.section AND a.office_id IS NOT DISTINCT FROM NEW.office_id) THEN
        RETURN NEW;
    END IF;
    -- Who has no appointment yet is entered by either keeper.
    IF NOT public.access_keeps(coalesce(nullif(of_plane, ''), 'casework'), true)
       AND NOT public.access_keeps(coalesce(nullif(of_plane, ''), 'user_administration'), true) THEN
        RAISE EXCEPTION 'users are entered by who keeps the register' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.id <> OLD.id OR NEW.subject <> OLD.subject
       OR (OLD.niss_bi IS NOT NULL AND (NEW.niss_bi, NEW.employer_bi) IS DISTINCT FROM (OLD.niss_bi, OLD.employer_bi)))
    THEN
        RAISE EXCEPTION 'who a user is does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
"""
# What runs today comes first, then the next to come, then the last that ran; what was taken back comes last.
BY_THE_DAY = """(
        SELECT a.plane FROM public.access_appointment a WHERE a.user_id = NEW.id
         ORDER BY CASE WHEN a.valid_from > today THEN CASE WHEN a.ended_at IS NULL THEN 1 ELSE 3 END
                       WHEN a.ended_at IS NULL AND coalesce(a.valid_until >= today, true) THEN 0
                       ELSE 2 END,
                  CASE WHEN a.valid_from > today THEN a.valid_from END,
                  a.valid_from DESC, a.entered_at DESC LIMIT 1)"""
BY_THE_LATEST = """(SELECT a.plane FROM public.access_appointment a
                                WHERE a.user_id = NEW.id ORDER BY a.valid_from DESC, a.entered_at DESC LIMIT 1)"""

ENDS = """
CREATE FUNCTION access_appointment_ends_today() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    IF session_user = 'secal_owner' OR seat.plane() = 'author' THEN
        RETURN NEW;
    END IF;
    IF (NEW.ended_at AT TIME ZONE 'Europe/Brussels')::date <> today
       OR NEW.valid_until < least(greatest(today, OLD.valid_from), OLD.valid_until) THEN
        RAISE EXCEPTION 'an appointment ends today, and has been until today' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION access_appointment_ends_today() FROM PUBLIC;
CREATE TRIGGER kept_until_today BEFORE UPDATE OF ended_at ON access_appointment FOR EACH ROW
    WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION access_appointment_ends_today();
"""
END_ANY_DAY = """
DROP TRIGGER kept_until_today ON access_appointment;
DROP FUNCTION access_appointment_ends_today();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0008_the_register_is_kept")]
    operations = [
        migrations.RunSQL(
            sql=ENTRY.format(of_plane=BY_THE_DAY), reverse_sql=ENTRY.format(of_plane=BY_THE_LATEST)
        ),
        migrations.RunSQL(sql=ENDS, reverse_sql=END_ANY_DAY),
        migrations.RemoveConstraint(model_name="appointment", name="one_plane_at_a_time"),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(
                    ("ended_at", None), ("valid_from__lte", models.F("ended_at__date")), _connector="OR"
                ),
                expressions=[
                    ("user", "="),
                    ("plane", "<>"),
                    (
                        secal.access.models.rights.DayRange(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="one_plane_at_a_time",
            ),
        ),
    ]
