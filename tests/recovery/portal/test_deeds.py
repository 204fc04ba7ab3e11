"""Uploads: what comes in is a plain PDF, written anew; everything else is refused with a sentence."""

import io
import subprocess
from typing import Any

import pikepdf
import pytest

from recovery.cases.models import Document, DocumentKind
from recovery.portal.errors import DEED_REFUSALS, PortalError
from recovery.portal.pdf_gate import GateRefused, examine
from recovery.portal.services import upload_deed
from secal.access.errors import Refused
from secal.access.unit_of_work import acting_as
from tests.recovery.portal.conftest import World
from tests.recovery.portal.hostile import good, hostile, plain, written
from tests.recovery.portal.test_services import NOW, serve

HOSTILE = hostile()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_its_stage(name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(GateRefused) as refused:
        examine(content)
    assert refused.value.code == code
    assert code in DEED_REFUSALS


def test_the_list_of_hostile_files_is_long_and_hits_every_stage_that_a_file_can_reach() -> None:
    assert len(HOSTILE) >= 15
    assert {code for _content, code in HOSTILE.values()} == set(DEED_REFUSALS) - {"time"}


def test_what_is_kept_is_written_anew_with_the_pages_and_nothing_else() -> None:
    sent = good()
    kept = examine(sent)
    assert kept != sent
    assert b"Lambert" not in kept
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        assert len(pdf.pages) == 2
        assert "/Info" not in pdf.trailer
        assert b"(Exploit)" in pdf.pages[0].Contents.read_bytes()
    assert examine(sent) == kept


def test_an_examination_that_does_not_end_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(*_args: Any, **_options: Any) -> Any:
        raise subprocess.TimeoutExpired("gate", 30)

    monkeypatch.setattr(subprocess, "run", hangs)
    with pytest.raises(GateRefused) as refused:
        examine(good())
    assert refused.value.code == "time"


def test_an_examination_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*args: Any, **_options: Any) -> Any:
        return subprocess.CompletedProcess(args, -9, b"", b"")

    monkeypatch.setattr(subprocess, "run", dies)
    with pytest.raises(GateRefused) as refused:
        examine(good())
    assert refused.value.code == "broken"


@pytest.mark.obligation("17/006 §6")
def test_a_deed_is_kept_once_sealed_under_a_name_of_ours(world: World) -> None:
    act, content = serve(world), good()
    with acting_as(world.staff.bailiff.pk):
        first = upload_deed(file_id=world.file_id, act_id=act.pk, content=content, on=NOW.date())
        again = upload_deed(file_id=world.file_id, act_id=act.pk, content=content, on=NOW.date())
    assert first.pk == again.pk
    kept = Document.objects.get(file=world.file_id, kind=DocumentKind.DEED)
    assert kept.open_bytes("content").startswith(b"%PDF-")
    assert b"%PDF-" not in bytes(kept.content)
    assert kept.open_value("name").endswith("-service-20260901.pdf")
    assert (kept.act_id, kept.title_id, kept.by) == (act.pk, world.mandate.title_id, world.staff.bailiff.pk)


def test_a_hostile_deed_leaves_nothing_behind(world: World) -> None:
    act = serve(world)
    content, _code = HOSTILE["an action at opening"]
    with pytest.raises(PortalError) as refused, acting_as(world.staff.bailiff.pk):
        upload_deed(file_id=world.file_id, act_id=act.pk, content=content, on=NOW.date())
    assert (refused.value.code, refused.value.field) == ("deed.active", "deed")
    assert not Document.objects.filter(kind=DocumentKind.DEED).exists()


def test_a_sibling_adds_no_deed_to_our_act(world: World, security_log: Any) -> None:
    act = serve(world)
    for file_id in (world.file_id, world.sibling_mandate.file_id):
        with pytest.raises(Refused) as refused, acting_as(world.sibling.pk):
            upload_deed(file_id=file_id, act_id=act.pk, content=written(plain()), on=NOW.date())
        assert refused.value.hidden
    assert len(security_log(kind="DENY", act="deed.upload")) == 2
    assert not Document.objects.filter(kind=DocumentKind.DEED).exists()
