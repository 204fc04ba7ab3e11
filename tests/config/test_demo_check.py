"""`manage.py demo --check`: both stories over HTTP, on servers and data of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "SECAL_", "DJANGO_SETTINGS_MODULE", "BANK_URL", "OIDC_", "PYTEST_")
LAST_STEP = "recovery: a bailiff leaves the Chamber's list"


def test_the_walks_of_both_stories_hold_at_every_step() -> None:
    outside = {name: value for name, value in os.environ.items() if not any(mark in name for mark in OURS)}
    result = subprocess.run(
        [sys.executable, "manage.py", "demo", "--check", "--port", "8900"],
        cwd=ROOT,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    steps = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    assert result.returncode == 0, [step for step in steps if not step["ok"]] or result.stderr[-2000:]
    assert all(step["ok"] for step in steps)
    assert steps[-1]["step"] == LAST_STEP
    assert {"step", "ok", "seconds", "detail"} == set(steps[0])
