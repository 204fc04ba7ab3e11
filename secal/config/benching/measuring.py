"""The one way in which two sides are measured: in turn, after a warm-up, by their medians."""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

from secal.config.benching.ratio import Bench, Measured, Ratio
from secal.config.proving.running import told

ROUNDS, FEWEST, WARM_UP = 200, 20, 3
SECONDS = 60.0
"""How long one claim is measured at most, once there are the fewest rounds."""


def interleaved(ours: Callable[[], object], rival: Callable[[], object], *, rounds: int = ROUNDS) -> Measured:
    """Ours, rival, ours, rival: what disturbs the machine disturbs both sides."""
    sides: tuple[list[float], list[float]] = ([], [])
    collecting, enough = gc.isenabled(), time.monotonic() + SECONDS
    gc.disable()
    try:
        for _ in range(WARM_UP):
            ours()
            rival()
        while len(sides[0]) < rounds and (len(sides[0]) < FEWEST or time.monotonic() < enough):
            for call, times in zip((ours, rival), sides, strict=True):
                times.append(_timed(call))
    finally:
        if collecting:
            gc.enable()
    return Measured(median(sides[0]), median(sides[1]), len(sides[0]))


def measure(name: str, bench: Bench, *, quick: bool) -> Iterator[Ratio]:
    """Every claim of one bench, also when it breaks off: then what was not measured does not hold."""
    waiting = list(bench.claims)
    try:
        for claim, measured in bench.run(quick):
            waiting.remove(claim)
            yield Ratio(claim, measured)
    except (Exception, SystemExit) as error:
        sys.stderr.write(f"{name}: {told(error)}\n")
    for claim in waiting:
        yield Ratio(claim, None)


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
