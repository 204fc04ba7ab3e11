"""Every address of both sites × method × person × object × way to write an identifier (tests/matrix)."""

from secal.config.proving.by_tests import run_tests
from secal.config.proving.outcome import Order, Tally

TESTS = "tests/matrix/test_requests.py"
WHOLE, REPORT = "SECAL_MATRIX", "SECAL_MATRIX_REPORT"


def prove_matrix(order: Order, tally: Tally) -> None:
    """Walk; quick: the suite's own form. Raises RuntimeError when the walk breaks off."""
    run_tests(TESTS, {WHOLE: "" if order.quick else "whole"}, report=REPORT, tally=tally)
