"""Changes of configuration are only ever added to: the application cannot rewrite them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("auditlog", "0017_add_actor_email")]
    operations = [
        migrations.RunSQL(
            sql="REVOKE UPDATE, DELETE ON auditlog_logentry FROM secal_app",
            reverse_sql="GRANT UPDATE, DELETE ON auditlog_logentry TO secal_app",
        )
    ]
