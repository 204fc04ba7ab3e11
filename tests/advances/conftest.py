"""What the tests of the payment runs share: a bank that is a program of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from secal.config.demo.bank import Bank
from tests.bank import running_bank


@pytest.fixture
def bank(tmp_path: Path, settings: Any) -> Iterator[Bank]:
    with running_bank(tmp_path / "bank") as bank:
        settings.BANK_URL = bank.url
        yield bank
