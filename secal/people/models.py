"""Persons and employers. Names stay searchable; numbers, address and account are sealed with the row's
key.
"""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
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
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    """Whom this row turned out to be. Emptied of its files, it is found by nobody and goes with them."""
    created_at = models.DateTimeField(auto_now_add=True)
    history = history()

    class Meta:
        verbose_name = _("personne")
        constraints = [
            models.UniqueConstraint(
                name="one_person_a_niss", fields=["niss_bi"], condition=Q(niss_bi__isnull=False)
            ),
            models.CheckConstraint(
                name="emptied_person_is_not_found", condition=Q(merged_into=None) | Q(niss_bi=None)
            ),
            models.CheckConstraint(
                name="nobody_is_merged_into_themselves",
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
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
    FILE_REOPENED = "file_reopened", _("dossier rouvert")
    IDENTIFIER_CORRECTED = "identifier_corrected", _("identifiant corrigé")
    PERSONS_MERGED = "persons_merged", _("personnes fusionnées")
    IMPORTED = "imported", _("repris d’un autre système")


class RegistrationAct(models.Model):
    """Who did what can decide whether somebody has a file. Whoever is here never consults that person or
    file.

    The database asks for the act in the transaction that makes a person or a file, or changes who is meant.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=24, choices=RegistrationKind.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="registration_acts")
    file = models.UUIDField(null=True)
    """The alimony file, by its identifier: the file lives above this room."""
    proposal = models.ForeignKey(
        "people.IdentityProposal", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """What two registrars agreed on, for a correction or a merging."""
    actor = models.UUIDField(db_column="actor_id")
    """User or service identity."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="registration_names_its_object",
                condition=Q(person__isnull=False) | Q(file__isnull=False),
            ),
            models.CheckConstraint(
                name="identity_changes_by_proposal",
                condition=~Q(kind__in=["identifier_corrected", "persons_merged"]) | Q(proposal__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="registration_by_file", fields=["file", "actor"]),
            models.Index(name="registration_by_person", fields=["person", "actor"]),
            models.Index(name="registration_by_actor", fields=["actor"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id or self.file}"


class ProposalKind(models.TextChoices):
    CORRECTION = "correction", _("correction d’un NISS")
    MERGE = "merge", _("fusion de deux personnes")


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("à décider")
    APPROVED = "approved", _("approuvée")
    REFUSED = "refused", _("refusée")


class IdentityProposal(SealedModel):
    """One registrar asks to correct a number or to merge two persons; another one decides.

    Neither sees the persons: each types the numbers from the paper, and what both typed must be the same.
    What came of it is in `IdentityOutcome`, which registration does not see.
    """

    key_id = models.UUIDField(editable=False)
    kind = models.CharField(max_length=12, choices=ProposalKind.choices)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    stated = SealedField()
    """The numbers as typed (secal.people.designations); gone once the proposal led nowhere."""
    stated_bi = BlindIndexField(null=False)
    """Digest of the numbers, to compare what the second person types."""
    reason = SealedField()
    paper = SealedField()
    paper_type = models.CharField(max_length=40)
    proposed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    decided_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_needs_a_second_person",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decided_identity_names_who_and_when",
                condition=Q(state="proposed", decided_by=None, decided_on=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_on__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(name="identity_to_decide", fields=["proposed_on"], condition=Q(state="proposed"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class OutcomeCode(models.TextChoices):
    DONE = "done", _("faite")
    NOBODY = "nobody", _("aucune personne ne répond à cette désignation")
    TAKEN = "taken", _("le numéro est déjà celui d’une autre personne")
    SAME_FILE = "same_file", _("les deux personnes sont parties au même dossier")
    SAME_PERSON = "same_person", _("les deux désignations mènent à la même personne")
    OWN = "own_identity", _("un des deux agents qui l’ont demandé est cette personne")


class IdentityOutcome(models.Model):
    """What an approved proposal came to. For casework and supervision; registration never sees it."""

    proposal = models.OneToOneField(
        IdentityProposal, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(max_length=12, choices=OutcomeCode.choices)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    """Who was corrected, or who remains of the two."""
    emptied = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="done_identity_names_the_person",
                condition=~Q(code="done") | Q(person__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.code
