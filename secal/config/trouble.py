"""What can go wrong before Django runs: one exception, one exit code a cause. Standard library only."""

from __future__ import annotations

import errno
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of manage.py for causes outside the program (1 and 2 belong to Django and pytest).

    `PYTHON_TOO_OLD` and `PLATFORM` are also written in manage.py, which an old Python must be able to read.
    """

    PYTHON_TOO_OLD = 10
    PLATFORM = 11
    VENV_MISSING = 12
    DISK_FULL = 13
    NETWORK = 14
    PACKAGE_NOT_FOUND = 15
    HASH_MISMATCH = 16
    NOT_WRITABLE = 17
    INSTALL_FAILED = 18
    SERVER_MISSING = 20
    SERVER_FAILED = 21
    SERVER_UNSUITABLE = 22
    SERVER_LOST = 23


class Trouble(Exception):
    """A cause that the person at the keyboard can act on: what happened, what to do, and the exit code."""

    def __init__(self, code: ExitCode, happened: str, advice: str) -> None:
        super().__init__(happened)
        self.code = code
        self.happened = happened
        self.advice = advice

    def text(self) -> str:
        """Two lines for the terminal."""
        return f"manage.py: {self.happened}\n  What to do: {self.advice}\n"


def trouble_from_os_error(error: OSError, place: object) -> Trouble:
    """Name an operating system error: full disk, no permission, or anything else."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(
            ExitCode.DISK_FULL,
            f"the disk is full: {place} could not be written.",
            "free about 1 GB there, then start again; what was half made is made anew.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Trouble(
            ExitCode.NOT_WRITABLE,
            f"{place} cannot be written by this user ({error.strerror}).",
            "run as the user who owns it, or work in a checkout of your own.",
        )
    return Trouble(
        ExitCode.INSTALL_FAILED,
        f"{place}: {error.strerror or error}.",
        "look at the path named, then start again.",
    )
