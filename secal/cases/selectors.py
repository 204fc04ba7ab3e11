"""Reading files. One definition of who may open which file, used by lists and by the one door `get_file`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields import BooleanField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor, current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.policy import ACTS, Facts, require
from secal.access.roles import Role
from secal.cases import events
from secal.cases.models import (
    AlimonyFile,
    Application,
    ApplicationState,
    Assignment,
    Attachment,
    Beneficiary,
    FileState,
    WorkItem,
)
from secal.law import parameter
from secal.law.wording import CONTENTS
from secal.people.models import RegistrationAct
from secal.people.selectors import registered_file, registered_person

STATE_SHAPES = {
    FileState.INTAKE: "neutral",
    FileState.TO_DECIDE: "attention",
    FileState.ACTIVE: "underway",
    FileState.REFUSED: "late",
    FileState.CLOSED: "good",
}


def with_facts(actor: Actor) -> QuerySet[Any]:
    """Every file with what the policy must know about it and this actor: three questions, asked in the
    query."""
    children = Beneficiary.objects.filter(title__file=OuterRef("pk"))
    is_party: Any = Value(False, output_field=BooleanField())
    if actor.niss_bi is not None:
        is_party = (
            Q(creditor__niss_bi=actor.niss_bi)
            | Q(debtor__niss_bi=actor.niss_bi)
            | Q(Exists(children.filter(child__niss_bi=actor.niss_bi)))
        )
    return AlimonyFile.objects.annotate(
        assigned_to=Subquery(
            Assignment.objects.filter(file=OuterRef("pk"), until_at=None).values("officer")[:1]
        ),
        registered_by_actor=Q(registered_file(actor.id, OuterRef("pk")))
        | Q(registered_person(actor.id, OuterRef("creditor")))
        | Q(registered_person(actor.id, OuterRef("debtor")))
        | Q(
            Exists(
                children.filter(
                    Exists(RegistrationAct.objects.filter(person=OuterRef("child"), actor=actor.id))
                )
            )
        ),
        actor_is_party=is_party,
    )


def visible_files(actor: Actor) -> QuerySet[AlimonyFile]:
    """The files that this person may open: assigned ones, or those of the section for the second signatory.

    Never one that they registered, or in which they are a party.
    """
    reach = Q(pk__in=[])
    if Role.CASE_OFFICER in actor.roles:
        reach |= Q(Exists(Assignment.objects.filter(file=OuterRef("pk"), officer=actor.id, until_at=None)))
    if Role.APPROVER in actor.roles:
        reach |= Q(section=actor.section)
    return with_facts(actor).filter(reach, registered_by_actor=False, actor_is_party=False)


def barred_file(actor: Actor, file: OuterRef) -> Exists:
    """Inside a query: the file is one that this person registered, or in which they are a party."""
    barred = Q(registered_by_actor=True) | Q(actor_is_party=True)
    return Exists(with_facts(actor).filter(pk=file).filter(barred))


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
        with_facts(actor).filter(pk=file_id).select_related("creditor", "debtor", "book").first()
    )
    if file is None:
        raise Refused(act, "no_such_file", _("Ce dossier n’existe pas."), file=file_id, hidden=True)
    require(act, _facts(actor, act, file))
    events.file_read(act, file=file.pk, purpose=purpose, fields=fields)
    return file


def facts_about(file_id: uuid.UUID, act: str) -> Facts:
    """What the policy must know about the current actor and this file, for services."""
    actor = current_actor()
    return _facts(actor, act, with_facts(actor).get(pk=file_id))


def _facts(actor: Actor, act: str, file: Any) -> Facts:
    in_own_section = (
        Role.APPROVER in actor.roles & ACTS.get(act, frozenset()) and file.section == actor.section
    )
    return Facts(
        file=file.pk,
        assigned_to=file.assigned_to,
        needs_assignment=not actor.is_service and not in_own_section,
        registered_by_actor=file.registered_by_actor,
        actor_is_party=file.actor_is_party,
    )


def files_of(actor: Actor) -> QuerySet[AlimonyFile]:
    """The files that this person may open, with their parties, newest first. The caller logs what it
    shows."""
    return visible_files(actor).select_related("creditor", "debtor").order_by("-opened_on", "-number")


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
        .select_related("file")
        .only("state", "received_on", "complete_on", "missing", "file__number", "registered_by")
        .order_by("-received_on", "-file__number")
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
    """An incomplete application of the registrar at work, to bring papers to. Raises Refused (hidden)."""
    application = own_application(file_id)
    if application.state != ApplicationState.INCOMPLETE:
        raise Refused(
            "application.register",
            "application_complete",
            _("Cette demande est complète : plus rien n’y est apporté ici."),
            file=file_id,
            hidden=True,
        )
    return Application.objects.select_related("file").get(pk=application.pk)


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
    """Officers of the section who registered nothing of this file and are no party to it, least loaded
    first."""
    parties = [file.creditor_id, file.debtor_id, *_children(file)]
    rows = User.objects.raw(
        ELIGIBLE, {"section": file.section, "on": on, "file": file.pk, "parties": parties}
    )
    return [Candidate(row, vars(row)["open_files"]) for row in rows]


ELIGIBLE = """
    SELECT u.*, count(f.id) AS open_files
    FROM access_user u
    JOIN access_userrole r ON r.user_id = u.id AND r.role = 'case_officer' AND r.valid_from <= %(on)s
         AND (r.valid_until IS NULL OR r.valid_until >= %(on)s)
    LEFT JOIN cases_assignment a ON a.officer_id = u.id AND a.until_at IS NULL
    LEFT JOIN cases_alimonyfile f ON f.id = a.file_id AND f.state NOT IN ('closed', 'refused')
    WHERE u.is_active AND u.section = %(section)s
      AND NOT EXISTS (SELECT 1 FROM people_registrationact g WHERE g.actor_id = u.id
                      AND (g.file = %(file)s OR g.person_id = ANY(%(parties)s)))
      AND NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = ANY(%(parties)s) AND p.niss_bi = u.niss_bi)
    GROUP BY u.id
    ORDER BY open_files, u.family_name, u.given_name, u.id
"""


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
