"""The database holds what the feed promises: a message stays as it was noted, a held list is carried out when two
persons agreed, and the portal may ask one thing only: when a list was last accepted."""

from django.db import migrations

FORWARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON chamber_receivedlist, chamber_release, chamber_departure, chamber_proposal,
    chamber_alarm FROM secal_app;
REVOKE TRUNCATE ON chamber_member FROM secal_app;
GRANT UPDATE (times, last_seen_at, decision, decided_at) ON chamber_receivedlist TO secal_app;
GRANT UPDATE (second_by_id, second_role, second_at) ON chamber_release TO secal_app;
GRANT UPDATE (carried_out_at) ON chamber_departure TO secal_app;
GRANT UPDATE (outcome, closed_at, closed_by) ON chamber_proposal TO secal_app;
GRANT UPDATE (ended_at) ON chamber_alarm TO secal_app;

-- A held list is decided on once, and released by two.
CREATE FUNCTION chamber_list_is_decided_once() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.decision <> '' THEN
            RAISE EXCEPTION 'a list is decided on after it came' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.decision = OLD.decision AND NEW.decided_at IS NOT DISTINCT FROM OLD.decided_at THEN
        RETURN NEW;
    END IF;
    IF OLD.decision <> '' THEN
        RAISE EXCEPTION 'this list was decided on' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.decision = 'released' AND NOT EXISTS (
        SELECT FROM chamber_release r WHERE r.list_id = NEW.id AND r.second_by_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a held list is released by two persons' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'chamber_two_persons_release';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER list_is_decided_once BEFORE INSERT OR UPDATE ON chamber_receivedlist
    FOR EACH ROW EXECUTE FUNCTION chamber_list_is_decided_once();

-- The first agreement comes first; the second is given once, on a list that waits.
CREATE FUNCTION chamber_release_in_turn() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM chamber_receivedlist l
                    WHERE l.id = NEW.list_id AND l.outcome = 'held' AND l.decision = '') THEN
        RAISE EXCEPTION 'only a list that waits is agreed to' USING ERRCODE = 'check_violation';
    END IF;
    IF (TG_OP = 'INSERT' AND NEW.second_by_id IS NOT NULL)
        OR (TG_OP = 'UPDATE' AND OLD.second_by_id IS NOT NULL) THEN
        RAISE EXCEPTION 'two persons agree one after the other' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER release_in_turn BEFORE INSERT OR UPDATE ON chamber_release
    FOR EACH ROW EXECUTE FUNCTION chamber_release_in_turn();

-- Nobody loses access through a held list that was not released, unless the Chamber named them individually.
CREATE FUNCTION chamber_departure_waits() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.carried_out_at IS NOT NULL AND NEW.list_id IS NOT NULL AND NOT NEW.individual AND NOT EXISTS (
        SELECT FROM chamber_receivedlist l
         WHERE l.id = NEW.list_id AND (l.outcome = 'accepted' OR l.decision = 'released')) THEN
        RAISE EXCEPTION 'this departure waits for two persons' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'chamber_departure_waits';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER departure_waits BEFORE INSERT OR UPDATE ON chamber_departure
    FOR EACH ROW EXECUTE FUNCTION chamber_departure_waits();

-- When a list was last accepted. Behind a full list that is held nothing counts until it is released or a full list
-- after it is accepted: nobody knows meanwhile who should have left.
CREATE FUNCTION chamber_last_accepted() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    WITH good AS (
        SELECT coalesce(max(sequence), 0) AS sequence FROM public.chamber_receivedlist
         WHERE kind = 'full' AND (outcome = 'accepted' OR decision = 'released')
    ), doubtful AS (
        SELECT min(l.sequence) AS sequence FROM public.chamber_receivedlist l, good
         WHERE l.kind = 'full' AND l.outcome = 'held' AND l.decision <> 'released' AND l.sequence > good.sequence
    )
    SELECT max(l.received_at) FROM public.chamber_receivedlist l, doubtful
     WHERE (l.outcome = 'accepted' OR l.decision = 'released')
       AND (doubtful.sequence IS NULL OR l.sequence < doubtful.sequence)
$$;
REVOKE ALL ON FUNCTION chamber_last_accepted() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chamber_last_accepted() TO secal_app, secal_portal;
"""

REVERSE = """
DROP FUNCTION chamber_last_accepted();
DROP TRIGGER departure_waits ON chamber_departure;
DROP FUNCTION chamber_departure_waits();
DROP TRIGGER release_in_turn ON chamber_release;
DROP FUNCTION chamber_release_in_turn();
DROP TRIGGER list_is_decided_once ON chamber_receivedlist;
DROP FUNCTION chamber_list_is_decided_once();
GRANT UPDATE, DELETE ON chamber_receivedlist, chamber_release, chamber_departure, chamber_proposal, chamber_alarm
    TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("chamber", "0001_initial")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
