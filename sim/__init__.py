"""Jirga: a simulation of many possible histories of the Afghan peace process of 2020. Not a forecast.

Large modules are imported on first use: `import sim` is fast, `sim.simulate` imports the engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.version import __version__ as __version__

_HOMES = {
    "Actor": "sim.engine.base",
    "compare": "sim.runs.compare",
    "Comparison": "sim.results.comparison",
    "discover": "sim.study.discovery.discover",
    "InputError": "sim.errors",
    "JirgaError": "sim.errors",
    "load_run": "sim.export.run_reader",
    "load_scenario": "sim.inputs.scenario_reader",
    "PeaceProcess": "sim.engine.model",
    "Results": "sim.results.results",
    "Scenario": "sim.inputs.scenario",
    "score": "sim.analysis.scoring.score",
    "scenario_names": "sim.inputs.scenario_reader",
    "simulate": "sim.runs.runner",
    "why": "sim.analysis.causes.why",
}

if TYPE_CHECKING:
    from sim.analysis.causes.why import why as why
    from sim.analysis.scoring.score import score as score
    from sim.engine.base import Actor as Actor
    from sim.engine.model import PeaceProcess as PeaceProcess
    from sim.errors import InputError as InputError
    from sim.errors import JirgaError as JirgaError
    from sim.export.run_reader import load_run as load_run
    from sim.inputs.scenario import Scenario as Scenario
    from sim.inputs.scenario_reader import load_scenario as load_scenario
    from sim.inputs.scenario_reader import scenario_names as scenario_names
    from sim.results.comparison import Comparison as Comparison
    from sim.results.results import Results as Results
    from sim.runs.compare import compare as compare
    from sim.runs.runner import simulate as simulate


def __getattr__(name: str) -> Any:
    """Import a public name on first use. Raises AttributeError for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*_HOMES, "__version__"])
