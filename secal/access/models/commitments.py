"""What a person read and undertook before anything opened to them."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from secal.access.models.users import User


class CommitmentKind(models.TextChoices):
    """The two texts, in the order in which they are read."""

    POLICY = "policy", _("Règles de sécurité et de confidentialité")
    DECLARATION = "declaration", _("Déclaration de confidentialité")


class Commitment(models.Model):
    """One text, read in one language and accepted by one person, in one version.

    The policy is acknowledged (12/057 §26), the declaration of confidentiality (déclaration de
    confidentialité / vertrouwelijkheidsverklaring) is signed (17/006 §16). No text sets a term of years: a
    commitment holds until a new version of its text comes into force. Rows are added, never changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="commitments")
    """Who was at work when it was given: it is given for oneself only."""
    kind = models.CharField(max_length=16, choices=CommitmentKind.choices)
    version = models.DateField(_("version"))
    """The day from which the text is in force, which names it."""
    language = models.CharField(_("langue"), max_length=2)
    text_digest = models.BinaryField(max_length=32)
    """SHA-256 of the text that was read, in that language, as its file has it."""
    given_at = models.DateTimeField(db_default=Now(), editable=False)
    acr = models.CharField(max_length=120, blank=True)
    """How the person had proved who they are: the level of the login; empty where nobody logged in."""
    session_digest = models.BinaryField(max_length=32, null=True)
    """SHA-256 of the session's token: ties the row to the login, and opens nothing."""

    class Meta:
        verbose_name = _("engagement")
        constraints = [
            models.UniqueConstraint(name="one_commitment_a_version", fields=["user", "kind", "version"]),
            models.CheckConstraint(
                name="commitment_kind_is_known", condition=Q(kind__in=CommitmentKind.values)
            ),
            models.CheckConstraint(
                name="commitment_language_is_ours", condition=Q(language__in=("fr", "nl", "de", "en"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.version}"
