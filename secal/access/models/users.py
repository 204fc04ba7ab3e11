"""Users: the persons who may work here. Nobody is a superuser: a constraint says so."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import TrackedManager
from secal.vault.fields import BlindIndexField, SealedModel


class UserManager(TrackedManager["User"], BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(subject=username)


class User(AbstractBaseUser, SealedModel):
    """A member of staff, known by the subject that the identity provider asserts. There are no passwords."""

    subject = models.CharField(_("identifiant fédéral"), max_length=120, unique=True)
    given_name = models.CharField(_("prénom"), max_length=80)
    family_name = models.CharField(_("nom"), max_length=80)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    section = models.CharField(_("section"), max_length=80)
    """Where the appointment in force puts them; so is `office`."""
    niss_bi = BlindIndexField()
    employer_bi = BlindIndexField()
    """The same national number as employers' files index it: how somebody's own debt is known."""
    is_active = models.BooleanField(_("actif"), default=True)
    """False from a suspension until a new appointment."""
    office = models.ForeignKey(
        "access.Office", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    """The bailiff's office of somebody who works in the portal."""
    is_superuser = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "subject"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        verbose_name = _("utilisateur")
        verbose_name_plural = _("utilisateurs")
        constraints = [
            models.CheckConstraint(name="nobody_is_superuser", condition=Q(is_superuser=False)),
            models.UniqueConstraint(
                name="one_user_a_person", fields=["niss_bi"], condition=Q(niss_bi__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def is_staff(self) -> bool:
        """Django's admin asks this: everyone with a plane other than the portal's works in the office."""
        return self.is_active

    def get_short_name(self) -> str:
        """Who is at work, as the frame of every page shows it: never the federal identifier."""
        return self.display_name

    def sealing_key_id(self) -> uuid.UUID:
        return self.pk

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's admin asks for model permissions: there are none (secal.access.policy decides)."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
