"""Who may act for the collection, and what they did: mandate, object permission, bailiff's act."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from secal.access.history import history
from secal.vault.fields import SealedField, SealedModel


class MandateState(models.TextChoices):
    RUNNING = "running", _("en cours")
    HANDED_BACK = "handed_back", _("rendu")
    CLOSED = "closed", _("clôturé")


class Mandate(models.Model):
    """One title given to one bailiff's office. When it ends, the office's permissions on the file end with
    it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.ForeignKey("recovery_cases.Title", on_delete=models.PROTECT, related_name="mandates")
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="mandates")
    office = models.ForeignKey("access.Office", on_delete=models.PROTECT, related_name="mandates")
    given_on = models.DateField()
    given_by = models.UUIDField()
    state = models.CharField(max_length=12, choices=MandateState.choices, default=MandateState.RUNNING)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True, default="")
    """Why it ended, as a code."""
    history = history()

    class Meta:
        verbose_name = _("mandat")
        constraints = [
            models.UniqueConstraint(name="mandate_of_title", fields=["id", "title"]),
            models.UniqueConstraint(
                name="one_running_mandate_a_title", fields=["title"], condition=Q(state="running")
            ),
            models.CheckConstraint(
                name="ended_mandate_has_its_moment",
                condition=Q(state="running", ended_at=None, end_reason="")
                | (~Q(state="running") & Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                name="running_mandates", fields=["office", "-given_on"], condition=Q(state="running")
            )
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.state}"


class MandatePermission(UserObjectPermissionBase):
    """One bailiff may work on one file, as long as a mandate of their office runs on it.

    The database refuses the row otherwise, and takes it away when the mandate ends or the bailiff leaves the
    office (migration 0002). Asked through EXISTS, together with the running mandate.
    """

    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    permission = models.ForeignKey("auth.Permission", on_delete=models.PROTECT, related_name="+")
    content_object = models.ForeignKey(
        "recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="mandate_permissions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="mandate_permission_once", fields=["user", "permission", "content_object"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.content_object_id}"


class ActKind(models.TextChoices):
    SERVICE = "service", _("signification de la contrainte")
    ORDER_TO_PAY = "order_to_pay", _("commandement de payer")
    MOVABLE_SEIZURE = "movable_seizure", _("saisie-exécution mobilière")
    ATTACHMENT = "attachment", _("saisie-arrêt")
    IMMOVABLE_SEIZURE = "immovable_seizure", _("saisie immobilière")
    CONSERVATORY_SEIZURE = "conservatory_seizure", _("saisie conservatoire")
    SALE = "sale", _("vente")
    FINDING_OF_LACK = "finding_of_lack", _("procès-verbal de carence")
    OTHER = "other", _("autre acte")


SEIZURES = frozenset(
    {ActKind.MOVABLE_SEIZURE, ActKind.ATTACHMENT, ActKind.IMMOVABLE_SEIZURE, ActKind.CONSERVATORY_SEIZURE}
)
"""Acts that keep a conservatory effect when an opposition comes (art. 40 §5, 3rd)."""


EXECUTION = frozenset(
    {
        ActKind.ORDER_TO_PAY,
        ActKind.MOVABLE_SEIZURE,
        ActKind.ATTACHMENT,
        ActKind.IMMOVABLE_SEIZURE,
        ActKind.SALE,
    }
)
"""Acts that a pending opposition blocks; the database refuses them too (migration 0002)."""


class ServiceMode(models.TextChoices):
    IN_PERSON = "in_person", _("à la personne")
    AT_DOMICILE = "at_domicile", _("au domicile ou au siège")
    COPY_LEFT = "copy_left", _("copie laissée sous enveloppe")
    ELECTRONIC = "electronic", _("par voie électronique")
    PROSECUTOR = "prosecutor", _("au procureur du Roi")


class Act(SealedModel):
    """An act of a bailiff (acte d’huissier / gerechtsdeurwaardersakte). Immutable: a later act rectifies it.

    `amount`: what the act is for; `costs`: what it cost, charged to the debtor (art. 40 §7). In euro.
    """

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="acts")
    title = models.ForeignKey("recovery_cases.Title", on_delete=models.PROTECT, related_name="acts")
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=24, choices=ActKind.choices)
    acted_at = models.DateTimeField()
    place = models.CharField(max_length=24)
    """Code of the judicial arrondissement in which the act was done."""
    mode = models.CharField(max_length=16, choices=ServiceMode.choices, blank=True, default="")
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    costs = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    note = SealedField()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    rectifies = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="rectified_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="act_sums_not_negative",
                condition=Q(costs__gte=0) & (Q(amount=None) | Q(amount__gte=0)),
            ),
            models.CheckConstraint(
                name="service_says_how",
                condition=~Q(kind="service") | ~Q(mode=""),
            ),
        ]
        indexes = [models.Index(name="acts_of_file", fields=["file", "-acted_at"])]

    def __str__(self) -> str:
        return self.kind

    def sealing_key_id(self) -> uuid.UUID:
        return self.file.key_id
