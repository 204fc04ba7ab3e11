"""Every way to be shown something: each page, list and search of the office, the selectors, the console, and
the tables themselves. Anybody tries, whatever they are today and whatever they once were.
"""

import uuid
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from hypothesis import strategies as st

from secal.access.actors import current_actor
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.cases.models import AlimonyFile, Attachment, Beneficiary
from secal.cases.selectors import files_of, get_file, worklist
from secal.files.search import find_files
from secal.kernel.identifiers import detect_kind, format_niss
from secal.office.clock import today
from secal.office.screens import OPEN_TO_ALL
from secal.people.identifiers import niss_index
from secal.people.models import PaymentAccount, Person
from secal.people.selectors import account_on, masked_niss
from tests.access.attempts import REFUSED, STANCES
from tests.machine.casework import Casework
from tests.machine.office import undone
from tests.machine.parties import File
from tests.machine.world import PLANES_THAT_SEE, WHICH, WHO, Colleague, has_files, step
from tests.matrix.walk import Page, pages_of

OF_FILE = {"alimony_file", "application", "open_application", "draft", "book"}
NAMED = {"file_id", "person_id", "paper_id", "pk"}
FOUND, FORBIDDEN = 200, 403

PAGES = {
    page.rule.name: page
    for page in pages_of("office")
    if page.rule.kind in OF_FILE and set(page.parameters) <= NAMED and page.rule.act
}
"""Every page about a file."""
PLAIN = {
    page.rule.name: page
    for page in pages_of("office")
    if "GET" in page.rule.methods and not page.parameters and page.rule.act not in ("", OPEN_TO_ALL)
}
"""Every page about nothing in particular: lists, overviews, forms."""
ROWS = {
    "people_person": ("id", "persons"),
    "people_paymentaccount": ("person_id", "persons"),
    "people_historicalperson": ("id", "persons"),
    "people_historicalpaymentaccount": ("person_id", "persons"),
    "cases_beneficiary": ("child_id", "persons"),
    "cases_historicalbeneficiary": ("child_id", "persons"),
    "cases_alimonyfile": ("id", "files"),
    "cases_historicalalimonyfile": ("id", "files"),
    "cases_attachment": ("file_id", "files"),
    "cases_caseevent": ("file_id", "files"),
    "cases_executorytitle": ("file_id", "files"),
    "cases_monthlyterm": ("file_id", "files"),
    "cases_statement": ("file_id", "files"),
    "cases_workitem": ("file_id", "files"),
    "cases_application": ("file_id", "files"),
    "cases_assignment": ("file_id", "files"),
    "cases_filepermission": ("content_object_id", "files"),
    "solvency_suspension": ("file_id", "files"),
    "solvency_historicalsuspension": ("file_id", "files"),
}
"""Tables of persons and files: the column that says of whom, and which of both that is."""
OWN_APPLICATIONS = "cases_application"
"""A registrar sees the number and the state of what they recorded: nothing about a person."""
WATCHED = ("/dossiers/proteges/", "/controle/journal/", "/controle/historique/")


