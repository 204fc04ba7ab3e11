"""The list of files of an officer who may open one in twenty: what the restriction costs.

Both sides answer the first page, as the database is asked for it: the same columns, joins and order. Measured
is the statement that the page sends; not what Python adds on its way. A rival that knows its rows has yet to
put them in order; the list is read in its order, from an index that the permissions have.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
from django.db.models import QuerySet
from guardian.shortcuts import get_objects_for_user

from secal.access.actors import Actor
from secal.access.models import User
from secal.access.roles import Mission, Plane, Role
from secal.cases.models import AlimonyFile
from secal.cases.selectors import files_of
from secal.config.benching.crowd import KNOWN_ROWS, PERMISSION, SECTION, Crowd, gather
from secal.config.benching.measuring import interleaved
from secal.config.benching.ratio import Claim, Measured
from secal.config.proving.scratch import Scratch, scratch_database
from secal.config.proving.sitting import take_seat
from secal.config.services import roles

PAGE = 26
"""A page of 25 and the one that tells whether there is another."""
ONE_IN = 20
SMALL, QUICK, FULL = 10_000, 100_000, 1_000_000

KNOWN = Claim("restricted_list", "the same SQL with its rows known", 1.2)
GROWTH = Claim("restricted_list_growth", f"the same list among {SMALL} files", 1.3)
GUARDIAN = Claim("restricted_list_guardian", "guardian's get_objects_for_user", 1.0)
CLAIMS = (KNOWN, GROWTH, GUARDIAN)


def measure_list(quick: bool) -> Iterator[tuple[Claim, Measured]]:
    files = QUICK if quick else FULL
    with ExitStack() as stack:
        small = Reading(stack, stack.enter_context(scratch_database()), SMALL)
        large = Reading(stack, stack.enter_context(scratch_database()), files)
        yield KNOWN, interleaved(large.listed, large.known)
        yield GROWTH, interleaved(large.listed, small.listed)
        yield GUARDIAN, interleaved(large.listed, large.by_guardian)


class Reading:
    """One officer before one database full of files. What can be read of it comes as calls to be timed."""

    def __init__(self, stack: ExitStack, scratch: Scratch, files: int) -> None:
        crowd = gather(scratch, files=files, grants=files // ONE_IN)
        # One transaction, in which the officer sits: row security lets nobody else see a file.
        self._officer = stack.enter_context(scratch.connect(roles.APPLICATION))
        take_seat(self._officer, crowd.officer)
        # Whoever knows the rows needs no row policy to find them.
        self._administrator = stack.enter_context(scratch.connect())
        self._files = files_of(actor(crowd))
        self.listed = self._call(self._officer, self._files)
        self.known = self._call(self._administrator, everything(), known_rows)
        self.by_guardian = self._call(self._officer, through_guardian(crowd))
        refuse_different_pages(self.listed(), self.known(), self.by_guardian())

    def rows_read(self) -> Counter[str]:
        """How many rows of each table the first page reads, as the database counts them."""
        text, values = self._files[:PAGE].query.sql_with_params()
        explain = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {text}".encode()
        ((told,),) = self._officer.execute(explain, values, prepare=False).fetchall()
        read: Counter[str] = Counter()
        steps = [told[0]["Plan"]]
        for step in steps:
            steps.extend(step.get("Plans", ()))
            if table := step.get("Relation Name"):
                read[table] += step["Actual Rows"] * step["Actual Loops"]
        return read

    @staticmethod
    def _call(
        connection: psycopg.Connection[Any],
        files: QuerySet[AlimonyFile],
        rewrite: Callable[[str], str] = str,
    ) -> Callable[[], list[Any]]:
        """The statement of the first page, ready to be sent as often as wanted."""
        text, values = files[:PAGE].query.sql_with_params()
        query = rewrite(text).encode()

        def send() -> list[Any]:
            return [row[0] for row in connection.execute(query, values, prepare=False).fetchall()]

        return send


def actor(crowd: Crowd) -> Actor:
    return Actor(
        id=crowd.officer,
        name="The officer",
        plane=Plane.CASEWORK,
        roles=frozenset({Role.CASE_OFFICER}),
        missions=frozenset({Mission.ADVANCES}),
        committed=True,
        section=SECTION,
        niss_bi=crowd.niss_bi,
    )


def everything() -> QuerySet[AlimonyFile]:
    """Every file, with the columns, the joins and the order of the list."""
    return AlimonyFile.objects.select_related("creditor", "debtor").order_by("-opened_on", "-number")


def known_rows(text: str) -> str:
    """The same statement, where the officer's files stand ready in a table."""
    before, order, after = text.partition(" ORDER BY ")
    return f'{before} WHERE EXISTS ({KNOWN_ROWS} = "cases_alimonyfile"."id"){order}{after}'


def through_guardian(crowd: Crowd) -> QuerySet[AlimonyFile]:
    """What guardian itself makes of the same permissions. Our users have no groups."""
    officer = User(id=crowd.officer)
    allowed = get_objects_for_user(officer, f"cases.{PERMISSION}", everything(), use_groups=False)
    return allowed.order_by("-opened_on", "-number")


def refuse_different_pages(*pages: list[Any]) -> None:
    """All sides must answer the same files, a full page of them. Raises ValueError."""
    if len(pages[0]) != PAGE or any(page != pages[0] for page in pages):
        raise ValueError("the sides do not list the same files: there is nothing to compare")
