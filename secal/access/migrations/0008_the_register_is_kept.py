"""The register of users, below the program (17/006 §16.1).

Rights are entered by the register's keepers for others, never for themselves: the user registrar for every
plane but the two that watch over the register; the security co-ordinator for the user registrar. A right that
has ended does not come back, none is made longer, and none is deleted. The portal sees whoever sits there.
"""

from django.db import migrations

KEPT = """
-- May whoever is at work enter, or end, rights of that plane? The user registrar: those of all planes but the two
-- that watch over the register. The security co-ordinator: enters the user registrar, ends anybody's. The list of
-- the National Chamber: ends those of the portal. False, never unknown, where nobody is at work.
CREATE FUNCTION access_keeps(p_plane text, p_entering boolean) RETURNS boolean LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    RETURN coalesce(CASE seat.plane()
        WHEN 'user_administration' THEN p_plane NOT IN ('user_administration', 'oversight')
        WHEN 'oversight' THEN (NOT p_entering OR p_plane = 'user_administration') AND EXISTS (
            SELECT FROM public.access_userrole r
             WHERE r.user_id = seat.me() AND r.role = 'security_coordinator' AND r.ended_at IS NULL
               AND r.valid_from <= today AND (r.valid_until IS NULL OR r.valid_until >= today))
        WHEN 'service' THEN NOT p_entering AND p_plane = 'portal' AND seat.serves('chamber')
        ELSE false END, false);
END
$$;

CREATE FUNCTION access_right_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_plane text := CASE TG_TABLE_NAME WHEN 'access_charge' THEN 'casework' ELSE (to_jsonb(NEW) ->> 'plane') END;
BEGIN
    -- The ceremony, which enters the first ones; and the author of a demonstration.
    IF session_user = 'secal_owner' OR seat.plane() = 'author' THEN
        RETURN NEW;
    END IF;
    IF NEW.user_id = seat.me() THEN
        RAISE EXCEPTION 'nobody enters or changes their own rights' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT public.access_keeps(of_plane, true) THEN
            RAISE EXCEPTION 'this right is not theirs to enter' USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.entered_by_id IS DISTINCT FROM seat.me() OR NEW.ended_at IS NOT NULL THEN
            RAISE EXCEPTION 'a right names who entered it' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.ended_by IS DISTINCT FROM seat.me()
       OR NEW.valid_until > OLD.valid_until OR NOT public.access_keeps(of_plane, false) THEN
        RAISE EXCEPTION 'a right is ended once, and never comes back' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF to_jsonb(NEW) - '{ended_at,ended_by,end_reason,valid_until}'::text[]
       <> to_jsonb(OLD) - '{ended_at,ended_by,end_reason,valid_until}'::text[] THEN
        RAISE EXCEPTION 'a right does not change' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION access_user_is_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_plane text := coalesce((SELECT a.plane FROM public.access_appointment a
                                WHERE a.user_id = NEW.id ORDER BY a.valid_from DESC, a.entered_at DESC LIMIT 1), '');
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
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
       AND to_jsonb(NEW) - '{section,office_id}'::text[] = to_jsonb(OLD) - '{section,office_id}'::text[]
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
REVOKE ALL ON FUNCTION access_keeps(text, boolean), access_right_is_kept(), access_user_is_kept() FROM PUBLIC;

CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON access_appointment
    FOR EACH ROW EXECUTE FUNCTION access_right_is_kept();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON access_userrole
    FOR EACH ROW EXECUTE FUNCTION access_right_is_kept();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON access_charge
    FOR EACH ROW EXECUTE FUNCTION access_right_is_kept();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE ON access_user
    FOR EACH ROW EXECUTE FUNCTION access_user_is_kept();
REVOKE DELETE, TRUNCATE ON access_user, access_appointment, access_userrole, access_charge
    FROM secal_app, secal_eraser;
"""
NOT_KEPT = """
GRANT DELETE ON access_user, access_appointment, access_userrole, access_charge TO secal_app;
DROP TRIGGER kept ON access_user;
DROP TRIGGER kept ON access_charge;
DROP TRIGGER kept ON access_userrole;
DROP TRIGGER kept ON access_appointment;
DROP FUNCTION access_user_is_kept();
DROP FUNCTION access_right_is_kept();
DROP FUNCTION access_keeps(text, boolean);
"""

OWN = {"access_appointment": "user_id", "access_charge": "user_id"}


def on(table: str, holder: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY office_sees_all ON {table} TO secal_owner, secal_app, secal_eraser, secal_seat
        USING (true) WITH CHECK (true);
    CREATE POLICY portal_sees_own ON {table} FOR SELECT TO secal_portal USING ({holder} = (SELECT seat.me()));
    GRANT SELECT ON {table} TO secal_portal;
    """


def off(table: str) -> str:
    return f"""
    REVOKE SELECT ON {table} FROM secal_portal;
    DROP POLICY portal_sees_own ON {table};
    DROP POLICY office_sees_all ON {table};
    ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    """  # noqa: S608 - names of our own tables, no value


SEATS = "GRANT SELECT ON access_appointment TO secal_seat;"
NO_SEATS = "REVOKE SELECT ON access_appointment FROM secal_seat;"


class Migration(migrations.Migration):
    dependencies = [("access", "0007_appointments_and_missions")]
    operations = [
        migrations.RunSQL(
            sql=SEATS + "".join(on(table, holder) for table, holder in OWN.items()) + KEPT,
            reverse_sql=NOT_KEPT + "".join(off(table) for table in reversed(OWN)) + NO_SEATS,
        )
    ]
