"""The rule of every page, as data: who may ask for what, and what the others get.

Only the project's own table of addresses knows every page; it registers the reader here, so that rooms which
may not know it can show the rules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from secal.access.roles import Role

Words = str | Promise


@dataclass(frozen=True, slots=True)
class PageRule:
    """One address and its rule.

    act      the act that the policy must permit; "open" for the pages before the login; "" for the pages of
             libraries, whose rule is `remark`.
    methods  what may be asked; every other method is answered by 405.
    roles    who may do the act; empty where nobody logs in.
    missions the charges that the act needs, where one mission is not as good as another.
    kind     what the address names: the code of a Matter, "" where it names nothing.
    without_right, not_theirs
             the status of the answer to whoever lacks the right, and to whoever has it but not for this
             object; "" where neither can be. Nobody logged in is sent to the login, everywhere.
    step_up  the person shows their card again before the act.
    """

    site: str
    name: str
    route: str
    act: str
    methods: tuple[str, ...]
    roles: tuple[Role, ...]
    missions: tuple[str, ...]
    kind: str
    title: Words
    whose: Words
    without_right: str
    not_theirs: str
    step_up: bool
    remark: Words = ""


_sources: list[Callable[[], Sequence[PageRule]]] = []


def register(source: Callable[[], Sequence[PageRule]]) -> None:
    """Say who knows the rules."""
    if source not in _sources:
        _sources.append(source)


def page_rules() -> tuple[PageRule, ...]:
    """The rule of every page of every site."""
    return tuple(rule for source in _sources for rule in source())
