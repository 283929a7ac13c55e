"""A study whose processes are killed again and again has the same results, bit for bit, as an undisturbed one.

JIRGA_KILLS says how often, see `repeats`.

The study is small: 60 units of 64 worlds over two days, some 20 ms each; the last of them is held until the kills of a
run are over, so that none comes too late. One kill in four falls within the first second and a half, while processes
start; the others within 0.3 seconds after a part was added, while units are computed, written and counted. Moments and
victims are drawn with a fixed seed; what a process is at then is up to the machine.
"""

import random
import subprocess
import time
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sim.study import part
from sim.study.folder import Folder
from sim.study.plan import Plan
from tests.app import study
from tests.repeats import repeats
from tests.unit import studies

pytestmark = pytest.mark.kills

UNITS = 60  # one per scenario
KILLS = repeats("JIRGA_KILLS", 12)
EARLY = 0.25  # share of kills that fall while processes start
WORKERS = 0.6  # share of kills that hit a worker, if there is one
STARTING, AT_WORK = 1.5, 0.3  # seconds until a kill, at most: after a start, after a new part
LAST = "s59"  # the scenario of the unit that is held
DAYS = studies.DAYS.replace(day=3)


def plan() -> Plan:
    """Sixty scenarios, one unit each."""
    base = studies.scenario(end=DAYS)
    changed = [base.change({"taliban.leverage": n / UNITS}) for n in range(UNITS)]
    return studies.plan(
        scenarios=tuple(replace(one, name=f"s{n:02}") for n, one in enumerate(changed)), reference="s00"
    )


def check_parts(folder: Folder) -> int:
    """Check that every part is complete and belongs to a unit. Returns their number."""
    keys, done = folder.keys(), folder.done()
    assert done <= set(keys), "a part that belongs to no unit"
    for key in done:
        part.read(folder.parts, key)
    return len(done)


@dataclass(frozen=True)
class Kill:
    """A planned kill. moment: seconds after a start, if early, else after a new part; which: of the workers, 0 to 1."""

    worker: bool
    early: bool
    moment: float
    which: float


def drawn() -> deque[Kill]:
    """All planned kills."""
    dice = random.Random(20200229)  # noqa: S311  moments, not secrets
    found = deque[Kill]()
    for _ in range(KILLS):
        early = dice.random() < EARLY
        moment = dice.uniform(0, STARTING if early else AT_WORK)
        found.append(Kill(dice.random() < WORKERS, early, moment, dice.random()))
    return found


def test_a_study_killed_again_and_again_is_the_study_left_alone(tmp_path: Path) -> None:
    alone = Folder.at(tmp_path / "alone", plan())
    assert study.study("run", "--out", alone.path, "--processes", 2).returncode == 0
    whole = studies.contents(alone.path)
    assert len(whole) == UNITS
    kills = drawn()
    assert KILLS // 4 <= sum(one.worker for one in kills) <= KILLS - KILLS // 4
    while kills:
        folder = Folder.at(tmp_path / f"killed-{KILLS - len(kills)}", plan())
        while folder.missing():
            _disturbed_run(folder, kills)
            check_parts(folder)
        done = study.study("run", "--out", folder.path, "--processes", 2)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        assert studies.contents(folder.path) == whole, "a part is missing, doubled, torn or other than alone"
        assert folder.table().equals(alone.table())


def _disturbed_run(folder: Folder, kills: deque[Kill]) -> None:
    """Run a study and kill its workers, finally the study; it ends by itself when only the held unit is left."""
    command = study.faulty(folder.path.parent, held=LAST)
    with study.start("run", "--out", folder.path, "--processes", 2, command=command) as process:
        while kills and process.poll() is None and _goes_on(folder):
            if _struck(process, folder, kills[0]):
                kills.popleft()
        study.let_go(folder.path.parent)
        process.communicate(timeout=study.PATIENCE)


def _goes_on(folder: Folder) -> bool:
    """Whether units other than the held one remain; a unit that was killed too often is skipped in this run."""
    return UNITS - len(folder.done()) - len(folder.skipped_units()) > 1


def _struck(process: subprocess.Popen[str], folder: Folder, kill: Kill) -> bool:
    """Wait for the moment of a kill, and kill. Returns False if the study has ended by itself."""
    before = folder.done()
    if not kill.early:
        study.until(
            lambda: process.poll() is not None or folder.done() != before or not _goes_on(folder), "a part was added"
        )
    end = time.monotonic() + kill.moment
    study.until(lambda: process.poll() is not None or time.monotonic() >= end, "the moment came")
    study.until(
        lambda: process.poll() is not None or not kill.worker or study.workers(process.pid), "a worker was there"
    )
    if process.poll() is not None:
        return False
    at_work = study.workers(process.pid)
    if not kill.worker:
        study.kill(process.pid)
        study.until(lambda: not any(map(study.alive, [process.pid, *at_work])), "it had ended, and its workers too")
    elif at_work:
        study.kill(at_work[int(kill.which * len(at_work))])
    return bool(at_work) or not kill.worker
