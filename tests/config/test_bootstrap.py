"""manage.py on a machine that lacks something: it says what, and what to do, with an exit code of its own."""

import ast
import base64
import errno
import fcntl
import hashlib
import importlib.util
import socket
import sys
import threading
import time
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from secal.config import bootstrap
from secal.config.bootstrap import Places
from secal.config.trouble import ExitCode, Trouble, trouble_from_os_error

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("manage_under_test", ROOT / "manage.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """An empty checkout with a lock file of no package."""
    (tmp_path / "requirements.lock").write_text("# nothing\n")
    return Places(tmp_path)


@pytest.fixture
def pip_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """pip that knows one local folder of packages and no index, whatever this machine has configured."""
    folder = tmp_path / "packages"
    folder.mkdir()
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return folder


def put_interpreter(places: Places) -> None:
    """Stand this test's interpreter in the place of .venv's: what pip says before it installs is the same."""
    places.python.parent.mkdir(parents=True)
    places.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    places.python.chmod(0o755)


def put_wheel(folder: Path, version: str) -> str:
    """Write a package of one module into the folder; returns its line for a lock file."""
    information = f"sampleroom-{version}.dist-info"
    files = {
        "sampleroom.py": f"VERSION = {version!r}\n",
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: sampleroom\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{name},sha256={in_record(text)},{len(text)}" for name, text in files.items()]
    files[f"{information}/RECORD"] = "\n".join([*record, f"{information}/RECORD,,", ""])
    path = folder / f"sampleroom-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return f"sampleroom=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def in_record(text: str) -> str:
    """A digest as RECORD files write it."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def trouble_of_install(places: Places) -> Trouble:
    put_interpreter(places)
    with pytest.raises(Trouble) as caught:
        bootstrap.install(places, say=lambda line: None)
    return caught.value


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_told_so_in_one_line(manage: ModuleType, version: tuple[int, int, int]) -> None:
    message = manage.python_complaint(version)
    assert f"Python {version[0]}.{version[1]}" in message
    assert "3.11" in message
    assert "\n" not in message


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 0), (4, 0, 0)])
def test_a_new_enough_python_is_let_in(manage: ModuleType, version: tuple[int, int, int]) -> None:
    assert manage.python_complaint(version) is None


def test_manage_py_leaves_with_the_code_for_an_old_python(
    manage: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(manage.sys, "version_info", (3, 9, 18))
    assert manage.main() == ExitCode.PYTHON_TOO_OLD == manage.EXIT_PYTHON_TOO_OLD
    assert capsys.readouterr().err.count("\n") == 1
    assert manage.EXIT_PLATFORM == ExitCode.PLATFORM


def test_manage_py_can_be_read_by_interpreters_that_it_refuses() -> None:
    source = (ROOT / "manage.py").read_text(encoding="ascii")
    tree = ast.parse(source, feature_version=(3, 0))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.AnnAssign)]


def test_exit_codes_are_distinct_and_leave_django_and_pytest_their_own() -> None:
    codes = [code.value for code in ExitCode]
    assert len(set(codes)) == len(codes)
    assert min(codes) >= 10


def test_a_python_without_venv_names_the_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Trouble, match="virtual environments") as caught:
        bootstrap.refuse_without_venv_module()
    assert caught.value.code == ExitCode.VENV_MISSING
    assert "apt-get install python3-venv" in caught.value.advice


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (
            "Error: Command '[...]' returned non-zero exit status 1. ensurepip is not available.",
            ExitCode.VENV_MISSING,
        ),
        ("Error: [Errno 28] No space left on device: '/x'", ExitCode.DISK_FULL),
        ("Error: [Errno 13] Permission denied: '/x/.venv'", ExitCode.NOT_WRITABLE),
        ("something else", ExitCode.INSTALL_FAILED),
    ],
)
def test_a_failure_of_venv_is_named(output: str, code: ExitCode) -> None:
    assert bootstrap.explain_venv_failure(output).code == code


@pytest.mark.parametrize(
    ("output", "code"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            ExitCode.DISK_FULL,
        ),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n"
            "ERROR: No matching distribution found for amqp==5.4.2",
            ExitCode.NETWORK,
        ),
        ("ERROR: HTTP error 403 while getting https://example.org/a.whl", ExitCode.NETWORK),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", ExitCode.HASH_MISMATCH),
        ("ERROR: No matching distribution found for amqp==5.4.2", ExitCode.PACKAGE_NOT_FOUND),
        ("ERROR: Could not install packages due to an OSError: Permission denied", ExitCode.NOT_WRITABLE),
        ("ERROR: Failed building wheel for x", ExitCode.INSTALL_FAILED),
    ],
)
def test_a_failure_of_pip_is_named(output: str, code: ExitCode, tmp_path: Path) -> None:
    trouble = bootstrap.explain_pip_failure(output, log=tmp_path / "log")
    assert trouble.code == code
    assert trouble.text().count("\n") == 2


