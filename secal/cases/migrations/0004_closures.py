"""Closing a file in two hands; a refused file has its day too."""

import uuid

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

# A refused application ends its file too: the day is that of the decision.
REFUSED_FILES_HAVE_THEIR_DAY = """
UPDATE cases_alimonyfile f SET closed_on = coalesce(
    (SELECT max(e.happened_on) FROM cases_caseevent e WHERE e.file_id = f.id AND e.code = 'decision_refused'),
    f.opened_on)
WHERE f.state = 'refused';
"""
REFUSED_FILES_HAVE_NO_DAY = "UPDATE cases_alimonyfile SET closed_on = NULL WHERE state = 'refused';"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_history_stays"),
        ("ledger", "0005_held_and_forgotten"),
        ("people", "0005_employer_history_stays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Closure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("paid", "tout est payé et plus aucun terme ne court"),
                            ("six_months", "six mois entièrement payés et plus rien à recouvrer"),
                            ("renunciation", "le créancier renonce à l’intervention"),
                        ],
                        max_length=12,
                        verbose_name="motif",
                    ),
                ),
                (
                    "renounced_on",
                    models.DateField(blank=True, null=True, verbose_name="date de la renonciation"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "à approuver"),
                            ("approved", "approuvée"),
                            ("returned", "renvoyée au gestionnaire"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("explanation", models.JSONField()),
                ("proposed_on", models.DateField()),
                ("decided_on", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HistoricalClosure",
            fields=[
                ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("paid", "tout est payé et plus aucun terme ne court"),
                            ("six_months", "six mois entièrement payés et plus rien à recouvrer"),
                            ("renunciation", "le créancier renonce à l’intervention"),
                        ],
                        max_length=12,
                        verbose_name="motif",
                    ),
                ),
                (
                    "renounced_on",
                    models.DateField(blank=True, null=True, verbose_name="date de la renonciation"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "à approuver"),
                            ("approved", "approuvée"),
                            ("returned", "renvoyée au gestionnaire"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("explanation", models.JSONField()),
                ("proposed_on", models.DateField()),
                ("decided_on", models.DateField(null=True)),
                ("history_user_id", models.UUIDField(editable=False, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical closure",
                "verbose_name_plural": "historical closures",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RemoveConstraint(
            model_name="alimonyfile",
            name="closed_file_has_its_day",
        ),
        migrations.RunSQL(sql=REFUSED_FILES_HAVE_THEIR_DAY, reverse_sql=REFUSED_FILES_HAVE_NO_DAY),
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
                ],
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="alimonyfile",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", False)), fields=["closed_on"], name="files_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="alimonyfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on__isnull", False), ("state__in", ["closed", "refused"])),
                    models.Q(
                        models.Q(("state__in", ["closed", "refused"]), _negated=True), ("closed_on", None)
                    ),
                    _connector="OR",
                ),
                name="ended_file_has_its_day",
            ),
        ),
        migrations.AddField(
            model_name="closure",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="closure",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="cases.alimonyfile"
            ),
        ),
        migrations.AddField(
            model_name="closure",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicalclosure",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalclosure",
            name="file",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cases.alimonyfile",
            ),
        ),
        migrations.AddField(
            model_name="historicalclosure",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("file",), name="one_closure_proposed"
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="closure_needs_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_by", None), ("decided_on", None), ("state", "proposed")),
                    models.Q(
                        models.Q(("state", "proposed"), _negated=True),
                        ("decided_by__isnull", False),
                        ("decided_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="decided_closure_names_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "renunciation"), ("renounced_on__isnull", False)),
                    models.Q(models.Q(("ground", "renunciation"), _negated=True), ("renounced_on", None)),
                    _connector="OR",
                ),
                name="renunciation_has_its_day",
            ),
        ),
    ]
