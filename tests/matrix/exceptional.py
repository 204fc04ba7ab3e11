"""Files that open to somebody by exception, or stay closed to them although they are theirs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from recovery.cases.models import RecoveryFile
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.cases.models import AlimonyFile, ProtectionGround
from secal.cases.services.emergency import answer_emergency, ask_emergency
from secal.cases.services.exceptions import ask_opening, protect, recuse
from secal.office.clock import now, today
from secal.people.identifiers import niss_index
from secal.people.models import RegistrationAct, RegistrationKind
from tests import stories
from tests.changing import change
from tests.matrix.things import (
    CASEWORK,
    EVERYONE,
    NOBODY,
    ONSS,
    MakeUser,
    Secret,
    Things,
    add,
    persons,
    secrets_of,
)
from tests.recovery import stories as recovery
from tests.recovery.cases.test_own_file import BORN, is_the_employer, natural
from tests.recovery.stories import People

OFFICER, APPROVER = frozenset({Role.CASE_OFFICER}), frozenset({Role.APPROVER})
REGISTRAR = frozenset({Role.REGISTRAR})
"""Who registered a file keeps its number in their list."""
COORDINATOR = frozenset({Role.SECURITY_COORDINATOR})
WATCHERS = COORDINATOR | {Role.DATA_PROTECTION_OFFICER}
LEDGER = frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE})
LASTS_BEYOND_THE_WALK = timedelta(hours=3)
"""An emergency access asked so much later than now has not ended when the walk ends."""

Staff = Mapping[Role, User]


def build(
    ours: Staff, theirs: Staff, people: People, make_user: MakeUser, things: Things, secrets: list[Secret]
) -> None:
    """Files of all kinds of exception, each of people whom no other file knows."""
    _own_debts(people, things, secrets)
    _in_emergency(ours, theirs, make_user, things, secrets)
    _protected(ours, theirs, make_user, things, secrets)
    _closed(ours, make_user, things, secrets)


def _in_emergency(
    ours: Staff, theirs: Staff, make_user: MakeUser, things: Things, secrets: list[Secret]
) -> None:
    """The siblings' file, opened for our officer; and ours, for which the siblings ask our approver."""
    at = now() + LASTS_BEYOND_THE_WALK
    elsewhere = make_user(Role.APPROVER, section="Liège")
    opened = _file(theirs, "Sterrenwacht", "Zonnewende", "BE61101000010117")
    why = "Le débiteur est au guichet et nomme Waterlelie comme témoin."
    with acting_as(ours[Role.CASE_OFFICER].pk):
        access = ask_emergency(number=opened.number, reason=why, at=at)
    with acting_as(elsewhere.pk):
        answer_emergency(access_id=access.pk, allow=True, at=at)
    _told(things, secrets, "opened in emergency", opened, OFFICER, number=OFFICER | WATCHERS)
    secrets.append(Secret("Waterlelie", "emergency.reason", WATCHERS))

    asked = _file(ours, "Maanzaad", "Korenwolf", "BE17101000020221")
    why = "Le créancier est au guichet et nomme Boterbloem comme témoin."
    with acting_as(theirs[Role.CASE_OFFICER].pk):
        ask_emergency(number=asked.number, reason=why, at=at)
    _told(things, secrets, "asked for by the siblings", asked, CASEWORK, number=CASEWORK | REGISTRAR)
    secrets.append(Secret("Boterbloem", "emergency.reason", APPROVER))


def _protected(
    ours: Staff, theirs: Staff, make_user: MakeUser, things: Things, secrets: list[Secret]
) -> None:
    """Ours of a protected person, which we asked to open; and the siblings'."""
    coordinator, officer = ours[Role.SECURITY_COORDINATOR], ours[Role.CASE_OFFICER]
    mine = _file(ours, "Nachtorchis", "Wolfskers", "BE70101000030325")
    other = _file(theirs, "Vuurvlinder", "Steenmarter", "BE26101000040429")
    for file in (mine, other):
        with acting_as(coordinator.pk):
            protect(
                number=file.number, person_id=file.debtor_id, ground=ProtectionGround.COLLEAGUE, on=today()
            )
    why = "Je traite la demande d’avances dont Kruisbek attend la suite."
    with acting_as(officer.pk):
        ask_opening(file_id=mine.pk, reason=why, at=now())
    waits_for = APPROVER | COORDINATOR
    known = {"number": waits_for | REGISTRAR, "named": COORDINATOR}
    _told(things, secrets, "ours, protected", mine, NOBODY, **known, closed_to=CASEWORK)
    _told(things, secrets, "theirs, protected", other, NOBODY, number=NOBODY, named=COORDINATOR)
    secrets.append(Secret("Kruisbek", "opening.reason", waits_for))


