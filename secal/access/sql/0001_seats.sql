-- Who is at work. Installed by the administrator's ceremony (install_roles), owned by secal_seat, a role that
-- nobody can log in as: whoever has a site's database user can neither read tokens nor say who acts.
--
-- After a login the door (secal_door, another database user) stores the digest of a random token. Each
-- transaction of a site begins with seat.enter(token), each of the worker with seat.enter_service(name); the rows
-- it may see, and the names that its rows may carry, are those of seat.me(). Without either there is nobody, and
-- no row. Two identities in one transaction are refused.

CREATE SCHEMA IF NOT EXISTS seat AUTHORIZATION secal_seat;

CREATE TABLE IF NOT EXISTS seat.session (
    token_digest bytea PRIMARY KEY CHECK (octet_length(token_digest) = 32),
    user_id uuid NOT NULL,
    plane text NOT NULL
        CHECK (plane IN ('registration', 'casework', 'user_administration', 'oversight', 'portal')),
    authenticated_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    idle interval NOT NULL CHECK (idle > interval '0'),
    ended_at timestamptz,
    ended_why text CHECK (ended_why IN ('logout', 'elsewhere', 'whole', 'idle', 'leaver')),
    CHECK (ends_at > opened_at AND ends_at <= opened_at + interval '12 hours'),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS one_session_a_person ON seat.session (user_id) WHERE ended_at IS NULL;

-- The background identities: who they are, and whether their job needs to see persons. The plane 'author' is of
-- demonstrations: whoever tells a made-up past signs for those who are in it. An office has none.
CREATE TABLE IF NOT EXISTS seat.service (
    name text PRIMARY KEY CHECK (name ~ '^[a-z]{2,24}$'),
    id uuid NOT NULL UNIQUE,
    sees_persons boolean NOT NULL,
    plane text NOT NULL DEFAULT 'service' CHECK (plane IN ('service', 'author'))
);
INSERT INTO seat.service (name, id, sees_persons) VALUES
    ('solvency', '97412c86-39ec-5473-a214-3d85072455fc', true),
    ('terms', '8941a033-7020-58a8-ad73-5cf9aadd6dfc', true),
    ('advances', '92462f16-1a5c-5489-9904-86e3367bfca3', true),
    ('bank', '283d95f2-a390-5a06-919f-4b3f5aaaaf11', true),
    ('sweeper', '673aaffe-f0c4-5f03-8394-6842ce60db7f', false),
    ('log', '7d0bbc22-c3f6-5591-b285-870a9e51bde9', false),
    ('arrival', '04ea880a-5837-554b-b144-4521a7b0bdcd', true),
    ('identity', '11e5a3c3-f134-59dc-b19f-4dbc694cb125', true),
    ('assignment', 'fcb61e6e-0f9b-5888-af7a-b74d76f29c4c', true),
    ('enforcement', 'f8daa253-5613-51f5-afce-3e2cb8ea7ced', true),
    ('retention', 'ddf5c1f7-d589-5c34-afe9-7882ef142bdb', true),
    ('collection', '98f5685f-29dd-51e2-b041-ec0fdef9df48', true),
    ('appointments', 'c11d90d8-13c2-5ad7-97d1-05e8ee3e738a', false),
    ('chamber', '6f140d54-cf39-5443-bf35-8b1dbc181b1c', false)
ON CONFLICT (name) DO UPDATE SET id = excluded.id, sees_persons = excluded.sees_persons;

-- One row a database connection, overwritten by its next transaction: it never grows beyond the connections.
CREATE UNLOGGED TABLE IF NOT EXISTS seat.at_work (
    connection integer PRIMARY KEY,
    txid xid8 NOT NULL,
    identity uuid NOT NULL,
    plane text NOT NULL,
    sees_persons boolean NOT NULL
);
ALTER TABLE seat.session OWNER TO secal_seat;
ALTER TABLE seat.service OWNER TO secal_seat;
ALTER TABLE seat.at_work OWNER TO secal_seat;

-- The plane in which this person may work today; NULL when there is none. Asked at the login and again in every
-- transaction: an appointment in force, of somebody who is active, with a role in force.
CREATE OR REPLACE FUNCTION seat.plane_of(p_user uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    RETURN (
        SELECT a.plane FROM public.access_user u
        JOIN public.access_appointment a ON a.user_id = u.id AND a.ended_at IS NULL
             AND a.valid_from <= today AND (a.valid_until IS NULL OR a.valid_until >= today)
        WHERE u.id = p_user AND u.is_active AND EXISTS (
            SELECT FROM public.access_userrole r
            WHERE r.appointment_id = a.id AND r.ended_at IS NULL
              AND r.valid_from <= today AND (r.valid_until IS NULL OR r.valid_until >= today))
        LIMIT 1);
END
$$;

CREATE OR REPLACE FUNCTION seat.open(
    p_subject text, p_niss_bi bytea, p_digest bytea, p_site text, p_authenticated timestamptz,
    p_seconds integer, p_idle integer,
    OUT user_id uuid, OUT refusal text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    active boolean;
    found_plane text;
BEGIN
    -- The provider's name for the person and the number that it proved, both; the card itself proves the number
    -- alone.
    SELECT u.id, u.is_active INTO user_id, active FROM public.access_user u
     WHERE CASE WHEN p_subject IS NULL THEN u.niss_bi = p_niss_bi
                ELSE u.subject = p_subject AND u.niss_bi IS NOT DISTINCT FROM p_niss_bi END;
    found_plane := seat.plane_of(user_id);
    refusal := CASE WHEN user_id IS NULL THEN 'login.unknown_person'
                    WHEN NOT active THEN 'login.inactive'
                    WHEN found_plane IS NULL THEN 'login.no_role'
                    WHEN (found_plane = 'portal') <> (p_site = 'portal') THEN 'login.other_site' END;
    IF refusal IS NULL THEN
        -- Two logins of one person at a time: the second ends the first.
        PERFORM pg_advisory_xact_lock(hashtextextended(open.user_id::text, 0));
        UPDATE seat.session s SET ended_at = now(), ended_why = 'elsewhere'
         WHERE s.user_id = open.user_id AND s.ended_at IS NULL;
        INSERT INTO seat.session (token_digest, user_id, plane, authenticated_at, ends_at, idle)
        VALUES (p_digest, open.user_id, found_plane, p_authenticated, now() + make_interval(secs => p_seconds),
                make_interval(secs => p_idle));
    END IF;
END
$$;

-- Take the place of this transaction; a second identity is refused.
CREATE OR REPLACE FUNCTION seat.sit(p_identity uuid, p_plane text, p_sees boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO seat.at_work AS a (connection, txid, identity, plane, sees_persons)
    VALUES (pg_backend_pid(), pg_current_xact_id(), p_identity, p_plane, p_sees)
    ON CONFLICT (connection) DO UPDATE
       SET txid = excluded.txid, identity = excluded.identity, plane = excluded.plane,
           sees_persons = excluded.sees_persons
     WHERE a.txid <> excluded.txid OR a.identity = excluded.identity;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another person is at work in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
END
$$;

-- Why nobody sits on this session any more; NULL while its holder does.
CREATE OR REPLACE FUNCTION seat.over(p_held seat.session) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN p_held.ended_at IS NOT NULL THEN p_held.ended_why
                WHEN now() >= p_held.ends_at THEN 'whole'
                WHEN now() >= p_held.seen_at + p_held.idle THEN 'idle'
                WHEN seat.plane_of(p_held.user_id) IS DISTINCT FROM p_held.plane THEN 'leaver' END;
END
$$;

-- Begin a transaction as the holder of the token: the person, or why nobody sits there any more, and whose seat it
-- was. It only reads the session: a transaction that kept it locked would let the door, and every other request
-- of its holder, wait for its end. What it finds to be noted is noted by the door.
DROP FUNCTION IF EXISTS seat.enter(text);
CREATE FUNCTION seat.enter(
    p_token text, OUT user_id uuid, OUT ended text, OUT authenticated_at timestamptz, OUT holder uuid,
    OUT to_note boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held seat.session;
BEGIN
    SELECT * INTO held FROM seat.session s WHERE s.token_digest = sha256(convert_to(p_token, 'UTF8'));
    -- A token of one site opens nothing at the other, whoever carries it there.
    IF NOT FOUND OR (held.plane = 'portal') <> (session_user = 'secal_portal') THEN
        ended := 'unknown';
        to_note := false;
        RETURN;
    END IF;
    holder := held.user_id;
    ended := seat.over(held);
    IF ended IS NOT NULL THEN
        to_note := held.ended_at IS NULL;
        RETURN;
    END IF;
    to_note := held.seen_at < now() - interval '1 minute';
    PERFORM seat.sit(held.user_id, held.plane, held.plane IN ('casework', 'oversight'));
    user_id := held.user_id;
    authenticated_at := held.authenticated_at;
END
$$;

-- That the holder was there just now, or that the session is over. Somebody else who is writing it says it as well.
CREATE OR REPLACE FUNCTION seat.note(p_digest bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held seat.session;
    why text;
BEGIN
    SELECT * INTO held FROM seat.session s WHERE s.token_digest = p_digest AND s.ended_at IS NULL
       FOR UPDATE SKIP LOCKED;
    IF FOUND THEN
        why := seat.over(held);
        UPDATE seat.session s
           SET seen_at = CASE WHEN why IS NULL THEN now() ELSE s.seen_at END,
               ended_at = CASE WHEN why IS NOT NULL THEN now() END, ended_why = why
         WHERE s.token_digest = p_digest;
    END IF;
END
$$;

-- Begin a transaction as a background identity: only the worker's database user may.
CREATE OR REPLACE FUNCTION seat.enter_service(p_name text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named seat.service;
BEGIN
    SELECT * INTO named FROM seat.service s WHERE s.name = p_name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such service' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM seat.sit(named.id, named.plane, named.sees_persons);
    RETURN named.id;
END
$$;

CREATE OR REPLACE FUNCTION seat.leave(p_token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE seat.session SET ended_at = now(), ended_why = 'logout'
     WHERE token_digest = sha256(convert_to(p_token, 'UTF8')) AND ended_at IS NULL
$$;

-- Who works in this transaction, a person or a service; NULL for nobody. Row policies and triggers ask it.
CREATE OR REPLACE FUNCTION seat.me() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT a.identity FROM seat.at_work a
             WHERE a.connection = pg_backend_pid() AND a.txid = pg_current_xact_id_if_assigned());
END
$$;

-- In which plane; 'service' for a background identity, NULL for nobody.
CREATE OR REPLACE FUNCTION seat.plane() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT a.plane FROM seat.at_work a
             WHERE a.connection = pg_backend_pid() AND a.txid = pg_current_xact_id_if_assigned());
END
$$;

-- Is it this background identity that is at work?
CREATE OR REPLACE FUNCTION seat.serves(p_name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM seat.service s WHERE s.name = p_name AND s.id = seat.me())
$$;

-- May whoever is at work see persons at all? Not the registrars, not the register of users, not every service.
CREATE OR REPLACE FUNCTION seat.sees_persons() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT a.sees_persons FROM seat.at_work a
             WHERE a.connection = pg_backend_pid() AND a.txid = pg_current_xact_id_if_assigned()), false);
END
$$;

-- A row carries the name of whoever writes it. Arguments: the columns that hold such a name. A column that is
-- left empty may be filled later, by whoever is at work then; what is filled never changes, unless its name is
-- given with ~ before it: such a signature may be taken back.
CREATE OR REPLACE FUNCTION seat.signs() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    signing text;
    now_there uuid;
    there_before uuid;
    for_ever boolean;
BEGIN
    -- A function of the owner's copies what others signed; no site can become the owner.
    IF current_user = 'secal_owner' OR seat.plane() = 'author' THEN
        RETURN NEW;
    END IF;
    FOREACH signing IN ARRAY TG_ARGV LOOP
        for_ever := signing NOT LIKE '~%';
        signing := ltrim(signing, '~');
        EXECUTE format('SELECT ($1).%I', signing) INTO now_there USING NEW;
        IF TG_OP = 'UPDATE' THEN
            EXECUTE format('SELECT ($1).%I', signing) INTO there_before USING OLD;
        END IF;
        IF now_there IS DISTINCT FROM there_before
           AND (for_ever AND there_before IS NOT NULL
                OR now_there IS DISTINCT FROM seat.me() AND (for_ever OR now_there IS NOT NULL)) THEN
            RAISE EXCEPTION '%.% must name who is at work', TG_TABLE_NAME, signing
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;

-- End the sessions of a person at once: who suspends somebody does not wait for their next request.
CREATE OR REPLACE FUNCTION seat.end_sessions(p_user uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    IF NOT coalesce(seat.plane() IN ('oversight', 'user_administration') OR seat.serves('chamber'), false) THEN
        RAISE EXCEPTION 'only who keeps the register ends sessions' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE seat.session SET ended_at = now(), ended_why = 'leaver' WHERE user_id = p_user AND ended_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;

-- The sessions of now, for those who watch: whose, since when; never a token.
CREATE OR REPLACE FUNCTION seat.sessions()
RETURNS TABLE (user_id uuid, plane text, opened_at timestamptz, seen_at timestamptz, ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF seat.plane() IS DISTINCT FROM 'oversight' AND seat.plane() IS DISTINCT FROM 'user_administration' THEN
        RAISE EXCEPTION 'sessions are for those who watch' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
        SELECT s.user_id, s.plane, s.opened_at, s.seen_at, s.ends_at FROM seat.session s
        WHERE s.ended_at IS NULL AND s.ends_at > now() AND s.seen_at + s.idle > now();
END
$$;

-- When each person last came, for those who look after accounts that nobody uses; never a token.
CREATE OR REPLACE FUNCTION seat.last_opened() RETURNS TABLE (user_id uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT coalesce(seat.plane() IN ('oversight', 'user_administration') OR seat.serves('chamber'), false) THEN
        RAISE EXCEPTION 'who came when is for those who watch' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY SELECT s.user_id, max(s.opened_at) FROM seat.session s GROUP BY s.user_id;
END
$$;

ALTER FUNCTION seat.plane_of(uuid) OWNER TO secal_seat;
ALTER FUNCTION seat.open(text, bytea, bytea, text, timestamptz, integer, integer) OWNER TO secal_seat;
ALTER FUNCTION seat.sit(uuid, text, boolean) OWNER TO secal_seat;
ALTER FUNCTION seat.over(seat.session) OWNER TO secal_seat;
ALTER FUNCTION seat.enter(text) OWNER TO secal_seat;
ALTER FUNCTION seat.note(bytea) OWNER TO secal_seat;
ALTER FUNCTION seat.enter_service(text) OWNER TO secal_seat;
ALTER FUNCTION seat.leave(text) OWNER TO secal_seat;
ALTER FUNCTION seat.me() OWNER TO secal_seat;
ALTER FUNCTION seat.plane() OWNER TO secal_seat;
ALTER FUNCTION seat.sees_persons() OWNER TO secal_seat;
ALTER FUNCTION seat.serves(text) OWNER TO secal_seat;
ALTER FUNCTION seat.signs() OWNER TO secal_seat;
ALTER FUNCTION seat.end_sessions(uuid) OWNER TO secal_seat;
ALTER FUNCTION seat.sessions() OWNER TO secal_seat;
ALTER FUNCTION seat.last_opened() OWNER TO secal_seat;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA seat FROM PUBLIC;
GRANT USAGE ON SCHEMA seat TO secal_door, secal_app, secal_portal, secal_owner, secal_eraser, secal_log;
GRANT EXECUTE ON FUNCTION seat.open(text, bytea, bytea, text, timestamptz, integer, integer) TO secal_door;
GRANT EXECUTE ON FUNCTION seat.note(bytea) TO secal_door;
GRANT EXECUTE ON FUNCTION seat.enter(text), seat.leave(text) TO secal_app, secal_portal;
GRANT EXECUTE ON FUNCTION seat.enter_service(text) TO secal_worker;
GRANT EXECUTE ON FUNCTION seat.end_sessions(uuid), seat.sessions(), seat.last_opened() TO secal_app;
-- The owner of the tables names these in row policies and triggers; the security log asks who writes a line.
GRANT EXECUTE ON FUNCTION seat.me(), seat.plane(), seat.sees_persons()
    TO secal_owner, secal_app, secal_portal, secal_eraser, secal_log;
GRANT EXECUTE ON FUNCTION seat.signs(), seat.serves(text) TO secal_owner;
GRANT SELECT ON seat.service TO secal_log;
