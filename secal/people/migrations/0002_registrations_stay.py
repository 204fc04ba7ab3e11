"""Who registered whom is never rewritten: separation rests on it (12/057 §22)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="REVOKE UPDATE, DELETE ON people_registrationact FROM secal_app",
            reverse_sql="GRANT UPDATE, DELETE ON people_registrationact TO secal_app",
        )
    ]
