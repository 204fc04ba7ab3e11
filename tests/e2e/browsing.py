"""A person at a browser: logs in at the identity provider, clicks, and notices what is wrong with a page.

Every page that is visited is held to three things: no violation of the content-security policy, nothing in
the console, and, when asked, nothing for axe (WCAG 2.1 A and AA) in light and in dark.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
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
    complaints: list[str] = field(default_factory=list)

    def goes_to(self, path: str) -> None:
        response = self.page.goto(self.origin + path)
        assert response is not None
        assert response.status < 400, f"{path}: {response.status}"

    def presses(self, name: str | re.Pattern[str]) -> None:
        """A button or a link with this name, whichever the page offers."""
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()

    def fills(self, label: str | re.Pattern[str], value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def reads(self) -> str:
        return self.page.locator("main").inner_text()

    def axe_faults(self) -> list[str]:
        """What axe finds on the page as it stands, in words."""
        result = Axe().run(self.page, options=WCAG)
        return [
            f"{self.page.url} {violation['id']}: {node['html'][:160]}"
            for violation in result.response["violations"]
            for node in violation["nodes"]
        ]

    def overflows(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def log_in(browser: Browser, origin: str, subject: str, *, dark: bool = False, width: int = 1366) -> Person:
    """A person in a fresh browser: presses the one button and chooses themselves at the identity provider."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="fr-BE"
    )
    context.add_init_script(WATCH)
    page = context.new_page()
    person = Person(context, page, origin)
    page.on(
        "console",
        lambda message: (
            person.complaints.append(f"{page.url}: {message.text}")
            if message.type in {"error", "warning"} and page.url.startswith(origin)
            else None
        ),
    )
    page.on("pageerror", lambda error: person.complaints.append(f"{page.url}: {error}"))
    page.goto(origin + "/")
    page.get_by_role("button", name=re.compile("connecter")).or_(
        page.get_by_role("link", name=re.compile("connecter"))
    ).first.click()
    page.locator(f"button[value='{subject}']").first.click()
    page.wait_for_url(re.compile(re.escape(origin)))
    return person
