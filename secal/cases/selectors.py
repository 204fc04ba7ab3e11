"""Reading files. One definition of who may open which file, used by lists and by the one door `get_file`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BinaryField,
    BooleanField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor, current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.policy import ACTS, MISSIONS_OF_ROLE, Facts, decide, require
from secal.access.roles import Role
from secal.cases import events
from secal.cases.models import (
    AlimonyFile,
    Application,
    ApplicationState,
    Assignment,
    Attachment,
    Beneficiary,
    FileOpening,
    FileState,
    ProtectedOpening,
    WorkItem,
)
from secal.cases.models.access import AGREED_FOR
from secal.law import parameter
from secal.law.wording import CONTENTS
from secal.office.clock import now
from secal.people.models import Person, RegistrationAct

STATE_SHAPES = {
    FileState.INTAKE: "neutral",
    FileState.TO_DECIDE: "attention",
    FileState.ACTIVE: "underway",
    FileState.REFUSED: "late",
    FileState.CLOSED: "good",
}


ENDED = (FileState.CLOSED, FileState.REFUSED)
OFFICERS_MISSIONS = MISSIONS_OF_ROLE[Role.CASE_OFFICER]
"""With one of which an officer is charged, or opens no file."""
NEWEST_FIRST = ("-opened_on", "-number")
NEWEST_OPENED = ("-openings__opened_on", "-openings__number")
"""The same order, as the openings keep it: the page is read from them, and no further file."""


class IsAmong(Func):
    """Inside a query: whether the first is among the elements of the second, an array."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


class Ground(StrEnum):
    """Why a file is closed to a person: what the database's `closed_files` is asked for."""

    REGISTERED = "registered"
    PARTY = "party"
    RECUSED = "recused"
    PROTECTED = "protected"


FOR_GOOD = (Ground.REGISTERED, Ground.PARTY, Ground.RECUSED)


def with_facts(actor: Actor, at: datetime) -> QuerySet[Any]:
    """Every file with what the policy must know of it and this actor at this moment, asked in the query.

    What was given to an officer counts for nobody whose role of officer ended, here as in lists.
    """
    openings = FileOpening.objects.filter(_open_to(actor, at), file=OuterRef("pk"))
    if Role.CASE_OFFICER not in actor.roles:
        openings = openings.none()
    return AlimonyFile.objects.annotate(
        assigned=Exists(openings.filter(until=None)),
        emergency_until=Subquery(openings.values("until")),
        registered_by_actor=_closed(actor, Ground.REGISTERED),
        actor_is_party=_closed(actor, Ground.PARTY),
        actor_recused=_closed(actor, Ground.RECUSED),
        protected=_closed(actor, Ground.PROTECTED),
        agreed=Q(pk__in=agreed_openings(actor, at).values("file")),
    )


def visible_files(actor: Actor, at: datetime | None = None) -> QuerySet[AlimonyFile]:
    """The files that this person may open: assigned ones, those of an emergency access that runs, and those
    of the section for the second signatory.

    Never one that they registered, in which they are a party or recused themselves; one of a protected person
    while two others agree. None at all without a mission that the door would ask for.
    """
    if not decide(actor, "file.open").permitted:
        return AlimonyFile.objects.none()
    at = at or now()
    return _within_reach(actor, at).exclude(_closed(actor, *Ground, agreed_since=at - AGREED_FOR))


def _within_reach(actor: Actor, at: datetime) -> QuerySet[AlimonyFile]:
    """Those of their roles. For an officer a join, once a file: it is read in the order of the openings."""
    if _has_openings_only(actor):
        return AlimonyFile.objects.filter(_open_to(actor, at, "openings__"))
    reach = Q(pk__in=[])
    if Role.CASE_OFFICER in actor.roles:
        reach |= Q(pk__in=FileOpening.objects.filter(_open_to(actor, at)).values("file"))
    if Role.APPROVER in actor.roles:
        reach |= Q(section=actor.section)
    return AlimonyFile.objects.filter(reach)


def _has_openings_only(actor: Actor) -> bool:
    return actor.roles & {Role.CASE_OFFICER, Role.APPROVER} == {Role.CASE_OFFICER}


