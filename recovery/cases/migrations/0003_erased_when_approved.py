"""A recovery file goes only through an approved erasure."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("recovery_cases", "0002_rules_in_the_database"),
        ("retention", "0002_watch_over_erasures"),
    ]
    operations = [
        migrations.RunSQL(
            sql=[
                "CREATE TRIGGER erased_only_when_approved BEFORE UPDATE OR DELETE ON recovery_cases_recoveryfile"
                " FOR EACH ROW EXECUTE FUNCTION retention_guard('recovery_file')",
                "REVOKE DELETE, TRUNCATE ON recovery_cases_recoveryfile FROM secal_app",
            ],
            reverse_sql=[
                "GRANT DELETE ON recovery_cases_recoveryfile TO secal_app",
                "DROP TRIGGER erased_only_when_approved ON recovery_cases_recoveryfile",
            ],
        )
    ]