def _closed(ours: Staff, make_user: MakeUser, things: Things, secrets: list[Secret]) -> None:
    """Ours that the officer recused themselves from, once registered; in which the approver is a party."""
    officer, approver = ours[Role.CASE_OFFICER], ours[Role.APPROVER]
    recused = _file(ours, "Dovenetel", "Hermelijn", "BE79101000050533")
    with acting_as(officer.pk):
        recuse(file_id=recused.pk, on=today())
    _told(things, secrets, "recused", recused, APPROVER, number=CASEWORK | REGISTRAR, closed_to=OFFICER)

    colleague = {**ours, Role.CASE_OFFICER: make_user(Role.CASE_OFFICER)}
    registered = _file(colleague, "Grutto", "Kievitsbloem", "BE35101000060637")
    RegistrationAct.objects.create(kind=RegistrationKind.IMPORTED, file=registered.pk, actor=officer.pk)
    _told(
        things,
        secrets,
        "once registered",
        registered,
        APPROVER,
        number=APPROVER | REGISTRAR,
        closed_to=OFFICER,
    )

    party = _file(ours, "Lindebloesem", "Zilverreiger", "BE88101000070741")
    niss = party.debtor.open_value("niss")
    assert niss is not None
    change(approver, niss_bi=niss_index(niss))
    _told(things, secrets, "of a party", party, OFFICER, number=OFFICER | REGISTRAR, closed_to=APPROVER)


def _own_debts(people: People, things: Things, secrets: list[Secret]) -> None:
    """Employers who work here, each with a file at the stage at which they would meet it."""
    everybody = ONSS | {Role.CONCESSION_OPERATOR, Role.BAILIFF}
    for user, role, name in (
        (people.clerk, Role.ARREARS_CLERK, "Tine Hulstbes"),
        (people.directorate, Role.RECOVERY_DIRECTORATE, "Ward Sleedoorn"),
        (people.operator, Role.CONCESSION_OPERATOR, "Lore Kornoelje"),
        (people.bailiff, Role.BAILIFF, "Stan Moerbei"),
    ):
        niss = stories.new_niss(BORN)
        details = {**natural(niss, name), "address": f"{name} 3, 1000 Bruxelles"}
        # Issued and not sent: the directorate has still to do with it, and nobody after it.
        issued = role is Role.RECOVERY_DIRECTORATE
        made = recovery.made_title if issued else recovery.mandated_title
        file = RecoveryFile.objects.get(pk=made(people, **details).file_id)
        is_the_employer(user, niss)
        closed = frozenset({role})
        reached = (ONSS if issued else everybody) - closed
        values = {"file_id": file.pk}
        add(things, "recovery_file", f"of {name}", values, reached - {Role.BAILIFF}, closed_to=closed)
        add(things, "mandated_file", f"of {name}", values, reached & {Role.BAILIFF}, closed_to=closed)
        add(things, "employer", f"of {name}", {"employer_id": file.employer_id}, EVERYONE, closed_to=closed)
        add(things, "book", f"of {name}", {"pk": file.book_id}, reached & LEDGER, closed_to=closed)
        secrets += secrets_of("recovery_file", file.pk, reached, number=reached)


def _file(staff: Staff, family: str, debtors: str, iban: str) -> AlimonyFile:
    return stories.register_file(
        registrar=staff[Role.REGISTRAR],
        officer=staff[Role.CASE_OFFICER],
        **persons("Fien", family, "Bas", debtors, iban),
    )


def _told(
    things: Things,
    secrets: list[Secret],
    name: str,
    file: AlimonyFile,
    reached: frozenset[Role],
    *,
    number: frozenset[Role],
    named: frozenset[Role] = NOBODY,
    closed_to: frozenset[Role] = NOBODY,
) -> None:
    """`number` and `named`: who else meets the file's number, and its debtor's name."""
    values = {"file_id": file.pk}
    add(things, "alimony_file", name, values, reached, closed_to=closed_to, without={"advances:decision"})
    for secret in secrets_of("alimony_file", file.pk, reached, number=number):
        known = secret.text == str(file.debtor)
        secrets.append(replace(secret, reached_by=secret.reached_by | named) if known else secret)
