"""A proposal may come to nothing because one of the two who agreed on it is the person meant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0009_registrations_by_actor"),
    ]

    operations = [
        migrations.AlterField(
            model_name="identityoutcome",
            name="code",
            field=models.CharField(
                choices=[
                    ("done", "faite"),
                    ("nobody", "aucune personne ne répond à cette désignation"),
                    ("taken", "le numéro est déjà celui d’une autre personne"),
                    ("same_file", "les deux personnes sont parties au même dossier"),
                    ("same_person", "les deux désignations mènent à la même personne"),
                    ("own_identity", "un des deux agents qui l’ont demandé est cette personne"),
                ],
                max_length=12,
            ),
        ),
    ]
