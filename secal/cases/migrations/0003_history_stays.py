"""The history of files and their timelines are only ever added to: the application cannot rewrite them."""

from django.db import migrations

TABLES = (
    "cases_historicalalimonyfile, cases_historicalapplication, cases_historicalbeneficiary,"
    " cases_historicalexecutorytitle, cases_caseevent"
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_file_numbers")]
    operations = [
        migrations.RunSQL(
            sql=f"REVOKE UPDATE, DELETE ON {TABLES} FROM secal_app",
            reverse_sql=f"GRANT UPDATE, DELETE ON {TABLES} TO secal_app",
        )
    ]
