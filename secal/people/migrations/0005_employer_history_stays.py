"""The history of employers is only ever added to: the application that writes it cannot rewrite it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0004_employers")]
    operations = [
        migrations.RunSQL(
            sql="REVOKE UPDATE, DELETE ON people_historicalemployer FROM secal_app",
            reverse_sql="GRANT UPDATE, DELETE ON people_historicalemployer TO secal_app",
        )
    ]
