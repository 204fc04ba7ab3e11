"""What a bailiff's rows may say, whatever SQL the portal sends: row security says which title, this says how.

Payment, follow-up, leave, deed and rectifying act belong to the title that they name, and to its file, mandate and
act: a row on one's own title can reach into no other file. The portal's database user moves a title only as a
bailiff's acts do, serves it by a recorded act, ends a mandate together with its title, dates nothing back, keeps
nothing unsealed, and writes history only of what the row became.
"""

from django.db import migrations

ME = "(SELECT seat.me())"
SOON = "BETWEEN now() - interval '10 minutes' AND now() + interval '10 minutes'"
"""The clocks of two machines, and the length of a request."""
TODAY = "(now() AT TIME ZONE 'Europe/Brussels')::date"
MY_NAME = f"(SELECT u.given_name || ' ' || u.family_name FROM access_user u WHERE u.id = {ME})"  # noqa: S608 - a query of ours
ACTS = (
    "'service', 'order_to_pay', 'movable_seizure', 'attachment', 'immovable_seizure', 'conservatory_seizure',"
    " 'sale', 'finding_of_lack', 'other'"
)
LINES = (
    "'title_served', 'act_recorded', 'act_rectified', 'deed_kept', 'payment_declared', 'mandate_closed',"
    " 'mandate_handed_back'"
)
TOLD = "ARRAY['title', 'until_on', 'act_kind', 'amount', 'way', 'office']"


def sealed(table: str, column: str) -> str:
    """The value is sealed with the key of the row's file: it goes with that key."""
    return (
        f"substr({column}, 1, 17) = '\\x01'::bytea || uuid_send("  # noqa: S608 - names of ours
        f"(SELECT f.key_id FROM recovery_cases_recoveryfile f WHERE f.id = {table}.file_id))"
    )


ADDED = {
    "recovery_cases_act": f"recorded_at {SOON} AND acted_at <= now() + interval '10 minutes' AND kind IN ({ACTS})"
    f" AND (note IS NULL OR {sealed('recovery_cases_act', 'note')})",
    "recovery_cases_document": f"act_id IS NOT NULL AND media_type = 'application/pdf'"
    f" AND made_on BETWEEN {TODAY} - 1 AND {TODAY} + 1"
    f" AND {sealed('recovery_cases_document', 'name')} AND {sealed('recovery_cases_document', 'content')}",
    "recovery_cases_fileevent": f"at {SOON} AND kind IN ('act', 'money', 'mandate') AND code IN ({LINES})"
    f" AND actor_name = {MY_NAME} AND params - {TOLD} = '{{}}'",
    "recovery_cases_historicaltitle": f"history_date {SOON} AND history_type = '~'"
    " AND history_change_reason IS NULL",
    "recovery_cases_historicalmandate": f"history_date {SOON} AND history_type = '~'"
    " AND history_change_reason IS NULL",
    "portal_collectedpayment": f"recorded_at {SOON} AND received_on <= {TODAY}",
    "portal_followup": f"asked_at {SOON}",
}
"""What a row that the portal adds must be, beside being on one's own title."""

UNIQUE = {
    "act_of_title": ("recovery_cases_act", "id, title_id"),
    "act_of_title_and_kind": ("recovery_cases_act", "id, title_id, kind"),
}
BELONGS = {
    "payment_title_of_its_file": (
        "portal_collectedpayment", "title_id, file_id", "recovery_cases_title", "id, file_id",
    ),
    "payment_mandate_of_its_title": (
        "portal_collectedpayment", "mandate_id, title_id", "recovery_cases_mandate", "id, title_id",
    ),
    "follow_up_mandate_of_its_title": (
        "portal_followup", "mandate_id, title_id", "recovery_cases_mandate", "id, title_id",
    ),
    "follow_up_act_of_its_title": ("portal_followup", "act_id, title_id", "recovery_cases_act", "id, title_id"),
    "leave_act_of_its_title": ("portal_judgeleave", "act_id, title_id", "recovery_cases_act", "id, title_id"),
    "deed_act_of_its_title": (
        "recovery_cases_document", "act_id, title_id", "recovery_cases_act", "id, title_id",
    ),
    "rectified_act_is_alike": (
        "recovery_cases_act", "rectifies_id, title_id, kind", "recovery_cases_act", "id, title_id, kind",
    ),
}  # fmt: skip
"""Constraint: (table, columns, the table that they name, its columns). For every user of the database."""

