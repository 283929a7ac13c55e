"""A scenario file that plays a box: the settings of a typical world in it, and the parameters behind its margins."""

from dataclasses import replace
from typing import Final

from sim.analysis.discovery.box import Box
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.runs.design_points import read_varied
from sim.runs.parameter_sampling import sampled_parameters
from sim.study.discovery.margins import margins
from sim.study.folder import Folder

FIGURES: Final = 6  # significant, of a parameter in the file


def played(folder: Folder, base: Scenario, box: Box, point: int, world: int) -> Scenario:
    """Return the scenario of a study at one of its points, with the parameters that the box's margins follow from.

    These are those of the world. Any world can be run with them; where the margins alone decide, the outcome comes
    about as often as in the box.
    """
    plan, points = folder.plan, folder.design
    columns = points.columns(point, point + 1)
    found = read_varied(base, columns).scenario(base, 0) if columns else base
    drawn = sampled_parameters(plan.assumptions, found.parameters, plan.seed, 1, world)
    behind = [name for one in box.limits if one.name in margins() for name in margins()[one.name].parameters]
    changes = {name: _rounded(name, float(drawn[name][0])) for name in dict.fromkeys(behind) if name in drawn}
    title = f"A world in which the conditions hold, from {base.name or 'a study'}"
    notes = f"Written by jirga discover: point {point}, world {world} of a study with seed {plan.seed}."
    return replace(found.change(changes, title=title), notes=notes, question="", name="")


def _rounded(name: str, value: float) -> float | int:
    """Return a parameter with few figures, in its own type and bounds."""
    kind = catalogue()[name]
    if kind.type == "int":
        return round(value)
    low, high = kind.bounds or (value, value)
    return min(max(float(f"{value:.{FIGURES}g}"), low), high)
