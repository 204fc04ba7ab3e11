"""One check is run, whatever happens in it: there is always a line, and an error makes it a failed one."""

import sys
import time
import traceback

from secal.config.proving.outcome import Check, Order, Outcome, Tally
from secal.config.trouble import Trouble


def hold(name: str, check: Check, *, quick: bool, seed: int) -> Outcome:
    """Run one check. What it raises goes to the error output and counts as a failure."""
    began, tally, target = time.monotonic(), Tally(), 0
    try:
        target = check.target(quick)
        check.run(Order(target, quick, seed), tally)
    except (Exception, SystemExit) as error:
        tally.add(0, 1)
        sys.stderr.write(f"{name}: {told(error)}\n")
    return Outcome(name, tally.tried, tally.failed, target, time.monotonic() - began, seed)


def told(error: BaseException) -> str:
    """The error's type, what it says, and where it was raised."""
    if isinstance(error, Trouble):
        return f"{type(error).__name__}: {error.happened} What to do: {error.advice}"
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
