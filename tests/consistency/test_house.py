"""The code base tests itself: directions of imports, addresses, migrations, templates, words, sizes."""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from secal.access.policy import ACTS
from secal.config import catalogues
from secal.config.celery import app as celery_app
from secal.office.screens import OPEN_TO_ALL

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [ROOT / folder for folder in ("secal", "recovery", "audit")]
PYTHON = [path for folder in SOURCES for path in folder.rglob("*.py")]
OUTSIDE_THE_OFFICE = (
    "django_prometheus",
    "django.contrib.admin",
    "django.views.i18n",
    "django.contrib.staticfiles",
)
"""Views of libraries: the admin site asks OfficeSite.has_permission, the others show no data."""


def test_rooms_import_only_what_stands_below_them() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:]


def _views(resolver: URLResolver, prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += _views(entry, address)
        elif isinstance(entry, URLPattern):
            found.append((address, entry.callback))
    return found


def _module(view: object) -> str:
    return getattr(getattr(view, "view_class", view), "__module__", "")


@pytest.mark.parametrize(
    ("address", "view"), _views(get_resolver()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_address_declares_the_act_that_the_policy_must_permit(address: str, view: object) -> None:
    if _module(view).startswith(OUTSIDE_THE_OFFICE) or address.startswith("admin/"):
        return
    act = getattr(view, "act", None)
    assert act == OPEN_TO_ALL or act in ACTS, f"{address} declares {act!r}"


def test_no_address_takes_a_personal_value() -> None:
    for address, _view in _views(get_resolver()):
        assert not re.search(r"niss|iban|<str:name|email", address), address


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())


def test_every_beat_line_names_a_task_that_exists() -> None:
    celery_app.loader.import_default_modules()
    for name, line in settings.CELERY_BEAT_SCHEDULE.items():
        assert line["task"] in celery_app.tasks, name


def test_every_template_compiles_and_is_used() -> None:
    folder = ROOT / "templates"
    text = "\n".join(path.read_text() for path in [*PYTHON, *folder.rglob("*.html")])
    for path in folder.rglob("*.html"):
        name = str(path.relative_to(folder))
        try:
            get_template(name)
        except TemplateDoesNotExist as missing:
            pytest.fail(f"{name} extends or includes {missing}")
        if not name.startswith(("admin/", "django/")):
            stem = path.stem
            assert name in text or (f"{path.parent.name}/{{" in text and stem) or f'"{stem}"' in text, (
                f"{name} is unused"
            )


@pytest.mark.parametrize("language", catalogues.TARGETS)
def test_every_message_is_translated(language: str) -> None:
    assert catalogues.untranslated(language) == []


def test_no_source_file_is_too_long() -> None:
    places = [*PYTHON, *(ROOT / "tests").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    places += [path for folder in SOURCES for suffix in ("*.css", "*.js") for path in folder.rglob(suffix)]
    long = {
        str(path): count
        for path in places
        if "migrations" not in path.parts and (count := len(path.read_text().splitlines())) > 600
    }
    assert not long


def test_every_room_says_what_lives_in_it() -> None:
    rooms = [path.parent for folder in SOURCES for path in folder.glob("*/__init__.py")]
    silent = [str(room) for room in rooms if not (room / "README.md").exists()]
    assert not silent


def test_every_app_of_ours_is_installed() -> None:
    ours = {config.name for config in apps.get_app_configs()}
    declared = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for folder in SOURCES
        for path in folder.glob("*/apps.py")
    }
    assert declared <= ours


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_rule_asks_the_clock(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    if "kernel" in parts or "law" in parts or "rules" in path.stem or "rules" in parts:
        assert not re.search(r"date\.today\(|datetime\.now\(|timezone\.now\(|localdate\(", path.read_text())


def test_business_deletions_are_protected() -> None:
    """A foreign key between business rows never cascades: nothing about a person goes unnoticed."""
    allowed = {"historical"}
    for model in apps.get_models():
        if not model.__module__.startswith(("secal.", "recovery.", "audit.")):
            continue
        if model._meta.model_name and model._meta.model_name.startswith(tuple(allowed)):
            continue
        for field in model._meta.get_fields():
            if field.concrete and field.remote_field and hasattr(field.remote_field, "on_delete"):
                assert field.remote_field.on_delete.__name__ == "PROTECT", f"{model.__name__}.{field.name}"
