"""Correcting a number and merging two persons: proposed by one registrar, decided by another."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import secal.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_registrations_forget_their_file"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityProposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key_id", models.UUIDField(editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("correction", "correction d’un NISS"),
                            ("merge", "fusion de deux personnes"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "à décider"),
                            ("approved", "approuvée"),
                            ("refused", "refusée"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("stated", secal.vault.fields.SealedField(blank=True, null=True)),
                ("stated_bi", secal.vault.fields.BlindIndexField(blank=True, max_length=32, null=True)),
                ("reason", secal.vault.fields.SealedField(blank=True, null=True)),
                ("paper", secal.vault.fields.SealedField(blank=True, null=True)),
                ("paper_type", models.CharField(max_length=40)),
                ("proposed_on", models.DateField()),
                ("decided_on", models.DateField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="historicalperson",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AlterField(
            model_name="registrationact",
            name="actor",
            field=models.UUIDField(db_column="actor_id"),
        ),
        migrations.AlterField(
            model_name="registrationact",
            name="kind",
            field=models.CharField(
                choices=[
                    ("person_created", "personne créée"),
                    ("person_linked", "personne liée à un dossier"),
                    ("file_opened", "dossier ouvert"),
                    ("file_reopened", "dossier rouvert"),
                    ("identifier_corrected", "identifiant corrigé"),
                    ("persons_merged", "personnes fusionnées"),
                    ("imported", "repris d’un autre système"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", None), ("niss_bi", None), _connector="OR"),
                name="emptied_person_is_not_found",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into", None),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_is_merged_into_themselves",
            ),
        ),
        migrations.CreateModel(
            name="IdentityOutcome",
            fields=[
                (
                    "proposal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.identityproposal",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("done", "faite"),
                            ("nobody", "aucune personne ne répond à cette désignation"),
                            ("taken", "le numéro est déjà celui d’une autre personne"),
                            ("same_file", "les deux personnes sont parties au même dossier"),
                            ("same_person", "les deux désignations mènent à la même personne"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name="identityproposal",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="identityproposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="registrationact",
            name="proposal",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.identityproposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="registrationact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["identifier_corrected", "persons_merged"]), _negated=True),
                    ("proposal__isnull", False),
                    _connector="OR",
                ),
                name="identity_changes_by_proposal",
            ),
        ),
        migrations.AddField(
            model_name="identityoutcome",
            name="emptied",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="identityoutcome",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddIndex(
            model_name="identityproposal",
            index=models.Index(
                condition=models.Q(("state", "proposed")), fields=["proposed_on"], name="identity_to_decide"
            ),
        ),
        migrations.AddConstraint(
            model_name="identityproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                    _connector="OR",
                ),
                name="identity_needs_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityproposal",
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
                name="decided_identity_names_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code", "done"), _negated=True), ("person__isnull", False), _connector="OR"
                ),
                name="done_identity_names_the_person",
            ),
        ),
    ]
