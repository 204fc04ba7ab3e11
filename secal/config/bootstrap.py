"""Make `.venv` from requirements.lock when the running interpreter lacks the locked packages, and go on
inside it.

Standard library only: this module runs before anything is installed. The environment counts as whole when
it bears a stamp with the digest of the lock file; the stamp is written last, so an interrupted start leaves
none.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from secal.config.trouble import ExitCode, Trouble, trouble_from_os_error

STAMP_NAME = "secal-lock.sha256"
MARK = "SECAL_BOOTSTRAPPED"
PIN_LINE = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(;)?")
# Set by a user for other projects, these would send the packages elsewhere than into .venv.
FOREIGN_VARIABLES = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Pin:
    """A package of the lock: the versions it names, and whether every line of it depends on the platform."""

    versions: frozenset[str]
    conditional: bool


@dataclass(frozen=True)
class Places:
    """Where the parts of the environment of one checkout are."""

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.venv / STAMP_NAME

    @property
    def turn(self) -> Path:
        return self.root / "var" / "bootstrap.lock"

    @property
    def log(self) -> Path:
        return self.root / "var" / "bootstrap.log"


def enter_environment(root: Path, arguments: Sequence[str], *, say: Say | None = None) -> None:
    """Return when the running interpreter has the locked packages; otherwise make `.venv` and exec into it.

    `arguments` is the command line (manage.py first). Raises Trouble with what happened and what to do.
    """
    places = Places(root)
    entered = os.environ.pop(MARK, None) is not None
    if running_is_ready(places):
        return
    if entered:
        raise Trouble(
            ExitCode.INSTALL_FAILED,
            f".venv was prepared, yet lacks {describe_lacks(lacking(read_pins(places.lock)))}.",
            "delete the folder .venv and start again.",
        )
    prepare(places, say=say or say_on_stderr)
    os.environ[MARK] = "1"
    sys.stderr.flush()
    os.execv(places.python, [str(places.python), *arguments])


def running_is_ready(places: Places) -> bool:
    """Is this interpreter able to run the project: our stamped `.venv`, or any other with every locked
    version?
    """
    inside = Path(sys.prefix).resolve() == places.venv.resolve()
    if inside and is_stamped(places):
        return True
    if lacking(read_pins(places.lock)):
        return False
    if inside:
        # Filled by hand from the same lock: adopt it, so that the next start needs no look at each package.
        write_stamp(places)
    return True


def prepare(places: Places, *, say: Say) -> None:
    """Make or complete `.venv`, one start at a time; on return it is stamped."""
    try:
        with one_at_a_time(places.turn, say=say) as turn:
            if is_stamped(places):
                return
            refuse_without_venv_module()
            if has_all_pins(places):
                write_stamp(places)
            elif is_whole_for_another_lock(places):
                say("requirements.lock changed: bringing .venv up to date")
                install(places, say=say, turn=turn)
                write_stamp(places)
            else:
                build(places, say=say, turn=turn)
    except OSError as error:
        raise trouble_from_os_error(error, error.filename or places.venv) from error


def build(places: Places, *, say: Say, turn: int) -> None:
    """Make `.venv` from nothing; what an interrupted start left is removed first."""
    if places.venv.exists() or places.venv.is_symlink():
        say("removing a half-made .venv")
        places.venv.unlink() if places.venv.is_symlink() else shutil.rmtree(places.venv)
    say(f"making .venv with Python {sys.version_info[0]}.{sys.version_info[1]} (once; about a minute)")
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run(
        [base, "-m", "venv", str(places.venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=clean_environment(),
        pass_fds=(turn,),
    )
    if made.returncode:
        raise explain_venv_failure(made.stdout)
    install(places, say=say, turn=turn)
    write_stamp(places)
    say(".venv is ready")


def install(places: Places, *, say: Say, turn: int | None = None) -> None:
    """Install the lock with pip into `.venv`, with progress lines; raises Trouble by what pip said.

    pip inherits `turn`, the file that holds the start lock: should we be killed, the next start waits until
    pip has ended too.
    """
    places.stamp.unlink(missing_ok=True)
    total = len(read_pins(places.lock))
    say(f"installing {total} packages from requirements.lock")
    command = [str(places.python), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", "-r", str(places.lock)]
    places.log.parent.mkdir(parents=True, exist_ok=True)
    with (
        places.log.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=clean_environment(),
            cwd=places.root,
            pass_fds=() if turn is None else (turn,),
        ) as pip,
    ):
        output = list(follow(pip.stdout or (), log.write, total=total, say=say))
    if pip.returncode:
        raise explain_pip_failure("".join(output), log=places.log)


def follow(
    lines: Iterator[str] | Sequence[str], keep: Callable[[str], object], *, total: int, say: Say
) -> Iterator[str]:
    """Pass pip's lines on, keeping each in the log and saying every twentieth package and the last step."""
    met = 0
    for line in lines:
        keep(line)
        if line.startswith("Collecting "):
            met += 1
            if met % 20 == 0:
                say(f"  {met} of {total} packages found")
        elif line.startswith("Installing collected packages"):
            say("  all found; unpacking")
        yield line


