"""Bailiffs' offices, as the users of the portal belong to them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Office(models.Model):
    """A bailiff's office (étude d’huissier / gerechtsdeurwaarderskantoor): titles are given to it, never
    to one person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("nom"), max_length=120, unique=True)
    arrondissement = models.CharField(_("arrondissement judiciaire"), max_length=24)
    """Where its bailiffs may act (Judicial Code art. 516): code of a judicial arrondissement."""
    language = models.CharField(_("langue"), max_length=2, default="fr")
    iban = models.CharField(_("compte de tiers"), max_length=34, blank=True)
    """The third-party account of the office: a professional account, no personal value."""
    is_active = models.BooleanField(_("en activité"), default=True)

    class Meta:
        verbose_name = _("étude d’huissier")

    def __str__(self) -> str:
        return self.name
