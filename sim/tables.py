"""Tables: Results as Arrow tables, one row a world or one row a world-day, with units in the metadata."""

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.milestones import MILESTONES, NEVER
from sim.outcomes import DAY, OUTCOMES, REACHED
from sim.series import SERIES

if TYPE_CHECKING:
    from sim.results import Results

Array = npt.NDArray[Any]
REASON = "_reason"


def column_field(name: str, kind: pa.DataType, unit: str, label: str) -> pa.Field:
    """A column with its unit and label on record."""
    return pa.field(name, kind, metadata={"unit": unit, "label": label})


def _table(results: "Results", columns: list[tuple[pa.Field, Any]]) -> pa.Table:
    """The columns as a table whose metadata says which run it is."""
    about = {f"jirga.{name}": str(value) for name, value in results.daily.attrs.items()}
    schema = pa.schema([f for f, _ in columns], metadata=about)
    arrays = [v if isinstance(v, pa.Array) else pa.array(v, type=f.type) for f, v in columns]
    return pa.table(arrays, schema=schema)


def outcome_column(name: str, values: Array) -> tuple[pa.Field, Any]:
    """An outcome: yes or no for a milestone reached, a whole day or null for its day, else float64."""
    outcome = OUTCOMES[name]
    if name.startswith(REACHED):
        return column_field(name, pa.bool_(), "yes/no", outcome.label), values > 0
    if name.startswith(DAY):
        never = np.isnan(values)
        days = np.where(never, 0, values).astype(np.int16)
        return column_field(name, pa.int16(), outcome.unit, outcome.label), pa.array(days, mask=never)
    return column_field(name, pa.float64(), outcome.unit, outcome.label), values


def _milestone_columns(results: "Results") -> list[tuple[pa.Field, Any]]:
    """Each milestone's date (null for never) and reason (null where none is on record)."""
    columns = []
    for m in MILESTONES.values():
        day = results.milestone_day[m.name]
        dates = pa.array(results.dates[day], type=pa.date32(), mask=day == NEVER)
        columns.append((column_field(m.name, pa.date32(), "date", m.label), dates))
        texts = results.reasons[m.name].values
        field = column_field(m.name + REASON, pa.string(), "text", f"{m.label}: reason")
        columns.append((field, pa.array(texts, type=pa.string(), mask=texts == "")))
    return columns


def world_table(results: "Results") -> pa.Table:
    """One row a world: `world`, every outcome, then a date and a reason a milestone.

    A milestone's own name holds its date, `<milestone>_reason` the text of `Results.reasons`, `reached_*` yes or
    no, `day_*` whole days since the start (null for never).
    """
    columns = [(column_field("world", pa.int64(), "id", "World"), results.world_ids)]
    columns += [outcome_column(str(name), v.values) for name, v in results.outcomes.data_vars.items()]
    return _table(results, columns + _milestone_columns(results))


def day_table(results: "Results", worlds: slice) -> pa.Table:
    """One row a world-day, by world and then by day: `world`, `day` (date), every series as float32.

    worlds: a slice of positions (not of ids). Where the engine's arrays lie world by world nothing is copied.
    """
    ids = results.world_ids[worlds]
    columns: list[tuple[pa.Field, Any]] = [
        (column_field("world", pa.int64(), "id", "World"), np.repeat(ids, results.days)),
        (column_field("day", pa.date32(), "date", "Day"), np.tile(results.dates, len(ids))),
    ]
    series = [
        (column_field(s.name, pa.float32(), s.unit, s.label), results.arrays[s.name][worlds].reshape(-1))
        for s in SERIES.values()
    ]
    return _table(results, columns + series)
