"""A solvency review is never rewritten: a later one replaces it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("solvency", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="REVOKE UPDATE, DELETE ON solvency_solvencyreview FROM secal_app",
            reverse_sql="GRANT UPDATE, DELETE ON solvency_solvencyreview TO secal_app",
        )
    ]
