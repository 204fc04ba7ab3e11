"""The database keeps the books: entries balance, nothing booked is changed, claims are never overpaid."""

from django.db import migrations

# enable_seqscan = off: a session keeps the plan it made while the tables were small, and would read the whole
# table for each posting of a large load.
FORWARD = """
CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    unbalanced uuid;
BEGIN
    SELECT p.entry_id INTO unbalanced FROM ledger_posting p
    WHERE p.entry_id = NEW.entry_id
    GROUP BY p.entry_id HAVING sum(p.amount) <> 0 OR count(*) < 2;
    IF unbalanced IS NOT NULL THEN
        RAISE EXCEPTION 'journal entry % does not balance', unbalanced USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();

CREATE FUNCTION ledger_entry_has_postings() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.entry_id = NEW.id) THEN
        RAISE EXCEPTION 'journal entry % has no postings', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER entry_has_postings AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_has_postings();

CREATE FUNCTION ledger_posting_stays_in_book() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF NEW.book_id <> (SELECT e.book_id FROM ledger_journalentry e WHERE e.id = NEW.entry_id)
       OR (NEW.claim_id IS NOT NULL
           AND NEW.book_id <> (SELECT c.book_id FROM ledger_claim c WHERE c.id = NEW.claim_id)) THEN
        RAISE EXCEPTION 'a posting, its entry and its claim belong to one book' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER posting_stays_in_book BEFORE INSERT ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_stays_in_book();

CREATE FUNCTION ledger_claim_is_not_overpaid() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF (SELECT sum(p.amount) FROM ledger_posting p WHERE p.claim_id = NEW.claim_id) < 0 THEN
        RAISE EXCEPTION 'claim % would be paid more than it is', NEW.claim_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER claim_is_not_overpaid AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.claim_id IS NOT NULL AND NEW.amount < 0)
    EXECUTE FUNCTION ledger_claim_is_not_overpaid();

CREATE FUNCTION ledger_is_immutable() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what is booked stays booked: reverse it' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER posting_is_immutable BEFORE UPDATE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_is_immutable();
CREATE TRIGGER entry_is_immutable BEFORE UPDATE ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_immutable();
CREATE TRIGGER allocation_is_immutable BEFORE UPDATE ON ledger_allocation
    FOR EACH ROW EXECUTE FUNCTION ledger_is_immutable();

REVOKE UPDATE, DELETE, TRUNCATE ON ledger_posting, ledger_journalentry, ledger_allocation FROM secal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_book, ledger_claim FROM secal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_bankstatement, ledger_bankmovement, ledger_receipt FROM secal_app;
GRANT UPDATE (state) ON ledger_bankmovement TO secal_app;
GRANT UPDATE (book_id, state, waiting_reason, matched_by_id, explanation) ON ledger_receipt TO secal_app;
GRANT UPDATE (limitation_on) ON ledger_claim TO secal_app;
GRANT UPDATE (last_entry) ON ledger_book TO secal_app;
CREATE SEQUENCE ledger_book_number START 1000000001 MAXVALUE 9999999999 NO CYCLE;
"""

REVERSE = """
GRANT UPDATE, DELETE ON ledger_bankstatement, ledger_bankmovement, ledger_receipt TO secal_app;
GRANT UPDATE, DELETE ON ledger_posting, ledger_journalentry, ledger_allocation, ledger_book, ledger_claim TO secal_app;
DROP SEQUENCE ledger_book_number;
DROP TRIGGER entry_balances ON ledger_posting;
DROP TRIGGER entry_has_postings ON ledger_journalentry;
DROP TRIGGER claim_is_not_overpaid ON ledger_posting;
DROP TRIGGER posting_stays_in_book ON ledger_posting;
DROP TRIGGER posting_is_immutable ON ledger_posting;
DROP TRIGGER entry_is_immutable ON ledger_journalentry;
DROP TRIGGER allocation_is_immutable ON ledger_allocation;
DROP FUNCTION ledger_entry_balances();
DROP FUNCTION ledger_entry_has_postings();
DROP FUNCTION ledger_posting_stays_in_book();
DROP FUNCTION ledger_claim_is_not_overpaid();
DROP FUNCTION ledger_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
