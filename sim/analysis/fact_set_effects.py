"""compare_fact_sets(): what each set of facts changes, from the same draws of the parameters and the same luck.

Each draw from the ranges is tried in the window against every set, as `calibrate` tries it, and run to the end in one
world of the baseline, with the numbers that follow from that set. A headline is the share of the draws that a set keeps
in whose world it comes. Two sets keep many of the same draws, so the difference of their shares is known better than
each share.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.calibration import CHUNK, WORLDS, try_draws
from sim.analysis.fact_sets.fact_set import STANDARD, FactSet
from sim.analysis.processes import Progress, counted, in_order
from sim.inputs.scenario import validate_run
from sim.inputs.scenario_reader import load_scenario
from sim.results.intervals import normal_quantile, share_interval
from sim.runs.runner import run_draws
from sim.schema import arguments
from sim.schema.outcomes import REACHED

DRAWS: Final = 768
MOST: Final = 40_000
SCENARIO: Final = "baseline"
HEADLINES: Final = ("talks_open", "power_shared")
AMOUNT: Final = "attacks"

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Headline:
    """The share of the kept draws in which a milestone comes, and how it differs from the text's; 95 % intervals."""

    milestone: str
    share: float
    low: float
    high: float
    change: float  # 0 for the text itself
    change_low: float
    change_high: float


@dataclass(frozen=True, slots=True)
class FactSetEffect:
    """What a set of facts changes. shared: draws that the text keeps too; attacks: mean of a run of the kept draws."""

    name: str
    title: str
    kept: int
    kept_low: float  # 95 % interval of the share of draws that are kept
    kept_high: float
    shared: int
    attacks: float
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class FactSetEffects:
    """The effects of several sets of facts, from the same draws."""

    draws: int
    worlds: int  # in which each draw is tried
    seed: int
    sets: tuple[FactSetEffect, ...]


def compare_fact_sets(
    sets: Iterable[FactSet],
    draws: int = DRAWS,
    worlds: int = WORLDS,
    seed: int = 0,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> FactSetEffects:
    """Return what each set of facts changes beside the first, which is the text's.

    draws: rounded up to whole chunks; worlds: in which each is tried; processes: how many run at once, without effect
    on the result. progress: called with the chunks done and in all. Raises InputError for arguments out of bounds.
    """
    chosen = tuple(arguments.instance("sets", one, FactSet, "a set of facts") for one in arguments.items(
        "sets", sets, "sets of facts"))  # fmt: skip
    if not chosen or chosen[0].name != STANDARD:
        raise ValueError("the first set must be the text's")
    draws = arguments.whole("draws", draws, 1, MOST)
    worlds, seed = validate_run(worlds, seed)
    processes = arguments.whole("processes", processes, 1, 1000)
    tasks = [(one, worlds, seed, first) for one in chosen for first in range(0, draws, CHUNK)]
    parts = counted(in_order(_part, tasks, processes), len(tasks), progress)
    per_set = len(tasks) // len(chosen)
    found = [_joined(parts[i * per_set : (i + 1) * per_set]) for i in range(len(chosen))]
    pairs = zip(chosen, found, strict=True)
    return FactSetEffects(CHUNK * per_set, worlds, seed, tuple(_effect(one, own, found[0]) for one, own in pairs))


Part = tuple[Flags, dict[str, Array]]


def _part(task: tuple[FactSet, int, int, int]) -> Part:
    """Return which draws of a chunk a set keeps, and the outcomes of each draw in one whole run, (draws,)."""
    facts, worlds, seed, first = task
    tried = try_draws(worlds, seed, first, facts)
    scenario = facts.scenario(load_scenario(SCENARIO))
    drawn: dict[str, Any] = dict(zip(tried.names, tried.values, strict=True))
    outcomes = run_draws(scenario, {**drawn, **facts.derived(drawn, scenario, CHUNK)}, 1, seed, first).outcomes()
    return tried.kept, {name: outcomes[name] for name in (*(REACHED + one for one in HEADLINES), AMOUNT)}


def _joined(parts: Sequence[Part]) -> Part:
    values = {name: np.concatenate([one[1][name] for one in parts]) for name in parts[0][1]}
    return np.concatenate([one[0] for one in parts]), values


def _effect(facts: FactSet, own: Part, text: Part) -> FactSetEffect:
    """Return the effect of one set. own, text: of its draws and of the text's."""
    kept, values = own
    number, shared = int(kept.sum()), int((kept & text[0]).sum())
    low, high = (float(end) for end in share_interval(len(kept), number))
    attacks = float(values[AMOUNT][kept].mean()) if number else float("nan")
    headlines = tuple(headline(one, own, text, same=facts.standard) for one in HEADLINES) if number else ()
    return FactSetEffect(facts.name, facts.title, number, low, high, shared, attacks, headlines)


def headline(milestone: str, own: Part, text: Part, *, same: bool) -> Headline:
    """Return a headline of the draws that a set keeps. same: whether the set is the text's.

    The interval of the difference is by linearisation, over draws: a draw that both sets keep, with the same outcome,
    hardly counts. One draw with each sign is added, so that it has a width where no draw differs.
    """
    name, parts = REACHED + milestone, []
    for kept, values in (own, text):
        y, n = values[name], int(kept.sum())
        parts.append((float(y[kept].mean()), np.where(kept, y - y[kept].mean(), 0.0) / n, n))
    (share, pull, n), (base, other, m) = parts
    low, high = (float(end) for end in share_interval(n, round(share * n)))
    if same:
        return Headline(milestone, share, low, high, 0.0, 0.0, 0.0)
    half = normal_quantile() * float(np.sqrt(((pull - other) ** 2).sum() + 2 / min(n, m) ** 2))
    change = share - base
    return Headline(milestone, share, low, high, change, max(change - half, -1.0), min(change + half, 1.0))