def explain_venv_failure(output: str) -> Trouble:
    """Say why `python -m venv` failed."""
    if "No space left on device" in output or "Errno 28" in output:
        return disk_full()
    if "ensurepip" in output or "No module named venv" in output:
        return venv_missing()
    if "Permission denied" in output or "Read-only file system" in output:
        return Trouble(
            ExitCode.NOT_WRITABLE,
            ".venv could not be made: the checkout is not writable by this user.",
            "run as the user who owns the checkout, or work in a checkout of your own.",
        )
    return Trouble(
        ExitCode.INSTALL_FAILED,
        f"`python -m venv .venv` failed: {last_line(output)}",
        "repair the Python installation, or start with another Python 3.11 or newer.",
    )


def explain_pip_failure(output: str, *, log: Path) -> Trouble:
    """Say why pip failed, by its own words; the order matters, because a refused network ends as 'not
    found'.
    """
    if "No space left on device" in output or "Errno 28" in output or "Disk quota exceeded" in output:
        return disk_full()
    if "DO NOT MATCH THE HASHES" in output:
        return Trouble(
            ExitCode.HASH_MISMATCH,
            "a downloaded package is not the one that requirements.lock names (its hash differs).",
            "check the proxy or mirror that pip uses (`pip config list`), then start again. "
            f"The package is named in {log}.",
        )
    if any(sign in output for sign in NETWORK_SIGNS):
        return Trouble(
            ExitCode.NETWORK,
            "the network refused: pip could not reach its package source.",
            "check the connection, and the proxy or mirror settings (`pip config list`); then start again. "
            f"pip's own words are in {log}.",
        )
    if "No matching distribution found" in output or "Could not find a version" in output:
        wanted = re.search(r"No matching distribution found for (\S+)", output)
        return Trouble(
            ExitCode.PACKAGE_NOT_FOUND,
            f"the package source does not have {wanted.group(1) if wanted else 'a locked package'}.",
            "check that pip's source (`pip config list`) can be reached and holds all of requirements.lock "
            "for this Python and platform.",
        )
    if "Permission denied" in output or "Read-only file system" in output:
        return Trouble(
            ExitCode.NOT_WRITABLE,
            ".venv could not be filled: a file is not writable by this user.",
            f"run as the user who owns the checkout; pip's own words are in {log}.",
        )
    return Trouble(
        ExitCode.INSTALL_FAILED,
        f"pip could not install requirements.lock: {last_line(output)}",
        f"read {log}; when it is repaired, start again.",
    )


NETWORK_SIGNS = (
    "connection broken by",
    "NewConnectionError",
    "Connection refused",
    "Connection reset",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "Max retries exceeded",
    "Read timed out",
    "ReadTimeoutError",
    "ProxyError",
    "CERTIFICATE_VERIFY_FAILED",
    "SSLError",
    "HTTP error 4",
    "HTTP error 5",
    "HTTPError",
    "There was a problem confirming the ssl certificate",
)


