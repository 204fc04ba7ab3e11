"""The course of a file: who is in charge, what happened, and what is to be done by when."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """The officer in charge of a file for a time. Nobody assigns a file to themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="assignments")
    officer = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="assignments")
    granted_by = models.UUIDField()
    """User or service identity."""
    from_at = models.DateTimeField(auto_now_add=True)
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_officer_in_charge", fields=["file"], condition=Q(until_at=None)
            ),
            models.CheckConstraint(name="nobody_assigns_themselves", condition=~Q(officer=F("granted_by"))),
        ]
        indexes = [
            models.Index(name="files_of_officer", fields=["officer", "file"], condition=Q(until_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.officer_id}"


class EventKind(models.TextChoices):
    MONEY = "money", _("argent")
    DECISION = "decision", _("décision")
    INTAKE = "intake", _("introduction")
    REVIEW = "review", _("examen")
    ASSIGNMENT = "assignment", _("attribution")


class CaseEvent(models.Model):
    """One line of the timeline. Code and parameters, no personal value: the words are in the template of
    the code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    happened_on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    actor = models.UUIDField()
    actor_name = models.CharField(max_length=170)

    class Meta:
        indexes = [models.Index(name="timeline", fields=["file", "-happened_on", "-at"])]

    def __str__(self) -> str:
        return self.code


class WorkKind(models.TextChoices):
    COMPLETE_APPLICATION = "complete_application", _("Compléter la demande")
    SECOND_APPLICATION = "second_application", _("Examiner une seconde demande entre les mêmes parties")
    DECIDE_ADVANCE = "decide_advance", _("Décider des avances")
    REVIEW_SOLVENCY = "review_solvency", _("Examiner la solvabilité")
    PAYMENT_REJECTED = "payment_rejected", _("Paiement refusé par la banque")
    APPROVE_CLOSURE = "approve_closure", _("Approuver la clôture du dossier")
    EXAMINE_IDENTITY = "examine_identity", _("Examiner l’identité d’une partie")
    APPROVE_SUSPENSION = "approve_suspension", _("Approuver la suspension du recouvrement")
    REASSIGN = "reassign", _("Attribuer à un autre gestionnaire")


class WorkItem(models.Model):
    """Something that the officer in charge must do, why, and by when. Closed when it is done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey("cases.AlimonyFile", on_delete=models.PROTECT, related_name="work")
    kind = models.CharField(max_length=24, choices=WorkKind.choices)
    source = models.UUIDField()
    """What gave rise to it: application, review, instruction."""
    legal_reference = models.CharField(max_length=60, blank=True, default="")
    since = models.DateField()
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="work_once_a_source", fields=["kind", "source"])]
        indexes = [models.Index(name="open_work", fields=["file", "due_on"], condition=Q(done_on=None))]

    def __str__(self) -> str:
        return self.kind
