"""A payment run whose worker is killed in the middle, again and again (tests/advances)."""

from secal.config.proving.by_tests import run_tests
from secal.config.proving.outcome import Order, Tally

TESTS = "tests/advances/test_runs_killed.py"
WHOLE, REPORT = "SECAL_KILLS", "SECAL_KILLS_REPORT"


def prove_kills(order: Order, tally: Tally) -> None:
    """Kill; quick: the suite's own form. Raises RuntimeError when a payment was lost or made twice."""
    run_tests(TESTS, {WHOLE: "" if order.quick else "whole"}, report=REPORT, tally=tally)
