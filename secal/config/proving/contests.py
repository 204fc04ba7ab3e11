"""What two transactions may try at the same moment and must never both obtain.

Every statement with which somebody takes a plane, a role or a second signature stands here, in raw SQL for
the application's own database user. Each pair is on rows of its own, made beforehand by the administrator.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from psycopg import Connection

from secal.access.models import User, UserRole
from secal.access.roles import PLANE_OF_ROLE, Plane, Role
from secal.config.demo.seed.author import author_at_work
from secal.config.demo.seed.staff import SINCE, colleague
from secal.config.proving.scratch import Scratch
from secal.config.proving.sitting import install_sitting

SECTION = "Bruxelles"

APPOINT = """
INSERT INTO access_appointment
    (id, user_id, plane, section, valid_from, valid_until, entered_by_id, entered_at, end_reason)
VALUES (%(appointment)s, %(user)s, %(plane)s, %(section)s, %(first)s, %(last)s, %(keeper)s, now(), '')"""
GRANT_ROLE = """
INSERT INTO access_userrole
    (id, user_id, appointment_id, role, plane, valid_from, valid_until, entered_by_id, entered_at, end_reason)
VALUES (gen_random_uuid(), %(user)s, %(appointment)s, %(role)s, %(plane)s, %(first)s, %(last)s, %(keeper)s,
    now(), '')"""
PLANES_HELD = "SELECT count(DISTINCT plane) FROM access_appointment WHERE user_id = %(user)s"
KEPT = (Plane.REGISTRATION, Plane.CASEWORK)
"""Planes that the user registrar enters, and that need no office."""

ASSIGN = """
INSERT INTO cases_assignment (id, file_id, officer_id, granted_by, from_at)
    VALUES (gen_random_uuid(), %(file)s, %(officer)s, %(grantor)s, now())"""
ASSIGNED_TO_SELF = (
    "SELECT count(*) FROM cases_assignment WHERE file_id = %(file)s AND officer_id = granted_by"
)
ASSIGNED = "SELECT count(*) FROM cases_assignment WHERE file_id = %(file)s"

APPROVE_LIST = """
INSERT INTO retention_erasureapproval (id, list_id, user_id, role, at)
    VALUES (gen_random_uuid(), %(list)s, %(watcher)s, %(role)s, now())"""
APPROVALS_OF_ONE = """
SELECT count(*) FROM retention_erasureapproval WHERE list_id = %(list)s
    GROUP BY user_id ORDER BY 1 DESC LIMIT 1"""

Values = Mapping[str, Any]
Statement = tuple[str, Values]


@dataclass(frozen=True, slots=True)
class Move:
    """What one person does in one transaction."""

    actor: uuid.UUID
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two moves at once. `conflict`: a number above `allowed` is a conflict stored. `landed`: 0 when neither
    came through, which proves nothing.
    """

    contest: str
    moves: tuple[Move, Move]
    conflict: Statement
    landed: Statement
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    """A row that one person makes and another signs. `make` inserts one that waits for its signature."""

    table: str
    author: str
    signer: str
    signing: str
    """What else a signature sets."""
    make: str


SIGNATURES = {
    "payment run approved by its preparer": Signature(
        "advances_advancerun",
        "prepared_by_id",
        "approved_by_id",
        "state = 'approved', approved_at = now()",
        """INSERT INTO advances_advancerun
               (id, month, number, state, execution_on, prepared_by_id, prepared_at, count, total)
           VALUES (%(id)s, %(month)s, 1, 'proposed', current_date, %(author)s, now(), 1, 1)""",
    ),
    "roll signed by its drawer": Signature(
        "arrears_specialroll",
        "drawn_by_id",
        "enforceable_by_id",
        "state = 'enforceable', enforceable_on = current_date, delegation_id = %(delegation)s",
        """INSERT INTO arrears_specialroll
               (id, file_id, number, state, drawn_on, drawn_by_id, annulled_text, explanation)
           VALUES (%(id)s, gen_random_uuid(), %(number)s, 'drawn', current_date, %(author)s, false, '{}')""",
    ),
    "file given up by who proposed it": Signature(
        "enforcement_irrecoverabilityproposal",
        "proposed_by_id",
        "decided_by_id",
        "state = 'approved', decided_on = current_date",
        """INSERT INTO enforcement_irrecoverabilityproposal
               (id, file_id, evidence_id, reasons, proposed_on, proposed_by_id, state)
           VALUES (%(id)s, gen_random_uuid(), gen_random_uuid(), 'sealed', current_date, %(author)s,
               'proposed')""",
    ),
}
DELEGATE = """
INSERT INTO arrears_delegation
    (id, delegate_id, decision, decided_on, from_on, signs_rolls, issues_constraints, recorded_by)
VALUES (%(id)s, %(delegate)s, 'made up', '2019-12-03', '2020-01-01', true, true, gen_random_uuid())"""
MAKE_FILE = """
INSERT INTO cases_alimonyfile
    (id, key_id, number, state, book_id, creditor_id, debtor_id, section, language, opened_on)
VALUES (%(id)s, gen_random_uuid(), %(number)s, 'active', gen_random_uuid(), gen_random_uuid(),
    gen_random_uuid(), %(section)s, 'fr', current_date)"""
MAKE_LIST = """
INSERT INTO retention_erasurelist (id, number, made_on, made_by, state, reject_reason)
VALUES (%(id)s, %(number)s, current_date, 'service:retention', 'proposed', '')"""


