"""Peak memory and start-up of fresh processes."""

import json
import subprocess
import sys

_PEAK = """
import json, sim
def peak():
    # The high-water mark of this process alone: ru_maxrss would count what the parent held when it forked.
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
sim.simulate(sim.load_scenario("baseline"), worlds=1, seed=7)
before = peak()
sim.simulate(sim.load_scenario("baseline"), worlds={worlds}, seed=7)
print(json.dumps([before, peak()]))
"""
_LOADED = """
import json, sys
from sim.cli import main
sys.argv = ["jirga", "--help"]
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""


def peak_memory(worlds: int) -> tuple[float, float]:
    """Peak of a fresh process, MiB: with all libraries loaded and one world run, and after so many worlds."""
    before, after = json.loads(_python(_PEAK.format(worlds=worlds)))
    return float(before), float(after)


def loaded_by_help() -> set[str]:
    """The modules that `jirga --help` loads."""
    return set(json.loads(_python(_LOADED).splitlines()[-1]))


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own code
