#!/usr/bin/env python3
"""The one door: `python3 manage.py demo`, `python3 manage.py test`, and every Django command.

This file stays readable for interpreters that are too old, so that they say so instead of
answering with a syntax error. What happens next is in secal/config/entry.py.
"""

import os
import sys

OLDEST_PYTHON = (3, 11)
EXIT_PYTHON_TOO_OLD = 10
EXIT_PLATFORM = 11


def python_complaint(version):
    """Return the one-line message for an interpreter that is too old, or None."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return None
    return (
        "manage.py: this is Python %d.%d, and the project needs Python %d.%d or newer. "
        "Start it with a newer one, for instance: python3.11 manage.py %s"
    ) % (version[0], version[1], OLDEST_PYTHON[0], OLDEST_PYTHON[1], " ".join(sys.argv[1:]) or "demo")


def main():
    """Refuse what cannot work, then hand over; returns the exit code."""
    message = python_complaint(sys.version_info)
    if message:
        sys.stderr.write(message + "\n")
        return EXIT_PYTHON_TOO_OLD
    if os.name != "posix":
        sys.stderr.write("manage.py: the project runs on Linux (on Windows, inside WSL).\n")
        return EXIT_PLATFORM
    from secal.config.entry import run

    return run(sys.argv, os.path.dirname(os.path.abspath(__file__)))


if __name__ == "__main__":
    sys.exit(main())