def _open_to(actor: Actor, at: datetime, via: str = "") -> Q:
    """An opening that lets somebody who is active in at this moment. Never through guardian's own look-ups.

    The database keeps one kind of permission on files: it is not asked which.
    """
    active = User.objects.filter(pk=actor.id, is_active=True)
    runs = Q(**{f"{via}until": None}) | Q(**{f"{via}until__gt": at})
    return Q(Exists(active)) & Q(**{f"{via}user": actor.id}) & runs


def barred_file(actor: Actor, file: OuterRef) -> Exists:
    """Inside a query: this person registered the file, is a party to it, or recused themselves."""
    return Exists(AlimonyFile.objects.filter(_closed(actor, *FOR_GOOD), pk=file))


def _closed(actor: Actor, *grounds: Ground, agreed_since: datetime | None = None) -> Q:
    """The file is closed to them on one of these grounds; one of a protected person but when agreed to since.

    Such files are found once a statement, as an array: the way in which the database asks its row policies.
    """
    files = Func(
        Value(list(grounds), output_field=ArrayField(TextField())),
        Value(actor.id),
        Value(actor.niss_bi, output_field=BinaryField()),
        Value(agreed_since, output_field=DateTimeField()),
        template="(SELECT closed_files(%(expressions)s))::uuid[]",
        output_field=ArrayField(UUIDField()),
    )
    return Q(IsAmong(F("pk"), files))


def agreed_openings(actor: Actor, at: datetime) -> QuerySet[ProtectedOpening]:
    """To which files of protected persons two others let this person in at this moment."""
    since = at - AGREED_FOR
    return ProtectedOpening.objects.filter(asked_by=actor.id, signed_at__gt=since, watched_at__gt=since)


def get_file(
    file_id: uuid.UUID,
    *,
    act: str = "file.open",
    purpose: str,
    fields: Sequence[str] = ("file", "parties"),
    lock: bool = False,
) -> AlimonyFile:
    """The one door to a file, for every screen of every room.

    Raises Refused: hidden (404) when the file is not theirs or does not exist, 403 with the reason when
    separation forbids what would else be theirs. Either way the unit of work logs it. Logs the read
    otherwise.
    `lock` takes the row for writing.
    """
    actor = current_actor()
    if lock:
        AlimonyFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
    file: AlimonyFile | None = (
        with_facts(actor, now()).filter(pk=file_id).select_related("creditor", "debtor", "book").first()
    )
    if file is None:
        require(act, Facts(file=file_id, registered_by_actor=_registered_by(actor, file_id)))
        raise Refused(act, "no_such_file", _("Ce dossier n’existe pas."), file=file_id, hidden=True)
    require(act, _facts(actor, act, file))
    events.file_read(act, file=file.pk, purpose=purpose, fields=fields)
    return file


