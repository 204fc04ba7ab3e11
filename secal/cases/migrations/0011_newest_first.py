"""Lists of files newest first, without reading more than the page: what is open to an officer, in its order.

A permission carries the day and the number of its file, which the database writes and keeps equal. The view
puts the emergency accesses beside it. Which files are closed to a person, and why, are sets that one function
finds: in plpgsql, whose plans stay with the connection.
"""

from django.conf import settings
from django.db import migrations, models

FILL = """
UPDATE cases_filepermission p SET opened_on = f.opened_on, number = f.number
  FROM cases_alimonyfile f WHERE f.id = p.content_object_id
"""

FORWARD = [
    # As the file has them, whatever was given, and from then on.
    """
    CREATE FUNCTION cases_permission_in_order() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        SELECT f.opened_on, f.number INTO NEW.opened_on, NEW.number
          FROM public.cases_alimonyfile f WHERE f.id = NEW.content_object_id;
        RETURN NEW;
    END $$
    """,
    "REVOKE ALL ON FUNCTION cases_permission_in_order() FROM PUBLIC",
    "CREATE TRIGGER permission_stands_in_order BEFORE INSERT OR UPDATE ON cases_filepermission"
    " FOR EACH ROW EXECUTE FUNCTION cases_permission_in_order()",
    "ALTER TABLE cases_alimonyfile ADD CONSTRAINT file_in_order UNIQUE (id, opened_on, number)",
    "ALTER TABLE cases_filepermission ADD CONSTRAINT permission_in_order_of_file"
    " FOREIGN KEY (content_object_id, opened_on, number) REFERENCES cases_alimonyfile (id, opened_on, number)"
    " ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED",
    # Whoever asks sees through the view what they see without it.
    """
    CREATE VIEW cases_fileopening WITH (security_invoker = true) AS
    SELECT p.user_id, p.content_object_id AS file_id, p.opened_on, p.number, NULL::timestamptz AS until
      FROM cases_filepermission p
    UNION ALL
    SELECT e.asked_by_id, e.file_id, f.opened_on, f.number, max(e.access_until)
      FROM cases_emergencyaccess e JOIN cases_alimonyfile f ON f.id = e.file_id
     WHERE e.access_until IS NOT NULL AND f.state NOT IN ('closed', 'refused')
       AND NOT EXISTS (SELECT FROM cases_filepermission p
                        WHERE p.user_id = e.asked_by_id AND p.content_object_id = e.file_id)
     GROUP BY e.asked_by_id, e.file_id, f.opened_on, f.number
    """,
    "REVOKE ALL ON cases_fileopening FROM PUBLIC, secal_app, secal_eraser",
    "GRANT SELECT ON cases_fileopening TO secal_app",
    """
    CREATE FUNCTION files_naming(persons uuid[]) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        RETURN QUERY
            SELECT f.id FROM public.cases_alimonyfile f WHERE f.creditor_id = ANY (persons)
            UNION ALL
            SELECT f.id FROM public.cases_alimonyfile f WHERE f.debtor_id = ANY (persons)
            UNION ALL
            SELECT t.file_id FROM public.cases_beneficiary b
              JOIN public.cases_executorytitle t ON t.id = b.title_id
             WHERE b.child_id = ANY (persons);
    END $$
    """,
    # The files closed to a person on these grounds: registered by them, naming them (party), left by them for a
    # conflict of interest (recused), or naming somebody protected, but for those that two others agreed to since
    # that moment. With the rights, and the rows, of who asks.
    """
    CREATE FUNCTION closed_files(grounds text[], officer uuid, own_number bytea, agreed_since timestamptz)
    RETURNS uuid[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        files uuid[] := ARRAY(
            SELECT a.file FROM public.people_registrationact a
             WHERE 'registered' = ANY (grounds) AND a.actor_id = officer AND a.file IS NOT NULL
            UNION ALL
            SELECT r.file_id FROM public.cases_recusal r
             WHERE 'recused' = ANY (grounds) AND r.officer_id = officer);
        persons uuid[] := ARRAY(
            SELECT a.person_id FROM public.people_registrationact a
             WHERE 'registered' = ANY (grounds) AND a.actor_id = officer AND a.person_id IS NOT NULL
            UNION ALL
            SELECT p.id FROM public.people_person p
             WHERE 'party' = ANY (grounds) AND p.niss_bi = own_number);
        protected uuid[] := ARRAY(
            SELECT p.person_id FROM public.cases_personprotection p
             WHERE 'protected' = ANY (grounds) AND p.lifted_on IS NULL);
    BEGIN
        IF cardinality(persons) > 0 THEN
            files := files || ARRAY(SELECT public.files_naming(persons));
        END IF;
        IF cardinality(protected) > 0 THEN
            files := files || ARRAY(
                SELECT public.files_naming(protected)
                EXCEPT
                SELECT o.file_id FROM public.cases_protectedopening o
                 WHERE o.asked_by_id = officer AND o.signed_at > agreed_since AND o.watched_at > agreed_since);
        END IF;
        RETURN files;
    END $$
    """,
    "REVOKE ALL ON FUNCTION files_naming(uuid[]), closed_files(text[], uuid, bytea, timestamptz) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION files_naming(uuid[]), closed_files(text[], uuid, bytea, timestamptz) TO secal_app",
]

BACKWARD = [
    "DROP FUNCTION closed_files(text[], uuid, bytea, timestamptz), files_naming(uuid[])",
    "DROP VIEW cases_fileopening",
    "ALTER TABLE cases_filepermission DROP CONSTRAINT permission_in_order_of_file",
    "ALTER TABLE cases_alimonyfile DROP CONSTRAINT file_in_order",
    "DROP TRIGGER permission_stands_in_order ON cases_filepermission",
    "DROP FUNCTION cases_permission_in_order()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0010_protection_goes_along"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("filepermission", "opened_on", models.DateField(editable=False, null=True)),
        migrations.AddField(
            "filepermission", "number", models.CharField(editable=False, max_length=20, null=True)
        ),
        migrations.RunSQL(sql=FILL, reverse_sql=migrations.RunSQL.noop),
        migrations.AlterField("filepermission", "opened_on", models.DateField(editable=False)),
        migrations.AlterField("filepermission", "number", models.CharField(editable=False, max_length=20)),
        migrations.RemoveConstraint("filepermission", "file_permission_once"),
        migrations.AddConstraint(
            "filepermission",
            models.UniqueConstraint(fields=("user", "content_object"), name="file_permission_once"),
        ),
        migrations.AddIndex(
            "filepermission",
            models.Index(
                fields=["user", "-opened_on", "-number"],
                include=["content_object"],
                name="permissions_newest_first",
            ),
        ),
        migrations.AddIndex(
            "alimonyfile",
            models.Index(fields=["section", "-opened_on", "-number"], name="files_of_section"),
        ),
        migrations.CreateModel(
            name="FileOpening",
            fields=[
                ("pk", models.CompositePrimaryKey("user", "file", editable=False)),
                ("opened_on", models.DateField()),
                ("number", models.CharField(max_length=20)),
                ("until", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="openings", to="cases.alimonyfile"
                    ),
                ),
            ],
            options={"db_table": "cases_fileopening", "managed": False, "default_permissions": ()},
        ),
        migrations.RunSQL(sql=FORWARD, reverse_sql=BACKWARD),
    ]
