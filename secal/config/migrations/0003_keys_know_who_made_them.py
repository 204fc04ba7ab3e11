"""A registrar reads the key of what they are typing, and of nothing else: a draft or a proposal takes a key that was
made with it, keeps it, and what was sent is never taken back (12/057 §22).

Else whoever writes the name of any key into a draft of theirs could read that key.
"""

from django.db import migrations

MAKERS = """
ALTER TABLE keystore.data_key ADD COLUMN made_by uuid;
UPDATE keystore.data_key k SET made_by = d.started_by_id
  FROM files_intakedraft d WHERE d.key_id = k.id AND d.sent_at IS NULL;
UPDATE keystore.data_key k SET made_by = p.proposed_by_id
  FROM people_identityproposal p WHERE p.key_id = k.id AND p.state = 'proposed';

-- Whoever makes a key is known by the database alone, and so is when.
CREATE FUNCTION keystore.key_knows_its_maker() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.made_by := seat.me();
    NEW.created_at := now();
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION keystore.key_knows_its_maker() FROM PUBLIC;
CREATE TRIGGER key_knows_its_maker BEFORE INSERT ON keystore.data_key
    FOR EACH ROW EXECUTE FUNCTION keystore.key_knows_its_maker();

-- The portal reads keys, not who made them.
REVOKE SELECT ON keystore.data_key FROM secal_portal;
GRANT SELECT (id, purpose, wrapped, kek_version, created_at) ON keystore.data_key TO secal_portal;
"""

MAKERS_BACK = """
REVOKE SELECT (id, purpose, wrapped, kek_version, created_at) ON keystore.data_key FROM secal_portal;
GRANT SELECT ON keystore.data_key TO secal_portal;
DROP TRIGGER key_knows_its_maker ON keystore.data_key;
DROP FUNCTION keystore.key_knows_its_maker();
ALTER TABLE keystore.data_key DROP COLUMN made_by;
"""

USERS = """
-- A key that this transaction made, for whoever is at work in it.
CREATE FUNCTION keystore.made_here(p_key uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM keystore.data_key k
                    WHERE k.id = p_key AND k.created_at = now() AND k.made_by = seat.me())
$$;
REVOKE ALL ON FUNCTION keystore.made_here(uuid) FROM PUBLIC;

CREATE FUNCTION files_draft_keeps_its_key() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT keystore.made_here(NEW.key_id) AND seat.plane() IS DISTINCT FROM 'author' THEN
            RAISE EXCEPTION 'a draft takes a key that is made with it' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NEW.id <> OLD.id OR NEW.key_id <> OLD.key_id
          OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at) THEN
        RAISE EXCEPTION 'a draft keeps its key, and what was sent stays sent' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER draft_keeps_its_key BEFORE INSERT OR UPDATE ON files_intakedraft
    FOR EACH ROW EXECUTE FUNCTION files_draft_keeps_its_key();

-- Afterwards nobody but the eraser changes a proposal's key: the grants say so.
CREATE FUNCTION people_proposal_brings_its_key() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT keystore.made_here(NEW.key_id) AND seat.plane() IS DISTINCT FROM 'author' THEN
        RAISE EXCEPTION 'a proposal takes a key that is made with it' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER proposal_brings_its_key BEFORE INSERT ON people_identityproposal
    FOR EACH ROW EXECUTE FUNCTION people_proposal_brings_its_key();
REVOKE ALL ON FUNCTION files_draft_keeps_its_key(), people_proposal_brings_its_key() FROM PUBLIC;
"""

USERS_BACK = """
DROP TRIGGER proposal_brings_its_key ON people_identityproposal;
DROP TRIGGER draft_keeps_its_key ON files_intakedraft;
DROP FUNCTION people_proposal_brings_its_key(), files_draft_keeps_its_key();
DROP FUNCTION keystore.made_here(uuid);
"""

READ = """
ALTER POLICY own_keys ON keystore.data_key USING (
    (id, made_by) IN (SELECT d.key_id, d.started_by_id FROM files_intakedraft d WHERE d.sent_at IS NULL)
    OR (id, made_by) IN (SELECT p.key_id, p.proposed_by_id FROM people_identityproposal p
                          WHERE p.state = 'proposed'))
"""

READ_BACK = """
ALTER POLICY own_keys ON keystore.data_key USING (
    id IN (SELECT d.key_id FROM files_intakedraft d WHERE d.sent_at IS NULL)
    OR id IN (SELECT p.key_id FROM people_identityproposal p WHERE p.state = 'proposed'))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0002_who_sees_persons"),
        ("files", "0001_initial"),
        ("people", "0009_registrations_by_actor"),
        ("portal", "0003_acts_mean_what_they_say"),
        ("vault", "0002_keys_of_erasures"),
    ]
    operations = [
        migrations.RunSQL(sql=MAKERS, reverse_sql=MAKERS_BACK),
        migrations.RunSQL(sql=USERS, reverse_sql=USERS_BACK),
        migrations.RunSQL(sql=READ, reverse_sql=READ_BACK),
    ]
