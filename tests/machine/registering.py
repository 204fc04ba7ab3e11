"""Whatever can decide whether somebody has a file, done by whoever tries: each such act leaves a
registration."""

import uuid
from datetime import date
from typing import Any

from hypothesis import strategies as st

from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.cases.services.applications import Completion, complete_application, receive_application
from secal.cases.services.identity import approve_identity, propose_identity, refuse_identity
from secal.cases.statements import Paper
from secal.office.clock import today
from secal.people.designations import Correction, Designation, Merge, Numbers
from secal.people.identifiers import niss_index
from tests import stories
from tests.cases.test_identity import PROOF
from tests.files import wizard
from tests.machine.parties import File, Party, new_word, stated
from tests.machine.rights import RightsOfColleagues
from tests.machine.world import WHICH, WHO, Colleague, World, has_files, nth, step

FIRST_FILES, MOST_FILES = 3, 5
MEETING = "SELECT people_meet(%s, NULL, gen_random_uuid())"
PARTIES_OF = """
SELECT f.number, f.creditor_id, f.debtor_id, b.child_id FROM cases_alimonyfile f
  JOIN cases_executorytitle t ON t.file_id = f.id JOIN cases_beneficiary b ON b.title_id = t.id
 WHERE f.id = %s
"""


def has_room(world: World) -> bool:
    return len(world.files) < MOST_FILES


def has_proposals(world: World) -> bool:
    return bool(world.proposals)


