"""Of two reviews on one day the later one counts: a review says when it was signed.

Those that are there already were signed at an unknown moment of their day: the day orders them, as before.
"""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("solvency", "0004_suspended_by_two")]

    operations = [
        migrations.AddField(
            model_name="solvencyreview",
            name="signed_at",
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now),
            preserve_default=False,
        )
    ]
