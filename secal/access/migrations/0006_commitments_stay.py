"""A commitment is added by whoever gives it, at the moment that the database sees, and never changed. At the
portal each sees and adds their own."""

from django.db import migrations

OTHERS = "secal_owner, secal_app, secal_eraser, secal_seat"
FORWARD = f"""
ALTER TABLE access_commitment
    ADD CONSTRAINT commitment_digests_are_sha256
    CHECK (octet_length(text_digest) = 32 AND octet_length(session_digest) = 32);
CREATE FUNCTION access_commitment_given_now() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.given_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER given_now BEFORE INSERT ON access_commitment
    FOR EACH ROW EXECUTE FUNCTION access_commitment_given_now();
REVOKE UPDATE, DELETE, TRUNCATE ON access_commitment FROM secal_app;
REVOKE DELETE ON access_commitment FROM secal_eraser;
ALTER TABLE access_commitment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY office_sees_all ON access_commitment TO {OTHERS} USING (true) WITH CHECK (true);
CREATE POLICY portal_sees_own ON access_commitment FOR SELECT TO secal_portal
    USING (user_id = (SELECT seat.me()));
CREATE POLICY portal_gives_own ON access_commitment FOR INSERT TO secal_portal
    WITH CHECK (user_id = (SELECT seat.me()));
GRANT SELECT, INSERT ON access_commitment TO secal_portal;
"""
BACK = """
REVOKE SELECT, INSERT ON access_commitment FROM secal_portal;
DROP POLICY portal_gives_own ON access_commitment;
DROP POLICY portal_sees_own ON access_commitment;
DROP POLICY office_sees_all ON access_commitment;
ALTER TABLE access_commitment NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
GRANT DELETE ON access_commitment TO secal_eraser;
GRANT UPDATE, DELETE ON access_commitment TO secal_app;
DROP TRIGGER given_now ON access_commitment;
DROP FUNCTION access_commitment_given_now();
ALTER TABLE access_commitment DROP CONSTRAINT commitment_digests_are_sha256;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_commitments")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACK)]
