"""Every page that one can reach, in a browser: both themes, four languages, a phone (tests/e2e)."""

import os

from secal.config.proving.by_tests import run_tests
from secal.config.proving.outcome import Order, Tally

TESTS = "tests/e2e/test_pages.py"
NO_BROWSER = "no Chromium here: apt-get install chromium-headless-shell, or set CHROMIUM to a browser's path"
WHOLE, REPORT = "SECAL_PAGES", "SECAL_PAGES_REPORT"


def prove_pages(order: Order, tally: Tally) -> None:
    """Look; quick: the suite's own form. Raises RuntimeError when there is no browser to look with."""
    if "CHROMIUM" not in os.environ:
        raise RuntimeError(NO_BROWSER)
    run_tests(TESTS, {WHOLE: "" if order.quick else "whole"}, report=REPORT, tally=tally)
