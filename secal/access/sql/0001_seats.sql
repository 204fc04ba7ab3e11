-- Who sits at the portal. Installed by the administrator's ceremony (install_roles), owned by secal_seat, a role
-- that nobody can log in as: whoever has the portal's database user can neither read tokens nor say who acts.
--
-- After a login the door (secal_door, another database user) stores the digest of a random token. Each
-- transaction of the portal begins with seat.enter(token); the rows it may see are those of seat.me(). Without a
-- token there is nobody, and no row; two persons in one transaction are refused.

CREATE SCHEMA IF NOT EXISTS seat AUTHORIZATION secal_seat;

CREATE TABLE IF NOT EXISTS seat.session (
    token_digest bytea PRIMARY KEY CHECK (octet_length(token_digest) = 32),
    user_id uuid NOT NULL,
    plane text NOT NULL CHECK (plane = 'portal'),
    opened_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    idle interval NOT NULL CHECK (idle > interval '0'),
    ended_at timestamptz,
    ended_why text CHECK (ended_why IN ('logout', 'elsewhere', 'whole', 'idle', 'leaver')),
    CHECK (ends_at > opened_at AND ends_at <= opened_at + interval '12 hours'),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS one_session_a_person ON seat.session (user_id, plane) WHERE ended_at IS NULL;

-- One row a database connection, overwritten by its next transaction: it never grows beyond the connections.
CREATE UNLOGGED TABLE IF NOT EXISTS seat.at_work (
    connection integer PRIMARY KEY,
    txid xid8 NOT NULL,
    user_id uuid NOT NULL
);
ALTER TABLE seat.session OWNER TO secal_seat;
ALTER TABLE seat.at_work OWNER TO secal_seat;

-- May this person work in that plane today? Asked at the login and again in every transaction.
CREATE OR REPLACE FUNCTION seat.may_work(p_user uuid, p_plane text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    RETURN EXISTS (
        SELECT FROM public.access_user u
        JOIN public.access_userrole r ON r.user_id = u.id AND r.plane = p_plane
             AND r.valid_from <= today AND (r.valid_until IS NULL OR r.valid_until >= today)
        WHERE u.id = p_user AND u.is_active);
END
$$;

CREATE OR REPLACE FUNCTION seat.open(
    p_subject text, p_digest bytea, p_plane text, p_seconds integer, p_idle integer,
    OUT user_id uuid, OUT refusal text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    active boolean;
BEGIN
    SELECT u.id, u.is_active INTO user_id, active FROM public.access_user u WHERE u.subject = p_subject;
    refusal := CASE WHEN user_id IS NULL THEN 'login.unknown_person'
                    WHEN NOT active THEN 'login.inactive'
                    WHEN NOT seat.may_work(user_id, p_plane) THEN 'login.no_role' END;
    IF refusal IS NULL THEN
        UPDATE seat.session s SET ended_at = now(), ended_why = 'elsewhere'
         WHERE s.user_id = open.user_id AND s.plane = p_plane AND s.ended_at IS NULL;
        INSERT INTO seat.session (token_digest, user_id, plane, ends_at, idle)
        VALUES (p_digest, open.user_id, p_plane, now() + make_interval(secs => p_seconds),
                make_interval(secs => p_idle));
    END IF;
END
$$;

-- Begin a transaction as the holder of the token: the person, or the reason why nobody sits there any more.
CREATE OR REPLACE FUNCTION seat.enter(p_token text, OUT user_id uuid, OUT ended text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held seat.session;
BEGIN
    SELECT * INTO held FROM seat.session s
     WHERE s.token_digest = sha256(convert_to(p_token, 'UTF8')) AND s.plane = 'portal';
    IF NOT FOUND THEN
        ended := 'unknown';
        RETURN;
    END IF;
    ended := CASE WHEN held.ended_at IS NOT NULL THEN held.ended_why
                  WHEN now() >= held.ends_at THEN 'whole'
                  WHEN now() >= held.seen_at + held.idle THEN 'idle'
                  WHEN NOT seat.may_work(held.user_id, held.plane) THEN 'leaver' END;
    IF ended IS NOT NULL THEN
        UPDATE seat.session s SET ended_at = now(), ended_why = enter.ended
         WHERE s.token_digest = held.token_digest AND s.ended_at IS NULL;
        RETURN;
    END IF;
    UPDATE seat.session s SET seen_at = now()
     WHERE s.token_digest = held.token_digest AND s.seen_at < now() - interval '1 minute';
    INSERT INTO seat.at_work AS a (connection, txid, user_id)
    VALUES (pg_backend_pid(), pg_current_xact_id(), held.user_id)
    ON CONFLICT (connection) DO UPDATE SET txid = excluded.txid, user_id = excluded.user_id
     WHERE a.txid <> excluded.txid OR a.user_id = excluded.user_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'another person is at work in this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    user_id := held.user_id;
END
$$;

CREATE OR REPLACE FUNCTION seat.leave(p_token text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE seat.session SET ended_at = now(), ended_why = 'logout'
     WHERE token_digest = sha256(convert_to(p_token, 'UTF8')) AND ended_at IS NULL
$$;

-- Who works in this transaction; NULL for nobody. Row policies ask it.
CREATE OR REPLACE FUNCTION seat.me() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.user_id FROM seat.at_work a
     WHERE a.connection = pg_backend_pid() AND a.txid = pg_current_xact_id_if_assigned()
$$;

ALTER FUNCTION seat.may_work(uuid, text) OWNER TO secal_seat;
ALTER FUNCTION seat.open(text, bytea, text, integer, integer) OWNER TO secal_seat;
ALTER FUNCTION seat.enter(text) OWNER TO secal_seat;
ALTER FUNCTION seat.leave(text) OWNER TO secal_seat;
ALTER FUNCTION seat.me() OWNER TO secal_seat;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA seat FROM PUBLIC;
GRANT USAGE ON SCHEMA seat TO secal_door, secal_portal, secal_owner, secal_log;
GRANT EXECUTE ON FUNCTION seat.open(text, bytea, text, integer, integer) TO secal_door;
GRANT EXECUTE ON FUNCTION seat.enter(text), seat.leave(text), seat.me() TO secal_portal;
-- The owner of the tables names seat.me() in their row policies; the security log asks it who writes a line.
GRANT EXECUTE ON FUNCTION seat.me() TO secal_owner, secal_log;
