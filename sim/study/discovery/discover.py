"""discover(): under which levers and margins the outcome of a study comes, checked on fresh worlds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.discovery.box import Box, Tally
from sim.analysis.discovery.discovery import FEWEST, SIGNIFICANT, FoundBox, discover_box
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.schema import arguments
from sim.study.discovery.cases import Cases, Feature
from sim.study.discovery.condition import Condition, read_condition
from sim.study.discovery.played import played
from sim.study.discovery.read_cases import checked_also, fresh_cases, read_cases
from sim.study.folder import Folder, check_study

Array = npt.NDArray[Any]
Progress = Callable[[int, int], None]

CHECKED: Final = 1000  # fresh rows, by default
MOST_CHECKED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Case:
    """One world of the study. point: its index; values: its features in the box, by name; came: whether the outcome."""

    point: int
    world: int
    came: bool
    values: Mapping[str, float]


@dataclass(frozen=True)
class Discovery:
    """What was found, or that nothing was.

    study: counts over all rows of the study; held_out: over the half that did not choose the box; fresh: over fresh
    worlds, None if none were run. `box`, `typical` and `plays` are None if nothing was found; surprising: a world in
    the box without the outcome, None if there is none.
    """

    condition: Condition
    scenario: Scenario
    features: Mapping[str, Feature]
    rows: int
    hits: int
    box: Box | None = None
    study: Tally | None = None
    held_out: Tally | None = None
    fresh: Tally | None = None
    typical: Case | None = None
    surprising: Case | None = None
    plays: Scenario | None = None

    @property
    def found(self) -> bool:
        """Whether something was found."""
        return self.box is not None

    @property
    def checked(self) -> Tally | None:
        """The counts that did not choose the box: those of fresh worlds, or else of the half that was held out."""
        return self.fresh if self.fresh is not None else self.held_out


def discover(
    folder: Folder,
    outcome: str,
    *,
    scenario: str | None = None,
    also: Sequence[str] = (),
    check: int = CHECKED,
    progress: Progress | None = None,
) -> Discovery:
    """Find the conditions under which an outcome comes, as a box of a few limits.

    folder: a study with results; outcome: a condition such as "talks_open == 0"; scenario: the name of one of its
    scenarios, by default its reference; also: outcomes of a world that may explain, too; check: about how many fresh
    worlds are run to check the box, 0 for none. Raises InputError for a condition that cannot be read, for an outcome
    that the study has not kept or that comes in almost every world or in almost none, for a study without results, and
    for fresh worlds of a study that another version of the model computed.
    """
    check_study(folder)
    check = arguments.whole("check", check, 0, MOST_CHECKED, "worlds")
    arguments.callback("progress", progress)
    if check:
        folder.check_model()  # fresh worlds of another model would say nothing about these
    plan = folder.plan
    named = plan.reference if scenario is None else scenario
    chosen = plan.scenario(
        arguments.known("scenario", named, [one.name for one in plan.scenarios], "no such scenario in this study")
    )
    condition = read_condition(outcome, plan.outcomes, chosen.start, plan.records)
    more = checked_also(arguments.items("also", also, "names of outcomes"), condition, plan)
    cases = read_cases(folder, chosen, condition, more)
    _check_both(cases, condition)
    found = discover_box(cases.values, cases.hits, groups=cases.groups)
    nothing = Discovery(condition, chosen, cases.features, len(cases.hits), int(cases.hits.sum()))
    if found is None:
        return nothing
    fresh = fresh_cases(folder, chosen, condition, more, check, progress) if check else None
    return _explained(nothing, found, cases, fresh, folder)


def _check_both(cases: Cases, condition: Condition) -> None:
    """Raise InputError for an outcome that comes in almost every world, or in almost none."""
    hits, rows = int(cases.hits.sum()), len(cases.hits)
    if min(hits, rows - hits) < 2 * FEWEST:
        problem = f"holds in {hits:,} of {rows:,} worlds: too few {'do not' if 2 * hits > rows else 'do'}"
        raise InputError(problem, path="outcome", value=condition.text, expected=f"at least {2 * FEWEST} of both")


def _explained(nothing: Discovery, found: FoundBox, cases: Cases, fresh: Cases | None, folder: Folder) -> Discovery:
    """Return the discovery of a box, or nothing if it does not hold in fresh worlds."""
    box = found.box
    counted = None if fresh is None else Tally.of(box.inside(fresh.values), fresh.hits, fresh.groupings)
    if counted is not None and not _holds(counted):
        return replace(nothing, fresh=counted)
    inside = box.inside(cases.values)
    typical = _nearest(box, cases, inside & cases.hits)
    surprising = _nearest(box, cases, inside & ~cases.hits)
    return replace(
        nothing,
        box=box,
        study=Tally.of(inside, cases.hits, cases.groupings),
        held_out=found.held_out,
        fresh=counted,
        typical=typical,
        surprising=surprising,
        plays=None if typical is None else played(folder, nothing.scenario, box, typical.point, typical.world),
    )


def _holds(counted: Tally) -> bool:
    """Whether the box is denser in fresh worlds than all of them are (one-sided binomial test)."""
    from scipy.special import betainc

    if not counted.box_hits:
        return False
    hits = counted.density * counted.density_rows
    p = betainc(hits, counted.density_rows - hits + 1, counted.base)
    return bool(p <= SIGNIFICANT)


def _nearest(box: Box, cases: Cases, some: Array) -> Case | None:
    """Return the one of some rows that is nearest to the middle of them, by ranks of the limited features."""
    if not some.any():
        return None
    rows = np.flatnonzero(some)
    apart = np.zeros(len(rows))
    for one in box.limits:
        values = cases.values[one.name][rows]
        spread = np.ptp(values)
        apart += np.abs(values - np.median(values)) / (spread or 1.0)
    row = int(rows[np.argmin(apart)])
    found = {one.name: float(cases.values[one.name][row]) for one in box.limits}
    return Case(int(cases.point[row]), int(cases.world[row]), bool(cases.hits[row]), found)
