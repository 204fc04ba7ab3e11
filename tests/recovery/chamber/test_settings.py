"""A wrong setting of the feed is said before the first list comes."""

from typing import Any

import pytest

from recovery.chamber.checks import chamber_is_known
from secal.config.settings.sites import SITES


def said() -> list[str | None]:
    return [message.id for message in chamber_is_known()]


def test_right_settings_are_silent(settings: Any) -> None:
    settings.CHAMBER_URL = "https://chamber.example/list"
    assert said() == []
    settings.CHAMBER_URL = ""
    assert said() == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("CHAMBER_URL", "http://chamber.example/list", "chamber.E001"),
        ("CHAMBER_KEYS", {"keys": ["?"]}, "chamber.E002"),
        ("CHAMBER_KEYS", {"keys": []}, "chamber.E003"),
        ("CHAMBER_ISSUER", "", "chamber.E004"),
    ],
)
def test_each_wrong_setting_is_said(name: str, value: object, error: str, settings: Any) -> None:
    setattr(settings, name, value)
    assert said() == [error]
    settings.SITE = SITES["portal"]
    assert said() == []
