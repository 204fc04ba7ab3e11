"""The history of persons and accounts is only ever added to: the application that writes it cannot rewrite it."""

from django.db import migrations

TABLES = "people_historicalperson, people_historicalpaymentaccount"


class Migration(migrations.Migration):
    dependencies = [("people", "0002_registrations_stay")]
    operations = [
        migrations.RunSQL(
            sql=f"REVOKE UPDATE, DELETE ON {TABLES} FROM secal_app",
            reverse_sql=f"GRANT UPDATE, DELETE ON {TABLES} TO secal_app",
        )
    ]