def whole(answer: Any) -> bytes:
    """Every byte of an answer."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


class Machine(Casework):
    """The whole machine: what happens in an office, and every look at it."""

    def __init__(self) -> None:
        super().__init__()
        self._of_file: dict[uuid.UUID, dict[str, Any]] = {}

    @step(weight=4, when=has_files, who=WHO, page=st.sampled_from(sorted(PAGES)), stale=st.integers(0, 5))
    def a_page_is_asked_for(self, who: int, page: str, stale: int) -> None:
        """About every file: of whoever comes in now, or with a session that may be over."""
        one, asked = self.one_who_looks(who), PAGES[page]
        browser = self._browser(one, stale=stale == 0)
        reached = self.reaches(one.id)
        for file in self.files:
            reach, permitted = reached[file.id]
            method = "GET" if "GET" in asked.rule.methods else "POST"
            answer = browser.generic(method, asked.address(self._values(asked, file)))
            if asked.rule.kind not in ("alimony_file", "book"):
                shown = self.show(one.id, whole(answer), where="intake")
                assert not shown, f"{page} shows a registrar {shown}"
                continue
            if answer.status_code == FOUND:
                self._given(one.id, answer, asked, file, permitted=permitted)
            else:
                self.counts[f"page: {answer.status_code}"] += 1
                self.counts["page: refused to its registrar"] += (
                    reach.registered and answer.status_code == FORBIDDEN
                )
                shown = self.show(one.id, whole(answer), where="refusal")
                assert not shown, f"{page}, {answer.status_code}, shows {shown}"
            if page == "files:page" and stale:
                told = f"{page}: {answer.status_code}, {reach}, {self.standing(one.id)}"
                assert (answer.status_code == FOUND) == permitted, told

    @step(
        weight=2,
        who=WHO,
        page=st.sampled_from(sorted(PLAIN)),
        stale=st.integers(0, 5),
        watcher=st.integers(0, 3),
    )
    def a_list_is_asked_for(self, who: int, page: str, stale: int, watcher: int) -> None:
        by, browser = self._anybody(who, watcher, stale=stale == 0)
        answer = browser.get(PLAIN[page].address({}))
        self._listed(by, answer, page)
        if page == "files:list" and answer.status_code == FOUND:
            listed = {file.id for file in self.files if str(file.id).encode() in answer.content}
            permitted = {file for file, (_reach, may) in self.reaches(by).items() if may}
            assert listed == permitted, "the list shows others than those that they may read"

    @step(weight=2, when=has_files, who=WHO, which=WHICH, by=st.sampled_from(["name", "niss", "number"]))
    def somebody_is_looked_for(self, who: int, which: int, by: str) -> None:
        one, file = self.one_who_looks(who), self.file(which)
        text = {"name": file.parties[0].name, "niss": file.parties[1].niss, "number": file.number}[by]
        cache.clear()  # so many searches a minute
        answer = self.office.browser(one.id).post("/recherche/", {"q": text})
        # The page says how it understood what was typed.
        self._listed(one.id, answer, "search", typed=(text, format_niss(file.parties[1].niss)))

    @step(weight=2, when=has_files, who=WHO, which=WHICH)
    def the_selectors_are_called(self, who: int, which: int) -> None:
        """By a program that runs as this person."""
        one = self.one_who_looks(who)
        for file, (reach, permitted) in self.reaches(one.id).items():
            opened = self.attempt("selectors", partial(self._opens, one.id, file))
            told = f"the door is {'open' if opened else 'shut'}: {reach}, {self.standing(one.id)}"
            assert bool(opened) == permitted, told
        self.attempt("all selectors", lambda: self._calls(one.id, self.file(which)))

    @step(weight=3, who=WHO, table=st.sampled_from(sorted(ROWS)), stance=st.sampled_from(sorted(STANCES)))
    def the_tables_are_read(self, who: int, table: str, stance: str) -> None:
        """By whoever has the site's database user, while this person sits there."""
        one = self.one_who_looks(who)
        barred, column = self.office.barred(one.id), ROWS[table][0]
        token, other = self.office.open_seat(one.id), self.colleague(who + 1).id
        with undone(self.office.application):
            self.office.application.execute("SELECT seat.enter(%s)", [token])
            for before in STANCES[stance]:
                self._let(before.format(table=table, other=other))
            rows = self._let(f"SELECT {column} FROM {table}")
        seen = {row[0] for row in rows} & self._things()
        kept_from = barred.persons if ROWS[table][1] == "persons" else barred.files
        if table == OWN_APPLICATIONS and self.standing(one.id).plane == "registration":
            assert seen <= kept_from, "a registrar sees applications of others"
            return
        assert not seen & kept_from, f"{table} gives rows to whoever registered them ({stance})"
        assert not seen or self.standing(one.id).plane in PLANES_THAT_SEE, f"{table} gives rows ({stance})"
        self.counts["rows: given" if seen else "rows: none"] += 1

    @step(when=has_files, who=WHO, watcher=st.integers(0, 3), address=st.sampled_from(WATCHED), which=WHICH)
    def what_the_watchers_have_is_asked_for(self, who: int, watcher: int, address: str, which: int) -> None:
        by, browser = self._anybody(who, watcher, stale=False)
        file = self.file(which)
        typed = {"step": "find", "number": file.number, "about": file.number, "why": "audit"}
        self._listed(by, browser.post(address, typed), f"watching {address}", typed=typed.values())

    # --- how it is done --------------------------------------------------------------------------------

    def _appoint(
        self, one: Colleague, roles: tuple[Role, ...], section: str, *, days: int | None = None
    ) -> None:
        """Whoever begins other work looks at once for what they had and for what they did before."""
        super()._appoint(one, roles, section, days=days)
        if self.files:
            self._reached.clear()
            self.attempt("looking at once", lambda: self._calls(one.id, self.files[0]))

    def _browser(self, one: Colleague, *, stale: bool) -> Client:
        """Somebody's: of now, or one of theirs whose session may be over."""
        browser = Client()
        if not stale or not one.tokens:
            one.tokens.append(self.office.open_seat(one.id))
        browser.cookies[settings.SEAT_COOKIE_NAME] = one.tokens[0] if stale else one.tokens[-1]
        return browser

    def _anybody(self, who: int, watcher: int, *, stale: bool) -> tuple[uuid.UUID, Client]:
        """A colleague; now and then one of those who watch."""
        watchers = (self.office.coordinator, self.office.officer_of_data_protection)
        if watcher < len(watchers):
            return watchers[watcher], self.office.browser(watchers[watcher])
        one = self.one_who_looks(who)
        return one.id, self._browser(one, stale=stale)

    def _values(self, page: Page, file: File) -> dict[str, Any]:
        if file.id not in self._of_file:
            (book,) = self.office.column("SELECT book_id FROM cases_alimonyfile WHERE id = %s", file.id)
            papers = self.office.column("SELECT id FROM cases_attachment WHERE file_id = %s", file.id)
            self._of_file[file.id] = {
                "file_id": file.id,
                "person_id": file.parties[0].id,
                "paper_id": papers[0] if papers else uuid.uuid4(),
                "pk": book,
            }
        return {name: self._of_file[file.id][name] for name in page.parameters}

    def _given(self, who: uuid.UUID, answer: Any, page: Page, file: File, *, permitted: bool) -> None:
        self.counts["page: given"] += 1
        assert permitted, f"{page.rule.name} is given to whoever may not read the file"
        shown = self.show(who, whole(answer), where=f"page {page.rule.name}")
        own = {party.id for party in file.parties} | {file.id}
        strangers = [one for one in shown if one.of not in own and not self._may_see(who, one.of)]
        assert not strangers, f"{page.rule.name} shows somebody of another file"

    def _listed(self, who: uuid.UUID, answer: Any, name: str, typed: Any = ()) -> None:
        body = "\n".join(f"{key}: {value}" for key, value in answer.headers.items()).encode()
        self.show(who, body + whole(answer), where=f"list {name}", named=True, typed=typed)
        self.counts[f"list: {answer.status_code}"] += 1
        if who in (self.office.coordinator, self.office.officer_of_data_protection):
            return
        for shown in self.shown:
            assert self._may_see(who, shown.of), f"{name} shows what is not theirs to see"

    def _may_see(self, who: uuid.UUID, thing: uuid.UUID) -> bool:
        """A file that they may read, or somebody of one."""
        readable = {file for file, (_reach, may) in self.reaches(who).items() if may}
        return any(
            file.id in readable and thing in {file.id, *(party.id for party in file.parties)}
            for file in self.files
        )

    def _opens(self, who: uuid.UUID, file: uuid.UUID) -> bool:
        with acting_as(who):
            return get_file(file, purpose="file.work").pk == file

    def _calls(self, who: uuid.UUID, sought: File) -> bool:
        """Every selector that answers with rows, and the tables through the models."""
        barred = self.office.barred(who)
        readable = {file for file, (_reach, may) in self.reaches(who).items() if may}
        with acting_as(who):
            actor = current_actor()
            listed = {file.pk for file in files_of(actor)} & self._things()
            assert listed == readable, "a list gives others than those that they may read"
            worked = {item.file_id for item in worklist(actor)} & self._things()
            assert worked <= readable, "the work of others is listed"
            group = find_files(detect_kind(sought.parties[0].name))
            hits = {hit.title for hit in group.hits} if group else set()
            assert hits <= {file.number for file in self.files if file.id in readable}, (
                "a search finds others"
            )
            known = [party for party in self.parties if party.id]
            persons = list(Person.objects.filter(pk__in=[party.id for party in known]))
            masked_niss(persons)
            seen = {person.pk for person in persons}
            indexes = [niss_index(party.niss) for party in known if party.niss]
            seen |= set(Person.objects.filter(niss_bi__in=indexes).values_list("pk", flat=True))
            seen |= set(account_on([party.id for party in known if party.id], today()))
            seen |= set(PaymentAccount.objects.values_list("person", flat=True)) & self._things()
            seen |= set(Beneficiary.objects.values_list("child", flat=True)) & self._things()
            assert not seen & barred.persons, "a person is given to whoever registered them"
            files = set(AlimonyFile.objects.values_list("pk", flat=True)) & self._things()
            files |= set(Attachment.objects.values_list("file", flat=True)) & self._things()
            assert not files & barred.files, "a file is given to whoever registered it"
            assert not (seen | files) or actor.plane in PLANES_THAT_SEE
        return True

    def _things(self) -> set[uuid.UUID]:
        return {party.id for party in self.parties if party.id} | {file.id for file in self.files}

    def _let(self, statement: str) -> list[tuple[Any, ...]]:
        """What it gives; nothing when it is refused."""
        try:
            with self.office.application.transaction():
                cursor = self.office.application.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        except (*REFUSED, psycopg.errors.DuplicateTable, psycopg.errors.DuplicateFunction):
            return []
