"""Who committed themselves to what: asked at every request, shown to each person and to those who oversee."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.log import events as log
from secal.access.commitments.texts import Text, library
from secal.access.errors import Refused
from secal.access.models import Commitment, CommitmentKind, User, UserRole
from secal.access.models.rights import running
from secal.access.policy import require


def committed(user_id: UUID) -> bool:
    """Has this person accepted every text in its version of today? One query; nothing is remembered."""
    rows = Commitment.objects.filter(user_id=user_id).values_list(
        "kind", "version", "language", "text_digest"
    )
    held = {(kind, version, language, bytes(digest)) for kind, version, language, digest in rows}
    texts = _in_force(timezone.localdate())
    given = {text.kind for text in texts if (text.kind, text.version, text.language, text.digest) in held}
    return len(given) == len(CommitmentKind)


def holding(on: date) -> Q:
    """The commitments that hold on that day: of the version in force, to a text as it stands in the folder.

    A row whose digest is not that of its own language counts for nothing.
    """
    condition = Q(pk__in=[])
    for text in _in_force(on):
        condition |= Q(kind=text.kind, version=text.version, language=text.language, text_digest=text.digest)
    return condition


def _in_force(on: date) -> list[Text]:
    """Both texts as they are on that day, in each language."""
    texts = library()
    return [text for kind in CommitmentKind for text in texts.of(kind, texts.in_force(kind, on))]


def to_give(language: str, on: date) -> list[Text]:
    """The texts that whoever is at work has still to accept, in that language."""
    actor = require("commitment.view")
    given = set(Commitment.objects.filter(holding(on), user_id=actor.id).values_list("kind", flat=True))
    texts = library()
    return [
        texts.texts[kind, texts.in_force(kind, on), language]
        for kind in CommitmentKind
        if kind.value not in given
    ]


def own() -> list[Commitment]:
    """What whoever is at work has given, the newest first."""
    actor = require("commitment.view")
    return list(Commitment.objects.filter(user_id=actor.id).order_by("-given_at", "kind"))


def own_one(commitment_id: UUID) -> Commitment:
    """One's own commitment. Raises Refused, hidden, for somebody else's and for what is not there."""
    actor = require("commitment.view")
    found = Commitment.objects.filter(pk=commitment_id, user_id=actor.id).first()
    if found is None:
        raise Refused(
            "commitment.view", "no_such_commitment", _("Cet engagement n’est pas le vôtre."), hidden=True
        )
    return found


def text_of(commitment: Commitment) -> Text | None:
    """The very text that was accepted; None when the folder has it no more, or another in its place."""
    text = library().get(CommitmentKind(commitment.kind), commitment.version, commitment.language)
    return text if text is not None and text.digest == bytes(commitment.text_digest) else None


# Oversight


@dataclass(frozen=True, slots=True)
class Standing:
    """How one text stands among the people who may work today."""

    kind: CommitmentKind
    version: date
    people: int
    given: int

    @property
    def missing(self) -> int:
        return self.people - self.given


@dataclass(frozen=True, slots=True)
class Signed:
    """How many people accepted a version in a language, ever."""

    kind: CommitmentKind
    version: date
    language: str
    people: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody to whom nothing opens yet, and the newest version that they ever accepted."""

    user_id: UUID
    name: str
    section: str
    missing: tuple[CommitmentKind, ...]
    last_version: date | None


def standings(on: date) -> list[Standing]:
    """Each text in force: how many of those who may work have accepted it. Counts, no names."""
    require("commitment.oversee")
    people, texts = _at_work(on), library()
    total = people.count()
    given = dict(
        Commitment.objects.filter(holding(on), user__in=people)
        .values_list("kind")
        .annotate(Count("user", distinct=True))
    )
    return [
        Standing(kind, texts.in_force(kind, on), total, given.get(kind.value, 0)) for kind in CommitmentKind
    ]


def signed() -> list[Signed]:
    """Every version ever accepted, by language, the newest first. Counts, no names."""
    require("commitment.oversee")
    rows = (
        Commitment.objects.values_list("kind", "version", "language")
        .annotate(people=Count("pk"))
        .order_by("kind", "-version", "language")
    )
    return [
        Signed(CommitmentKind(kind), version, language, people) for kind, version, language, people in rows
    ]


def waiting(on: date, *, first: int = 0, most: int = 50) -> list[Waiting]:
    """Who may work today but has something left to accept, by section and name; each line is logged."""
    require("commitment.oversee")
    rows = (
        _at_work(on)
        .filter(~Q(*(Exists(_held(kind, on)) for kind in CommitmentKind)))
        .annotate(last=Max("commitments__version"))
        .order_by("section", "family_name", "given_name", "pk")
    )
    people = list(rows[first : first + most])
    given = set(
        Commitment.objects.filter(holding(on), user__in=[person.pk for person in people]).values_list(
            "user_id", "kind"
        )
    )
    log.record_list_read(
        "commitment.oversee",
        purpose="commitments",
        lines=[(person.pk, None) for person in people],
        fields=["name", "section", "commitments"],
    )
    return [
        Waiting(
            user_id=person.pk,
            name=person.display_name,
            section=person.section,
            missing=tuple(kind for kind in CommitmentKind if (person.pk, kind.value) not in given),
            last_version=person.last,
        )
        for person in people
    ]


def _held(kind: CommitmentKind, on: date) -> QuerySet[Commitment]:
    return Commitment.objects.filter(holding(on), user_id=OuterRef("pk"), kind=kind)


def _at_work(on: date) -> QuerySet[User]:
    """Those who may work on that day, at either site."""
    roles = UserRole.objects.filter(running(on), running(on, "appointment__"), user_id=OuterRef("pk"))
    return User.objects.filter(Exists(roles), is_active=True)
