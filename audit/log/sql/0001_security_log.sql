-- The security log. Installed by the administrator's ceremony (install_roles), owned by secal_log, a role
-- that nobody can log in as and that has no members: neither the application nor the schema owner can
-- change, truncate or drop it. Rows hold who, what kind, about whom, when and why; never a value.

CREATE SCHEMA IF NOT EXISTS seclog AUTHORIZATION secal_log;

CREATE TABLE IF NOT EXISTS seclog.event (
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    kind text NOT NULL CHECK (kind IN ('READ', 'DENY', 'WRITE', 'LOGIN', 'LOGOUT', 'EXPORT', 'JOB')),
    act text NOT NULL CHECK (length(act) BETWEEN 1 AND 80),
    actor uuid,
    capacity text NOT NULL CHECK (length(capacity) <= 80),
    section text NOT NULL CHECK (length(section) <= 80),
    subject uuid,
    file uuid,
    purpose text NOT NULL CHECK (length(purpose) <= 80),
    fields text[] NOT NULL,
    reason text NOT NULL CHECK (length(reason) <= 120),
    request text NOT NULL CHECK (length(request) <= 64),
    database_user text NOT NULL DEFAULT session_user,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);

CREATE TABLE IF NOT EXISTS seclog.event_default PARTITION OF seclog.event DEFAULT;
CREATE INDEX IF NOT EXISTS event_file_at ON seclog.event (file, at);
CREATE INDEX IF NOT EXISTS event_subject_at ON seclog.event (subject, at);
CREATE INDEX IF NOT EXISTS event_actor_at ON seclog.event (actor, at);
ALTER TABLE seclog.event OWNER TO secal_log;
ALTER TABLE seclog.event_default OWNER TO secal_log;

-- Nobody writes a line in the name of another: the database knows who is at work. A login is written once the seat
-- is entered, a logout before it is left. Who is nobody is refused namelessly, and a session that ended by itself
-- has nobody any more. The eraser works for the retention job.
CREATE OR REPLACE FUNCTION seclog.may_write(p_kind text, p_actor uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- Only background work writes that a job ran.
    IF p_kind = 'JOB' AND session_user <> 'secal_eraser'
       AND coalesce(seat.plane(), '') NOT IN ('service', 'author') THEN
        RETURN false;
    END IF;
    RETURN coalesce(p_actor = seat.me() OR seat.plane() = 'author', false)
        OR (p_kind IN ('DENY', 'LOGOUT') AND p_actor IS NULL)
        OR (session_user = 'secal_eraser' AND p_actor = (SELECT id FROM seat.service WHERE name = 'retention'));
END
$$;

CREATE OR REPLACE FUNCTION seclog.record(
    p_ids uuid[], p_kind text, p_act text, p_actor uuid, p_capacity text, p_section text,
    p_subjects uuid[], p_files uuid[], p_purpose text, p_fields text[], p_reason text, p_request text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT seclog.may_write(p_kind, p_actor) THEN
        RAISE EXCEPTION 'no line of the log in the name of another' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO seclog.event (id, kind, act, actor, capacity, section, subject, file, purpose, fields, reason, request)
    SELECT line.id, p_kind, p_act, p_actor, p_capacity, p_section, line.subject, line.file,
           p_purpose, p_fields, p_reason, p_request
    FROM unnest(p_ids, p_subjects, p_files) AS line (id, subject, file);
END
$$;

CREATE OR REPLACE FUNCTION seclog.prepare_partitions(p_first date, p_months integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_day date;
    made integer := 0;
    name text;
BEGIN
    IF p_months NOT BETWEEN 1 AND 24 THEN
        RAISE EXCEPTION 'between 1 and 24 months may be prepared';
    END IF;
    FOR step IN 0 .. p_months - 1 LOOP
        first_day := (date_trunc('month', p_first) + make_interval(months => step))::date;
        name := 'event_' || to_char(first_day, 'YYYY_MM');
        IF to_regclass('seclog.' || name) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE seclog.%I PARTITION OF seclog.event FOR VALUES FROM (%L) TO (%L)',
                name, first_day, (first_day + interval '1 month')::date);
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END
$$;

ALTER FUNCTION seclog.may_write(text, uuid) OWNER TO secal_log;
REVOKE ALL ON FUNCTION seclog.may_write(text, uuid) FROM PUBLIC;
ALTER FUNCTION seclog.record(uuid[], text, text, uuid, text, text, uuid[], uuid[], text, text[], text, text)
    OWNER TO secal_log;
ALTER FUNCTION seclog.prepare_partitions(date, integer) OWNER TO secal_log;
REVOKE ALL ON FUNCTION seclog.record(uuid[], text, text, uuid, text, text, uuid[], uuid[], text, text[], text, text)
    FROM PUBLIC;
REVOKE ALL ON FUNCTION seclog.prepare_partitions(date, integer) FROM PUBLIC;
GRANT USAGE ON SCHEMA seclog TO secal_app, secal_portal;
GRANT EXECUTE ON FUNCTION
    seclog.record(uuid[], text, text, uuid, text, text, uuid[], uuid[], text, text[], text, text)
    TO secal_app, secal_portal;
GRANT EXECUTE ON FUNCTION seclog.prepare_partitions(date, integer) TO secal_app;
SELECT seclog.prepare_partitions((now() - interval '1 month')::date, 4);