def refuse_without_venv_module() -> None:
    """Debian packages venv apart from Python: say so before anything is made."""
    if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
        raise venv_missing()


def venv_missing() -> Trouble:
    """The interpreter cannot make virtual environments."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return Trouble(
        ExitCode.VENV_MISSING,
        f"this Python {version} cannot make virtual environments (its venv or ensurepip module is missing).",
        f"on Debian or Ubuntu: apt-get install python3-venv (or python{version}-venv); then start again.",
    )


def disk_full() -> Trouble:
    """pip or venv met a full disk."""
    return Trouble(
        ExitCode.DISK_FULL,
        "the disk is full: .venv could not be completed.",
        "free about 1 GB (also where TMPDIR points), then start again; the half-made .venv is made anew.",
    )


def read_pins(lock: Path) -> dict[str, Pin]:
    """Packages of the lock file by normalised name."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        match = PIN_LINE.match(line)
        if match:
            found.setdefault(normalise(match.group(1)), []).append(
                (match.group(2), match.group(3) is not None)
            )
    return {
        name: Pin(frozenset(version for version, _ in rows), all(conditional for _, conditional in rows))
        for name, rows in found.items()
    }


def lacking(pins: dict[str, Pin], *, path: list[str] | None = None) -> list[str]:
    """Names of locked packages that are absent or of another version (on `path`, else where Python looks)."""
    present: dict[str, str] = {}
    for distribution in importlib.metadata.distributions(path=sys.path if path is None else path):
        # pip writes RECORD last: a distribution without it was cut off half-way.
        if distribution.metadata["Name"] and distribution.read_text("RECORD") is not None:
            present.setdefault(normalise(distribution.metadata["Name"]), distribution.version)
    return [
        name
        for name, pin in pins.items()
        if present.get(name) not in pin.versions and not (pin.conditional and name not in present)
    ]


def describe_lacks(names: Sequence[str]) -> str:
    """The first three names and how many more."""
    rest = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return (", ".join(names[:3]) or "its stamp") + rest


def has_all_pins(places: Places) -> bool:
    """Does an unstamped `.venv` hold every locked version (filled by hand, or cut off just before its
    stamp)?
    """
    packages = [str(path) for path in places.venv.glob("lib/python3.*/site-packages")]
    return places.python.exists() and bool(packages) and not lacking(read_pins(places.lock), path=packages)


def is_whole_for_another_lock(places: Places) -> bool:
    """Was `.venv` completed once, for a lock file that has changed since?"""
    return places.stamp.exists() and places.python.exists()


def is_stamped(places: Places) -> bool:
    """Was `.venv` completed for exactly this lock file?"""
    try:
        return places.python.exists() and places.stamp.read_text(encoding="ascii").strip() == digest(
            places.lock
        )
    except FileNotFoundError:
        return False


def write_stamp(places: Places) -> None:
    """Mark `.venv` as complete for this lock file, in one step; a `.venv` owned by somebody else stays
    unmarked.
    """
    draft = places.stamp.with_suffix(f".{os.getpid()}")
    try:
        draft.write_text(digest(places.lock) + "\n", encoding="ascii")
    except PermissionError:
        return
    draft.replace(places.stamp)


def digest(lock: Path) -> str:
    """SHA-256 of the lock file, in hexadecimal."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


@contextmanager
def one_at_a_time(turn: Path, *, say: Say) -> Iterator[int]:
    """Hold the start lock of the checkout; a second start waits and says so. The kernel frees it on any
    death.
    """
    turn.parent.mkdir(parents=True, exist_ok=True)
    with turn.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is preparing .venv: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle.fileno()


def clean_environment() -> dict[str, str]:
    """The environment for venv and pip, without what would send the packages elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}


def normalise(name: str) -> str:
    """A package name as package sources compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def last_line(output: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "it gave no reason"


def say_on_stderr(line: str) -> None:
    """A progress line, on standard error so that a command's own output stays clean."""
    sys.stderr.write(f"manage.py: {line}\n")
    sys.stderr.flush()
