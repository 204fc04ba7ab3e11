"""A payment message that was made keeps its bytes, an instruction its amount and account: sending again is the same."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_message_stays() RETURNS trigger LANGUAGE plpgsql
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
CREATE TRIGGER message_stays BEFORE UPDATE ON ledger_paymentfile
    FOR EACH ROW EXECUTE FUNCTION ledger_message_stays();

CREATE FUNCTION ledger_instruction_joins_open_file() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT state FROM ledger_paymentfile WHERE id = NEW.file_id) <> 'open' THEN
        RAISE EXCEPTION 'a payment file that was made takes no more payments' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER instruction_joins_open_file BEFORE INSERT ON ledger_paymentinstruction
    FOR EACH ROW EXECUTE FUNCTION ledger_instruction_joins_open_file();

REVOKE DELETE, TRUNCATE ON ledger_paymentfile FROM secal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_paymentinstruction, ledger_bankmessage FROM secal_app;
GRANT UPDATE (state, reason_code, entry_id) ON ledger_paymentinstruction TO secal_app;
"""

REVERSE = """
DROP TRIGGER message_stays ON ledger_paymentfile;
DROP TRIGGER instruction_joins_open_file ON ledger_paymentinstruction;
DROP FUNCTION ledger_message_stays();
DROP FUNCTION ledger_instruction_joins_open_file();
GRANT UPDATE, DELETE ON ledger_paymentfile, ledger_paymentinstruction, ledger_bankmessage TO secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_books_balance")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
