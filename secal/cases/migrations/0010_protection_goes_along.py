"""Who was protected under a name that turned out to be another person's record stays protected under that one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_protection_goes_along() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.cases_personprotection (id, person_id, ground, marked_by_id, marked_on)
    SELECT gen_random_uuid(), NEW.merged_into_id, p.ground, p.marked_by_id, p.marked_on
      FROM public.cases_personprotection p
     WHERE p.person_id = NEW.id AND p.lifted_on IS NULL
    ON CONFLICT (person_id) WHERE lifted_on IS NULL DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER protection_goes_along AFTER UPDATE ON people_person FOR EACH ROW
    WHEN (OLD.merged_into_id IS NULL AND NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION cases_protection_goes_along();
"""

REVERSE = """
DROP TRIGGER protection_goes_along ON people_person;
DROP FUNCTION cases_protection_goes_along();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_access_rules"), ("people", "0008_registration_proves_itself")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
