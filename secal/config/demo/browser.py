"""A browser small enough to read: it follows links and redirects, keeps cookies, and fills in forms as they
stand on the page, hidden fields and all. No JavaScript: every page must work without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html

PATIENCE_SECONDS = 60
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
Upload = tuple[str, bytes, str]


class NoSuchForm(Exception):
    """The page has no form with the wanted fields or address."""


@dataclass(frozen=True)
class Page:
    """What came back: where we are, with which status, and the document."""

    url: str
    status: int
    document: Any

    @property
    def text(self) -> str:
        """The words of the page, spaces made plain."""
        return " ".join("".join(self.document.itertext()).split())

    def form(self, wanted: str) -> Any:
        """The form whose address ends with `wanted`, or that has a field of that name."""
        for form in self.document.forms:
            if (form.action or self.url).endswith(wanted) or wanted in form.fields:
                return form
        raise NoSuchForm(f"{wanted} on {self.url}")

    def fields(self, wanted: str) -> list[str]:
        """Names of the fields of that form."""
        return [name for name in self.form(wanted).fields if name]


class Browser:
    """One person's browser at one office."""

    def __init__(self, office: str) -> None:
        self.office = office
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "fr"

    def get(self, path: str) -> Page:
        return self._read(self.session.get(urljoin(self.office, path), timeout=PATIENCE_SECONDS))

    def submit(
        self,
        page: Page,
        wanted: str,
        values: Mapping[str, str] | None = None,
        *,
        button: tuple[str, str] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Page:
        """Send a form with these values over those on the page; `button`: name and value of what is
        pressed."""
        return self._send(page, page.form(wanted), values, button, files)

    def press(self, page: Page, name: str, value: str, values: Mapping[str, str] | None = None) -> Page:
        """Press the button of that name and value in whichever form it stands."""
        for found in page.document.iterfind(".//button"):
            if found.get("name") == name and found.get("value") == value:
                form = next(found.iterancestors("form"))
                return self._send(page, form, values, (name, value), None)
        raise NoSuchForm(f"button {name}={value} on {page.url}")

    def _send(
        self,
        page: Page,
        form: Any,
        values: Mapping[str, str] | None,
        button: tuple[str, str] | None,
        files: Mapping[str, Upload] | None,
    ) -> Page:
        kept = {
            name: value
            for name, value in form.form_values()
            if not (name in form.fields and getattr(form.inputs[name], "type", "") == "file")
        }
        answer = self.session.post(
            urljoin(page.url, form.action or page.url),
            data={**kept, **(values or {}), **dict([button] if button else [])},
            files=dict(files or {}) or None,
            headers={"Referer": page.url},
            timeout=PATIENCE_SECONDS,
        )
        return self._read(answer)

    def post(self, page: Page, path: str, values: Mapping[str, str] | None = None) -> Page:
        """Send values to an address, as if a page of ours had a form for it: to try what is not offered."""
        token = page.document.find(f".//input[@name='{TOKEN}']").get("value")
        answer = self.session.post(
            urljoin(self.office, path),
            data={TOKEN: token, **(values or {})},
            headers={"Referer": page.url},
            timeout=PATIENCE_SECONDS,
        )
        return self._read(answer)

    @staticmethod
    def _read(answer: requests.Response) -> Page:
        document: html.HtmlElement = html.document_fromstring(answer.content or b"<html></html>")
        for form in document.forms:
            if form.action:
                form.action = urljoin(answer.url, form.action)
        return Page(answer.url, answer.status_code, document)
