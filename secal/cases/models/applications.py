"""The application (demande d’intervention / aanvraag; art. 6 and 7) and the papers that go with it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history
from secal.vault.fields import SealedField, SealedModel


class ApplicationState(models.TextChoices):
    INCOMPLETE = "incomplete", _("incomplète")
    COMPLETE = "complete", _("complète")
    GRANTED = "granted", _("accordée")
    REFUSED = "refused", _("refusée")


class Application(models.Model):
    """What the creditor asked and brought. Complete, it starts the thirty days of article 9."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.OneToOneField("cases.AlimonyFile", on_delete=models.PROTECT, related_name="application")
    number = models.CharField(max_length=20, editable=False, default="")
    """The file's number, as the acknowledgement gives it: who registers does not read the file. Filled by the
    database."""
    state = models.CharField(
        max_length=10, choices=ApplicationState.choices, default=ApplicationState.INCOMPLETE
    )
    received_on = models.DateField(_("reçue le"))
    complete_on = models.DateField(_("complète le"), null=True, blank=True)
    asks_advances = models.BooleanField(_("demande des avances"), default=True)
    signed = models.BooleanField(_("demande signée"), default=False)
    order_signed = models.BooleanField(_("ordre de percevoir et recouvrer signé"), default=False)
    authorisation_on = models.DateField(_("autorisation d’enquête donnée le"), null=True, blank=True)
    creditor_in_belgium = models.BooleanField(_("créancier domicilié en Belgique"), default=True)
    declared_means = models.DecimalField(
        _("moyens mensuels déclarés"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    missing = models.JSONField(default=list)
    """Codes of article 7 still to be brought (secal.law.wording.CONTENTS): judged on what the application
    says,
    never on what the office knew before, so that nobody learns from it whether a person was known."""
    registered_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    history = history()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incomplete_application_has_no_day",
                condition=Q(state="incomplete", complete_on=None)
                | (~Q(state="incomplete") & Q(complete_on__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.received_on}"


class AttachmentKind(models.TextChoices):
    TITLE_COPY = "title_copy", _("copie exécutoire du titre")
    SERVICE_PROOF = "service_proof", _("preuve de signification")
    INCOME_PROOF = "income_proof", _("preuve des revenus")
    SCHOOL_PROOF = "school_proof", _("preuve d’études ou de stage d’insertion")
    ALLOWANCE_PROOF = "allowance_proof", _("preuve d’allocations familiales")
    DISABILITY_PROOF = "disability_proof", _("preuve de handicap")
    OTHER = "other", _("autre pièce")


class Attachment(SealedModel):
    """A paper received, sealed with the file's key, or with that of the statement it came with; its name
    too."""

    key_id = models.UUIDField(editable=False)
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=20, choices=AttachmentKind.choices)
    received_on = models.DateField()
    name = SealedField()
    content = SealedField()
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.kind

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class Statement(SealedModel):
    """What was stated about the parties, once: at the application, or with what completed it. It stays as it
    was.

    The registrar who took it down reads nothing of what the office holds; the service of arrivals compares.
    """

    key_id = models.UUIDField(editable=False)
    """The file's for an application. What comes later has a key of its own: its registrar has no other."""
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="statements")
    content = SealedField(null=False)
    """The parties as stated (secal.cases.statements.parties_as_text)."""
    stated_on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    examined_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(name="statements_of_file", fields=["file", "at"])]

    def __str__(self) -> str:
        return f"{self.stated_on}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id
