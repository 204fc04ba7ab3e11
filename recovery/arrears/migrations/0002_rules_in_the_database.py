"""What the database itself refuses: a roll signed without a delegation of that day, a line that is contested or whose
month still runs, a change of what was drawn up. What was recorded stays."""

from django.db import migrations

STAYS = (
    "arrears_historicaldebt, arrears_historicalformalnotice, arrears_historicalnoticeline,"
    " arrears_historicaldelegation, arrears_historicalspecialroll, arrears_historicalopposition,"
    " arrears_debtcharge, arrears_contest, arrears_contestline, arrears_rollline"
)

FORWARD = [
    "CREATE SEQUENCE arrears_notice_number START 1 NO CYCLE",
    "CREATE SEQUENCE arrears_roll_number START 1 NO CYCLE",
    f"REVOKE UPDATE, DELETE ON {STAYS} FROM secal_app",
    "REVOKE DELETE ON arrears_debt, arrears_formalnotice, arrears_noticeline, arrears_delegation,"
    " arrears_specialroll, arrears_opposition FROM secal_app",
    # Signed by the delegate of a delegation in force on the day of signing; drawn up by whom it was.
    """
    CREATE FUNCTION arrears_roll_rules() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND (
            (NEW.drawn_by_id, NEW.drawn_on, NEW.file_id, NEW.number)
                IS DISTINCT FROM (OLD.drawn_by_id, OLD.drawn_on, OLD.file_id, OLD.number)
            OR OLD.state <> 'drawn') THEN
            RAISE EXCEPTION 'a roll is drawn up once and signed once'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'roll_stays_as_drawn';
        END IF;
        IF NEW.state = 'enforceable' THEN
            PERFORM 1 FROM arrears_delegation d
                WHERE d.id = NEW.delegation_id AND d.delegate_id = NEW.enforceable_by_id AND d.signs_rolls
                AND d.from_on <= NEW.enforceable_on
                AND (d.until_on IS NULL OR d.until_on >= NEW.enforceable_on);
            IF NOT FOUND THEN
                RAISE EXCEPTION 'no delegation to sign rolls was in force on that day'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'roll_signed_under_delegation';
            END IF;
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER roll_rules BEFORE INSERT OR UPDATE ON arrears_specialroll"
    " FOR EACH ROW WHEN (session_user <> 'secal_eraser') EXECUTE FUNCTION arrears_roll_rules()",
    # A line of a roll: not contested, its month over, of the roll's own file.
    """
    CREATE FUNCTION arrears_roll_line_rules() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
    BEGIN
        PERFORM 1 FROM arrears_specialroll r JOIN arrears_debtcharge c ON c.id = NEW.charge_id
            JOIN arrears_debt d ON d.id = c.debt_id AND d.file_id = r.file_id
            WHERE r.id = NEW.roll_id AND r.state = 'drawn';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a roll names sums of its own debtor, while it is drawn up'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'roll_line_of_its_file';
        END IF;
        IF NEW.notice_line_id IS NOT NULL THEN
            PERFORM 1 FROM arrears_noticeline l JOIN arrears_formalnotice n ON n.id = l.notice_id
                JOIN arrears_specialroll r ON r.id = NEW.roll_id
                WHERE l.id = NEW.notice_line_id AND l.charge_id = NEW.charge_id AND l.contested_on IS NULL
                AND n.file_id = r.file_id AND n.last_day < r.drawn_on
                FOR SHARE OF l;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'this line is contested, or its month still runs'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'roll_line_may_be_recovered';
            END IF;
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER roll_line_rules BEFORE INSERT ON arrears_rollline"
    " FOR EACH ROW EXECUTE FUNCTION arrears_roll_line_rules()",
]

BACKWARD = [
    "DROP TRIGGER roll_line_rules ON arrears_rollline",
    "DROP FUNCTION arrears_roll_line_rules()",
    "DROP TRIGGER roll_rules ON arrears_specialroll",
    "DROP FUNCTION arrears_roll_rules()",
    "GRANT DELETE ON arrears_debt, arrears_formalnotice, arrears_noticeline, arrears_delegation,"
    " arrears_specialroll, arrears_opposition TO secal_app",
    f"GRANT UPDATE, DELETE ON {STAYS} TO secal_app",
    "DROP SEQUENCE arrears_roll_number",
    "DROP SEQUENCE arrears_notice_number",
]


class Migration(migrations.Migration):
    dependencies = [("arrears", "0001_initial")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=BACKWARD)]
