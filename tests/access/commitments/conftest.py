"""People who have accepted nothing yet, what they would accept, and a new version of it."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from secal.access.commitments import texts
from secal.access.commitments.services import Proof, give_commitment
from secal.access.commitments.texts import FOLDER, LANGUAGES, SUMS, Text, library
from secal.access.models import Commitment, CommitmentKind, User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as

NEXT = date(2026, 11, 15)
"""In force today, and newer than the version of the installation."""


def in_force(kind: CommitmentKind, language: str = "fr") -> Text:
    """The text of today."""
    return library().texts[kind, library().in_force(kind, timezone.localdate()), language]


def give(user: User, text: Text, **other: Any) -> Commitment:
    """Accept it as the page does."""
    values: dict[str, Any] = {
        "kind": text.kind,
        "version": text.version,
        "language": text.language,
        "digest": text.digest,
        "proof": Proof("level", hashlib.sha256(b"token").digest()),
        "on": timezone.localdate(),
    }
    with acting_as(user.pk):
        return give_commitment(**{**values, **other})


@pytest.fixture
def new_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`new_version(CommitmentKind.POLICY)`: from now on another version of that text is in force."""

    def publish(kind: CommitmentKind, *, on: date = NEXT) -> None:
        folder = Path(shutil.copytree(texts.FOLDER, tmp_path / f"{kind.value}-{on}"))
        newest = max(path.name for path in (FOLDER / kind.value).iterdir())
        place = Path(shutil.copytree(FOLDER / kind.value / newest, folder / kind.value / on.isoformat()))
        sums = []
        for language in LANGUAGES:
            path = place / f"{language}.md"
            path.write_bytes(path.read_bytes() + f"\n## {on}\n\nMore.\n".encode())
            sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
        (place / SUMS).write_text("".join(sums))
        monkeypatch.setattr(texts, "FOLDER", folder)

    return publish


@pytest.fixture
def newcomer(make_user: Callable[..., User]) -> User:
    """Somebody who may work, and has accepted nothing yet."""
    return make_user(Role.CASE_OFFICER, given_name="Nora", family_name="Nys", committed=False)
