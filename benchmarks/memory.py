"""Peak memory and imports of new processes."""

import json
import subprocess
import sys

_PEAK = """
import json, sim
def peak():
    # The peak of this process only: ru_maxrss would include the parent's memory at the fork.
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
    """Peak memory of a new process in MiB: after one world, and after `worlds` worlds."""
    before, after = json.loads(_python(_PEAK.format(worlds=worlds)))
    return float(before), float(after)


def loaded_by_help() -> set[str]:
    """The modules that `jirga --help` imports."""
    return set(json.loads(_python(_LOADED).splitlines()[-1]))


def _python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own code
