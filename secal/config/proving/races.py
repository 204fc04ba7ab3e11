"""Concurrent conflicting grants and self-approvals: none is stored.

Two real connections begin together, write together, and commit only when both have written (or one waits for
the other): a rule that merely looks before it writes lets both through.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg
from psycopg import errors

from secal.config.proving.contests import Move, Pair, Statement, pairs
from secal.config.proving.outcome import Order, Tally
from secal.config.proving.scratch import Scratch, scratch_database
from secal.config.proving.sitting import take_seat
from secal.config.services import roles

LANES = 3
"""Pairs under way at a time."""
PATIENCE_SECONDS = 30.0
MOMENT_SECONDS = 0.05
"""How long one that has written waits for the other, which may be waiting for it."""
REFUSALS = (
    errors.IntegrityError,
    errors.InsufficientPrivilege,
    errors.RaiseException,
    errors.SerializationFailure,
    errors.DeadlockDetected,
)


def prove_races(order: Order, tally: Tally) -> None:
    with scratch_database() as scratch:
        race(pairs(scratch, order.chance("pairs"), order.target), scratch, tally)


def race(contested: Sequence[Pair], scratch: Scratch, tally: Tally) -> None:
    """Run every pair. One of which no move landed is not counted: it was no contest."""

    def lane(number: int) -> None:
        with opponents(scratch) as run, scratch.connect(autocommit=True) as judge:
            for pair in contested[number::LANES]:
                run(pair)
                landed = _number(judge, pair.landed)
                stored = _number(judge, pair.conflict) > pair.allowed
                if landed:
                    tally.count(not stored, pair.contest)

    with ThreadPoolExecutor(LANES) as pool:
        for one in [pool.submit(lane, number) for number in range(LANES)]:
            one.result()


@contextmanager
def opponents(scratch: Scratch) -> Iterator[Callable[[Pair], None]]:
    """Two connections of the application, each with a thread of its own; runs one pair after another."""
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(2))
        connections = [stack.enter_context(scratch.connect(roles.APPLICATION)) for _ in range(2)]

        def run(pair: Pair) -> None:
            begun, written = threading.Barrier(2), threading.Barrier(2)
            both: list[Future[None]] = [
                pool.submit(make, connection, move, begun, written)
                for connection, move in zip(connections, pair.moves, strict=True)
            ]
            for one in both:
                one.result()

        yield run


def make(
    connection: psycopg.Connection[Any], move: Move, begun: threading.Barrier, written: threading.Barrier
) -> None:
    """One move, to its commit or its refusal."""
    try:
        with suppress(*REFUSALS), connection.transaction():
            take_seat(connection, move.actor)
            begun.wait(PATIENCE_SECONDS)
            for text, values in move.statements:
                connection.execute(text.encode(), values)
            with suppress(threading.BrokenBarrierError):
                written.wait(MOMENT_SECONDS)
    finally:
        written.abort()


def _number(judge: psycopg.Connection[Any], question: Statement) -> int:
    text, values = question
    row = judge.execute(text.encode(), values).fetchone()
    return int(row[0]) if row else 0
