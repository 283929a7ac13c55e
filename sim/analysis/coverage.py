"""coverage(): does the calibration find parameters that are known? Simulation-based calibration.

A truth is drawn from the ranges and run; what the checks measure in its worlds takes the place of the text's facts; and
the draws that come nearest, in units of the checks' tolerances, are kept. If rejection is right, the rank of the truth
among the sets kept is uniform, and an interval of 80 % of them contains it in 80 of 100 cases (Cook, Gelman & Rubin
2006; Talts et al. 2018). `calibrate` keeps what is within the tolerances instead; most truths are so far from the text
that no draw would be, hence the nearest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.analysis.calibration import WORLDS, Tried, tried_in_order
from sim.analysis.processes import Progress
from sim.inputs.scenario import validate_run
from sim.schema import arguments

TRUTHS: Final = 200
DRAWS: Final = 4096  # from which the sets of each truth are kept
MOST: Final = 40_000
NEAR: Final = 0.02  # of the draws
LEVELS: Final = (0.5, 0.8, 0.95)  # of intervals
_TIES: Final = 11  # the stream that breaks ties between ranks, beside the seed

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The ranks of known parameters among the sets that agree with them.

    ranks: position of each truth among its sets, 0 to 1, (truths,), by parameter; kept: sets per truth.
    """

    ranks: Mapping[str, Array]
    kept: int
    draws: int
    worlds: int
    seed: int

    @property
    def truths(self) -> int:
        """How many truths there were."""
        return len(next(iter(self.ranks.values())))

    def covered(self, name: str, level: float) -> float:
        """Return the share of truths within the central interval of a level."""
        return float((np.abs(self.ranks[name] - 0.5) <= level / 2).mean())

    def error(self, level: float) -> float:
        """Return the standard error of a share of truths, if the intervals are right."""
        return float(np.sqrt(level * (1 - level) / self.truths))

    def misses(self, names: tuple[str, ...], errors: float = 3.0) -> list[tuple[str, float, float]]:
        """Return parameter, level and share where the coverage is off by more than so many standard errors."""
        found = [(name, level, self.covered(name, level)) for name in names for level in LEVELS]
        return [(name, level, share) for name, level, share in found if abs(share - level) > errors * self.error(level)]


def coverage(
    truths: int = TRUTHS,
    draws: int = DRAWS,
    worlds: int = WORLDS,
    seed: int = 0,
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> Coverage:
    """Calibrate against so many known truths, each with the same draws from the ranges.

    worlds: in which each draw and each truth is run; the truths have other luck than the draws. progress: called with
    the draws and truths run, and their number. Raises InputError for arguments out of bounds.
    """
    truths = arguments.whole("truths", truths, 1, MOST)
    draws = arguments.whole("draws", draws, 1, MOST)
    worlds, seed = validate_run(worlds, seed)
    arguments.callback("progress", progress)
    known = _tried(truths, worlds, seed + 1, processes, lambda done: _report(progress, done, truths + draws))
    tried = _tried(draws, worlds, seed, processes, lambda done: _report(progress, truths + done, truths + draws))
    return ranked(known, tried, max(1, round(NEAR * draws)), worlds, seed)


def _report(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(min(done, total), total)


def _tried(count: int, worlds: int, seed: int, processes: int, report: Any) -> Tried:
    """Return so many draws of a seed, tried."""
    found: list[Tried] = []
    for one in tried_in_order(worlds, seed, processes, count):
        found.append(one)
        report(sum(part.values.shape[1] for part in found))
    claims = found[0].measured
    return Tried(
        found[0].names,
        np.concatenate([one.values for one in found], axis=1)[:, :count],
        {name: np.concatenate([one.met[name] for one in found])[:count] for name in claims},
        {name: np.concatenate([one.measured[name] for one in found])[:count] for name in claims},
        found[0].bounds,
    )


def ranked(known: Tried, tried: Tried, near: int, worlds: int, seed: int) -> Coverage:
    """Return the rank of each truth among the draws that agree with it best."""
    rng = np.random.default_rng([seed, _TIES])
    widths = {claim: (high - low) / 2 for claim, (low, high) in known.bounds.items() if high > low}
    ranks = np.empty((len(known.names), known.values.shape[1]))
    for truth in range(known.values.shape[1]):
        apart = sum(_steps(tried.measured[claim], known.measured[claim][truth], w) ** 2 for claim, w in widths.items())
        nearest = np.argsort(apart, kind="stable")[:near]
        below = (tried.values[:, nearest] < known.values[:, [truth]]).sum(axis=1)
        ranks[:, truth] = (below + rng.random(len(below))) / (near + 1)
    return Coverage(dict(zip(known.names, ranks, strict=True)), near, tried.values.shape[1], worlds, seed)


def _steps(values: Array, truth: float, tolerance: float) -> Array:
    """Return how many tolerances values are from a truth; a share of no world counts as -1."""
    return np.asarray((np.nan_to_num(values, nan=-1.0) - np.nan_to_num(truth, nan=-1.0)) / tolerance)
