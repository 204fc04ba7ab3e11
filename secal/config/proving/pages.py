"""Every page that one can reach, in a browser: both themes, four languages, a phone (tests/e2e)."""

from secal.config.proving.by_tests import run_tests
from secal.config.proving.outcome import Order, Tally

TESTS = "tests/e2e/test_pages.py"
WHOLE, REPORT = "SECAL_PAGES", "SECAL_PAGES_REPORT"


def prove_pages(order: Order, tally: Tally) -> None:
    """Look; quick: the suite's own form. Without Chromium nothing is looked at, which is too few. Raises
    RuntimeError when the browser cannot be started."""
    run_tests(TESTS, {WHOLE: "" if order.quick else "whole"}, report=REPORT, tally=tally)
