"""The checks by name. `manage.py prove` runs them in that order, each whatever became of the others."""

from secal.config.proving import (
    departures,
    faults,
    kills,
    machine,
    matrix,
    pages,
    policy_strength,
    pooling,
    races,
)
from secal.config.proving.outcome import Check, owes

CHECKS: dict[str, Check] = {
    "departures": Check(departures.prove_departures, owes(quick=3, full=50)),
    "faults": Check(faults.prove_faults, faults.due),
    "kills": Check(kills.prove_kills, owes(quick=2, full=4)),
    "machine": Check(machine.prove_machine, owes(quick=300, full=5_000)),
    "matrix": Check(matrix.prove_matrix, owes(quick=2_000, full=20_000)),
    "pages": Check(pages.prove_pages, owes(quick=250, full=600)),
    "policy": Check(policy_strength.prove_policy, policy_strength.due),
    "pooling": Check(pooling.prove_pooling, owes(quick=400, full=10_000)),
    "races": Check(races.prove_races, owes(quick=40, full=1_000)),
}
