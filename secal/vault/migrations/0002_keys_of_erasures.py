"""A key for what an erasure must remember until its scan is over: it is destroyed with the certificate."""

from django.db import migrations

FORWARD = """
ALTER TABLE keystore.data_key DROP CONSTRAINT data_key_purpose_check;
ALTER TABLE keystore.data_key ADD CONSTRAINT data_key_purpose_check
    CHECK (purpose IN ('person', 'file', 'user', 'bank', 'erasure'));
"""

REVERSE = """
DELETE FROM keystore.data_key WHERE purpose = 'erasure';
ALTER TABLE keystore.data_key DROP CONSTRAINT data_key_purpose_check;
ALTER TABLE keystore.data_key ADD CONSTRAINT data_key_purpose_check
    CHECK (purpose IN ('person', 'file', 'user', 'bank'));
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_key_store")]
    operations = [migrations.RunSQL(sql=FORWARD, reverse_sql=REVERSE)]
