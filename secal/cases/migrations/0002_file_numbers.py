"""File numbers come from a sequence: never given twice, also after a file is erased."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE cases_file_number START 1 NO CYCLE",
            reverse_sql="DROP SEQUENCE cases_file_number",
        )
    ]
