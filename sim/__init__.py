"""Jirga: many possible histories of the peace process of 2020, run at once. A tool for thinking, not a forecast.

Nothing heavy is imported until it is asked for: `import sim` is quick, `sim.simulate` brings in the engine.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Actor": "sim.engine.base",
    "compare": "sim.runs.compare",
    "Comparison": "sim.results.comparison",
    "InputError": "sim.errors",
    "JirgaError": "sim.errors",
    "load_scenario": "sim.inputs.scenario_reader",
    "PeaceProcess": "sim.engine.model",
    "Results": "sim.results.results",
    "Scenario": "sim.inputs.scenario",
    "scenario_names": "sim.inputs.scenario_reader",
    "simulate": "sim.runs.runner",
}

if TYPE_CHECKING:
    from sim.engine.base import Actor as Actor
    from sim.engine.model import PeaceProcess as PeaceProcess
    from sim.errors import InputError as InputError
    from sim.errors import JirgaError as JirgaError
    from sim.inputs.scenario import Scenario as Scenario
    from sim.inputs.scenario_reader import load_scenario as load_scenario
    from sim.inputs.scenario_reader import scenario_names as scenario_names
    from sim.results.comparison import Comparison as Comparison
    from sim.results.results import Results as Results
    from sim.runs.compare import compare as compare
    from sim.runs.runner import simulate as simulate


def __getattr__(name: str) -> Any:
    """Bring in a public name when it is first asked for. Raises AttributeError for any other."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*_HOMES, "__version__"])