def pairs(scratch: Scratch, chance: random.Random, count: int) -> list[Pair]:
    """So many pairs, every contest in turn; what they are about is written and committed."""
    with author_at_work(), scratch.connect() as administrator:
        install_sitting(administrator)
        # Rows that stand by themselves, without the files and papers around them.
        administrator.execute("SET session_replication_role = replica")
        makers = Makers(administrator, chance)
        return [make() for make in islice(cycle(makers.contests()), count)]


@dataclass
class Makers:
    """Makes pairs, each on fresh rows."""

    administrator: Connection[Any]
    chance: random.Random
    number: int = 0
    team: list[uuid.UUID] = field(default_factory=list)
    delegations: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        signatories = (colleague(self.chance, "fr", SECTION, Role.ROLL_SIGNATORY) for _ in range(4))
        for one in signatories:
            self.team.append(one.pk)
            self.delegations[one.pk] = self._write(DELEGATE, delegate=one.pk)
        self.registrar = colleague(self.chance, "fr", SECTION, Role.USER_REGISTRAR)
        self.watcher = colleague(self.chance, "fr", SECTION, Role.DATA_PROTECTION_OFFICER)
        coordinator = Role.SECURITY_COORDINATOR
        UserRole.objects.create(
            user=self.watcher,
            appointment=self.watcher.appointments.get(),
            role=coordinator,
            plane=PLANE_OF_ROLE[coordinator],
            valid_from=SINCE,
        )

    def contests(self) -> Iterator[Callable[[], Pair]]:
        yield self.planes
        for name, signature in SIGNATURES.items():
            yield lambda name=name, signature=signature: self.signed(name, signature)  # type: ignore[misc]
        yield self.assigned
        yield self.erased

    def planes(self) -> Pair:
        """The user registrar appoints somebody in two planes, with one day in common."""
        newcomer = User.objects.create(
            id=self._uuid(),
            subject=f"newcomer-{self.number}",
            given_name="A",
            family_name="B",
            section=SECTION,
        )
        self.number += 1
        day = SINCE + timedelta(days=self.chance.randrange(4000))
        before = day - timedelta(days=self.chance.randrange(100))

        def appoint(plane: Plane, first: date, last: date | None) -> Move:
            role = self.chance.choice(
                [role for role, its_plane in PLANE_OF_ROLE.items() if its_plane is plane]
            )
            values = {
                "appointment": self._uuid(),
                "user": newcomer.pk,
                "keeper": self.registrar.pk,
                "section": SECTION,
                "plane": plane.value,
                "role": role.value,
                "first": first,
                "last": last,
            }
            return Move(self.registrar.pk, ((APPOINT, values), (GRANT_ROLE, values)))

        one, other = self.chance.sample(KEPT, 2)
        moves = (appoint(one, before, day), appoint(other, day, None))
        question = (PLANES_HELD, {"user": newcomer.pk})
        return Pair("two planes", moves, question, question, allowed=1)

    def signed(self, name: str, signature: Signature) -> Pair:
        """Whoever made it signs it, beside somebody who may; or two changes that only together make one
        person both.
        """
        author, other = self.chance.sample(self.team, 2)
        row = self._write(
            signature.make, author=author, month=date(2100 + self.number // 12, self.number % 12 + 1, 1)
        )
        table, values = signature.table, {"row": row}

        def sign(who: uuid.UUID) -> Move:
            update = (
                f"UPDATE {table} SET {signature.signer} = %(who)s, {signature.signing} WHERE id = %(row)s"  # noqa: S608 - names of our own tables
            )
            return Move(who, ((update, {**values, "who": who, "delegation": self.delegations[who]}),))

        take_over = f"UPDATE {table} SET {signature.author} = %(who)s WHERE id = %(row)s"  # noqa: S608 - names of our own tables
        rival = (
            sign(author)
            if self.chance.random() < 0.5
            else Move(other, ((take_over, {**values, "who": other}),))
        )
        conflict = (
            f"SELECT count(*) FROM {table} WHERE id = %(row)s AND {signature.author} = {signature.signer}"  # noqa: S608 - names of our own tables
        )
        landed = f"SELECT count({signature.signer}) FROM {table} WHERE id = %(row)s"  # noqa: S608 - names of our own tables
        return Pair(name, (rival, sign(other)), (conflict, values), (landed, values))

    def assigned(self) -> Pair:
        """An officer takes a file, while it is given to a colleague."""
        officer, colleague_of_theirs = self.chance.sample(self.team, 2)
        file = self._write(MAKE_FILE, section=SECTION)

        def give(to: uuid.UUID) -> Move:
            return Move(officer, ((ASSIGN, {"file": file, "officer": to, "grantor": officer}),))

        question = {"file": file}
        return Pair(
            "file assigned to oneself",
            (give(officer), give(colleague_of_theirs)),
            (ASSIGNED_TO_SELF, question),
            (ASSIGNED, question),
        )

    def erased(self) -> Pair:
        """A watcher who holds both roles approves one list in each of them."""
        wanted = self._write(MAKE_LIST)

        def approve(role: Role) -> Move:
            values = {"list": wanted, "watcher": self.watcher.pk, "role": role.value}
            return Move(self.watcher.pk, ((APPROVE_LIST, values),))

        question = (APPROVALS_OF_ONE, {"list": wanted})
        moves = (approve(Role.DATA_PROTECTION_OFFICER), approve(Role.SECURITY_COORDINATOR))
        return Pair("erasure approved twice by one watcher", moves, question, question, allowed=1)

    def _write(self, statement: str, **values: Any) -> uuid.UUID:
        """One row, with an identifier and a number of its own."""
        row, self.number = self._uuid(), self.number + 1
        self.administrator.execute(
            statement.encode(), {"id": row, "number": f"P-{self.number:06d}", **values}
        )
        return row

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)