def _registered_by(actor: Actor, file_id: uuid.UUID) -> bool:
    """Whether the row is not given because this person registered it: the database says no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (barred_files())", [file_id])
        barred: bool = cursor.fetchone()[0]
    return barred and not actor.is_service


def facts_about(file_id: uuid.UUID, act: str) -> Facts:
    """What the policy must know about the current actor and this file, for services."""
    actor = current_actor()
    file = with_facts(actor, now()).filter(pk=file_id).first()
    if file is None:
        return Facts(file=file_id, registered_by_actor=_registered_by(actor, file_id), needs_assignment=True)
    return _facts(actor, act, file)


def facts_without_assignment(file_id: uuid.UUID) -> Facts:
    """The same for those who may do an act on a file without having it in charge: what closes it to them."""
    actor = current_actor()
    file = with_facts(actor, now()).filter(pk=file_id).first()
    if file is None:
        return Facts(file=file_id, registered_by_actor=_registered_by(actor, file_id))
    return replace(_facts(actor, "", file), needs_assignment=False, protected=False)


def _facts(actor: Actor, act: str, file: Any) -> Facts:
    in_own_section = (
        Role.APPROVER in actor.roles & ACTS.get(act, frozenset()) and file.section == actor.section
    )
    return Facts(
        file=file.pk,
        assigned_to=actor.id if file.assigned else None,
        needs_assignment=not actor.is_service and not in_own_section,
        registered_by_actor=file.registered_by_actor,
        actor_is_party=file.actor_is_party,
        actor_recused=file.actor_recused,
        protected=file.protected,
        approved_by=_agreed(actor, file) if file.protected and file.agreed else frozenset(),
        emergency_until=file.emergency_until,
        at=now(),
    )


def _agreed(actor: Actor, file: Any) -> frozenset[uuid.UUID]:
    """Who let this person open the file of a protected person, when both did."""
    opening = agreed_openings(actor, now()).filter(file=file.pk).latest("asked_at")
    return frozenset(one for one in (opening.signed_by_id, opening.watched_by_id) if one is not None)


def files_of(actor: Actor) -> QuerySet[AlimonyFile]:
    """The files that this person may open, with their parties, newest first. The caller logs what it
    shows."""
    order = NEWEST_OPENED if _has_openings_only(actor) else NEWEST_FIRST
    return visible_files(actor).select_related("creditor", "debtor").order_by(*order)


def worklist(actor: Actor) -> QuerySet[WorkItem]:
    """What is open on the files that this person may open, most urgent first. The caller logs what it
    shows."""
    files = visible_files(actor)
    return (
        WorkItem.objects.filter(done_on=None, file__in=files.values("pk"))
        .select_related("file__creditor", "file__debtor", "file__application")
        .order_by("due_on", "file__number", "kind")
    )


@dataclass(frozen=True, slots=True)
class MissingItem:
    """One thing that an application still needs, with the article that asks for it."""

    code: str
    title: str
    source: str


def missing_items(application: Application) -> list[MissingItem]:
    """What the application still misses, in words (French source strings of secal.law.wording)."""
    general = parameter("application_contents", on=application.received_on)
    always = set(general.codes().value)
    return [
        MissingItem(code, CONTENTS[code], general.article if code in always else "art. 7 §2")
        for code in application.missing
    ]


def own_applications(actor: Actor) -> QuerySet[Application]:
    """The applications that a registrar recorded: number, day, state and what is missing. No personal
    value."""
    return (
        Application.objects.filter(registered_by=actor.id)
        .only("file", "number", "state", "received_on", "complete_on", "missing", "registered_by")
        .order_by("-received_on", "-number")
    )


def own_application(file_id: uuid.UUID) -> Application:
    """One application of the registrar at work. Raises Refused (hidden) for anybody else's."""
    actor = require("application.register", Facts(file=file_id))
    application = own_applications(actor).filter(file=file_id).first()
    if application is None:
        raise Refused(
            "application.register",
            "not_own_application",
            _("Cette demande n’est pas la vôtre."),
            file=file_id,
            hidden=True,
        )
    return application


def own_incomplete_application(file_id: uuid.UUID) -> Application:
    """An incomplete application of the registrar at work, locked, to bring papers to. Raises Refused
    (hidden)."""
    Application.objects.select_for_update(of=("self",)).filter(file=file_id).first()
    application = own_application(file_id)
    if application.state != ApplicationState.INCOMPLETE:
        raise Refused(
            "application.register",
            "application_complete",
            _("Cette demande est complète : plus rien n’y est apporté ici."),
            file=file_id,
            hidden=True,
        )
    return Application.objects.get(pk=application.pk)


def papers_of(file: AlimonyFile) -> list[Attachment]:
    """The papers of a file opened through `get_file`, without their content."""
    papers = list(Attachment.objects.filter(file=file).select_related("file").defer("content", "name"))
    return sorted(papers, key=lambda paper: (paper.received_on, paper.kind))


