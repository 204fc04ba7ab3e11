-- Of test databases only, and once more of each copy of one, which has lost the grants: tests make their own rows
-- outside any unit of work, and put several units of work in one transaction that is rolled back. Where nobody is
-- at work, the tests are; and a place may change hands.

CREATE OR REPLACE FUNCTION seat.sit(p_identity uuid, p_plane text, p_sees boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO seat.at_work AS a (connection, txid, identity, plane, sees_persons)
    VALUES (pg_backend_pid(), pg_current_xact_id(), p_identity, p_plane, p_sees)
    ON CONFLICT (connection) DO UPDATE
       SET txid = excluded.txid, identity = excluded.identity, plane = excluded.plane,
           sees_persons = excluded.sees_persons
     WHERE session_user <> 'secal_portal' OR a.txid <> excluded.txid OR a.identity = excluded.identity;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another person is at work in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION seat.tests_at_work() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT session_user <> 'secal_portal' AND NOT EXISTS (
        SELECT FROM seat.at_work a
         WHERE a.connection = pg_backend_pid() AND a.txid = pg_current_xact_id_if_assigned())
$$;

CREATE OR REPLACE FUNCTION seat.sees_persons() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT seat.tests_at_work() OR coalesce((SELECT a.sees_persons FROM seat.at_work a
     WHERE a.connection = pg_backend_pid() AND a.txid = pg_current_xact_id_if_assigned()), false)
$$;

-- What the tests write outside a unit of work is theirs to sign as they like: in every trigger that asks who is
-- at work before it lets a row in.
DO $$
DECLARE
    guard record;
BEGIN
    FOR guard IN
        SELECT pg_get_functiondef(p.oid) AS text FROM pg_proc p
          JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
         WHERE p.prosrc LIKE '%seat.%' AND p.prorettype = 'trigger'::regtype
           AND p.prosrc NOT LIKE '%seat.tests_at_work()%'
    LOOP
        EXECUTE regexp_replace(
            guard.text, '\mBEGIN\M', 'BEGIN IF seat.tests_at_work() THEN RETURN coalesce(NEW, OLD); END IF;');
    END LOOP;
END
$$;

-- Take a place, or (with nobody's name) give it back; answers whose it was.
CREATE OR REPLACE FUNCTION public.test_sit(p_identity uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before uuid := seat.me();
    place text := seat.plane_of(p_identity);
    service seat.service;
BEGIN
    DELETE FROM seat.at_work WHERE connection = pg_backend_pid();
    SELECT * INTO service FROM seat.service WHERE id = p_identity;
    IF service.id IS NOT NULL THEN
        PERFORM seat.sit(service.id, service.plane, service.sees_persons);
    ELSIF p_identity IS NOT NULL THEN
        -- Services of the portal too run under the office's database user here.
        PERFORM seat.sit(
            p_identity, coalesce(place, 'none'), coalesce(place IN ('casework', 'oversight', 'portal'), false));
    END IF;
    RETURN before;
END
$$;

-- A seat for somebody whom only this transaction knows yet: the door could not see them.
CREATE OR REPLACE FUNCTION public.test_open_seat(p_user uuid, p_digest bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE seat.session SET ended_at = now(), ended_why = 'elsewhere' WHERE user_id = p_user AND ended_at IS NULL;
    INSERT INTO seat.session (token_digest, user_id, plane, authenticated_at, ends_at, idle)
    SELECT p_digest, p_user, coalesce(seat.plane_of(p_user), 'casework'), now(), now() + interval '8 hours',
           interval '15 minutes'
$$;

CREATE OR REPLACE FUNCTION seat.plane() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((SELECT a.plane FROM seat.at_work a
     WHERE a.connection = pg_backend_pid() AND a.txid = pg_current_xact_id_if_assigned()),
     CASE WHEN seat.tests_at_work() THEN 'service' END)
$$;

INSERT INTO seat.service (name, id, sees_persons, plane)
VALUES ('seed', '4566a251-d1ea-5353-96dd-747f05766601', true, 'author') ON CONFLICT DO NOTHING;

-- The log takes a line in anybody's name from the tests, and from nobody else.
CREATE OR REPLACE FUNCTION seclog.may_write(p_kind text, p_actor uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_kind = 'JOB' AND session_user = 'secal_portal' THEN
        RETURN false;
    END IF;
    RETURN seat.tests_at_work() OR coalesce(p_actor = seat.me() OR seat.plane() = 'author', false)
        OR (p_kind IN ('DENY', 'LOGOUT') AND p_actor IS NULL) OR session_user = 'secal_eraser';
END
$$;
GRANT USAGE ON SCHEMA seat TO PUBLIC;
GRANT EXECUTE ON FUNCTION seat.tests_at_work(), seat.enter_service(text) TO PUBLIC;
GRANT EXECUTE ON FUNCTION seat.open(text, bytea, bytea, text, timestamptz, integer, integer) TO secal_app;
GRANT EXECUTE ON FUNCTION seat.note(bytea) TO secal_app, secal_portal;
GRANT EXECUTE ON FUNCTION public.test_sit(uuid), public.test_open_seat(uuid, bytea) TO PUBLIC;
CREATE OR REPLACE FUNCTION public.test_security_log() RETURNS SETOF seclog.event
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'SELECT * FROM seclog.event ORDER BY at';
GRANT EXECUTE ON FUNCTION public.test_security_log() TO secal_app;
