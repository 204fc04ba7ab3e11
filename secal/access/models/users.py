"""Users, their plane and their roles. Nobody is a superuser: a constraint says so."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import TrackedManager
from secal.access.roles import PLANE_OF_ROLE, Plane, Role
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
    niss_bi = BlindIndexField()
    is_active = models.BooleanField(_("actif"), default=True)
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


class UserPlane(models.Model):
    """The one plane of a person: the key itself makes two impossible."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT, related_name="plane_row")
    plane = models.CharField(max_length=24, choices=Plane.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="user_with_plane", fields=["user", "plane"]),
            models.CheckConstraint(name="plane_is_known", condition=Q(plane__in=Plane.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.plane}"


class UserRole(models.Model):
    """A dated role. Its plane must be the person's and the role's own: two composite keys say so (0002)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=24, choices=Role.choices)
    plane = models.CharField(max_length=24, choices=Plane.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_period_a_role", fields=["user", "role"], condition=Q(valid_until=None)
            ),
            models.CheckConstraint(
                name="role_plane_matches",
                condition=Q(
                    *[Q(role=role.value, plane=plane.value) for role, plane in PLANE_OF_ROLE.items()],
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="role_period_in_order",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"
