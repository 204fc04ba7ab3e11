"""A person at a browser: logs in at the identity provider, clicks, and notices what is wrong with a page.

Every page that is visited is held to three things: no violation of the content-security policy, nothing in
the console, and, when asked, nothing for axe (WCAG 2.1 A and AA) in light and in dark.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    StorageState,
    expect,
)

PATIENCE = 20_000
"""Milliseconds for a page or a word to come: other suites may be at work on the same machine."""
expect.set_options(timeout=PATIENCE)

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules whose answer may change with the theme: the document is the same in both."""
REPEATED = ("tbody tr:nth-child(n+6)", "main article:nth-of-type(n+6)", "main section:nth-of-type(n+9)")
FRAME = ("body > header", "nav.menu")
WHAT_IS_NEW = {"exclude": [[one] for one in (*REPEATED, *FRAME)]}
"""The sixth row of a table is made like the five before it; the frame is judged on everybody's first page."""
PARTS = """frame => [...document.querySelectorAll("body *")].filter(element => !element.closest(frame))
  .map(element => element.localName + "." + [...element.classList].sort().join("."))"""
_judged: set[str] = set()
"""Parts of pages that axe has seen, whoever opened them."""
JUDGE = "([where, rules]) => axe.run(where ?? document, rules)"
REFUSAL = re.compile(r"the server responded with a status of (403|404|422)")
WATCH = """
document.addEventListener("securitypolicyviolation", event =>
  console.error("CSP " + event.violatedDirective + " " + event.blockedURI))
"""


