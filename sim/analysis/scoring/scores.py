"""Records of scores: of one observation, of all of them, and of the ensemble beside each naive forecast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from sim.analysis.scoring.observation import Observation
from sim.analysis.scoring.observation_reader import Observations
from sim.inputs.scenario import Scenario
from sim.results.intervals import share_interval, sign_test

Kind = Literal["dates", "numbers"]

ENSEMBLE: Final = "ensemble"
LEVELS: Final = (50, 80, 95)  # of the bands, per cent
FEWEST: Final = 2  # observations of a share with an interval
SIGNIFICANT: Final = 0.05


@dataclass(frozen=True, slots=True)
class Forecast:
    """One forecast of one observation.

    says: the number, in the outcome's unit, or for a date the share that it gives to its having happened by the last
    day scored; score: CRPS in the outcome's unit, or the integrated Brier score of a date; brier: of a date, whether it
    has happened by the last day scored, else None.
    """

    name: str
    says: float
    score: float
    brier: float | None


@dataclass(frozen=True, slots=True)
class Band:
    """The middle `level` per cent of the worlds: a number in the outcome's unit, or a date, None for never.

    covers: the share of the observation that lies in it, 0 or 1 unless the observation is a range; None if unknown, as
    for what had not happened by the last day observed and may or may not have later.
    """

    level: int
    low: Any
    high: Any
    covers: float | None


@dataclass(frozen=True, slots=True)
class ObservationScore:
    """One observation beside the ensemble and the naive forecasts. median: as in `Band`."""

    observation: Observation
    median: Any
    bands: tuple[Band, ...]
    ensemble: Forecast
    naive: tuple[Forecast, ...]

    @property
    def kind(self) -> Kind:
        """Whether it is about a date or a number."""
        return "dates" if self.observation.dated else "numbers"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the observations lies in the bands of one level, with a 95 % interval of the share.

    observations: of which it is known. low, high: None below two; observations are treated as independent, so with
    several of one process the interval is too narrow.
    """

    level: int
    observations: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Versus:
    """The ensemble beside one naive forecast, over the observations for which there is one.

    better, worse: in how many the ensemble's score is lower, or higher; p: of the exact sign test of the two.
    ensemble, naive: the mean integrated Brier scores, of dates; None for numbers, whose scores have different units.
    """

    kind: Kind
    name: str
    observations: int
    better: int
    worse: int
    p: float
    ensemble: float | None
    naive: float | None

    @property
    def significant(self) -> bool:
        """Whether one of the two is significantly better (p of at most 5 %)."""
        return self.p <= SIGNIFICANT


@dataclass(frozen=True)
class Scores:
    """The scores of a run against a file of observations."""

    observations: Observations
    scenario: Scenario
    seed: int
    worlds: int
    first: int
    assumptions: str
    rows: tuple[ObservationScore, ...]

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        """The coverage of the bands, by level."""
        return tuple(_coverage(self.rows, place) for place in range(len(LEVELS)))

    @cached_property
    def versus(self) -> tuple[Versus, ...]:
        """The ensemble beside each naive forecast: dates first, then numbers."""
        found = []
        for kind in ("dates", "numbers"):
            rows = [one for one in self.rows if one.kind == kind]
            names = dict.fromkeys(other.name for one in rows for other in one.naive)
            found += [_versus(kind, name, rows) for name in names]
        return tuple(found)


def _coverage(rows: Sequence[ObservationScore], place: int) -> Coverage:
    """Return the coverage of the bands in one place."""
    known = [share for one in rows if (share := one.bands[place].covers) is not None]
    if not known:
        return Coverage(LEVELS[place], 0, None, None, None)
    ends: Mapping[str, float | None] = {"low": None, "high": None}
    if len(known) >= FEWEST:
        low, high = share_interval(len(known), sum(known))
        ends = {"low": float(low), "high": float(high)}
    return Coverage(LEVELS[place], len(known), sum(known) / len(known), **ends)


def _versus(kind: Kind, name: str, rows: Sequence[ObservationScore]) -> Versus:
    """Return the ensemble beside one naive forecast."""
    pairs = [(one.ensemble.score, other.score) for one in rows for other in one.naive if other.name == name]
    better, worse = sum(own < other for own, other in pairs), sum(own > other for own, other in pairs)
    means = [None, None] if kind == "numbers" else [sum(side) / len(pairs) for side in zip(*pairs, strict=True)]
    return Versus(kind, name, len(pairs), better, worse, sign_test(better, worse), *means)
