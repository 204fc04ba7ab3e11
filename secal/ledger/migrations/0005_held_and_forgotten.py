"""What a bailiff holds is never below nought; and what the eraser may empty in the books, and nobody else."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_held_is_there() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF (SELECT sum(p.amount) FROM ledger_posting p WHERE p.book_id = NEW.book_id AND p.account = 'held') < 0 THEN
        RAISE EXCEPTION 'book %: more would be passed on than is held', NEW.book_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER held_is_there AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.account = 'held' AND NEW.amount < 0)
    EXECUTE FUNCTION ledger_held_is_there();
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_collection FROM secal_app;

CREATE OR REPLACE FUNCTION ledger_message_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.message_id <> OLD.message_id OR NEW.source <> OLD.source
       OR (OLD.state <> 'open' AND (NEW.sha256 <> OLD.sha256 OR NEW.state = 'open'
           OR NEW.count <> OLD.count OR NEW.control_sum <> OLD.control_sum
           OR (session_user <> 'secal_eraser' AND (NEW.content IS DISTINCT FROM OLD.content
               OR NEW.destroyed_on IS DISTINCT FROM OLD.destroyed_on)))) THEN
        RAISE EXCEPTION 'a payment message that was made is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION ledger_eraser_only_empties() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF session_user = 'secal_eraser' AND EXISTS (
        SELECT 1 FROM jsonb_each(to_jsonb(NEW)) AS n (name, value)
        JOIN jsonb_each(to_jsonb(OLD)) AS o (name, value) USING (name)
        WHERE n.value <> o.value AND n.value NOT IN ('null', '""') AND name <> 'destroyed_on'
    ) THEN
        RAISE EXCEPTION 'erasing empties, it writes nothing' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON ledger_book
    FOR EACH ROW EXECUTE FUNCTION ledger_eraser_only_empties();
CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON ledger_claim
    FOR EACH ROW EXECUTE FUNCTION ledger_eraser_only_empties();
CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON ledger_bankmovement
    FOR EACH ROW EXECUTE FUNCTION ledger_eraser_only_empties();
CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON ledger_paymentinstruction
    FOR EACH ROW EXECUTE FUNCTION ledger_eraser_only_empties();
CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON ledger_paymentfile
    FOR EACH ROW EXECUTE FUNCTION ledger_eraser_only_empties();

CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON ledger_collection
    FOR EACH ROW EXECUTE FUNCTION ledger_eraser_only_empties();
CREATE TRIGGER eraser_only_empties BEFORE UPDATE ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_eraser_only_empties();
DROP TRIGGER entry_is_immutable ON ledger_journalentry;
CREATE TRIGGER entry_is_immutable BEFORE UPDATE ON ledger_journalentry
    FOR EACH ROW WHEN (session_user <> 'secal_eraser') EXECUTE FUNCTION ledger_is_immutable();

REVOKE UPDATE, DELETE, TRUNCATE ON ledger_book, ledger_claim, ledger_journalentry, ledger_posting, ledger_receipt,
    ledger_allocation, ledger_collection, ledger_bankstatement, ledger_bankmovement, ledger_bankmessage,
    ledger_paymentfile, ledger_paymentinstruction FROM secal_eraser;
GRANT SELECT ON ledger_book, ledger_claim, ledger_journalentry, ledger_posting, ledger_receipt,
    ledger_allocation, ledger_collection, ledger_bankstatement, ledger_bankmovement, ledger_bankmessage,
    ledger_paymentfile, ledger_paymentinstruction TO secal_eraser;
GRANT UPDATE (number, ogm) ON ledger_book TO secal_eraser;
GRANT UPDATE (beneficiary_id) ON ledger_claim TO secal_eraser;
GRANT UPDATE (source) ON ledger_journalentry, ledger_collection TO secal_eraser;
GRANT UPDATE (ogm, end_to_end_id, bank_reference, remitter_name, remitter_iban, remitter_iban_bi, remittance)
    ON ledger_bankmovement TO secal_eraser;
GRANT UPDATE (payee_id, iban, remittance) ON ledger_paymentinstruction TO secal_eraser;
GRANT UPDATE (content, destroyed_on) ON ledger_paymentfile TO secal_eraser;
"""

REVERSE = """
REVOKE UPDATE (number, ogm) ON ledger_book FROM secal_eraser;
REVOKE UPDATE (beneficiary_id) ON ledger_claim FROM secal_eraser;
REVOKE UPDATE (source) ON ledger_journalentry, ledger_collection FROM secal_eraser;
REVOKE UPDATE (ogm, end_to_end_id, bank_reference, remitter_name, remitter_iban, remitter_iban_bi, remittance)
    ON ledger_bankmovement FROM secal_eraser;
REVOKE UPDATE (payee_id, iban, remittance) ON ledger_paymentinstruction FROM secal_eraser;
REVOKE UPDATE (content, destroyed_on) ON ledger_paymentfile FROM secal_eraser;
DROP TRIGGER eraser_only_empties ON ledger_book;
DROP TRIGGER eraser_only_empties ON ledger_claim;
DROP TRIGGER eraser_only_empties ON ledger_bankmovement;
DROP TRIGGER eraser_only_empties ON ledger_paymentinstruction;
DROP TRIGGER eraser_only_empties ON ledger_paymentfile;
DROP TRIGGER eraser_only_empties ON ledger_collection;
DROP TRIGGER eraser_only_empties ON ledger_journalentry;
DROP TRIGGER entry_is_immutable ON ledger_journalentry;
CREATE TRIGGER entry_is_immutable BEFORE UPDATE ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_immutable();
DROP FUNCTION ledger_eraser_only_empties();
CREATE OR REPLACE FUNCTION ledger_message_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.message_id <> OLD.message_id OR NEW.source <> OLD.source
       OR (OLD.state <> 'open' AND (NEW.content <> OLD.content OR NEW.sha256 <> OLD.sha256 OR NEW.state = 'open'
           OR NEW.count <> OLD.count OR NEW.control_sum <> OLD.control_sum)) THEN
        RAISE EXCEPTION 'a payment message that was made is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
DROP TRIGGER held_is_there ON ledger_posting;
DROP FUNCTION ledger_held_is_there();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_onss_books_and_payers_keys")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
