"""Planes, roles and missions. One plane a person at a time; a role belongs to one plane (12/057 §22)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Plane(models.TextChoices):
    REGISTRATION = "registration", _("Enregistrement")
    CASEWORK = "casework", _("Traitement")
    USER_ADMINISTRATION = "user_administration", _("Gestion des utilisateurs")
    OVERSIGHT = "oversight", _("Sécurité et protection des données")
    PORTAL = "portal", _("Portail des huissiers")


class Role(models.TextChoices):
    REGISTRAR = "registrar", _("Agent d’enregistrement")
    CASE_OFFICER = "case_officer", _("Gestionnaire de dossiers")
    APPROVER = "approver", _("Second signataire")
    ARREARS_CLERK = "arrears_clerk", _("Agent de perception")
    RECOVERY_DIRECTORATE = "recovery_directorate", _("Direction du recouvrement judiciaire")
    ROLL_SIGNATORY = "roll_signatory", _("Signataire délégué")
    CONCESSION_OPERATOR = "concession_operator", _("Opérateur du concessionnaire")
    BAILIFF = "bailiff", _("Huissier de justice")
    USER_REGISTRAR = "user_registrar", _("Gestionnaire des utilisateurs")
    SECURITY_COORDINATOR = "security_coordinator", _("Coordinateur de la sécurité")
    DATA_PROTECTION_OFFICER = "dpo", _("Délégué à la protection des données")


class Mission(models.TextChoices):
    """What somebody is expressly charged with (12/057 §7)."""

    ADVANCES = "advances", _("octroi et récupération des avances")
    RECOVERY = "recovery", _("recouvrement des pensions alimentaires")
    ARREARS = "arrears", _("recouvrement des arriérés ONSS")


PLANE_OF_ROLE = {
    Role.REGISTRAR: Plane.REGISTRATION,
    Role.CASE_OFFICER: Plane.CASEWORK,
    Role.APPROVER: Plane.CASEWORK,
    Role.ARREARS_CLERK: Plane.CASEWORK,
    Role.RECOVERY_DIRECTORATE: Plane.CASEWORK,
    Role.ROLL_SIGNATORY: Plane.CASEWORK,
    Role.CONCESSION_OPERATOR: Plane.CASEWORK,
    Role.BAILIFF: Plane.PORTAL,
    Role.USER_REGISTRAR: Plane.USER_ADMINISTRATION,
    Role.SECURITY_COORDINATOR: Plane.OVERSIGHT,
    Role.DATA_PROTECTION_OFFICER: Plane.OVERSIGHT,
}