FUNCTIONS = """
CREATE FUNCTION portal_title_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('mandated', 'served'), ('mandated', 'transmitted'), ('mandated', 'closed'), ('served', 'closed')) THEN
        RAISE EXCEPTION 'a bailiff does not move a title so'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'title_moves_as_acts_do';
    END IF;
    IF (NEW.served_at, NEW.opposition_until) IS DISTINCT FROM (OLD.served_at, OLD.opposition_until) AND (
        NEW.served_at IS NULL OR OLD.opposed_on IS NOT NULL
        OR NEW.opposition_until <= (NEW.served_at AT TIME ZONE 'Europe/Brussels')::date
        OR NOT EXISTS (
            SELECT FROM public.recovery_cases_act a
             WHERE a.title_id = NEW.id AND a.kind = 'service' AND a.acted_at = NEW.served_at
               AND a.recorded_by = seat.me() AND a.recorded_at > now() - interval '10 minutes'
               AND (OLD.served_at IS NULL OR a.rectifies_id IS NOT NULL)
               AND NOT EXISTS (SELECT FROM public.recovery_cases_act r WHERE r.rectifies_id = a.id))) THEN
        RAISE EXCEPTION 'a title is served by a recorded act'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'title_served_by_an_act';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portal_title_moves BEFORE UPDATE ON recovery_cases_title
    FOR EACH ROW WHEN (session_user = 'secal_portal') EXECUTE FUNCTION portal_title_moves();

CREATE FUNCTION portal_mandate_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.state NOT IN ('handed_back', 'closed') OR NEW.end_reason !~ '^[a-z_]{1,30}$'
       OR NEW.ended_at NOT BETWEEN now() - interval '10 minutes' AND now() + interval '10 minutes' THEN
        RAISE EXCEPTION 'a bailiff ends a mandate now, and says why'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandate_ends_now';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portal_mandate_ends BEFORE UPDATE ON recovery_cases_mandate
    FOR EACH ROW WHEN (session_user = 'secal_portal') EXECUTE FUNCTION portal_mandate_ends();

-- At the end of the transaction, when both rows are written: title and mandate tell the same.
CREATE FUNCTION portal_title_follows_mandate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    title uuid := to_jsonb(NEW) ->> CASE TG_TABLE_NAME WHEN 'recovery_cases_title' THEN 'id' ELSE 'title_id' END;
    now_is text := (SELECT t.state FROM public.recovery_cases_title t WHERE t.id = title);
    runs boolean := EXISTS (
        SELECT FROM public.recovery_cases_mandate m WHERE m.title_id = title AND m.state = 'running');
BEGIN
    IF (now_is = 'mandated' AND NOT runs) OR (now_is IN ('transmitted', 'closed') AND runs)
       OR (TG_TABLE_NAME LIKE '%mandate' AND to_jsonb(NEW) ->> 'state' = 'closed' AND now_is <> 'closed') THEN
        RAISE EXCEPTION 'title and mandate end together'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'title_follows_mandate';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER portal_title_follows_mandate AFTER UPDATE ON recovery_cases_title
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (session_user = 'secal_portal' AND NEW.state IS DISTINCT FROM OLD.state)
    EXECUTE FUNCTION portal_title_follows_mandate();
CREATE CONSTRAINT TRIGGER portal_title_follows_mandate AFTER UPDATE ON recovery_cases_mandate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user = 'secal_portal')
    EXECUTE FUNCTION portal_title_follows_mandate();

CREATE FUNCTION portal_end_is_told_when_ended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.recovery_cases_mandate m WHERE m.id = NEW.mandate_id AND m.state = 'running') THEN
        RAISE EXCEPTION 'this mandate goes on'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'end_is_told_when_ended';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER portal_end_is_told_when_ended AFTER INSERT ON portal_followup
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.act_id IS NULL)
    EXECUTE FUNCTION portal_end_is_told_when_ended();

-- The argument is the live table: a line of history is the row as it stands.
CREATE FUNCTION portal_history_is_true() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(l) FROM public.%I l WHERE l.id = $1', TG_ARGV[0]) INTO live USING NEW.id;
    IF live IS DISTINCT FROM to_jsonb(NEW) - ARRAY[
        'history_id', 'history_date', 'history_type', 'history_user_id', 'history_change_reason'] THEN
        RAISE EXCEPTION 'history tells what the row became'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'history_is_true';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER portal_history_is_true BEFORE INSERT ON recovery_cases_historicaltitle
    FOR EACH ROW WHEN (session_user = 'secal_portal')
    EXECUTE FUNCTION portal_history_is_true('recovery_cases_title');
CREATE TRIGGER portal_history_is_true BEFORE INSERT ON recovery_cases_historicalmandate
    FOR EACH ROW WHEN (session_user = 'secal_portal')
    EXECUTE FUNCTION portal_history_is_true('recovery_cases_mandate');
"""
TRIGGERS = {
    "portal_title_moves": ("recovery_cases_title",),
    "portal_mandate_ends": ("recovery_cases_mandate",),
    "portal_title_follows_mandate": ("recovery_cases_title", "recovery_cases_mandate"),
    "portal_end_is_told_when_ended": ("portal_followup",),
    "portal_history_is_true": ("recovery_cases_historicaltitle", "recovery_cases_historicalmandate"),
}
"""Function and trigger of the same name, with the tables that it watches."""

