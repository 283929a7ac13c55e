"""Kill it anywhere: a study whose processes are killed 50 times ends with the bits of one that was left alone.

The study is small: 60 units of 64 worlds over two days, some 20 ms each. One kill in four falls within the first second
and a half, while processes start; the others within 0.3 seconds after a part was added, while units are computed,
written and counted. Moments and victims are drawn with a fixed seed; what a process is at then is up to the machine.
"""

import random
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from sim.study import part
from sim.study.folder import Folder
from sim.study.plan import Plan
from tests.app import study
from tests.unit import studies

KILLS = 50
EARLY = 0.25  # share of kills that fall while processes start
WORKERS = 0.6  # share of kills that hit a worker, if there is one
STARTING, AT_WORK = 1.5, 0.3  # seconds within which a kill falls: after a start, after a new part
DAYS = studies.DAYS.replace(day=3)


def plan() -> Plan:
    """Sixty scenarios, each a unit of its own."""
    base = studies.scenario(end=DAYS)
    changed = [base.change({"taliban.leverage": n / 60}) for n in range(60)]
    return studies.plan(
        scenarios=tuple(replace(one, name=f"s{n:02}") for n, one in enumerate(changed)), reference="s00"
    )


def check_parts(folder: Folder) -> int:
    """Every part that has its name is whole and a unit's own; how many there are."""
    keys, done = folder.keys(), folder.done()
    assert done <= set(keys), "a part that belongs to no unit"
    for key in done:
        part.read(folder.parts, key)
    return len(done)


def test_a_study_killed_fifty_times_is_the_study_left_alone(tmp_path: Path) -> None:
    alone = Folder.at(tmp_path / "alone", plan())
    assert study.study("run", "--out", alone.path, "--processes", 2).returncode == 0
    whole = studies.contents(alone.path)
    assert len(whole) == 60
    dice = random.Random(20200229)  # noqa: S311  moments, not secrets
    kills = {"study": 0, "worker": 0}
    while sum(kills.values()) < KILLS:
        folder = Folder.at(tmp_path / f"killed-{sum(kills.values())}", plan())
        while folder.missing():
            _disturbed_run(folder, dice, kills)
            check_parts(folder)
        done = study.study("run", "--out", folder.path, "--processes", 2)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        assert studies.contents(folder.path) == whole, "a part is missing, doubled, torn or other than alone"
        assert folder.table().equals(alone.table())
    assert min(kills.values()) >= KILLS // 4, kills


def _disturbed_run(folder: Folder, dice: random.Random, kills: dict[str, int]) -> None:
    """Run a study and kill, at random moments, its workers and at last the whole."""
    with study.start("run", "--out", folder.path, "--processes", 2) as process:
        while process.poll() is None and sum(kills.values()) < KILLS:
            _wait(process, folder, dice)
            at_work = study.workers(process.pid)
            if process.poll() is None and at_work and dice.random() < WORKERS:
                study.kill(dice.choice(at_work))
                kills["worker"] += 1
            elif process.poll() is None:
                study.kill(process.pid)
                kills["study"] += 1
                study.until(lambda pids=at_work: not any(map(study.alive, pids)), "the workers had ended too")
        process.communicate(timeout=study.PATIENCE)


def _wait(process: subprocess.Popen[str], folder: Folder, dice: random.Random) -> None:
    """Let it run up to the next moment."""
    if dice.random() < EARLY:
        longest = STARTING
    else:
        before, longest = folder.done(), AT_WORK
        study.until(lambda: process.poll() is not None or folder.done() != before, "a part was added")
    moment = time.monotonic() + dice.uniform(0, longest)
    study.until(lambda: process.poll() is not None or time.monotonic() >= moment, "the moment came")
