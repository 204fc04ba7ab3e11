"""Nobody is made, renamed or merged without an act of registration in the same transaction (12/057 §22).

Whoever asks whether a person is known leaves the act by asking: `people_meet` is the only way for a registrar.
"""

from django.db import migrations

ACTS = """
-- In which transaction the act was done: the triggers below ask for one of theirs.
ALTER TABLE people_registrationact ADD COLUMN txid xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE FUNCTION people_registration_is_of_now() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.txid := pg_current_xact_id();
    RETURN NEW;
END
$$;
CREATE TRIGGER registration_is_of_now BEFORE INSERT ON people_registrationact
    FOR EACH ROW EXECUTE FUNCTION people_registration_is_of_now();

-- Does this transaction hold an act of one of these kinds on that person or file? `by_two`: one that two
-- registrars agreed on.
CREATE FUNCTION people_acted(p_person uuid, p_file uuid, p_kinds text[], by_two boolean) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.people_registrationact a
          LEFT JOIN public.people_identityproposal p ON p.id = a.proposal_id
         WHERE a.txid = pg_current_xact_id() AND a.kind = ANY (p_kinds)
           AND (a.person_id = p_person OR a.file = p_file)
           AND (NOT by_two OR (p.state = 'approved' AND p.decided_by_id <> p.proposed_by_id)))
$$;
REVOKE ALL ON FUNCTION people_acted(uuid, uuid, text[], boolean) FROM PUBLIC;
"""

ACTS_BACK = """
DROP FUNCTION people_acted(uuid, uuid, text[], boolean);
DROP TRIGGER registration_is_of_now ON people_registrationact;
DROP FUNCTION people_registration_is_of_now();
ALTER TABLE people_registrationact DROP COLUMN txid;
"""

# The act is inserted by the statement that finds the person: nothing can be learnt without it. Who acts is
# named by the service that asks and judged by the table, as for every act.
MEETING = """
CREATE FUNCTION people_meet(niss_bi bytea, file uuid, act_id uuid, actor uuid DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    met uuid;
BEGIN
    IF coalesce(seat.plane(), '') NOT IN ('registration', 'author') THEN
        RAISE EXCEPTION 'only the plane of registration meets somebody' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.people_registrationact (id, kind, person_id, file, actor_id, at)
    SELECT people_meet.act_id, 'person_linked', p.id, people_meet.file,
           CASE WHEN seat.plane() = 'author' THEN people_meet.actor ELSE seat.me() END, clock_timestamp()
      FROM public.people_person p
     WHERE p.niss_bi = people_meet.niss_bi
    RETURNING person_id INTO met;
    RETURN met;
END
$$;
REVOKE ALL ON FUNCTION people_meet(bytea, uuid, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION people_meet(bytea, uuid, uuid, uuid) TO secal_app;
"""

MEETING_BACK = "DROP FUNCTION people_meet(bytea, uuid, uuid, uuid);"

PERSONS = """
REVOKE DELETE, TRUNCATE ON people_person FROM secal_app;

CREATE FUNCTION people_person_is_registered() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.merged_into_id IS NOT NULL
           OR NOT public.people_acted(NEW.id, NULL, '{person_created,imported}', false) THEN
            RAISE EXCEPTION 'a person is made by an act of registration' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.id <> NEW.id OR OLD.merged_into_id IS NOT NULL THEN
        RAISE EXCEPTION 'this identity is final' USING ERRCODE = 'check_violation';
    ELSIF NOT public.people_acted(NEW.id, NULL, CASE WHEN NEW.merged_into_id IS NULL
              THEN '{identifier_corrected,persons_merged}'::text[] ELSE '{persons_merged}' END, true) THEN
        RAISE EXCEPTION 'an identity changes by an act that two registrars agreed on'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER person_is_registered AFTER INSERT ON people_person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION people_person_is_registered();
CREATE CONSTRAINT TRIGGER identity_is_registered AFTER UPDATE ON people_person FOR EACH ROW
    WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.niss_bi IS DISTINCT FROM NEW.niss_bi
          OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
    EXECUTE FUNCTION people_person_is_registered();

-- Who registered the emptied person is barred from the one who remains, for ever.
CREATE FUNCTION people_registrars_go_along() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.people_registrationact (id, kind, person_id, actor_id, at)
    SELECT gen_random_uuid(), 'person_linked', NEW.merged_into_id, who.actor_id, clock_timestamp()
      FROM (SELECT DISTINCT a.actor_id FROM public.people_registrationact a WHERE a.person_id = NEW.id) who;
    RETURN NULL;
END
$$;
CREATE TRIGGER registrars_go_along AFTER UPDATE ON people_person FOR EACH ROW
    WHEN (OLD.merged_into_id IS NULL AND NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION people_registrars_go_along();
"""

PERSONS_BACK = """
DROP TRIGGER registrars_go_along ON people_person;
DROP FUNCTION people_registrars_go_along();
DROP TRIGGER identity_is_registered ON people_person;
DROP TRIGGER person_is_registered ON people_person;
DROP FUNCTION people_person_is_registered();
GRANT DELETE ON people_person TO secal_app;
"""

# A proposal is decided once, by somebody else (a CHECK); afterwards only what was typed can still be cleared.
PROPOSALS = """
REVOKE UPDATE, DELETE, TRUNCATE ON people_identityproposal, people_identityoutcome FROM secal_app;
GRANT UPDATE (state, decided_by_id, decided_on, stated, reason, paper) ON people_identityproposal TO secal_app;
-- To hold the rows while it looks at them, who erases needs a right to change one column.
GRANT UPDATE (key_id) ON people_identityproposal TO secal_eraser;
GRANT UPDATE (proposal_id) ON people_identityoutcome TO secal_eraser;

CREATE FUNCTION people_proposal_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN
            RAISE EXCEPTION 'a proposal begins undecided' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.state <> 'proposed'
          AND (NEW.state, NEW.decided_by_id, NEW.decided_on) IS DISTINCT FROM
              (OLD.state, OLD.decided_by_id, OLD.decided_on) THEN
        RAISE EXCEPTION 'a proposal that was decided stays as it was' USING ERRCODE = 'check_violation';
    ELSIF NEW.stated IS DISTINCT FROM OLD.stated AND NEW.stated IS NOT NULL
          OR NEW.reason IS DISTINCT FROM OLD.reason AND NEW.reason IS NOT NULL
          OR NEW.paper IS DISTINCT FROM OLD.paper AND NEW.paper IS NOT NULL THEN
        RAISE EXCEPTION 'what was proposed is not rewritten' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER proposal_stays BEFORE INSERT OR UPDATE ON people_identityproposal
    FOR EACH ROW EXECUTE FUNCTION people_proposal_stays();
"""

PROPOSALS_BACK = """
REVOKE UPDATE ON people_identityproposal, people_identityoutcome FROM secal_eraser;
DROP TRIGGER proposal_stays ON people_identityproposal;
DROP FUNCTION people_proposal_stays();
GRANT UPDATE, DELETE ON people_identityproposal, people_identityoutcome TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_who_is_meant")]
    operations = [
        migrations.RunSQL(sql=ACTS, reverse_sql=ACTS_BACK),
        migrations.RunSQL(sql=MEETING, reverse_sql=MEETING_BACK),
        migrations.RunSQL(sql=PERSONS, reverse_sql=PERSONS_BACK),
        migrations.RunSQL(sql=PROPOSALS, reverse_sql=PROPOSALS_BACK),
    ]
