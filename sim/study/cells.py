"""The cells of a study as a table: each outcome at each point of each scenario, with interval and effect."""

import io

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv

from sim.export.csv_guard import guard_table
from sim.results.columns import column_field
from sim.study.summary import Summary


def cells(summary: Summary) -> pa.Table:
    """One row per scenario, point and outcome: settings, number of worlds, mean and effect with intervals.

    Intervals are 95 % intervals of the mean (`sim.results.intervals`); unknown values are null. The effect is the
    paired difference from the reference (see `sim.study.summary.reference_cell`).
    """
    plan, design = summary.plan, summary.design
    scenario, point, outcome = (place.reshape(-1) for place in np.indices(summary.cells.n.shape))
    columns = [
        (column_field("scenario", pa.string(), "name", "Scenario"), [plan.scenarios[s].name for s in scenario]),
        (column_field("point", pa.int32(), "id", "Point"), point.astype(np.int32)),
    ]
    columns += [
        (column_field(one.key, pa.float64(), one.unit, one.label), _known(design.values[one.key][point]))
        for one in plan.vary
    ]
    names = [summary.outcomes[o] for o in outcome]
    columns += [
        (column_field("outcome", pa.string(), "name", "Outcome"), names),
        (column_field("unit", pa.string(), "text", "Unit of the outcome"), [plan.outcome(name).unit for name in names]),
        (column_field("worlds", pa.int64(), "worlds", "Worlds with a value"), summary.cells.n.reshape(-1).astype(int)),
    ]
    cell = [summary.cell_interval(name) for name in summary.outcomes]
    effect = [summary.effect_interval(name) for name in summary.outcomes]
    for what, text, moments, ends in (
        ("", "Mean", summary.cells, cell),
        ("effect_", "Paired difference", summary.effects, effect),
    ):
        low, high = (np.stack(side, axis=-1) for side in zip(*ends, strict=True))
        for name, label, values in (
            (f"{what}mean", text, np.where(moments.n > 0, moments.mean, np.nan)),
            (f"{what}low", f"{text}: interval from", low),
            (f"{what}high", f"{text}: interval to", high),
        ):
            columns.append((column_field(name, pa.float64(), "the outcome's", label), _known(values.reshape(-1))))
    arrays = [pa.array(values, type=field.type) for field, values in columns]
    return pa.table(arrays, schema=pa.schema([field for field, _ in columns]))


def cells_csv(summary: Summary) -> str:
    """The same table as CSV, with an apostrophe before text that a spreadsheet would read as a formula."""
    sink = io.BytesIO()
    pcsv.write_csv(guard_table(cells(summary)), sink)
    return sink.getvalue().decode()


def _known(values: np.ndarray) -> pa.Array:
    """Numbers as an array with null for NaN."""
    return pa.array(values, mask=np.isnan(values))
