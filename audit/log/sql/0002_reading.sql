-- Reading the security log. Two steps, because one would not do: whoever reads and then rolls back would have
-- read without a trace. `ask` writes who asks, why and what for; `answer` and `summary` give rows only to a
-- question that an earlier, committed transaction wrote. Only secal_watch may call them, and it sees no table.

CREATE TABLE IF NOT EXISTS seclog.question (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    what text NOT NULL CHECK (what IN ('rows', 'summary')),
    subjects uuid[] NOT NULL,
    files uuid[] NOT NULL,
    officer uuid,
    since timestamptz,
    until timestamptz,
    purpose text NOT NULL,
    kind text NOT NULL,
    act text NOT NULL,
    after_at timestamptz,
    after_id uuid,
    most integer NOT NULL CHECK (most BETWEEN 1 AND 500)
);
ALTER TABLE seclog.question OWNER TO secal_log;
CREATE INDEX IF NOT EXISTS event_at ON seclog.event (at DESC, id DESC);

CREATE OR REPLACE FUNCTION seclog.ask(
    p_id uuid, p_what text, p_by uuid, p_capacity text, p_section text, p_request text,
    p_why text, p_reference text, p_subjects uuid[], p_files uuid[], p_officer uuid,
    p_since timestamptz, p_until timestamptz, p_purpose text, p_kind text, p_act text,
    p_after_at timestamptz, p_after_id uuid, p_most integer
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_by IS NULL OR p_capacity = '' OR p_why = '' THEN
        RAISE EXCEPTION 'whoever asks gives their name and a reason' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO seclog.question (id, what, subjects, files, officer, since, until, purpose, kind, act,
                                 after_at, after_id, most)
    VALUES (p_id, p_what, p_subjects, p_files, p_officer, p_since, p_until, p_purpose, p_kind, p_act,
            p_after_at, p_after_id, p_most);
    -- The trail of a person shows who looked at it; a question about nobody in particular is one row.
    INSERT INTO seclog.event (id, kind, act, actor, capacity, section, subject, file, purpose, fields, reason,
                              request)
    SELECT CASE WHEN line.place = 1 THEN p_id ELSE gen_random_uuid() END,
           'READ', CASE p_what WHEN 'rows' THEN 'log.search' ELSE 'log.summary' END,
           p_by, p_capacity, p_section, line.subject, line.file, p_why, '{}', p_reference, p_request
    FROM (
        SELECT row_number() OVER () AS place, about.subject, about.file
        FROM (
            SELECT subject, NULL::uuid AS file FROM unnest(p_subjects) AS subject
            UNION ALL SELECT NULL, file FROM unnest(p_files) AS file
            UNION ALL SELECT NULL, NULL WHERE cardinality(p_subjects) = 0 AND cardinality(p_files) = 0
        ) AS about
    ) AS line;
END
$$;

CREATE OR REPLACE FUNCTION seclog.committed_question(p_question uuid, p_what text)
RETURNS seclog.question LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found seclog.question;
BEGIN
    -- What another transaction wrote is seen only once it is committed.
    SELECT * INTO found FROM seclog.question
    WHERE id = p_question AND what = p_what AND at > clock_timestamp() - interval '10 minutes'
      AND txid IS DISTINCT FROM pg_current_xact_id_if_assigned();
    IF found.id IS NULL THEN
        RAISE EXCEPTION 'no committed question: ask first' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN found;
END
$$;

CREATE OR REPLACE FUNCTION seclog.answer(p_question uuid)
RETURNS TABLE (id uuid, at timestamptz, kind text, act text, actor uuid, capacity text, section text,
               subject uuid, file uuid, purpose text, fields text[], reason text, request text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    q seclog.question := seclog.committed_question(p_question, 'rows');
    conditions text := 'true';
BEGIN
    IF cardinality(q.subjects) > 0 OR cardinality(q.files) > 0 THEN
        conditions := conditions || ' AND (e.subject = ANY($1) OR e.file = ANY($2))';
    END IF;
    IF q.officer IS NOT NULL THEN conditions := conditions || ' AND e.actor = $3'; END IF;
    IF q.since IS NOT NULL THEN conditions := conditions || ' AND e.at >= $4'; END IF;
    IF q.until IS NOT NULL THEN conditions := conditions || ' AND e.at < $5'; END IF;
    IF q.purpose <> '' THEN conditions := conditions || ' AND e.purpose = $6'; END IF;
    IF q.kind <> '' THEN conditions := conditions || ' AND e.kind = $7'; END IF;
    IF q.act <> '' THEN conditions := conditions || ' AND e.act = $8'; END IF;
    IF q.after_at IS NOT NULL THEN conditions := conditions || ' AND (e.at, e.id) < ($9, $10)'; END IF;
    RETURN QUERY EXECUTE
        'SELECT e.id, e.at, e.kind, e.act, e.actor, e.capacity, e.section, e.subject, e.file, e.purpose,'
        ' e.fields, e.reason, e.request FROM seclog.event AS e WHERE ' || conditions ||
        ' ORDER BY e.at DESC, e.id DESC LIMIT $11'
        USING q.subjects, q.files, q.officer, q.since, q.until, q.purpose, q.kind, q.act, q.after_at,
              q.after_id, q.most;
END
$$;

CREATE OR REPLACE FUNCTION seclog.summary(p_question uuid)
RETURNS TABLE (day date, hour integer, kind text, number bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    q seclog.question := seclog.committed_question(p_question, 'summary');
BEGIN
    RETURN QUERY
        SELECT (e.at AT TIME ZONE 'Europe/Brussels')::date,
               extract(hour FROM e.at AT TIME ZONE 'Europe/Brussels')::integer,
               e.kind, count(*)
        FROM seclog.event AS e
        WHERE e.at >= q.since AND e.at < q.until
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
END
$$;

ALTER FUNCTION seclog.ask(uuid, text, uuid, text, text, text, text, text, uuid[], uuid[], uuid, timestamptz,
    timestamptz, text, text, text, timestamptz, uuid, integer) OWNER TO secal_log;
ALTER FUNCTION seclog.committed_question(uuid, text) OWNER TO secal_log;
ALTER FUNCTION seclog.answer(uuid) OWNER TO secal_log;
ALTER FUNCTION seclog.summary(uuid) OWNER TO secal_log;
REVOKE ALL ON FUNCTION seclog.ask(uuid, text, uuid, text, text, text, text, text, uuid[], uuid[], uuid,
    timestamptz, timestamptz, text, text, text, timestamptz, uuid, integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION seclog.committed_question(uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION seclog.answer(uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION seclog.summary(uuid) FROM PUBLIC;
GRANT USAGE ON SCHEMA seclog TO secal_watch;
GRANT EXECUTE ON FUNCTION seclog.ask(uuid, text, uuid, text, text, text, text, text, uuid[], uuid[], uuid,
    timestamptz, timestamptz, text, text, text, timestamptz, uuid, integer) TO secal_watch;
GRANT EXECUTE ON FUNCTION seclog.answer(uuid) TO secal_watch;
GRANT EXECUTE ON FUNCTION seclog.summary(uuid) TO secal_watch;