def open_paper(file: AlimonyFile, paper_id: uuid.UUID) -> tuple[Attachment, bytes] | None:
    """One paper of a file opened through `get_file`, with its content; logged. None when it has no such
    paper."""
    paper = Attachment.objects.filter(file=file, pk=paper_id).select_related("file").first()
    if paper is None:
        return None
    events.paper_read(file=file.pk, kind=paper.kind)
    return paper, paper.open_bytes("content")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer who may receive a file, with how many open files they have."""

    officer: User
    open_files: int


def eligible_officers(file: AlimonyFile, *, on: date) -> list[Candidate]:
    """Officers of the section with a mission, who registered nothing of this file and are no party to it,
    least loaded first."""
    values = {
        "section": file.section,
        "on": on,
        "file": file.pk,
        "parties": [file.creditor_id, file.debtor_id, *_children(file)],
        "missions": list(OFFICERS_MISSIONS),
    }
    rows = User.objects.raw(ELIGIBLE, values)
    return [Candidate(row, vars(row)["open_files"]) for row in rows]


ELIGIBLE = """
    SELECT u.*, count(f.id) AS open_files
    FROM access_user u
    JOIN access_userrole r ON r.user_id = u.id AND r.role = 'case_officer' AND r.ended_at IS NULL
         AND r.valid_from <= %(on)s
         AND (r.valid_until IS NULL OR r.valid_until >= %(on)s)
    JOIN access_appointment w ON w.id = r.appointment_id AND w.ended_at IS NULL AND w.valid_from <= %(on)s
         AND (w.valid_until IS NULL OR w.valid_until >= %(on)s)
    LEFT JOIN cases_assignment a ON a.officer_id = u.id AND a.until_at IS NULL
    LEFT JOIN cases_alimonyfile f ON f.id = a.file_id AND f.state NOT IN ('closed', 'refused')
    WHERE u.is_active AND w.section = %(section)s
      AND EXISTS (SELECT 1 FROM access_charge m WHERE m.user_id = u.id AND m.mission = ANY(%(missions)s)
                  AND m.ended_at IS NULL AND m.valid_from <= %(on)s
                  AND (m.valid_until IS NULL OR m.valid_until >= %(on)s))
      AND NOT EXISTS (SELECT 1 FROM people_registrationact g WHERE g.actor_id = u.id
                      AND (g.file = %(file)s OR g.person_id = ANY(%(parties)s)))
      AND NOT EXISTS (SELECT 1 FROM cases_recusal c WHERE c.officer_id = u.id AND c.file_id = %(file)s)
      AND NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = ANY(%(parties)s) AND p.niss_bi = u.niss_bi)
    GROUP BY u.id
    ORDER BY open_files, u.family_name, u.given_name, u.id
"""


def barred_officer() -> Q:
    """Of an assignment: its officer registered the file or one of its persons, or is a party."""
    children = Beneficiary.objects.filter(title__file=OuterRef(OuterRef("file"))).values("child")

    def among_parties(person: str) -> Q:
        either = Q(**{person: OuterRef("file__creditor")}) | Q(**{person: OuterRef("file__debtor")})
        return either | Q(**{f"{person}__in": children})

    acts = RegistrationAct.objects.filter(actor=OuterRef("officer"))
    own = Person.objects.filter(niss_bi=OuterRef("officer__niss_bi"))
    registered = Exists(acts.filter(Q(file=OuterRef("file")) | among_parties("person")))
    return Q(registered | Exists(own.filter(among_parties("pk"))))


def officer_in_charge(file: AlimonyFile) -> User | None:
    assignment = Assignment.objects.filter(file=file, until_at=None).select_related("officer").first()
    return assignment.officer if assignment else None


def identity(file: AlimonyFile, *, url: str = "") -> dict[str, Any]:
    """The identity bar of a file opened through `get_file`: number, state, people, officer, next step."""
    officer = officer_in_charge(file)
    step = WorkItem.objects.filter(file=file, done_on=None).order_by("due_on").first()
    state = FileState(file.state)
    people: list[dict[str, str | Promise]] = [
        {"role": _("Créancier"), "name": str(file.creditor)},
        {"role": _("Débiteur"), "name": str(file.debtor)},
    ]
    return {
        "number": file.number,
        "url": url,
        "status": {"state": STATE_SHAPES[state], "word": state.label},
        "people": people,
        "officer": officer.display_name if officer else _("personne encore"),
        "next_step": {"label": step.get_kind_display(), "due": step.due_on} if step else None,
    }


def beneficiaries(file: AlimonyFile) -> list[Beneficiary]:
    """The children of the file with their maintenance, eldest first."""
    return list(
        Beneficiary.objects.filter(title__file=file)
        .select_related("child")
        .order_by(F("child__birth_date").asc(nulls_last=True), "child__given_name")
    )


def _children(file: AlimonyFile) -> list[uuid.UUID]:
    return list(Beneficiary.objects.filter(title__file=file).values_list("child_id", flat=True))