@dataclass
class Person:
    """One logged-in person with a browser context of their own."""

    context: BrowserContext
    page: Page
    origin: str
    subject: str
    may_be_refused: bool = False
    """A refused page or form is no complaint: the browser writes it in the console."""
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        response = self.page.goto(self.origin + path)
        assert response is not None
        assert response.status < 400, f"{path}: {response.status}"
        if not self.page.url.startswith(self.origin):
            # A sensitive act asks for the card once more, and comes back.
            self.chooses_themselves()

    def chooses_themselves(self) -> None:
        """At the identity provider: its button stands for the card."""
        self.page.locator(f"button[value='{self.subject}']").first.click()
        self.page.wait_for_url(re.compile(re.escape(self.origin)))

    def uses_the_card(self) -> None:
        """Once more, before a sensitive act, as the page would ask when the last use is too old."""
        self.goes_to("/connexion/confirmer/")

    def opens(self, path: str) -> bool:
        """Go there, if it is a page: an address that hands over a file leaves the page as it was."""
        try:
            self.goes_to(path)
        except Error as error:
            if "Download is starting" not in error.message:
                raise
            return False
        return True

    def is_refused(self, path: str) -> str:
        """The words of the page that refuses this address."""
        self.may_be_refused = True
        response = self.page.goto(self.origin + path)
        assert response is not None
        assert response.status in (403, 404), f"{path}: {response.status}"
        return self.page.locator("body").inner_text()

    def speaks(self, language: str) -> None:
        """Choose the language of the screen in the header, unless it is the one already."""
        if self.page.locator("html").get_attribute("lang") != language:
            self.page.locator(f"button[name=language][value={language}]").click()
            expect(self.page.locator("html")).to_have_attribute("lang", language)

    def presses(self, name: str | re.Pattern[str], *, where: str = "main") -> None:
        """A button or a link with this name, whichever the page offers."""
        place = self.page.locator(where)
        exact = isinstance(name, str)
        place.get_by_role("button", name=name, exact=exact).or_(
            place.get_by_role("link", name=name, exact=exact)
        ).first.click()

    def field(self, label: str, *, where: str = "main") -> Locator:
        """The field of this label, whether it says that it may stay empty or not."""
        words = re.compile(rf"^\s*{re.escape(label)}(\s*\(facultatif\))?\s*$")
        return self.page.locator(where).get_by_label(words).first

    def fills(self, label: str, value: str, *, where: str = "main") -> None:
        self.field(label, where=where).fill(value)

    def pastes(self, label: str, value: str, *, where: str = "main") -> None:
        """The whole text at once, as from the clipboard."""
        self.field(label, where=where).clear()
        self.field(label, where=where).focus()
        self.page.keyboard.insert_text(value)

    def chooses(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def ticks(self, label: str) -> None:
        """A box, or one of several round buttons."""
        self.field(label).check()

    def lays(self, label: str, name: str, content: bytes, kind: str) -> None:
        """A file from this person's disk in a field for files."""
        self.field(label).set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def sees(self, *words: str, where: str = "main") -> None:
        """Wait until the page shows each of these; every space of the page counts as an ordinary one."""
        for one in words:
            expect(self.page.locator(where).first).to_contain_text(one)

    def reloads_until(self, words: str, path: str, *, where: str = "main") -> None:
        """Ask for the page anew until background work has brought these words; spaces are ordinary ones."""
        deadline = time.monotonic() + PATIENCE / 1000
        self.goes_to(path)
        while words not in self.reads(where):
            assert time.monotonic() < deadline, f"{path}: no {words!r} in {self.reads(where)[:2000]}"
            self.page.wait_for_timeout(300)
            self.goes_to(path)

    def reads(self, where: str = "main") -> str:
        """The words that show, every space an ordinary one."""
        return " ".join(self.page.locator(where).first.inner_text().split())

    def row(self, words: str | re.Pattern[str]) -> Locator:
        """The first row of a table that has these words."""
        return self.page.locator("main tbody tr").filter(has_text=words).first

    def notices(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or not self.page.url.startswith(self.origin):
            return
        if self.may_be_refused and REFUSAL.search(message.text):
            return
        self.complaints.append(f"{self.page.url}: {message.text}")

    def axe_faults(self, rules: Mapping[str, object] = WCAG, *, new_only: bool = False) -> list[str]:
        """What axe finds on the page as it stands, in words; `new_only`: but for the frame and later rows."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        asked = {**rules, "resultTypes": ["violations"], "preload": False}
        answer = self.page.evaluate(JUDGE, [WHAT_IS_NEW if new_only else None, asked])
        return [
            f"{self.page.url} {violation['id']}: {node['html'][:160]}"
            for violation in answer["violations"]
            for node in violation["nodes"]
        ]

    def faults_in_both_themes(self, *, new_only: bool = False) -> list[str]:
        """Every rule in light; in dark those whose answer may change. The page ends in light."""
        found = [f"light {fault}" for fault in self.axe_faults(new_only=new_only)]
        self.page.emulate_media(color_scheme="dark")
        found += [f"dark {fault}" for fault in self.axe_faults(COLOURS, new_only=new_only)]
        self.page.emulate_media(color_scheme="light")
        return found

    def faults_of_what_is_new(self) -> list[str]:
        """In both themes, where the page holds a part that axe has not judged: its body, of a table the first
        rows."""
        parts = {*self.page.evaluate(PARTS, ", ".join(FRAME))}
        if parts <= _judged:
            return []
        _judged.update(parts)
        return self.faults_in_both_themes(new_only=True)

    def finds_it_accessible(self) -> None:
        """The page that came of an act: no walk along links leads there."""
        assert not (faults := self.faults_of_what_is_new()), "\n".join(faults[:20])

    def overflows(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def log_in(
    browser: Browser,
    origin: str,
    subject: str,
    *,
    known: StorageState | None = None,
    dark: bool = False,
    width: int = 1366,
) -> Person:
    """A person in a browser of their own: presses the one button and chooses themselves at the identity
    provider. `known`: what an earlier browser of theirs held; while its session lives, no login is needed.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        locale="fr-BE",
        storage_state=known,
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH)
    page = context.new_page()
    person = Person(context, page, origin, subject)
    page.on("console", person.notices)
    page.on("pageerror", lambda error: person.complaints.append(f"{page.url}: {error}"))
    page.goto(origin + "/")
    if "/connexion" in page.url:
        # In whatever language the browser remembers.
        page.locator("main a[href^='/connexion/federale/']").click()
        person.chooses_themselves()
    return person
