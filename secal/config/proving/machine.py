"""An office played by a state machine, step after step: nobody is ever shown whom they registered, in
whatever order people changed their work, files were opened and pages were asked for (tests/machine)."""

from secal.config.proving.by_tests import run_tests
from secal.config.proving.outcome import Order, Tally

TESTS = "tests/machine/test_state_machine.py"
STEPS, SEED, REPORT = "SECAL_MACHINE_STEPS", "SECAL_MACHINE_SEED", "SECAL_MACHINE_REPORT"


def prove_machine(order: Order, tally: Tally) -> None:
    """Play as many steps as are due; in the whole form every rule must have fired often. Raises RuntimeError
    when the machine cannot be started."""
    run_tests(TESTS, {STEPS: str(order.target), SEED: str(order.seed)}, report=REPORT, tally=tally)
