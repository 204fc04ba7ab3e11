"""Lists of what has to go, who approved them, what came of each unit, and the certificates. They stay."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from secal.access.roles import Role
from secal.vault.fields import SealedField, SealedModel


class ListState(models.TextChoices):
    PROPOSED = "proposed", _("à approuver")
    APPROVED = "approved", _("approuvée")
    RUNNING = "running", _("en cours d’effacement")
    DONE = "done", _("effacée")
    REJECTED = "rejected", _("rejetée")


OPEN_LIST = ["proposed", "approved", "running"]


class ErasureList(models.Model):
    """Units that have to go (liste d’effacement / vernietigingslijst): the service proposes, two approve."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    """EFF-2026-000001."""
    made_on = models.DateField()
    made_by = models.CharField(max_length=60)
    """The service identity that made it: never a person."""
    state = models.CharField(max_length=10, choices=ListState.choices, default=ListState.PROPOSED)
    reject_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rejected_list_has_reason",
                condition=Q(state="rejected") & ~Q(reject_reason="")
                | (~Q(state="rejected") & Q(reject_reason="")),
            ),
            models.CheckConstraint(
                name="list_is_made_by_a_service", condition=Q(made_by__startswith="service:")
            ),
        ]
        indexes = [
            models.Index(name="erasure_lists_open", fields=["made_on"], condition=Q(state__in=OPEN_LIST))
        ]

    def __str__(self) -> str:
        return self.number


class ItemState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    ERASING = "erasing", _("en cours")
    ERASED = "erased", _("effacé")
    KEPT_BACK = "kept_back", _("conservé")
    RESIDUE = "residue", _("reste à effacer")


OPEN_ITEM = ["waiting", "erasing", "residue"]


class ErasureItem(SealedModel):
    """One unit of a list, and how far its erasure is. `material`: what it must remember meanwhile, sealed."""

    list = models.ForeignKey(ErasureList, on_delete=models.PROTECT, related_name="items")
    unit_kind = models.CharField(max_length=30)
    unit_id = models.UUIDField()
    number = models.CharField(max_length=30)
    ground = models.CharField(max_length=40)
    due_since = models.DateField()
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    steps = models.JSONField(default=dict)
    """When each step was done, by its code."""
    counts = models.JSONField(default=dict)
    """Rows erased by table, keys destroyed."""
    scan = models.JSONField(default=dict)
    """The last scan: cells read, and where something was found (table, column, how many), never what."""
    reason = models.CharField(max_length=30, blank=True, default="")
    """Why it was kept back (audit.retention.wording)."""
    key_id = models.UUIDField(null=True)
    material = SealedField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="unit_once_a_list", fields=["list", "unit_kind", "unit_id"]),
            models.UniqueConstraint(
                name="unit_on_one_open_list",
                fields=["unit_kind", "unit_id"],
                condition=Q(state__in=OPEN_ITEM),
            ),
            models.CheckConstraint(
                name="kept_back_item_has_reason",
                condition=Q(state="kept_back") & ~Q(reason="") | (~Q(state="kept_back") & Q(reason="")),
            ),
            models.CheckConstraint(
                name="erased_item_remembers_nothing",
                condition=~Q(state__in=["waiting", "erased", "kept_back"]) | Q(material=None, key_id=None),
            ),
        ]
        indexes = [
            models.Index(name="items_of_list", fields=["list", "number"]),
            models.Index(name="items_of_unit", fields=["unit_id"]),
        ]

    def __str__(self) -> str:
        return self.number

    def sealing_key_id(self) -> uuid.UUID:
        if self.key_id is None:
            raise ValueError("an item that is not being erased seals nothing")
        return self.key_id


class ErasureApproval(models.Model):
    """One watcher's approval of a list as it stands. One a person, and one a role."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(ErasureList, on_delete=models.PROTECT, related_name="approvals")
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(
        max_length=24,
        choices=[
            (role.value, role.label) for role in (Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR)
        ],
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_approval_a_person", fields=["list", "user"]),
            models.UniqueConstraint(name="one_approval_a_role", fields=["list", "role"]),
            models.CheckConstraint(
                name="watchers_approve", condition=Q(role__in=["dpo", "security_coordinator"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.role}"


class ListAction(models.TextChoices):
    """What moves a list (the table is in audit.retention.states)."""

    PROPOSE = "propose", _("proposée")
    APPROVE = "approve", _("approuvée par une première personne")
    APPROVE_SECOND = "approve_second", _("approuvée par une seconde personne")
    REJECT = "reject", _("rejetée")
    START = "start", _("effacement commencé")
    FINISH = "finish", _("effacement terminé")


class ListChange(models.Model):
    """One change of a list: what, who, when. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(ErasureList, on_delete=models.PROTECT, related_name="changes")
    action = models.CharField(max_length=16, choices=ListAction.choices)
    state = models.CharField(max_length=10, choices=ListState.choices)
    actor = models.UUIDField()
    actor_name = models.CharField(max_length=170)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="changes_of_erasure_list", fields=["list", "at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.state}"


class Certificate(models.Model):
    """Certificate of erasure (certificat d’effacement / certificaat van uitwissing): no personal values."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    """CERT-2026-000001."""
    item = models.OneToOneField(ErasureItem, on_delete=models.PROTECT, related_name="certificate")
    made_at = models.DateTimeField()
    pdf = models.BinaryField()
    manifest = models.JSONField()
    manifest_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    """Of the PDF."""

    class Meta:
        indexes = [models.Index(name="certificates_by_day", fields=["-made_at"])]

    def __str__(self) -> str:
        return self.number
