"""The title that is executed (contrainte / dwangbevel), and the papers of a file."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.history import history
from secal.vault.fields import SealedField, SealedModel


class TitleKind(models.TextChoices):
    CONSTRAINT = "constraint", _("contrainte")


class TitleState(models.TextChoices):
    ISSUED = "issued", _("décernée")
    TRANSMITTED = "transmitted", _("transmise au concessionnaire")
    MANDATED = "mandated", _("confiée à un huissier")
    SERVED = "served", _("signifiée")
    CLOSED = "closed", _("clôturée")


class Title(models.Model):
    """A constraint: the enforceable roll served on the debtor by a bailiff (L 27-06-1969, art. 40 §§3-5).

    `sums`: a list of {"kind": head of the ledger, "quarter": first day, "amount": euro as text}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="titles")
    number = models.CharField(_("numéro"), max_length=20, unique=True)
    """CT-2026-000042."""
    kind = models.CharField(max_length=12, choices=TitleKind.choices, default=TitleKind.CONSTRAINT)
    roll = models.UUIDField(unique=True)
    """The special roll that the constraint executes, by its identifier: rolls live above this room."""
    issued_on = models.DateField()
    issued_by = models.UUIDField()
    sums = models.JSONField()
    court = models.CharField(max_length=24)
    """Code of the arrondissement whose labour court hears an opposition."""
    state = models.CharField(max_length=12, choices=TitleState.choices, default=TitleState.ISSUED)
    served_at = models.DateTimeField(null=True)
    opposition_until = models.DateField(null=True)
    """Last day of the delay of opposition, reckoned at service (art. 40 §5)."""
    opposed_on = models.DateField(null=True)
    """Day of a valid opposition: execution is blocked from then until it is decided."""
    opposition_decided_on = models.DateField(null=True)
    history = history()

    class Meta:
        verbose_name = _("titre")
        constraints = [
            models.UniqueConstraint(name="title_of_file", fields=["id", "file"]),
            models.CheckConstraint(
                name="served_title_has_its_moment",
                condition=Q(served_at=None, opposition_until=None)
                | Q(served_at__isnull=False, opposition_until__isnull=False),
            ),
            models.CheckConstraint(
                name="state_says_whether_served",
                condition=Q(state__in=["issued", "transmitted", "mandated"], served_at=None)
                | Q(state="served", served_at__isnull=False)
                | Q(state="closed"),
            ),
            models.CheckConstraint(
                name="opposition_follows_service",
                condition=Q(opposed_on=None, opposition_decided_on=None)
                | Q(opposed_on__isnull=False, served_at__isnull=False, opposition_decided_on=None)
                | Q(
                    opposed_on__isnull=False,
                    served_at__isnull=False,
                    opposition_decided_on__gte=F("opposed_on"),
                ),
            ),
        ]
        indexes = [models.Index(name="titles_by_state", fields=["state", "issued_on"])]

    def __str__(self) -> str:
        return self.number

    @property
    def quarters(self) -> set[date]:
        """The quarters (first days) whose sums it executes."""
        return {date.fromisoformat(line["quarter"]) for line in self.sums}

    @property
    def opposed(self) -> bool:
        """An opposition is pending: nothing is executed (art. 40 §5, 3rd)."""
        return self.opposed_on is not None and self.opposition_decided_on is None


class DocumentKind(models.TextChoices):
    NOTICE = "notice", _("dernière mise en demeure")
    ROLL_COPY = "roll_copy", _("copie du rôle exécutoire")
    CONSTRAINT = "constraint", _("contrainte")
    DEED = "deed", _("exploit d’huissier")
    CERTIFICATE = "certificate", _("certificat")
    OTHER = "other", _("autre pièce")


class Document(SealedModel):
    """A paper of the file, sealed with the file's key; its name too. Never rewritten."""

    file = models.ForeignKey(
        "recovery_cases.RecoveryFile", on_delete=models.PROTECT, related_name="documents"
    )
    title = models.ForeignKey(Title, null=True, on_delete=models.PROTECT, related_name="documents")
    act = models.ForeignKey(
        "recovery_cases.Act", null=True, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=12, choices=DocumentKind.choices)
    name = SealedField(null=False)
    content = SealedField(null=False)
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_on = models.DateField()
    by = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="digest_is_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return self.kind

    def sealing_key_id(self) -> uuid.UUID:
        return self.file.key_id
