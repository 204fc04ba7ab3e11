"""Whether somebody has a file is decided by acts of registration only (12/057 §22).

Every column by which a person hangs on a file, and the state that opens it, is guarded here.
"""

from django.db import migrations

NUMBERS = """
CREATE FUNCTION cases_application_bears_the_number() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.number := (SELECT f.number FROM public.cases_alimonyfile f WHERE f.id = NEW.file_id);
    RETURN NEW;
END
$$;
CREATE TRIGGER application_bears_the_number BEFORE INSERT OR UPDATE ON cases_application
    FOR EACH ROW EXECUTE FUNCTION cases_application_bears_the_number();

REVOKE UPDATE, DELETE, TRUNCATE ON cases_statement FROM secal_app;
GRANT UPDATE (examined_at) ON cases_statement TO secal_app;
"""

NUMBERS_BACK = """
GRANT UPDATE, DELETE ON cases_statement TO secal_app;
DROP TRIGGER application_bears_the_number ON cases_application;
DROP FUNCTION cases_application_bears_the_number();
"""

FILES = """
REVOKE DELETE, TRUNCATE ON cases_alimonyfile, cases_executorytitle, cases_beneficiary FROM secal_app;

CREATE FUNCTION cases_file_is_registered() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT public.people_acted(NULL, NEW.id, '{file_opened,imported}', false) THEN
            RAISE EXCEPTION 'a file is opened by an act of registration' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.id <> NEW.id THEN
        RAISE EXCEPTION 'this identity is final' USING ERRCODE = 'check_violation';
    ELSIF (OLD.creditor_id, OLD.debtor_id) IS DISTINCT FROM (NEW.creditor_id, NEW.debtor_id)
          AND NOT public.people_acted(NULL, NEW.id, '{persons_merged}', true) THEN
        RAISE EXCEPTION 'the parties of a file change by an act that two registrars agreed on'
            USING ERRCODE = 'check_violation';
    ELSIF OLD.state IN ('closed', 'refused') AND OLD.state <> NEW.state
          AND NOT public.people_acted(NULL, NEW.id, '{file_reopened}', false) THEN
        RAISE EXCEPTION 'an ended file is re-opened by an act of registration' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER file_is_registered AFTER INSERT ON cases_alimonyfile
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_file_is_registered();
CREATE CONSTRAINT TRIGGER parties_are_registered AFTER UPDATE ON cases_alimonyfile FOR EACH ROW
    WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.creditor_id IS DISTINCT FROM NEW.creditor_id
          OR OLD.debtor_id IS DISTINCT FROM NEW.debtor_id OR OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION cases_file_is_registered();
"""

FILES_BACK = """
DROP TRIGGER parties_are_registered ON cases_alimonyfile;
DROP TRIGGER file_is_registered ON cases_alimonyfile;
DROP FUNCTION cases_file_is_registered();
GRANT DELETE ON cases_alimonyfile, cases_executorytitle, cases_beneficiary TO secal_app;
"""

CHILDREN = """
CREATE FUNCTION cases_title_is_registered() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a title stays with its file' USING ERRCODE = 'check_violation';
    ELSIF NOT public.people_acted(NULL, NEW.file_id, '{file_opened,imported}', false) THEN
        RAISE EXCEPTION 'a title comes by an act of registration' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER title_is_registered AFTER INSERT ON cases_executorytitle
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_title_is_registered();
CREATE CONSTRAINT TRIGGER title_stays AFTER UPDATE ON cases_executorytitle FOR EACH ROW
    WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.file_id IS DISTINCT FROM NEW.file_id)
    EXECUTE FUNCTION cases_title_is_registered();

CREATE FUNCTION cases_child_is_registered() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT public.people_acted(NEW.child_id, NULL, '{person_created,person_linked,imported}', false) THEN
            RAISE EXCEPTION 'a child comes into a file by an act of registration'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF OLD.id <> NEW.id OR OLD.title_id <> NEW.title_id THEN
        RAISE EXCEPTION 'a child stays in its file' USING ERRCODE = 'check_violation';
    ELSIF NOT public.people_acted(NEW.child_id, NULL, '{persons_merged}', true)
          OR NOT public.people_acted(OLD.child_id, NULL, '{persons_merged}', true) THEN
        RAISE EXCEPTION 'the child of a line changes by an act that two registrars agreed on'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER child_is_registered AFTER INSERT ON cases_beneficiary
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_child_is_registered();
CREATE CONSTRAINT TRIGGER child_stays AFTER UPDATE ON cases_beneficiary FOR EACH ROW
    WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.title_id IS DISTINCT FROM NEW.title_id
          OR OLD.child_id IS DISTINCT FROM NEW.child_id)
    EXECUTE FUNCTION cases_child_is_registered();
"""

CHILDREN_BACK = """
DROP TRIGGER child_stays ON cases_beneficiary;
DROP TRIGGER child_is_registered ON cases_beneficiary;
DROP FUNCTION cases_child_is_registered();
DROP TRIGGER title_stays ON cases_executorytitle;
DROP TRIGGER title_is_registered ON cases_executorytitle;
DROP FUNCTION cases_title_is_registered();
"""

# For a party without a NISS: as people_meet, by the file's number and the place in it.
MEETING = """
CREATE FUNCTION cases_meet_party(number text, place text, born date, act_id uuid, actor uuid DEFAULT NULL)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    met uuid;
BEGIN
    IF coalesce(seat.plane(), '') NOT IN ('registration', 'author') THEN
        RAISE EXCEPTION 'only the plane of registration meets somebody' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.people_registrationact (id, kind, person_id, file, actor_id, at)
    SELECT cases_meet_party.act_id, 'person_linked', party.id, party.file,
           CASE WHEN seat.plane() = 'author' THEN cases_meet_party.actor ELSE seat.me() END, clock_timestamp()
      FROM (SELECT found.id, found.file, count(*) OVER () AS found_many FROM (
                SELECT CASE cases_meet_party.place WHEN 'creditor' THEN f.creditor_id
                            WHEN 'debtor' THEN f.debtor_id END AS id, f.id AS file
                  FROM public.cases_alimonyfile f WHERE f.number = cases_meet_party.number
                UNION ALL
                SELECT b.child_id, f.id
                  FROM public.cases_alimonyfile f
                  JOIN public.cases_executorytitle t ON t.file_id = f.id
                  JOIN public.cases_beneficiary b ON b.title_id = t.id
                  JOIN public.people_person p ON p.id = b.child_id
                 WHERE cases_meet_party.place = 'child' AND f.number = cases_meet_party.number
                   AND p.birth_date = cases_meet_party.born) found
             WHERE found.id IS NOT NULL) party
     WHERE party.found_many = 1
    RETURNING person_id INTO met;
    RETURN met;
END
$$;
REVOKE ALL ON FUNCTION cases_meet_party(text, text, date, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_meet_party(text, text, date, uuid, uuid) TO secal_app;
"""

MEETING_BACK = "DROP FUNCTION cases_meet_party(text, text, date, uuid, uuid);"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_statements"),
        ("people", "0008_registration_proves_itself"),
    ]
    operations = [
        migrations.RunSQL(sql=NUMBERS, reverse_sql=NUMBERS_BACK),
        migrations.RunSQL(sql=FILES, reverse_sql=FILES_BACK),
        migrations.RunSQL(sql=CHILDREN, reverse_sql=CHILDREN_BACK),
        migrations.RunSQL(sql=MEETING, reverse_sql=MEETING_BACK),
    ]
