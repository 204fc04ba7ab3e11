"""Of the users, the portal's database user sees whoever sits there and nobody else (17/006 §16)."""

from django.db import migrations

TABLES = {
    "access_user": "id = (SELECT seat.me())",
    "access_userplane": "user_id = (SELECT seat.me())",
    "access_userrole": "user_id = (SELECT seat.me())",
    "access_office": "id = (SELECT office_id FROM access_user WHERE id = (SELECT seat.me()))",
}
"""Each table with the rows that the portal may read."""
OTHERS = "secal_owner, secal_app, secal_eraser, secal_seat"


def on(table: str, own: str) -> str:
    return f"""
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY office_sees_all ON {table} TO {OTHERS} USING (true) WITH CHECK (true);
    CREATE POLICY portal_sees_own ON {table} FOR SELECT TO secal_portal USING ({own});
    GRANT SELECT ON {table} TO secal_portal;
    """


def off(table: str) -> str:
    return f"""
    REVOKE SELECT ON {table} FROM secal_portal;
    DROP POLICY portal_sees_own ON {table};
    DROP POLICY office_sees_all ON {table};
    ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
    """  # noqa: S608 - names of our own tables, no value


SEATS = "GRANT SELECT ON access_user, access_userrole TO secal_seat;"
NO_SEATS = "REVOKE SELECT ON access_user, access_userrole FROM secal_seat;"


class Migration(migrations.Migration):
    dependencies = [("access", "0003_offices_and_recovery_roles")]
    operations = [
        migrations.RunSQL(
            sql=SEATS + "".join(on(table, own) for table, own in TABLES.items()),
            reverse_sql="".join(off(table) for table in reversed(TABLES)) + NO_SEATS,
        )
    ]
