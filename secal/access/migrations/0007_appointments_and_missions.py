"""Rights over time: one plane at a time, roles inside an appointment, missions; each entered by another."""

import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import secal.access.models.rights
import secal.vault.fields

TO_APPOINTMENTS = """
INSERT INTO access_appointment
       (id, user_id, plane, section, office_id, valid_from, valid_until, entered_at, end_reason)
SELECT gen_random_uuid(), p.user_id, p.plane, u.section, u.office_id,
       coalesce(min(r.valid_from), current_date), CASE WHEN bool_and(r.valid_until IS NOT NULL) THEN max(r.valid_until) END,
       now(), ''
  FROM access_userplane p JOIN access_user u ON u.id = p.user_id
  LEFT JOIN access_userrole r ON r.user_id = p.user_id
 GROUP BY p.user_id, p.plane, u.section, u.office_id;
UPDATE access_userrole r SET appointment_id = a.id FROM access_appointment a WHERE a.user_id = r.user_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
"""Whoever had a plane is appointed in it, from their first role on."""
TO_PLANES = """
INSERT INTO access_userplane (user_id, plane)
SELECT DISTINCT ON (user_id) user_id, plane FROM access_appointment ORDER BY user_id, valid_from DESC;
DELETE FROM access_userrole r USING access_userplane p WHERE p.user_id = r.user_id AND p.plane <> r.plane;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_commitments_stay"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="employer_bi",
            field=secal.vault.fields.BlindIndexField(blank=True, editable=False, max_length=32, null=True),
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField(verbose_name="du")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="au")),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.UUIDField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, default="", max_length=40)),
                (
                    "plane",
                    models.CharField(
                        choices=[
                            ("registration", "Enregistrement"),
                            ("casework", "Traitement"),
                            ("user_administration", "Gestion des utilisateurs"),
                            ("oversight", "Sécurité et protection des données"),
                            ("portal", "Portail des huissiers"),
                        ],
                        max_length=24,
                        verbose_name="domaine",
                    ),
                ),
                ("section", models.CharField(max_length=80, verbose_name="section")),
            ],
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField(verbose_name="du")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="au")),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by", models.UUIDField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, default="", max_length=40)),
                (
                    "mission",
                    models.CharField(
                        choices=[
                            ("advances", "octroi et récupération des avances"),
                            ("recovery", "recouvrement des pensions alimentaires"),
                            ("arrears", "recouvrement des arriérés ONSS"),
                        ],
                        max_length=12,
                        verbose_name="mission",
                    ),
                ),
                ("decision", models.CharField(max_length=120, verbose_name="décision")),
            ],
        ),
        migrations.RunSQL(
            sql="ALTER TABLE access_userrole DROP CONSTRAINT role_in_the_persons_plane",
            reverse_sql="ALTER TABLE access_userrole ADD CONSTRAINT role_in_the_persons_plane"
            " FOREIGN KEY (user_id, plane) REFERENCES access_userplane (user_id, plane)",
        ),
        migrations.RemoveConstraint(
            model_name="userrole",
            name="one_open_period_a_role",
        ),
        migrations.AddField(
            model_name="userrole",
            name="end_reason",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="userrole",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="userrole",
            name="ended_by",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="userrole",
            name="entered_at",
            field=models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="userrole",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="userrole",
            name="role",
            field=models.CharField(
                choices=[
                    ("registrar", "Agent d’enregistrement"),
                    ("case_officer", "Gestionnaire de dossiers"),
                    ("approver", "Second signataire"),
                    ("arrears_clerk", "Agent de perception"),
                    ("recovery_directorate", "Direction du recouvrement judiciaire"),
                    ("roll_signatory", "Signataire délégué"),
                    ("concession_operator", "Opérateur du concessionnaire"),
                    ("bailiff", "Huissier de justice"),
                    ("user_registrar", "Gestionnaire des utilisateurs"),
                    ("security_coordinator", "Coordinateur de la sécurité"),
                    ("dpo", "Délégué à la protection des données"),
                ],
                max_length=24,
                verbose_name="rôle",
            ),
        ),
        migrations.AlterField(
            model_name="userrole",
            name="valid_from",
            field=models.DateField(verbose_name="du"),
        ),
        migrations.AlterField(
            model_name="userrole",
            name="valid_until",
            field=models.DateField(blank=True, null=True, verbose_name="au"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("niss_bi__isnull", False)), fields=("niss_bi",), name="one_user_a_person"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="office",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.office",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appointments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="userrole",
            name="appointment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="roles",
                to="access.appointment",
            ),
        ),
        migrations.RunSQL(sql=TO_APPOINTMENTS, reverse_sql=TO_PLANES),
        migrations.AlterField(
            model_name="userrole",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="roles", to="access.appointment"
            ),
        ),
        migrations.AddConstraint(
            model_name="userrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_by", None),
                    models.Q(("entered_by", models.F("user")), _negated=True),
                    _connector="OR",
                ),
                name="role_not_entered_by_its_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="userrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None), ("ended_by", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("valid_until__isnull", False),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="role_end_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="userrole",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_at", None)),
                expressions=[
                    ("user", "="),
                    ("role", "="),
                    (
                        secal.access.models.rights.DayRange(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="a_role_once_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="charge",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.DeleteModel(
            name="UserPlane",
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="appointment_period_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_by", None),
                    models.Q(("entered_by", models.F("user")), _negated=True),
                    _connector="OR",
                ),
                name="appointment_not_entered_by_its_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None), ("ended_by", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("valid_until__isnull", False),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="appointment_end_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(fields=("id", "user", "plane"), name="appointment_with_plane"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("plane__in", ["registration", "casework", "user_administration", "oversight", "portal"])
                ),
                name="plane_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("office__isnull", False), ("plane", "portal")),
                    models.Q(models.Q(("plane", "portal"), _negated=True), ("office", None)),
                    _connector="OR",
                ),
                name="portal_works_in_an_office",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("user", "="),
                    ("plane", "<>"),
                    (
                        secal.access.models.rights.DayRange(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="one_plane_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_at", None)),
                expressions=[
                    ("user", "="),
                    (
                        secal.access.models.rights.DayRange(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="one_appointment_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="charge_period_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("entered_by", None),
                    models.Q(("entered_by", models.F("user")), _negated=True),
                    _connector="OR",
                ),
                name="charge_not_entered_by_its_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None), ("ended_by", None)),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        ("valid_until__isnull", False),
                        models.Q(("end_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="charge_end_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("mission__in", ["advances", "recovery", "arrears"])),
                name="mission_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("ended_at", None)),
                expressions=[
                    ("user", "="),
                    ("mission", "="),
                    (
                        secal.access.models.rights.DayRange(
                            models.F("valid_from"),
                            models.F("valid_until"),
                            django.contrib.postgres.fields.ranges.RangeBoundary(
                                inclusive_lower=True, inclusive_upper=True
                            ),
                        ),
                        "&&",
                    ),
                ],
                name="a_mission_once_at_a_time",
            ),
        ),
        migrations.RunSQL(
            sql="ALTER TABLE access_userrole ADD CONSTRAINT role_inside_its_appointment"
            " FOREIGN KEY (appointment_id, user_id, plane) REFERENCES access_appointment (id, user_id, plane)",
            reverse_sql="ALTER TABLE access_userrole DROP CONSTRAINT role_inside_its_appointment",
        ),
    ]
