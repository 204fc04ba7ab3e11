"""Told stories of recovery for tests: employers, files, titles and mandates made by the real services, each
step as the person whose step it is.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from recovery.arrears.models import FormalNotice, NoticeChannel, Origin, SpecialRoll
from recovery.arrears.selectors import roll_candidates
from recovery.arrears.services.constraints import issue_constraint
from recovery.arrears.services.debts import record_debt
from recovery.arrears.services.delegations import record_delegation
from recovery.arrears.services.notices import month_of, send_notice
from recovery.arrears.services.rolls import draw_roll, sign_roll
from recovery.cases.milestones import on_title_served
from recovery.cases.models import Act, ActKind, Mandate, RecoveryFile, ServiceMode, Title
from recovery.cases.services.mandates import give_mandate
from recovery.cases.states import move_title
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.kernel.reckoning.procedure import next_act_on, opposition_delay
from secal.law.onss import opposition_parameters
from secal.people.employers import EmployerDetails, register_employer
from secal.people.models import Employer, EmployerKind

BRUSSELS = ZoneInfo("Europe/Brussels")
QUARTER = date(2026, 1, 1)
RECORDED_ON = date(2026, 6, 1)
NOTICE_ON = date(2026, 6, 2)
ROLL_ON = date(2026, 8, 3)
"""After the month of a registered letter of 2 June, and its working days."""
CONSTRAINT_ON = date(2026, 8, 5)
TRANSMITTED_ON = date(2026, 8, 6)
MANDATED_ON = date(2026, 8, 7)
SERVED_AT = datetime(2026, 8, 17, 10, 30, tzinfo=BRUSSELS)

_serial = count(1)


def enterprise_number() -> str:
    """A valid enterprise number that no other story uses."""
    base = 4_000_000 + next(_serial)
    return f"0{base}{97 - (base % 97):02d}"


@dataclass(frozen=True, slots=True)
class People:
    """Who works on the recovery of a debt, one of each; the office with its bailiff."""

    clerk: User
    signatory: User
    directorate: User
    operator: User
    user_registrar: User
    office: Office
    bailiff: User


def people(make_user: Callable[..., User], *, delegated_from: date = date(2020, 1, 1)) -> People:
    """One of each, the signatory with a delegation to sign rolls and to issue constraints."""
    office, bailiff = office_with_bailiff(
        make_user, "Étude Lambert", given_name="Hugo", family_name="Lambert"
    )
    staff = People(
        clerk=make_user(Role.ARREARS_CLERK, given_name="Nadia", family_name="Benali"),
        signatory=make_user(Role.ROLL_SIGNATORY, given_name="Karel", family_name="Smets"),
        directorate=make_user(Role.RECOVERY_DIRECTORATE, given_name="Claire", family_name="Renard"),
        operator=make_user(Role.CONCESSION_OPERATOR, given_name="Jan", family_name="Claes"),
        user_registrar=make_user(Role.USER_REGISTRAR, given_name="Rita", family_name="Jacobs"),
        office=office,
        bailiff=bailiff,
    )
    delegate(staff.user_registrar, staff.signatory, from_on=delegated_from)
    return staff


def office_with_bailiff(
    make_user: Callable[..., User], name: str, *, arrondissement: str = "bruxelles", **person: str
) -> tuple[Office, User]:
    """A bailiff's office with one bailiff in it."""
    office = Office.objects.create(name=f"{name} {next(_serial)}", arrondissement=arrondissement)
    bailiff = make_user(Role.BAILIFF, **person)
    bailiff.office = office
    bailiff.save()
    return office, bailiff


def delegate(
    user_registrar: User,
    signatory: User,
    *,
    from_on: date,
    until_on: date | None = None,
    signs_rolls: bool = True,
    issues_constraints: bool = True,
) -> None:
    with acting_as(user_registrar.pk):
        record_delegation(
            delegate_id=signatory.pk,
            decision="Décision du Comité de gestion du 03/12/2019",
            decided_on=date(2019, 12, 3),
            from_on=from_on,
            until_on=until_on,
            signs_rolls=signs_rolls,
            issues_constraints=issues_constraints,
        )


def firm(**changes: object) -> EmployerDetails:
    """A firm in Brussels; any detail may be told otherwise."""
    details: dict[str, object] = {
        "kind": EmployerKind.LEGAL,
        "name": "Boulangerie du Midi",
        "legal_form": "SRL",
        "enterprise_number": enterprise_number(),
        "address": "Rue du Midi 12, 1000 Bruxelles",
        "arrondissement": "bruxelles",
        "language": "fr",
    }
    return EmployerDetails(**{**details, **changes})  # type: ignore[arg-type]


