"""Persons and employers. Names stay searchable; numbers, address and account are sealed with the row's
key.
"""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history
from secal.vault.fields import BlindIndexField, SealedField, SealedModel


class Person(SealedModel):
    """A creditor, a debtor or a child. One row a NISS: the blind index is unique."""

    key_id = models.UUIDField(editable=False)
    given_name = models.CharField(_("prénom"), max_length=80)
    family_name = models.CharField(_("nom"), max_length=80)
    search_name = models.CharField(max_length=170, editable=False)
    """Name without accents, in lower case (secal.people.services.searchable)."""
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    niss = SealedField()
    niss_bi = BlindIndexField()
    birth_place = SealedField()
    address = SealedField()
    created_at = models.DateTimeField(auto_now_add=True)
    history = history()

    class Meta:
        verbose_name = _("personne")
        constraints = [
            models.UniqueConstraint(
                name="one_person_a_niss", fields=["niss_bi"], condition=Q(niss_bi__isnull=False)
            ),
        ]
        indexes = [GinIndex(name="person_name_trigram", fields=["search_name"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class PaymentAccount(SealedModel):
    """The account to which a person is paid, with the day from which it counts."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    iban = SealedField(null=False)
    iban_bi = BlindIndexField(null=False)
    valid_from = models.DateField()
    history = history()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_account_a_day", fields=["person", "valid_from"])]

    def __str__(self) -> str:
        return f"account from {self.valid_from}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.person.key_id


class EmployerKind(models.TextChoices):
    NATURAL = "natural", _("personne physique")
    LEGAL = "legal", _("personne morale")


class Employer(SealedModel):
    """A debtor of the ONSS (employeur / werkgever), natural or legal. One row an enterprise number.

    Never linked to `Person`: the two halves of the house have two controllers, whose data stay apart.
    """

    key_id = models.UUIDField(editable=False)
    kind = models.CharField(_("nature"), max_length=8, choices=EmployerKind.choices)
    name = models.CharField(_("nom ou dénomination"), max_length=160)
    search_name = models.CharField(max_length=170, editable=False)
    """Name without accents, in lower case (secal.people.services.searchable)."""
    legal_form = models.CharField(_("forme juridique"), max_length=20, blank=True, default="")
    enterprise_number = SealedField()
    enterprise_number_bi = BlindIndexField()
    onss_number = SealedField()
    onss_number_bi = BlindIndexField()
    niss = SealedField()
    niss_bi = BlindIndexField()
    birth_date = models.DateField(_("date de naissance"), null=True, blank=True)
    address = SealedField()
    arrondissement = models.CharField(_("arrondissement judiciaire"), max_length=24)
    """Of the domicile or registered office: code of secal.kernel.arrondissements."""
    language = models.CharField(_("langue"), max_length=2, default="fr")
    created_at = models.DateTimeField(auto_now_add=True)
    history = history()

    class Meta:
        verbose_name = _("employeur")
        constraints = [
            models.UniqueConstraint(
                name="one_employer_a_number",
                fields=["enterprise_number_bi"],
                condition=Q(enterprise_number_bi__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_employer_an_onss_number",
                fields=["onss_number_bi"],
                condition=Q(onss_number_bi__isnull=False),
            ),
            models.CheckConstraint(
                name="only_natural_persons_are_born",
                condition=Q(kind="natural") | Q(kind="legal", niss_bi=None, niss=None, birth_date=None),
            ),
            models.CheckConstraint(
                name="employer_has_a_number",
                condition=Q(enterprise_number_bi__isnull=False)
                | Q(kind="natural", onss_number_bi__isnull=False),
            ),
        ]
        indexes = [GinIndex(name="employer_name_trigram", fields=["search_name"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return f"{self.name} {self.legal_form}".rstrip()

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class RegistrationKind(models.TextChoices):
    PERSON_CREATED = "person_created", _("personne créée")
    PERSON_LINKED = "person_linked", _("personne liée à un dossier")
    FILE_OPENED = "file_opened", _("dossier ouvert")
    IDENTIFIER_CORRECTED = "identifier_corrected", _("identifiant corrigé")


class RegistrationAct(models.Model):
    """Who did what can decide whether somebody has a file. Whoever is here never consults that person or
    file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=24, choices=RegistrationKind.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="registration_acts")
    file = models.UUIDField(null=True)
    """The alimony file, by its identifier: the file lives above this room."""
    actor = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="registration_names_its_object",
                condition=Q(person__isnull=False) | Q(file__isnull=False),
            )
        ]
        indexes = [
            models.Index(name="registration_by_file", fields=["file", "actor"]),
            models.Index(name="registration_by_person", fields=["person", "actor"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id or self.file}"
