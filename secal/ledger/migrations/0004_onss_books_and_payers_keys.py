"""Books of employers, what bailiffs hold, a data key for each bank movement, and what an erased file leaves empty."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

# What is already sealed stays sealed with the key of its statement; what comes from now on has a key of its own.
STATEMENTS_KEY_TO_MOVEMENTS = """
UPDATE ledger_bankmovement m SET key_id = s.key_id FROM ledger_bankstatement s WHERE s.id = m.statement_id;
"""
# A sealed value names its own key: a statement gets one of them, and nothing becomes unreadable.
MOVEMENTS_KEY_TO_STATEMENTS = """
UPDATE ledger_bankstatement s SET key_id = coalesce(
    (SELECT m.key_id FROM ledger_bankmovement m WHERE m.statement_id = s.id ORDER BY m.line LIMIT 1),
    gen_random_uuid());
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_payments_stay"),
        ("people", "0003_history_stays"),
    ]

    operations = [
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("source", models.UUIDField(null=True, unique=True)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14)),
                ("collected_on", models.DateField()),
                ("explanation", models.JSONField(default=dict)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="book",
            name="ogm_has_twelve_digits",
        ),
        migrations.RemoveConstraint(
            model_name="paymentfile",
            name="only_an_open_file_has_no_content",
        ),
        migrations.AddField(
            model_name="bankmovement",
            name="key_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="bankstatement",
            name="key_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunSQL(sql=STATEMENTS_KEY_TO_MOVEMENTS, reverse_sql=MOVEMENTS_KEY_TO_STATEMENTS),
        migrations.AlterField(
            model_name="bankmovement",
            name="key_id",
            field=models.UUIDField(editable=False),
        ),
        migrations.RemoveField(
            model_name="bankstatement",
            name="key_id",
        ),
        migrations.AddField(
            model_name="paymentfile",
            name="destroyed_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="book",
            name="number",
            field=models.BigIntegerField(null=True, unique=True),
        ),
        migrations.AlterField(
            model_name="book",
            name="ogm",
            field=models.CharField(max_length=12, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name="claim",
            name="head",
            field=models.CharField(
                choices=[
                    ("costs", "Frais de poursuite"),
                    ("contribution", "Contribution aux frais de fonctionnement"),
                    ("interest", "Intérêts"),
                    ("advance", "Avances"),
                    ("balance", "Solde du terme"),
                    ("arrears", "Arriérés à la demande"),
                    ("social", "Cotisations"),
                    ("surcharge", "Majorations"),
                ],
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="claim",
            name="owner",
            field=models.CharField(
                choices=[("treasury", "Trésor"), ("creditor", "Créancier"), ("institution", "ONSS")],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("arrears", "Arriérés à la demande"),
                    ("term_due", "Terme échu"),
                    ("contribution", "Contribution aux frais"),
                    ("interest", "Intérêts"),
                    ("costs", "Frais"),
                    ("advance_paid", "Avance payée"),
                    ("receipt", "Paiement du débiteur"),
                    ("quarter_due", "Cotisations d’un trimestre"),
                    ("surcharge", "Majoration"),
                    ("collected", "Paiement reçu par l’huissier"),
                    ("remittance", "Versement de l’huissier"),
                    ("reversal", "Contre-passation"),
                ],
                max_length=14,
            ),
        ),
        migrations.AlterField(
            model_name="paymentinstruction",
            name="payee",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="account",
            field=models.CharField(
                choices=[
                    ("debtor", "Débiteur"),
                    ("creditor", "Dû au créancier"),
                    ("contribution", "Contribution aux frais"),
                    ("interest", "Intérêts"),
                    ("costs", "Frais de poursuite"),
                    ("bank", "Banque"),
                    ("suspense", "Reçu en trop, à rembourser"),
                    ("institution", "Dû à l’ONSS"),
                    ("held", "Chez l’huissier"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddConstraint(
            model_name="book",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number__isnull", False), ("ogm__regex", "^\\d{12}$")),
                    models.Q(("number", None), ("ogm", None)),
                    _connector="OR",
                ),
                name="ogm_has_twelve_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("content", None), ("destroyed_on", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("content__isnull", False),
                        ("destroyed_on", None),
                    ),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("content", None),
                        ("destroyed_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="only_an_open_file_has_no_content",
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="book",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="collections", to="ledger.book"
            ),
        ),
        migrations.AddField(
            model_name="collection",
            name="entry",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="collection",
                to="ledger.journalentry",
            ),
        ),
        migrations.AddIndex(
            model_name="collection",
            index=models.Index(fields=["book", "collected_on"], name="collections_of_book"),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="collection_is_positive"
            ),
        ),
        migrations.AddIndex(
            model_name="bankmovement",
            index=models.Index(
                condition=models.Q(("ogm", ""), _negated=True), fields=["ogm"], name="movements_by_ogm"
            ),
        ),
        migrations.AddIndex(
            model_name="bankmovement",
            index=models.Index(
                condition=models.Q(("end_to_end_id", ""), _negated=True),
                fields=["end_to_end_id"],
                name="movements_by_end_to_end",
            ),
        ),
    ]