def made_employer(staff: People, **changes: object) -> Employer:
    with acting_as(staff.clerk.pk):
        return register_employer(firm(**changes), on=RECORDED_ON).employer


def made_file(
    staff: People,
    *,
    quarters: tuple[date, ...] = (QUARTER,),
    contributions: Decimal = Decimal("10000.00"),
    on: date = RECORDED_ON,
    **changes: object,
) -> RecoveryFile:
    """An employer with a file and unpaid quarters. `changes` go to `firm`."""
    employer = made_employer(staff, **changes)
    with acting_as(staff.clerk.pk):
        for quarter in quarters:
            record_debt(
                employer_id=employer.pk,
                quarter=quarter,
                origin=Origin.DECLARED,
                contributions=contributions,
                on=on,
            )
    return RecoveryFile.objects.get(employer=employer)


def sent_notice(
    staff: People,
    file: RecoveryFile,
    *,
    on: date = NOTICE_ON,
    channel: NoticeChannel = NoticeChannel.REGISTERED_PAPER,
) -> FormalNotice:
    with acting_as(staff.clerk.pk):
        return send_notice(file_id=file.pk, channel=channel, sent_on=on, on=on)


def drawn_roll(staff: People, file: RecoveryFile, *, on: date = ROLL_ON) -> SpecialRoll:
    """A roll of every line that may be on one."""
    lines = [found.line.pk for found in roll_candidates(file, on=on) if not found.reason]
    with acting_as(staff.clerk.pk):
        return draw_roll(file_id=file.pk, line_ids=lines, on=on)


def enforceable_roll(staff: People, file: RecoveryFile, *, on: date = ROLL_ON) -> SpecialRoll:
    roll = drawn_roll(staff, file, on=on)
    with acting_as(staff.signatory.pk):
        return sign_roll(file_id=file.pk, roll_id=roll.pk, on=on)


def made_title(staff: People, **changes: object) -> Title:
    """A constraint issued, from the employer on. `changes` go to `made_file`."""
    file = made_file(staff, **changes)  # type: ignore[arg-type]
    sent_notice(staff, file)
    roll = enforceable_roll(staff, file)
    with acting_as(staff.signatory.pk):
        return issue_constraint(file_id=file.pk, roll_id=roll.pk, on=CONSTRAINT_ON)


def transmitted_title(staff: People, **changes: object) -> Title:
    """A constraint in the concessionaire's hands. The room that transmits tests its own service; here the
    state is moved by the same table.
    """
    title = made_title(staff, **changes)
    with acting_as(staff.directorate.pk):
        move_title(title, "transmit")
        title.save()
    return title


def mandated_title(staff: People, *, office: Office | None = None, **changes: object) -> Mandate:
    """A constraint given to an office (the story's own unless another is named); its mandate."""
    title = transmitted_title(staff, **changes)
    with acting_as(staff.operator.pk):
        return give_mandate(
            title_id=title.pk, file_id=title.file_id, office=office or staff.office, on=MANDATED_ON
        )


def served_title(staff: People, *, at: datetime = SERVED_AT, **changes: object) -> Title:
    """A constraint served by the bailiff. The portal tests its own service; here its effects are written as
    it does.
    """
    mandate = mandated_title(staff, **changes)  # type: ignore[arg-type]
    return serve(staff, mandate, at=at)


def serve(staff: People, mandate: Mandate, *, at: datetime = SERVED_AT) -> Title:
    title = Title.objects.select_related("file").get(pk=mandate.title_id)
    served_on = at.astimezone(BRUSSELS).date()
    with acting_as(staff.bailiff.pk):
        record_act(staff, mandate, ActKind.SERVICE, at=at, mode=ServiceMode.AT_DOMICILE)
        move_title(title, "serve")
        title.served_at = at
        delay = opposition_delay(served_on=served_on, parameters=opposition_parameters(on=served_on))
        title.opposition_until = delay.last_day
        title.save()
        on_title_served.reached(title, on=served_on)
    return title


def record_act(
    staff: People,
    mandate: Mandate,
    kind: ActKind,
    *,
    at: datetime,
    mode: str = "",
    costs: Decimal = Decimal(0),
) -> Act:
    """An act of the bailiff, as a row."""
    return Act.objects.create(
        mandate=mandate,
        title_id=mandate.title_id,
        file_id=mandate.file_id,
        kind=kind,
        acted_at=at,
        place="bruxelles",
        mode=mode,
        costs=costs,
        recorded_by=staff.bailiff.pk,
    )


def first_free_day(notice: FormalNotice) -> date:
    """The first day on which a roll may rest on the notice."""
    return next_act_on(month_of(notice))


def new_id() -> uuid.UUID:
    return uuid.uuid4()
