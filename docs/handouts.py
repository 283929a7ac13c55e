"""Make the hand-outs of the guided questions: `python -m docs.handouts`, some ten minutes of one processor.

Each question of the page *Begin here* has a plan in docs/handouts, and the page that is made from it beside it. Make
them again after each change of the model's rules: `python -m docs.handouts all-at-once` makes only one.
"""

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from sim.study import run
from sim.study.executors import open_executor
from sim.study.folder import Folder
from sim.study.handout import write_handout
from sim.study.model_hash import model_hash
from sim.study.plan import Plan
from sim.study.plan_reader import read_plan

FOLDER: Final = Path(__file__).with_name("handouts")
NAMES: Final = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
FIRST: Final = {"no-strikes": "security_forces_killed", "monitoring": "returned_to_fighting"}  # outcomes shown first
TALKS: Final = "reached_talks_open"  # of the others
_HASH = re.compile(r"<dt>(plan|model)</dt><dd>(\w+)</dd>")


def plan(name: str) -> Plan:
    """Return the plan of a hand-out. Raises InputError if it cannot be read."""
    return read_plan(FOLDER / f"{name}.toml")


def page(name: str) -> Path:
    """Return the file of a hand-out."""
    return FOLDER / f"{name}.html"


def make(name: str, worlds: int | None = None, processes: int | None = None, kept: Path | None = None) -> Path:
    """Run a plan and write its hand-out. kept: the folder of its study, which is resumed. Raises InputError."""
    given = plan(name)
    given = given if worlds is None else replace(given, worlds=worlds)
    with tempfile.TemporaryDirectory() as scratch:
        study = Folder.at((kept or Path(scratch)) / name, given)
        engine = open_executor("local", study.parts, processes)
        try:
            run.run(study, engine)
        finally:
            engine.close()
        return write_handout(study, page(name), outcome=FIRST.get(name, TALKS))


def stale() -> list[str]:
    """Return the hand-outs that are not of the present plan and model, by name."""
    return [name for name in NAMES if _made_with(name) != {"plan": plan(name).hash()[:16], "model": model_hash()[:16]}]


def _made_with(name: str) -> dict[str, str]:
    there = page(name).read_text(encoding="utf-8") if page(name).is_file() else ""
    return dict(_HASH.findall(there))


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the hand-outs, all of them or those that are named. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.handouts", description="Make the hand-outs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(NAMES)}")
    parser.add_argument("--processes", type=int, help="number of processes, one per core by default")
    parser.add_argument("--worlds", type=int, help="worlds per step, for a draft; those of the plan by default")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the studies here: a second call only reads them")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.names) - set(NAMES))
    if unknown:
        parser.error(f"no such hand-out: {', '.join(unknown)}")
    for name in chosen.names or NAMES:
        begun = time.monotonic()
        made = make(name, chosen.worlds, chosen.processes, chosen.keep)
        print(f"docs/handouts/{made.name}: {made.stat().st_size:,} bytes, {time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
