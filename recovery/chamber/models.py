"""What came from the National Chamber, the list as it stands, and what it led to. No name, no NISS: blind
indexes, numbers, and our own users."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from secal.access.roles import Role
from secal.vault.fields import BlindIndexField

WATCHING = (Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR)
TAKEN = ("accepted", "held")
"""Outcomes of a message that was believed, whether or not it was carried out."""


class Kind(models.TextChoices):
    FULL = "full", _("liste complète")
    DELTA = "delta", _("changements")


class Channel(models.TextChoices):
    FETCHED = "fetched", _("relevée chaque minute")
    ASKED = "asked", _("demandée après une lacune")
    FILE = "file", _("remise en fichier")


class ReceivedOutcome(models.TextChoices):
    ACCEPTED = "accepted", _("acceptée")
    REFUSED = "refused", _("refusée")
    HELD = "held", _("retenue")


class HoldDecision(models.TextChoices):
    RELEASED = "released", _("libérée par deux personnes")
    SET_ASIDE = "set_aside", _("écartée")
    SUPERSEDED = "superseded", _("remplacée par une liste plus récente")


class ReceivedList(models.Model):
    """One message of the Chamber, and what came of it. Kept; no data of persons."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.BigIntegerField(null=True)
    """As the Chamber numbered it; None when nobody we trust signed that number."""
    kind = models.CharField(max_length=5, choices=Kind.choices, blank=True, default="")
    digest = models.CharField(max_length=64)
    """SHA-256 of the message as it came."""
    channel = models.CharField(max_length=8, choices=Channel.choices)
    made_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=ReceivedOutcome.choices)
    reason = models.CharField(max_length=20, blank=True, default="")
    """Why it was refused or held, as a code (wording.py)."""
    counts = models.JSONField(default=dict)
    """How many lines, leavers, changes, proposals."""
    active_users = models.PositiveIntegerField(null=True)
    """Of a full list: users with access, now or from a later day, whom it names and who keep it. The guard
    against mass removal rests on it."""
    times = models.PositiveIntegerField(default=1)
    """How often the same message was refused for the same reason."""
    last_seen_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=HoldDecision.choices, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message de la Chambre nationale")
        constraints = [
            models.UniqueConstraint(
                name="chamber_sequence_taken_once", fields=["sequence"], condition=Q(outcome__in=TAKEN)
            ),
            models.UniqueConstraint(
                name="chamber_refused_noted_once",
                fields=["digest", "reason", "channel"],
                condition=Q(outcome="refused"),
            ),
            models.CheckConstraint(
                name="chamber_taken_is_numbered",
                condition=Q(outcome="refused")
                | Q(
                    outcome__in=TAKEN,
                    sequence__isnull=False,
                    made_at__isnull=False,
                    kind__in=Kind.values,
                    times=1,
                ),
            ),
            models.CheckConstraint(
                name="chamber_accepted_has_no_reason",
                condition=Q(outcome="accepted", reason="") | (~Q(outcome="accepted") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="chamber_full_counts_users",
                condition=~Q(outcome="accepted", kind="full") | Q(active_users__isnull=False),
            ),
            models.CheckConstraint(
                name="chamber_only_held_is_decided",
                condition=Q(decision="", decided_at=None)
                | Q(outcome="held", decision__in=HoldDecision.values, decided_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="chamber_received_by_day", fields=["-received_at"]),
            models.Index(
                name="chamber_held_open", fields=["sequence"], condition=Q(outcome="held", decision="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence or '?'} {self.outcome}"


class Release(models.Model):
    """Two watchers let a held list be carried out: two persons, in two roles."""

    list = models.OneToOneField(
        ReceivedList, primary_key=True, on_delete=models.PROTECT, related_name="release"
    )
    first_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    first_role = models.CharField(max_length=24, choices=[(role.value, role.label) for role in WATCHING])
    first_at = models.DateTimeField()
    second_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    second_role = models.CharField(
        max_length=24, choices=[(role.value, role.label) for role in WATCHING], blank=True, default=""
    )
    second_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="chamber_release_by_another_person",
                condition=Q(second_by=None) | ~Q(second_by=F("first_by")),
            ),
            models.CheckConstraint(
                name="chamber_release_in_another_role",
                condition=Q(second_by=None, second_role="", second_at=None)
                | (
                    Q(second_by__isnull=False, second_at__isnull=False)
                    & Q(second_role__in=[role.value for role in WATCHING])
                    & ~Q(second_role=F("first_role"))
                ),
            ),
            models.CheckConstraint(
                name="chamber_watchers_release", condition=Q(first_role__in=[role.value for role in WATCHING])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_id}"


class Member(models.Model):
    """Somebody on the Chamber's list today. Who leaves it has no row any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    niss_bi = BlindIndexField(null=False, unique=True)
    number = models.CharField(max_length=20)
    """The Chamber's own number: opaque."""
    capacity = models.CharField(
        max_length=10,
        choices=[
            ("titular", _("titulaire")),
            ("candidate", _("candidat huissier")),
            ("staff", _("collaborateur")),
        ],
    )
    office_number = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        verbose_name = _("membre de la liste de la Chambre nationale")
        indexes = [models.Index(name="chamber_members_by_number", fields=["number"])]

    def __str__(self) -> str:
        return self.number


class Cause(models.TextChoices):
    """Why somebody loses access."""

    LEFT = "left", _("a quitté la profession ou l’étude")
    LAPSED = "lapsed", _("la période indiquée par la Chambre n’est pas en cours")
    OFFICE = "office_changed", _("a changé d’étude")
    FUNCTION = "function_changed", _("a changé de fonction")


class Departure(models.Model):
    """One person who loses access because of a list, or will once it is released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(ReceivedList, null=True, on_delete=models.PROTECT, related_name="departures")
    """None: the end of a period that an earlier list had told."""
    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=16, choices=Cause.choices)
    individual = models.BooleanField(default=False)
    """The Chamber named this person individually: never waits for a release."""
    noted_at = models.DateTimeField()
    carried_out_at = models.DateTimeField(null=True)
    overtaken = models.BooleanField(default=False)
    """Settled without taking anything away: they were appointed anew while this waited."""

    class Meta:
        constraints = [
            models.UniqueConstraint(name="chamber_departure_once_a_list", fields=["list", "user"]),
            models.CheckConstraint(
                name="chamber_overtaken_is_settled",
                condition=Q(overtaken=False) | Q(carried_out_at__isnull=False),
            ),
            models.CheckConstraint(
                name="chamber_departure_in_order",
                condition=Q(carried_out_at=None) | Q(carried_out_at__gte=F("noted_at")),
            ),
        ]
        indexes = [
            models.Index(
                name="chamber_departures_waiting", fields=["noted_at"], condition=Q(carried_out_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.cause}"


MAY_GO = (
    Q(list=None)
    | Q(individual=True)
    | Q(list__outcome=ReceivedOutcome.ACCEPTED)
    | Q(list__decision=HoldDecision.RELEASED)
)
"""Whose departure waits for nobody. The database holds it too (migration 0002)."""


class ProposalKind(models.TextChoices):
    JOINED = "joined", _("nouveau sur la liste")
    RETURNED = "returned", _("de retour sur la liste")
    MOVED = "moved", _("passé dans une autre étude")
    CHANGED = "changed", _("a changé de fonction")


class ProposalOutcome(models.TextChoices):
    DONE = "done", _("traitée")
    DECLINED = "declined", _("sans suite")
    WITHDRAWN = "withdrawn", _("retirée : plus sur la liste")


class Proposal(models.Model):
    """What the user registrar may want to decide. It gives nobody anything."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    list = models.ForeignKey(ReceivedList, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=10, choices=ProposalKind.choices)
    number = models.CharField(max_length=20)
    """The Chamber's number of the person: the register of the Chamber says who that is."""
    user = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    """Somebody we knew already."""
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=ProposalOutcome.choices, blank=True, default="")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="chamber_one_open_proposal", fields=["number", "kind"], condition=Q(outcome="")
            ),
            models.CheckConstraint(
                name="chamber_closed_proposal_says_how",
                condition=Q(outcome="", closed_at=None, closed_by=None)
                | Q(outcome__in=ProposalOutcome.values, closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]
        indexes = [models.Index(name="chamber_proposals_open", fields=["made_at"], condition=Q(outcome=""))]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class AlarmKind(models.TextChoices):
    SILENCE = "silence", _("aucune liste acceptée depuis plus de 24 heures")
    REFUSED = "refused", _("un message a été refusé")
    HELD = "held", _("une liste est retenue : trop de départs à la fois")
    LAPSE = "lapse", _("trop de périodes prennent fin à la fois")
    GAP = "gap", _("des messages manquent : une liste complète est demandée")
    FAILED = "failed", _("un départ n’a pas pu être exécuté")


class Alarm(models.Model):
    """Something that the watchers must see, until it is over: a refused message, until one of them noted
    it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=AlarmKind.choices)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    noted_by = models.UUIDField(null=True)
    """The watcher who noted it, where it does not end by itself."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="chamber_one_open_alarm", fields=["kind"], condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                name="chamber_alarm_in_order", condition=Q(ended_at=None) | Q(ended_at__gte=F("raised_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.kind