class Registrations(RightsOfColleagues):
    """Rules of registration, by the services, at the screen, and in raw SQL."""

    def __init__(self) -> None:
        super().__init__()
        for number in range(FIRST_FILES):
            self._open(nth(self.people, number % 2), self._three(number, number, number), whole=number > 0)

    @step(when=has_room, who=WHO, creditor=WHICH, debtor=WHICH, child=WHICH, whole=st.booleans())
    def a_file_is_opened(self, who: int, creditor: int, debtor: int, child: int, whole: bool) -> None:
        """Of persons whom the office may know; complete or not."""
        self._open(self.one_of(who, Role.REGISTRAR), self._three(creditor, debtor, child), whole=whole)

    @step(when=has_room, who=WHO, creditor=WHICH, debtor=WHICH)
    def a_file_is_opened_at_the_screen(self, who: int, creditor: int, debtor: int) -> None:
        """The five steps of an application, by whoever is let in."""
        persons, court = self._three(creditor, debtor, len(self.parties)), new_word()
        one = self.one_of(who, Role.REGISTRAR)
        browser = self.office.browser(one.id)
        if browser.post("/dossiers/introduction/nouvelle/").status_code != 302 or not self._registers(one):
            self.counts["opening at the screen: refused"] += 1
            return
        draft = wizard.begin(browser)
        wizard.fill(
            browser,
            draft,
            titre={**wizard.TITLE, "court": court},
            creancier=wizard.creditor(**persons[0].typed),
            debiteur=wizard.debtor(**persons[1].typed),
            enfants=wizard.children(
                {"given_name": "Ann", "family_name": persons[2].name, "niss": persons[2].niss}
            ),
        )
        sent = browser.post(wizard.address(draft, "verifier"))
        if sent.status_code != 302:
            # They are a party to it themselves.
            self.counts["opening at the screen: refused"] += 1
            return
        self.counts["opening at the screen: done"] += 1
        self._opened(draft, court, persons)
        for path in (sent["Location"], "/dossiers/introduction/"):
            shown = self.show(one.id, browser.get(path).content, where="intake")
            assert not shown, f"registration shows what it registered: {shown}"

    @step(when=has_files, who=WHO, which=WHICH)
    def papers_are_brought(self, who: int, which: int) -> None:
        """To an application that misses them, by whoever received it."""
        one, file = self.one_of(who, Role.REGISTRAR), self.file(which)
        papers = tuple(Paper(kind, "x.pdf", stories.PDF, "application/pdf") for kind in stories.WHOLE)

        def bring() -> None:
            with acting_as(one.id):
                complete_application(file.id, brought=Completion(papers=papers), on=today())

        self.attempt("bringing papers", bring)
        self.office.arrive(file.id)

    @step(who=WHO, which=WHICH)
    def a_number_is_typed_into_the_database(self, who: int, which: int) -> None:
        """Whoever asks it whether somebody is known has left an act by asking."""
        one, party = self.one_of(who, Role.REGISTRAR), self._party(which)
        token, registers = self.office.open_seat(one.id), self._registers(one)
        answer = None
        try:
            with self.office.application.transaction():
                self.office.application.execute("SELECT seat.enter(%s)", [token])
                values = [niss_index(party.niss)]
                (answer,) = self.office.application.execute(MEETING, values).fetchone() or (None,)
        except Exception as error:
            assert "only the plane of registration" in str(error), error
        assert answer is None or registers, "whether somebody is known was told outside registration"
        acted = self.office.barred(one.id).persons
        assert answer is None or answer in acted, "whether somebody is known was told without an act"
        self.counts[f"meeting: {'told' if answer else 'nothing'}"] += 1

    @step(weight=2, who=WHO, merging=st.booleans(), one=WHICH, other=WHICH)
    def an_identity_is_questioned(self, who: int, merging: bool, one: int, other: int) -> None:
        by, first, second = self.one_of(who, Role.REGISTRAR), self._known(one), self._known(other)
        if first is second:
            numbers: Numbers = Correction(Designation(niss=first.niss), stories.new_niss(first.born))
        elif merging:
            numbers = Merge(Designation(niss=first.niss), Designation(niss=second.niss))
        else:
            numbers = Correction(Designation(niss=first.niss), second.niss)

        def propose() -> Any:
            with acting_as(by.id):
                return propose_identity(numbers, PROOF, on=today())

        proposal = self.attempt("proposing an identity", propose)
        if proposal is not None:
            self.proposals.append((proposal.pk, by.id, numbers, first, second))

    @step(when=has_proposals, weight=3, who=WHO, which=WHICH, approve=st.integers(0, 3))
    def an_identity_is_decided(self, who: int, which: int, approve: int) -> None:
        """By whoever tries, the one who proposed it too."""
        proposal = nth(self.proposals, which)
        proposal_id, proposer, numbers, first, second = proposal
        by = self.one_of(who, Role.REGISTRAR, but=proposer)

        def decide() -> bool:
            with acting_as(by.id):
                if approve:
                    approve_identity(proposal_id, typed=numbers, on=today())
                else:
                    refuse_identity(proposal_id, on=today())
            return True

        if self.attempt("deciding an identity", decide) is None:
            return
        assert by.id != proposer, "somebody decided what they proposed"
        self.proposals.remove(proposal)
        if approve:
            self._settled(self.office.settle(proposal_id), numbers, first, second)

    # --- how it is done --------------------------------------------------------------------------------

    def _open(self, one: Colleague, persons: list[Party], *, whole: bool) -> None:
        court = new_word()

        def open_it() -> uuid.UUID:
            with acting_as(one.id):
                statement = stated(*persons, court=court, whole=whole)
                return receive_application(statement, on=statement.received_on).pk

        file_id = self.attempt("opening", open_it)
        if file_id is not None:
            self._opened(file_id, court, persons)

    def _settled(self, code: str, numbers: Numbers, first: Party, second: Party) -> None:
        kind = "merging" if isinstance(numbers, Merge) else "correcting"
        self.counts[f"{kind}: {code}"] += 1
        if code != "done":
            return
        if isinstance(numbers, Correction):
            first.niss = numbers.niss
            return
        # From now on their names and numbers are those of one person: nobody is registered under them again.
        first.merged = second.merged = True

    def _registers(self, one: Colleague) -> bool:
        now = self.standing(one.id)
        return now.plane == "registration" and now.committed

    def _party(self, number: int) -> Party:
        """Somebody who is still one person."""
        single = [party for party in self.parties if not party.merged]
        while len(single) < 3:
            single.append(self._born(1990))
        return single[number % len(single)]

    def _known(self, number: int) -> Party:
        """Somebody whom the office knows, as one person."""
        known = [party for party in self.parties if party.id and not party.merged]
        return nth(known, number) if known else self._party(number)

    def _born(self, year: int) -> Party:
        party = Party(date(year, 4, 12))
        self.parties.append(party)
        return party

    def _three(self, creditor: int, debtor: int, child: int) -> list[Party]:
        """Three different persons, the child perhaps a new one."""
        first = self._party(creditor)
        others = [party for party in self.parties if not party.merged and party is not first]
        second = others[debtor % len(others)]
        children = [party for party in others if party is not second and party.born.year > 2010]
        third = children[child] if child < len(children) else self._born(2015)
        return [first, second, third]

    def _opened(self, file_id: uuid.UUID, court: str, persons: list[Party]) -> None:
        self.office.arrive(file_id)
        row = self.office.administrator.execute(PARTIES_OF, [file_id]).fetchone()
        assert row is not None
        number, *identifiers = row
        for party, identifier in zip(persons, identifiers, strict=True):
            assert party.id in (None, identifier), "a person who was known was made again"
            party.id = identifier
        self.files.append(File(file_id, number, court, persons))
