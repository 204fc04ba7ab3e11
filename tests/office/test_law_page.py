"""The page of the law: everything that is applied is there, and what is assumed is said first."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from secal.access.models import User
from secal.access.policy.acts import OFFICE
from secal.access.roles import Role
from secal.law import all_parameters
from secal.law.page_wording import CHOICES, CODES, CONDITIONS, SUBJECTS, TEXTS
from secal.law.wording import CONTENTS
from secal.office.explaining import legal_text
from secal.office.law_pages import _title, _told


@pytest.mark.parametrize("role", sorted(OFFICE))
def test_everyone_who_works_here_may_read_the_law(
    role: Role, make_user: Callable[..., User], client_for: Callable[[User], Client]
) -> None:
    page = client_for(make_user(role)).get(reverse("office:law"))
    assert page.status_code == 200
    assert reverse("office:law") in page.content.decode()


def test_a_stranger_is_sent_to_the_login(db: None) -> None:
    assert Client().get(reverse("office:law"))["Location"].startswith(reverse("access:login"))


def test_the_page_shows_values_sources_and_assumptions_of_the_day(
    officer: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(officer)
    text = browser.get(reverse("office:law"), {"on": "2026-11-21"}).content.decode()
    assert "175" in text
    assert "art. 4 §2" in text
    assert text.index("Premier mois d’avance") < text.index("Plafond de l’avance par créancier")
    earlier = browser.get(reverse("office:law"), {"on": "2019-06-30"}).content.decode()
    assert "1 800" in earlier.replace("\u202f", " ").replace("\xa0", " ")


def test_a_day_that_is_none_shows_today(officer: User, client_for: Callable[[User], Client]) -> None:
    assert client_for(officer).get(reverse("office:law"), {"on": "demain"}).status_code == 200


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999"])
def test_the_first_and_the_last_day_there_are_break_nothing(
    officer: User, client_for: Callable[[User], Client], day: str
) -> None:
    assert client_for(officer).get(reverse("office:law"), {"on": day}).status_code == 200


def test_every_value_of_the_law_can_be_told_in_words() -> None:
    known = {**CONTENTS, **CODES}
    for value in all_parameters():
        assert value.subject in SUBJECTS
        assert _title(value)
        assert _told(value)
        for name, held in value.conditions.items():
            assert f"{name}={held}".lower() in CONDITIONS
        held = value.value if isinstance(value.value, tuple) else (value.value,)
        for code in held:
            assert not isinstance(code, str) or code in known or code.isdigit(), (value.name, code)


def test_every_text_has_its_name_in_the_languages_of_the_office() -> None:
    for value in all_parameters():
        assert value.source.endswith(TEXTS), value.source


def test_every_assumption_says_why() -> None:
    assert {value.name for value in all_parameters() if value.assumed} == set(CHOICES)


def test_every_day_since_the_start_can_be_shown(officer: User, client_for: Callable[[User], Client]) -> None:
    browser = client_for(officer)
    for day in (date(2004, 6, 1), date(2015, 1, 1), date(2020, 6, 1), date(2030, 1, 1)):
        assert browser.get(reverse("office:law"), {"on": day.isoformat()}).status_code == 200


def test_what_the_law_does_not_demand_is_no_unmet_condition() -> None:
    assert legal_text("eligibility_debtor_in_belgium", False, "") == "la loi ne l’exige pas"
    assert legal_text("eligibility_creditor_in_belgium", True, "") == "la loi l’exige"
    assert legal_text("onss_contested_excluded", True, "") == "oui"
