"""Results of a run of many worlds, as labelled arrays with dates as coordinates.

The arrays are the engine's own, shape (worlds, days), wrapped without a copy and read-only; the labelled views
(`daily`, `milestones`, `reasons`, `outcomes`) are built on first access and cached.

There are also `arrays`, `milestone_day` and `milestone_reason` (the plain arrays), `dates`, and the summaries
`milestone_table()` and `blockers()`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import xarray as xr

from sim.errors import InputError
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import MOST_WORLDS, Scenario, check_first, check_scenario, validate_run
from sim.results.milestone_summary import MilestoneSummary, summary_of
from sim.schema import arguments, validation
from sim.schema import outcomes as out
from sim.schema.assumptions import Assumptions, check_assumptions
from sim.schema.calendar import Calendar
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.milestones import MILESTONES, NEVER, Milestone
from sim.schema.series import CONDITIONS, SERIES

if TYPE_CHECKING:
    import pyarrow as pa

Array = npt.NDArray[Any]

MISSING = "missing: "  # prefix of a reason in a world that never reaches the milestone
REASON = "_reason"  # suffix of the name of a column of reasons


def _checked(
    given: Mapping[str, Array], names: Sequence[str], shape: tuple[int, ...], what: str
) -> Mapping[str, Array]:
    """Return read-only views of the arrays, in the order of the names."""
    given = arguments.table(what, given, "arrays by name")
    missing, unknown = sorted(set(names) - set(given)), sorted(set(given) - set(names))
    if missing or unknown:
        raise ValueError(f"{what}: missing {missing}, unknown {unknown}")
    views = {}
    for name in names:
        view = np.asarray(given[name]).view()
        if view.shape != shape:
            raise ValueError(f"{what}: {name} has shape {view.shape}, expected {shape}")
        view.flags.writeable = False
        views[name] = view
    return MappingProxyType(views)


def _is_number(value: Any) -> bool:
    value = validation.as_python(value)
    return isinstance(value, int | float) and not isinstance(value, bool)


class Results:
    """Many worlds of one scenario.

    scenario: what was run; seed: of the random numbers; worlds: how many, ids first to first + worlds - 1;
    assumptions: "facts", "ranges" or "point"; daily: float32 (worlds, days) by series; milestone_day: int32 (worlds,),
    days since the start or NEVER, by milestone; milestone_reason: int8 (worlds,), index into the milestone's reasons or
    -1; for a world that never reaches it, the reason is what was missing; drawn: float32 (worlds,) by the name of each
    parameter that differs between worlds. Raises ValueError if a series or milestone is missing or unknown, or a shape
    does not fit, and InputError for an unknown parameter. Can be pickled and copied.
    """

    def __init__(  # noqa: PLR0913, PLR0917  what a run is, in the order in which its parts follow from each other
        self,
        scenario: Scenario,
        seed: int,
        worlds: int,
        first: int,
        assumptions: Assumptions,
        daily: Mapping[str, Array],
        milestone_day: Mapping[str, Array],
        milestone_reason: Mapping[str, Array],
        drawn: Mapping[str, Array] = MappingProxyType({}),
    ) -> None:
        """Wrap the engine's arrays without copying them."""
        check_scenario(scenario)
        self.scenario = scenario
        self.worlds, self.seed = validate_run(worlds, seed)
        self.first = check_first(first)
        self.assumptions = check_assumptions(assumptions)
        self.calendar = Calendar(scenario.start, scenario.end)
        self.dates = self.calendar.dates
        self.arrays = _checked(daily, list(SERIES), (worlds, self.days), "daily series")
        self.milestone_day = _checked(milestone_day, list(MILESTONES), (worlds,), "milestone days")
        self.milestone_reason = _checked(milestone_reason, list(MILESTONES), (worlds,), "milestone reasons")
        known = [arguments.known("drawn", name, catalogue(), "no such parameter") for name in drawn]
        self.drawn = _checked(drawn, known, (worlds,), "drawn parameters")

    def __repr__(self) -> str:
        """Return a one-line description."""
        return f"<Results of {self.scenario.name}: {self.worlds} worlds, {self.days} days, seed {self.seed}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to pickle and to copy it: by its arrays, without the labelled views."""
        parts = (dict(part) for part in (self.arrays, self.milestone_day, self.milestone_reason, self.drawn))
        return Results, (self.scenario, self.seed, self.worlds, self.first, self.assumptions, *parts)

    @property
    def days(self) -> int:
        """The number of days."""
        return self.calendar.days

    @property
    def world_ids(self) -> Array:
        """The ids of the worlds, int64 (worlds,)."""
        return np.arange(self.first, self.first + self.worlds, dtype=np.int64)

    def index(self, day: date) -> int:
        """Return the index of a date in the run. Raises InputError for a date outside it."""
        day = arguments.date("day", day)
        if day not in self.calendar:
            raise InputError("not a day of the run", value=day, expected=(self.dates[0].item(), self.dates[-1].item()))
        return self.calendar.index(day)

    @cached_property
    def daily(self) -> xr.Dataset:
        """The daily series, dims (world, day), views on the engine's arrays; attrs unit, label and kind."""
        made = {
            s.name: (("world", "day"), self.arrays[s.name], {"unit": s.unit, "label": s.label, "kind": s.kind})
            for s in SERIES.values()
        }
        return xr.Dataset(made, coords={"world": self.world_ids, "day": self._seconds}, attrs=self._attrs)

    @cached_property
    def milestones(self) -> xr.Dataset:
        """The date of each milestone, datetime64 (world), NaT for never."""
        made = {
            m.name: ("world", self._milestone_dates(m.name), {"label": m.label, "about": m.about})
            for m in MILESTONES.values()
        }
        return xr.Dataset(made, coords={"world": self.world_ids}, attrs=self._attrs)

    @cached_property
    def reasons(self) -> xr.Dataset:
        """The reason for which each milestone was reached, text (world).

        Empty where no reason is recorded; "missing: " and the recorded reason where the milestone is never reached
        and what was missing is known.
        """
        made = {m.name: ("world", self._reason_texts(m), {"label": m.label}) for m in MILESTONES.values()}
        return xr.Dataset(made, coords={"world": self.world_ids}, attrs=self._attrs)

    @cached_property
    def outcomes(self) -> xr.Dataset:
        """The summary of each world, float64 (world), one variable per outcome (see `sim.schema.outcomes`)."""
        found = out.summary(self.arrays, self.milestone_day, self.scenario.start)
        made = {}
        for name, values in found.items():
            o = out.OUTCOMES[name]
            made[name] = ("world", values, {"unit": o.unit, "label": o.label, "kind": o.kind, "about": o.about})
        return xr.Dataset(made, coords={"world": self.world_ids}, attrs=self._attrs)

    @cached_property
    def parameters(self) -> xr.Dataset:
        """The parameters that differ between worlds, float32 (world), with units; none with "point" assumptions."""
        made = {}
        for name, values in self.drawn.items():
            one = catalogue()[name]
            made[name] = ("world", values, {"unit": one.unit, "label": one.label, "kind": one.kind})
        return xr.Dataset(made, coords={"world": self.world_ids}, attrs=self._attrs)

    def series(self, name: str) -> Array:
        """Return one daily series, float32 (worlds, days). Raises InputError for an unknown name."""
        return self.arrays[arguments.known("series", name, self.arrays, "no such series")]

    def quantiles(self, name: str, probabilities: Sequence[float]) -> xr.DataArray:
        """Return quantiles of a daily series over the worlds, dims (quantile, day), float64, in the series' unit.

        Linear between order statistics. Raises InputError for an unknown name or a probability outside [0, 1].
        """
        values = self.series(name)
        given = [probabilities] if np.ndim(probabilities) == 0 and _is_number(probabilities) else probabilities
        given = arguments.items("probabilities", given, "numbers from 0 to 1")
        if not given or not all(_is_number(level) and 0 <= level <= 1 for level in given):
            raise InputError("not probabilities", path="probabilities", value=list(given), expected=(0, 1))
        levels = np.asarray(given, dtype=np.float64)
        found = np.quantile(values, levels, axis=0).astype(np.float64)
        kind = SERIES[name]
        return xr.DataArray(
            found,
            dims=("quantile", "day"),
            coords={"quantile": levels, "day": self._seconds},
            name=name,
            attrs={"unit": kind.unit, "label": kind.label, "kind": kind.kind},
        )

    def blocked(self) -> xr.DataArray:
        """Return the share of worlds that each condition keeps from talks, dims (condition, day), 0 to 1.

        A world whose talks are open is kept from nothing, whichever condition it lacks.
        """
        closed = self.arrays["talks_stage"] == 0
        shares = np.stack([((self.arrays[f"blocked_by_{c}"] > 0) & closed).mean(axis=0) for c in CONDITIONS])
        labels = [SERIES[f"blocked_by_{c}"].label for c in CONDITIONS]
        coords = {"condition": list(CONDITIONS), "label": ("condition", labels), "day": self._seconds}
        return xr.DataArray(
            shares, dims=("condition", "day"), coords=coords, name="blocked", attrs={"unit": "share of worlds"}
        )

    def blockers(self) -> list[out.Blocker]:
        """Return how much each condition blocked talks, one record per condition."""
        return out.blockers(self.arrays, self.milestone_day["talks_open"])

    def milestone_table(self) -> list[MilestoneSummary]:
        """Return the share of worlds, the dates and the reasons of every milestone, in their order."""
        return [
            summary_of(m, self.milestone_day[m.name], self.milestone_reason[m.name], self.calendar)
            for m in MILESTONES.values()
        ]

    def to_world_table(self) -> "pa.Table":
        """Return one row per world: `world`, every outcome, then date and reason per milestone; units in the metadata.

        The column named after a milestone contains its date (null for never), `<milestone>_reason` the text of
        `reasons` (null where none is recorded), `reached_*` booleans, `day_*` days since the start (null for never).
        """
        import pyarrow as pa  # imported only when a table is needed

        from sim.results.columns import column_field, outcome_column

        columns = [(column_field("world", pa.int64(), "id", "World"), self.world_ids)]
        columns += [outcome_column(str(name), v.values) for name, v in self.outcomes.data_vars.items()]
        return self._table(columns + self._milestone_columns())

    def _milestone_columns(self) -> list[tuple["pa.Field", Any]]:
        """Return the columns of each milestone's date and reason."""
        import pyarrow as pa

        from sim.results.columns import column_field

        columns = []
        for m in MILESTONES.values():
            day = self.milestone_day[m.name]
            dates = pa.array(self.dates[day], type=pa.date32(), mask=day == NEVER)
            columns.append((column_field(m.name, pa.date32(), "date", m.label), dates))
            texts = self.reasons[m.name].values
            field = column_field(m.name + REASON, pa.string(), "text", f"{m.label}: reason")
            columns.append((field, pa.array(texts, type=pa.string(), mask=texts == "")))
        return columns

    def to_parameter_table(self) -> "pa.Table":
        """Return one row per world: `world` and every parameter that differs between worlds, float32, with units."""
        import pyarrow as pa

        from sim.results.columns import column_field

        columns: list[tuple[pa.Field, Any]] = [(column_field("world", pa.int64(), "id", "World"), self.world_ids)]
        for name, values in self.drawn.items():
            one = catalogue()[name]
            columns.append((column_field(name, pa.float32(), one.unit, one.label), values))
        return self._table(columns)

    def to_day_table(self, worlds: slice | None = None) -> "pa.Table":
        """Return one row per world and day, by world and then by day: `world`, `day` (date), every series as float32.

        worlds: a slice of positions (not of ids), all by default. Arrays that are contiguous by world are not copied.
        """
        import pyarrow as pa

        from sim.results.columns import column_field

        part = slice(None) if worlds is None else arguments.instance("worlds", worlds, slice, "a slice of positions")
        try:
            part.indices(self.worlds)
        except (TypeError, ValueError):
            raise InputError("must be a slice of whole numbers", path="worlds", value=worlds) from None
        ids = self.world_ids[part]
        columns: list[tuple[pa.Field, Any]] = [
            (column_field("world", pa.int64(), "id", "World"), np.repeat(ids, self.days)),
            (column_field("day", pa.date32(), "date", "Day"), np.tile(self.dates, len(ids))),
        ]
        series = [
            (column_field(s.name, pa.float32(), s.unit, s.label), self.arrays[s.name][part].reshape(-1))
            for s in SERIES.values()
        ]
        return self._table(columns + series)

    def _table(self, columns: list[tuple["pa.Field", Any]]) -> "pa.Table":
        """Return the columns as a table whose metadata describes the run."""
        import pyarrow as pa

        about = {f"jirga.{name}": str(value) for name, value in self.daily.attrs.items()}
        schema = pa.schema([f for f, _ in columns], metadata=about)
        arrays = [v if isinstance(v, pa.Array) else pa.array(v, type=f.type) for f, v in columns]
        return pa.table(arrays, schema=schema)

    def day_tables(self, worlds: int = 1000) -> Iterator["pa.Table"]:
        """Yield the day table in parts of so many worlds, so that a large run is never in memory twice."""
        worlds = arguments.whole("worlds", worlds, 1, MOST_WORLDS, "worlds")
        for begin in range(0, self.worlds, worlds):
            yield self.to_day_table(slice(begin, begin + worlds))

    @property
    def _attrs(self) -> dict[str, Any]:
        """Return the attributes of every labelled view, which describe the run."""
        return {
            "scenario": self.scenario.name,
            "hash": self.scenario.hash(),
            "seed": self.seed,
            "assumptions": self.assumptions,
            "note": NOT_A_FORECAST,
        }

    @cached_property
    def _seconds(self) -> Array:
        """Return the dates at the coarsest resolution that xarray supports."""
        return self.dates.astype("datetime64[s]")

    def _milestone_dates(self, name: str) -> Array:
        """Return a milestone's dates, datetime64[s] (worlds,), NaT for never."""
        day = self.milestone_day[name]
        return np.where(day == NEVER, np.datetime64("NaT", "s"), self._seconds[day])

    def _reason_texts(self, milestone: Milestone) -> Array:
        """Return a milestone's reasons, text (worlds,), as objects: one string per reason, shared by the worlds."""
        index = self.milestone_reason[milestone.name]
        texts = np.array([*milestone.reasons, ""], dtype=object)  # index -1 is the last: empty
        absent = np.array([*(MISSING + r for r in milestone.reasons), ""], dtype=object)
        never = self.milestone_day[milestone.name] == NEVER
        return np.where(never, absent[index], texts[index])