TITLES = """
CREATE OR REPLACE FUNCTION portal_titles() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(m.title_id), '{}')
      FROM public.recovery_cases_mandate m JOIN public.access_user u ON u.office_id = m.office_id%s
     WHERE u.id = seat.me() AND u.is_active AND m.state = 'running'
       AND EXISTS (SELECT FROM public.recovery_cases_mandatepermission p
                    WHERE p.user_id = u.id AND p.content_object_id = m.file_id)
$$
"""
OPEN_OFFICE = "\n      JOIN public.access_office o ON o.id = m.office_id AND o.is_active"


def forward() -> list[str]:
    statements = [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({columns})"
        for name, (table, columns) in UNIQUE.items()
    ]
    statements += [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {named} ({theirs})"
        for name, (table, columns, named, theirs) in BELONGS.items()
    ]
    statements += [
        f"CREATE POLICY portal_adds_truly ON {table} AS RESTRICTIVE FOR INSERT TO secal_portal WITH CHECK ({rows})"
        for table, rows in ADDED.items()
    ]
    return [*statements, FUNCTIONS, TITLES % OPEN_OFFICE]


def backward() -> list[str]:
    statements = [TITLES % ""]
    for function, tables in TRIGGERS.items():
        statements += [f"DROP TRIGGER {function} ON {table}" for table in tables]
        statements.append(f"DROP FUNCTION {function}()")
    statements += [f"DROP POLICY portal_adds_truly ON {table}" for table in ADDED]
    statements += [f"ALTER TABLE {row[0]} DROP CONSTRAINT {name}" for name, row in BELONGS.items()]
    return statements + [f"ALTER TABLE {row[0]} DROP CONSTRAINT {name}" for name, row in UNIQUE.items()]


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_row_security")]
    operations = [migrations.RunSQL(sql=forward(), reverse_sql=backward())]
