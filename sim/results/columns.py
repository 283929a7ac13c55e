"""Columns of an Arrow table, with unit and label in the field's metadata."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.schema.outcomes import DAY, OUTCOMES, REACHED

Array = npt.NDArray[Any]


def column_field(name: str, kind: pa.DataType, unit: str, label: str) -> pa.Field:
    """Return a field with its unit and label in the metadata."""
    return pa.field(name, kind, metadata={"unit": unit, "label": label})


def outcome_column(name: str, values: Array) -> tuple[pa.Field, Any]:
    """Return an outcome's column: boolean for a milestone reached, a whole number or null for its day, else float64."""
    outcome = OUTCOMES[name]
    if name.startswith(REACHED):
        return column_field(name, pa.bool_(), "yes/no", outcome.label), values > 0
    if name.startswith(DAY):
        never = np.isnan(values)
        days = np.where(never, 0, values).astype(np.int16)
        return column_field(name, pa.int16(), outcome.unit, outcome.label), pa.array(days, mask=never)
    return column_field(name, pa.float64(), outcome.unit, outcome.label), values
