"""The database holds what approvals promise: two persons, a scan before a certificate, and nothing erased without."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE retention_list_number;
CREATE SEQUENCE retention_certificate_number;
GRANT USAGE ON SEQUENCE retention_certificate_number TO secal_eraser;

REVOKE UPDATE, DELETE, TRUNCATE ON retention_erasurelist, retention_erasureitem, retention_erasureapproval,
    retention_listchange, retention_certificate FROM secal_app, secal_eraser;
REVOKE INSERT ON retention_certificate FROM secal_app;
GRANT UPDATE (state, reject_reason) ON retention_erasurelist TO secal_app;
GRANT UPDATE (state, steps, counts, scan, reason, key_id, material) ON retention_erasureitem TO secal_app;
GRANT UPDATE (state, steps, counts, scan, key_id, material) ON retention_erasureitem TO secal_eraser;
GRANT INSERT ON retention_certificate TO secal_eraser;

CREATE FUNCTION retention_approved(p_list uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT count(DISTINCT user_id) >= 2 AND count(DISTINCT role) >= 2
    FROM retention_erasureapproval WHERE list_id = p_list
$$;

CREATE FUNCTION retention_approval_holds() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT state FROM retention_erasurelist WHERE id = NEW.list_id) <> 'proposed' THEN
        RAISE EXCEPTION 'only a proposed list is approved' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM access_userrole WHERE user_id = NEW.user_id AND role = NEW.role) THEN
        RAISE EXCEPTION 'an approval is given in a role that the person holds' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER approval_holds BEFORE INSERT ON retention_erasureapproval
    FOR EACH ROW EXECUTE FUNCTION retention_approval_holds();

CREATE FUNCTION retention_list_moves() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('proposed', 'approved'), ('proposed', 'rejected'),
                                      ('approved', 'running'), ('running', 'done')) THEN
        RAISE EXCEPTION 'a list does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'rejected' AND NOT retention_approved(NEW.id) THEN
        RAISE EXCEPTION 'a list is erased once two persons approved it' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'done' AND EXISTS (SELECT 1 FROM retention_erasureitem
                                      WHERE list_id = NEW.id AND state IN ('waiting', 'erasing', 'residue')) THEN
        RAISE EXCEPTION 'a list with something left to erase is not done' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER list_moves BEFORE UPDATE ON retention_erasurelist
    FOR EACH ROW EXECUTE FUNCTION retention_list_moves();

CREATE FUNCTION retention_list_begins_proposed() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'proposed' THEN
        RAISE EXCEPTION 'a list begins as a proposal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER list_begins_proposed BEFORE INSERT ON retention_erasurelist
    FOR EACH ROW EXECUTE FUNCTION retention_list_begins_proposed();

CREATE FUNCTION retention_item_joins() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state <> 'waiting'
       OR (SELECT state FROM retention_erasurelist WHERE id = NEW.list_id) <> 'proposed'
       OR EXISTS (SELECT 1 FROM retention_erasureapproval WHERE list_id = NEW.list_id) THEN
        RAISE EXCEPTION 'what somebody approved is not added to' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER item_joins BEFORE INSERT ON retention_erasureitem
    FOR EACH ROW EXECUTE FUNCTION retention_item_joins();

CREATE FUNCTION retention_item_moves() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('waiting', 'erasing'), ('waiting', 'kept_back'), ('erasing', 'kept_back'),
                                      ('erasing', 'residue'), ('residue', 'erasing'), ('erasing', 'erased')) THEN
        RAISE EXCEPTION 'an item does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'erasing' AND NOT (
        retention_approved(NEW.list_id)
        AND (SELECT state FROM retention_erasurelist WHERE id = NEW.list_id) = 'running') THEN
        RAISE EXCEPTION 'nothing is erased that two persons did not approve' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'kept_back' AND OLD.state = 'erasing' AND OLD.steps ? 'keys' THEN
        RAISE EXCEPTION 'what lost its key is not kept' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'erased' AND NOT EXISTS (SELECT 1 FROM retention_certificate WHERE item_id = NEW.id) THEN
        RAISE EXCEPTION 'what is erased has its certificate' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER item_moves BEFORE UPDATE ON retention_erasureitem
    FOR EACH ROW EXECUTE FUNCTION retention_item_moves();

CREATE FUNCTION retention_certificate_follows_scan() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM retention_erasureitem
        WHERE id = NEW.item_id AND state = 'erasing' AND steps ?& array['begun', 'keys', 'rows', 'scan']
          AND steps ->> 'rows' <= steps ->> 'scan' AND scan ->> 'hits' = '0') THEN
        RAISE EXCEPTION 'a certificate follows a scan that found nothing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER certificate_follows_scan BEFORE INSERT ON retention_certificate
    FOR EACH ROW EXECUTE FUNCTION retention_certificate_follows_scan();

-- Attached to the root table of each unit, with the unit's kind as its argument. It runs with its owner's rights:
-- whoever changes a root need not be able to read the lists.
CREATE FUNCTION retention_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    erasing boolean := EXISTS (
        SELECT 1 FROM retention_erasureitem i
        WHERE i.unit_id = OLD.id AND i.unit_kind = TG_ARGV[0] AND i.state = 'erasing'
          AND retention_approved(i.list_id));
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT erasing THEN
            RAISE EXCEPTION 'no approved erasure names this row' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END IF;
    IF erasing AND session_user <> 'secal_eraser' THEN
        RAISE EXCEPTION 'this row is being erased' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION retention_guard() FROM PUBLIC;
"""

REVERSE = """
DROP FUNCTION retention_guard();
DROP TRIGGER certificate_follows_scan ON retention_certificate;
DROP TRIGGER item_moves ON retention_erasureitem;
DROP TRIGGER item_joins ON retention_erasureitem;
DROP TRIGGER list_begins_proposed ON retention_erasurelist;
DROP TRIGGER list_moves ON retention_erasurelist;
DROP TRIGGER approval_holds ON retention_erasureapproval;
DROP FUNCTION retention_certificate_follows_scan();
DROP FUNCTION retention_item_moves();
DROP FUNCTION retention_item_joins();
DROP FUNCTION retention_list_begins_proposed();
DROP FUNCTION retention_list_moves();
DROP FUNCTION retention_approval_holds();
DROP FUNCTION retention_approved(uuid);
DROP SEQUENCE retention_certificate_number;
DROP SEQUENCE retention_list_number;
GRANT INSERT, UPDATE, DELETE ON retention_erasurelist, retention_erasureitem, retention_erasureapproval,
    retention_listchange, retention_certificate TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("access", "0001_initial")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