def test_pip_without_the_package_says_which(places: Places, pip_alone: Path) -> None:
    places.lock.write_text(f"sampleroom==1.0 --hash=sha256:{'0' * 64}\n")
    trouble = trouble_of_install(places)
    assert trouble.code == ExitCode.PACKAGE_NOT_FOUND
    assert "sampleroom==1.0" in trouble.happened


def test_a_package_that_differs_from_the_lock_is_refused(places: Places, pip_alone: Path) -> None:
    put_wheel(pip_alone, "1.0")
    places.lock.write_text(f"sampleroom==1.0 --hash=sha256:{'0' * 64}\n")
    assert trouble_of_install(places).code == ExitCode.HASH_MISMATCH


def test_a_network_that_refuses_is_not_called_a_missing_package(
    places: Places, pip_alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_RETRIES", "1")
        places.lock.write_text(f"sampleroom==1.0 --hash=sha256:{'0' * 64}\n")
        assert trouble_of_install(places).code == ExitCode.NETWORK


def test_a_full_disk_is_named(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(places: Places, **given: object) -> None:
        with Path("/dev/full").open("w") as full:
            full.write("the kernel answers ENOSPC")

    monkeypatch.setattr(bootstrap, "build", build)
    with pytest.raises(Trouble, match="disk is full") as caught:
        bootstrap.prepare(places, say=lambda line: None)
    assert caught.value.code == ExitCode.DISK_FULL


def test_a_folder_of_somebody_else_is_named() -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/elsewhere")
    assert trouble_from_os_error(error, "/elsewhere").code == ExitCode.NOT_WRITABLE


def test_pins_are_read_with_their_conditions(places: Places) -> None:
    places.lock.write_text(
        "amqp==5.4.2 \\\n    --hash=sha256:00\n"
        "soupsieve==2.10 ; python_full_version < '3.11.5' \\\n    --hash=sha256:00\n"
        "soupsieve==4.1.2 ; python_full_version >= '3.11.5' \\\n    --hash=sha256:00\n"
        "Typing_Extensions[all]==4.0\n"
    )
    pins = bootstrap.read_pins(places.lock)
    assert pins["amqp"] == bootstrap.Pin(frozenset({"5.4.2"}), conditional=False)
    assert pins["soupsieve"] == bootstrap.Pin(frozenset({"2.10", "4.1.2"}), conditional=True)
    assert set(pins) == {"amqp", "soupsieve", "typing-extensions"}


def test_an_absent_wrong_or_cut_off_package_is_lacking(tmp_path: Path) -> None:
    pins = {
        name: bootstrap.Pin(frozenset({"1.0"}), name == "platform")
        for name in ("a", "b", "c", "d", "platform")
    }
    for name, version, record in (("a", "1.0", True), ("b", "2.0", True), ("c", "1.0", False)):
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        if record:
            (folder / "RECORD").write_text("")
    assert bootstrap.lacking(pins, path=[str(tmp_path)]) == ["b", "c", "d"]


def test_the_interpreter_of_this_run_has_what_the_lock_names() -> None:
    assert bootstrap.lacking(bootstrap.read_pins(ROOT / "requirements.lock")) == []


def test_a_stamp_counts_for_one_lock_file_only(places: Places) -> None:
    put_interpreter(places)
    assert not bootstrap.is_stamped(places)
    bootstrap.write_stamp(places)
    assert bootstrap.is_stamped(places)
    places.lock.write_text("# changed\n")
    assert not bootstrap.is_stamped(places)
    assert bootstrap.is_whole_for_another_lock(places)


def test_a_second_start_waits_for_the_first(places: Places) -> None:
    put_interpreter(places)
    said: list[str] = []
    places.turn.parent.mkdir()
    with places.turn.open("a") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = threading.Thread(target=bootstrap.prepare, args=(places,), kwargs={"say": said.append})
        second.start()
        deadline = time.monotonic() + 10
        while not said and time.monotonic() < deadline:
            time.sleep(0.01)
        bootstrap.write_stamp(places)
    second.join(10)
    assert said == ["another start is preparing .venv: waiting for it"]


def test_a_half_made_environment_is_made_anew_and_a_changed_lock_is_followed(
    places: Places, pip_alone: Path
) -> None:
    """About ten seconds: makes a real virtual environment with a real pip."""
    said: list[str] = []
    places.lock.write_text(put_wheel(pip_alone, "1.0"))
    put_interpreter(places)
    (places.venv / "left-behind").touch()

    bootstrap.prepare(places, say=said.append)
    assert "removing a half-made .venv" in said
    assert not (places.venv / "left-behind").exists()
    assert bootstrap.is_stamped(places)

    said.clear()
    bootstrap.prepare(places, say=said.append)
    assert said == []

    places.lock.write_text(put_wheel(pip_alone, "2.0"))
    bootstrap.prepare(places, say=said.append)
    assert said[0] == "requirements.lock changed: bringing .venv up to date"
    (module,) = places.venv.glob("lib/python3.*/site-packages/sampleroom.py")
    assert "2.0" in module.read_text()

    places.stamp.unlink()
    said.clear()
    bootstrap.prepare(places, say=said.append)
    assert said == [], "an environment that lacks only its stamp is adopted"
    assert bootstrap.is_stamped(places)
