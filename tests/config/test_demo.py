"""The demonstration's programs: started together, watched, stopped in order, gone with their owner."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from secal.config.demo.processes import Addresses, NotReady, Processes, Program, ProgramEnded, port_from, says
from secal.config.services import process

ROOT = Path(__file__).resolve().parents[2]
FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print("serving", child.pid, flush=True)
time.sleep(300)
"""
OWNER = """
import sys, time
from pathlib import Path
from secal.config.demo.processes import Processes, Program, says
programs = Processes(Path(sys.argv[1]))
LONG = "import time; print('serving', flush=True); time.sleep(300)"
for name in ("first", "second"):
    programs.start(Program(name, [sys.executable, "-c", LONG], says("serving")))
programs.await_ready(seconds=20)
print(*[one.popen.pid for one in programs.running], flush=True)
time.sleep(300)
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path / "logs")
    yield found
    found.stop()


@pytest.mark.parametrize("stop", [Processes.stop, Processes.end_at_once])
def test_stopping_ends_programs_last_started_first_with_what_they_started(
    stop: Callable[[Processes], None], programs: Processes
) -> None:
    for name in ("first", "second"):
        programs.start(Program(name, python(FAMILY), says("serving")))
    programs.await_ready(seconds=20)
    pids = [one.popen.pid for one in programs.running]
    pids += [int(one.log.read_text().split()[1]) for one in programs.running]
    assert all(process.start_time(pid) for pid in pids)
    stop(programs)
    assert programs.running == []
    assert eventually(lambda: not any(process.start_time(pid) for pid in pids))


def test_kill_9_of_the_owner_leaves_no_program(tmp_path: Path) -> None:
    owner = subprocess.Popen([*python(OWNER), str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert owner.stdout is not None
    pids = [int(part) for part in owner.stdout.readline().split()]
    assert len(pids) == 2
    owner.kill()
    owner.wait(10)
    owner.stdout.close()
    assert eventually(lambda: not any(process.start_time(pid) for pid in pids))


def test_a_program_that_ends_is_reported_with_the_end_of_its_log(programs: Processes) -> None:
    programs.start(Program("web", python("print('no such table'); raise SystemExit(3)"), says("never")))
    with pytest.raises(ProgramEnded) as ended:
        programs.await_ready(seconds=20)
    assert (ended.value.name, ended.value.code) == ("web", 3)
    assert "no such table" in ended.value.tail


def test_a_program_that_never_serves_is_named(programs: Processes) -> None:
    programs.start(Program("worker", python("import time; time.sleep(60)"), says("ready")))
    with pytest.raises(NotReady, match="worker"):
        programs.await_ready(seconds=0.3)


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]
        assert port_from(wanted) > wanted


def test_addresses_are_for_their_owner_only_and_die_with_the_demonstration(tmp_path: Path) -> None:
    addresses = Addresses(tmp_path)
    assert addresses.of_running() is None
    addresses.write({"web": "http://127.0.0.1:8000"})
    assert addresses.path.stat().st_mode & 0o777 == 0o600
    running = addresses.of_running()
    assert running is not None
    assert running["pid"] == os.getpid()
    addresses.path.write_text(json.dumps({**running, "started": "0"}))
    assert addresses.of_running() is None
    addresses.remove()
    addresses.remove()
    assert not addresses.path.exists()


def test_one_demonstration_a_state_folder(tmp_path: Path) -> None:
    with Addresses(tmp_path).alone() as first, Addresses(tmp_path).alone() as second:
        assert (first, second) == (True, False)
    with Addresses(tmp_path).alone() as again:
        assert again
