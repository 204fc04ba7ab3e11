"""Where servers keep their data, programs and passwords, and who may read them.

Data lie under the state folder (`var/`). When root runs manage.py the servers run under an unprivileged
account, which may be unable to reach the checkout (a home folder of mode 700): then the programs are
copied, and the data kept, below a folder of ours in the system's temporary-but-kept place. Permissions of
folders above ours are never touched.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from secal.config.services.process import Account, runs_as
from secal.config.trouble import ExitCode, Trouble

ROOT = Path(__file__).resolve().parents[3]
KEPT_PLACES = ("/var/tmp", tempfile.gettempdir(), "/opt")  # noqa: S108 - the folder below is checked for its owner
OURS_TO_PASS = 0o711
OURS_ALONE = 0o700


class State:
    """The state folder of one set of services: records, log files, passwords and the lock between two
    starts.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services = folder / "services"

    def record(self, name: str) -> Path:
        return self.services / f"{name}.json"

    def log(self, name: str) -> Path:
        return self.services / f"{name}.log"

    def make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.services.mkdir(mode=OURS_ALONE, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock between two starts; the kernel frees it on any death."""
        self.make()
        with (self.services / "lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def password(self, name: str) -> str:
        """The password of that name, drawn at the first asking and kept in a file of mode 600."""
        return Passwords(self.services / "passwords.json").get(name)


class Passwords:
    """A file of generated passwords, mode 600; URL-safe, so that addresses need no quoting."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, name: str) -> str:
        known = self.known()
        if name not in known:
            known[name] = secrets.token_urlsafe(24)
            self.path.parent.mkdir(mode=OURS_ALONE, parents=True, exist_ok=True)
            draft = self.path.with_suffix(f".{os.getpid()}")
            write_private(draft, json.dumps(known))
            draft.replace(self.path)
        return str(known[name])

    def known(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads; never through a link or over somebody's file."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def data_folder(state: State, name: str, account: Account | None) -> Path:
    """A folder of mode 700 for a server's data, owned by the account that the server runs under."""
    folder = state.folder / name
    if account and not can_enter(account, state.folder):
        folder = kept_folder() / f"{name}-{fingerprint(state.folder)}"
    folder.mkdir(mode=OURS_ALONE, exist_ok=True)
    if account and folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    return folder


def runnable(program: Path, account: Account | None, parts: Sequence[Path]) -> Path:
    """The program itself when the account can run it, else its copy (`parts`: the trees it needs, same
    parent).
    """
    if runs_as(account, [str(program), "--version"]):
        return program
    if account is None:
        raise Trouble(
            ExitCode.SERVER_MISSING,
            f"{program} does not run on this machine.",
            "set DATABASE_URL and REDIS_URL to servers of your own, or install postgresql and redis-server.",
        )
    top = parts[0].parent
    size = program.stat()
    name = f"{program.name}-{fingerprint(f'{program}:{size.st_size}:{size.st_mtime_ns}')}"
    target = kept_folder() / name
    copy = target / program.relative_to(top)
    if not target.exists():
        copy_parts(parts, target)
    if not runs_as(account, [str(copy), "--version"]):
        raise Trouble(
            ExitCode.SERVER_FAILED,
            f"the account {account.name} can run neither {program} nor its copy {copy}.",
            "start manage.py as an ordinary user, or set DATABASE_URL and REDIS_URL.",
        )
    return copy


def copy_parts(parts: Sequence[Path], target: Path) -> None:
    """Copy the trees beside each other, readable by all; the name appears only when the copy is whole."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    for part in parts:
        shutil.copytree(
            part, draft / part.name, ignore=shutil.ignore_patterns("include", "__pycache__", "*.py")
        )
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
    try:
        draft.rename(target)
    except OSError:
        # Another start of this checkout put the same copy there first.
        shutil.rmtree(draft)


def kept_folder() -> Path:
    """Our folder (root's, mode 711) outside the checkout; refused when somebody else made one of that
    name.
    """
    for place in dict.fromkeys(KEPT_PLACES):
        folder = Path(place) / f"secal-{os.geteuid()}-{fingerprint(ROOT)}"
        try:
            folder.mkdir(mode=OURS_TO_PASS, exist_ok=True)
        except OSError:
            continue
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022:
            folder.chmod(OURS_TO_PASS)
            return folder
    raise Trouble(
        ExitCode.NOT_WRITABLE,
        f"no folder for the database server could be made below {' or '.join(KEPT_PLACES)}.",
        "start manage.py as an ordinary user, or from a checkout that every account can read.",
    )


def can_enter(account: Account, folder: Path) -> bool:
    """Can the account pass through every folder down to this one?"""
    return runs_as(account, ["/bin/sh", "-c", 'cd "$0"', str(folder)])


def fingerprint(value: object) -> str:
    """Twelve hexadecimal digits that stand for a path in a name."""
    return hashlib.sha256(str(value).encode()).hexdigest()[:12]
