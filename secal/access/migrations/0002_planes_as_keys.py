"""A role's plane must be the person's plane: a composite key, so that two planes cannot be stored (12/057 §22)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
            ALTER TABLE access_userrole
                ADD CONSTRAINT role_in_the_persons_plane FOREIGN KEY (user_id, plane)
                REFERENCES access_userplane (user_id, plane);
            """,
            reverse_sql="ALTER TABLE access_userrole DROP CONSTRAINT role_in_the_persons_plane",
        )
    ]
