"""What was stated is kept sealed and examined later; an application carries the number of its file."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import secal.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_closed_by_two"),
        ("people", "0008_registration_proves_itself"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="number",
            field=models.CharField(default="", editable=False, max_length=20),
        ),
        migrations.AddField(
            model_name="attachment", name="key_id", field=models.UUIDField(editable=False, null=True)
        ),
        migrations.RunSQL(
            sql="UPDATE cases_attachment a SET key_id = f.key_id FROM cases_alimonyfile f WHERE f.id = a.file_id;"
            " UPDATE cases_application a SET number = f.number FROM cases_alimonyfile f WHERE f.id = a.file_id;"
            " SET CONSTRAINTS ALL IMMEDIATE;",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AlterField(model_name="attachment", name="key_id", field=models.UUIDField(editable=False)),
        migrations.AddField(
            model_name="historicalapplication",
            name="number",
            field=models.CharField(default="", editable=False, max_length=20),
        ),
        migrations.AlterField(
            model_name="workitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("complete_application", "Compléter la demande"),
                    ("second_application", "Examiner une seconde demande entre les mêmes parties"),
                    ("decide_advance", "Décider des avances"),
                    ("review_solvency", "Examiner la solvabilité"),
                    ("payment_rejected", "Paiement refusé par la banque"),
                    ("approve_closure", "Approuver la clôture du dossier"),
                    ("examine_identity", "Examiner l’identité d’une partie"),
                ],
                max_length=24,
            ),
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key_id", models.UUIDField(editable=False)),
                ("content", secal.vault.fields.SealedField(blank=True, null=True)),
                ("stated_on", models.DateField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("examined_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="cases.alimonyfile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["file", "at"], name="statements_of_file")],
            },
        ),
    ]
