"""Studies: batches of runs. A plan says what to run, a design has the points, a folder contains the results.

For scripts and notebooks: `make_plan`, `run_study` and `open_study`, which give a `Study`. What is imported from here
is imported on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "Factor": "sim.study.factor",
    "make_plan": "sim.study.plan_maker",
    "open_study": "sim.study.study",
    "Plan": "sim.study.plan",
    "read_plan": "sim.study.plan_reader",
    "read_points": "sim.study.points_reader",
    "run_study": "sim.study.study",
    "Study": "sim.study.study",
}

if TYPE_CHECKING:
    from sim.study.factor import Factor as Factor
    from sim.study.plan import Plan as Plan
    from sim.study.plan_maker import make_plan as make_plan
    from sim.study.plan_reader import read_plan as read_plan
    from sim.study.points_reader import read_points as read_points
    from sim.study.study import Study as Study
    from sim.study.study import open_study as open_study
    from sim.study.study import run_study as run_study


def __getattr__(name: str) -> Any:
    """Import a public name on first use. Raises AttributeError for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.study' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
