"""A decision on advances is never rewritten: a later one replaces it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("advances", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="REVOKE UPDATE, DELETE ON advances_advancedecision FROM secal_app",
            reverse_sql="GRANT UPDATE, DELETE ON advances_advancedecision TO secal_app",
        )
    ]
