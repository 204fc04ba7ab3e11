"""The benches by name. `manage.py bench` runs them in that order, each whatever became of the others."""

from secal.config.benching import restricted_list
from secal.config.benching.ratio import Bench

BENCHES: dict[str, Bench] = {
    "restricted_list": Bench(restricted_list.CLAIMS, restricted_list.measure_list),
}
