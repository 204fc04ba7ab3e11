"""A departure that was overtaken while it waited says so; a refused message is an alarm until a watcher notes it."""

from django.db import migrations, models

FORWARD = """
GRANT UPDATE (overtaken) ON chamber_departure TO secal_app;
GRANT UPDATE (noted_by) ON chamber_alarm TO secal_app;
CREATE TRIGGER signed BEFORE INSERT OR UPDATE ON chamber_alarm
    FOR EACH ROW EXECUTE FUNCTION seat.signs('noted_by');

-- What was refused stays an alarm until a person looked at it: no later message, true or forged, ends it.
CREATE FUNCTION chamber_refusal_is_noted() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.kind = 'refused' AND NEW.ended_at IS NOT NULL AND NEW.noted_by IS NULL THEN
        RAISE EXCEPTION 'a person notes what was refused' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'chamber_refusal_is_noted';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION chamber_refusal_is_noted() FROM PUBLIC;
CREATE TRIGGER refusal_is_noted BEFORE UPDATE ON chamber_alarm
    FOR EACH ROW EXECUTE FUNCTION chamber_refusal_is_noted();
"""
REVERSE = """
DROP TRIGGER refusal_is_noted ON chamber_alarm;
DROP FUNCTION chamber_refusal_is_noted();
DROP TRIGGER signed ON chamber_alarm;
REVOKE UPDATE (noted_by) ON chamber_alarm FROM secal_app;
REVOKE UPDATE (overtaken) ON chamber_departure FROM secal_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("chamber", "0002_lists_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="noted_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="departure",
            name="overtaken",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("silence", "aucune liste acceptée depuis plus de 24 heures"),
                    ("refused", "un message a été refusé"),
                    ("held", "une liste est retenue : trop de départs à la fois"),
                    ("lapse", "trop de périodes prennent fin à la fois"),
                    ("gap", "des messages manquent : une liste complète est demandée"),
                    ("failed", "un départ n’a pas pu être exécuté"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="departure",
            constraint=models.CheckConstraint(
                condition=models.Q(("overtaken", False), ("carried_out_at__isnull", False), _connector="OR"),
                name="chamber_overtaken_is_settled",
            ),
        ),
        migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE),
    ]
