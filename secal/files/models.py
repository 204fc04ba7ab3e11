"""The application being written: sealed from the first word, under the key that will be its file's."""

import uuid

from django.db import models
from django.db.models import Q

from secal.cases.models import AttachmentKind
from secal.vault.fields import SealedField, SealedModel


class IntakeDraft(SealedModel):
    """What a registrar typed so far. Its identifier and its key become the file's when it is sent."""

    key_id = models.UUIDField(editable=False)
    started_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    step = models.PositiveSmallIntegerField(default=1)
    """The furthest step reached, 1 to 6."""
    content = SealedField()
    """The fields as typed, by step (JSON): also those that do not hold yet."""
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="draft_step_exists", condition=Q(step__gte=1, step__lte=6))
        ]
        indexes = [
            models.Index(name="drafts_open", fields=["started_by", "-started_at"], condition=Q(sent_at=None))
        ]

    def __str__(self) -> str:
        return f"draft, step {self.step}"

    def sealing_key_id(self) -> uuid.UUID:
        return self.key_id


class DraftPaper(SealedModel):
    """A paper laid with a draft; sealed again in its file's place when the draft is sent."""

    draft = models.ForeignKey(IntakeDraft, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=20, choices=AttachmentKind.choices)
    name = SealedField()
    content = SealedField()
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kind

    def sealing_key_id(self) -> uuid.UUID:
        return self.draft.key_id
