"""The key store in a schema of its own, so that it can be backed up, and forgotten, apart from the data."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            sql="""
            CREATE SCHEMA keystore;
            CREATE TABLE keystore.data_key (
                id uuid PRIMARY KEY,
                purpose text NOT NULL CHECK (purpose IN ('person', 'file', 'user', 'bank')),
                wrapped bytea NOT NULL CHECK (octet_length(wrapped) = 60),
                kek_version integer NOT NULL,
                created_at timestamptz NOT NULL DEFAULT now()
            );
            GRANT USAGE ON SCHEMA keystore TO secal_app, secal_eraser;
            GRANT SELECT, INSERT ON keystore.data_key TO secal_app;
            GRANT SELECT, DELETE ON keystore.data_key TO secal_eraser;
            """,
            reverse_sql="DROP SCHEMA keystore CASCADE",
        )
    ]
