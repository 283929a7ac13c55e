"""Columns of an Arrow table, with unit and label in the field's metadata; numbers from NumPy to Arrow and back.

PyArrow's own conversions import pandas, which takes longer than everything else that a command about a study imports.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sim.schema.outcomes import DAY, DAYS_UNTIL, OUTCOMES, REACHED, Outcome

Array = npt.NDArray[Any]


def column_field(name: str, kind: pa.DataType, unit: str, label: str) -> pa.Field:
    """Return a field with its unit and label in the metadata."""
    return pa.field(name, kind, metadata={"unit": unit, "label": label})


def outcome_field(given: str | Outcome) -> pa.Field:
    """Return the field of an outcome, by its name or record.

    It is boolean for a milestone reached, a whole number for its days, else float64.

    Days are 32 bits wide, because programs that read a table compute in its types: the square of a day needs 17.
    """
    outcome = given if isinstance(given, Outcome) else OUTCOMES[given]
    name = outcome.name
    if name.startswith(REACHED):
        return column_field(name, pa.bool_(), "yes/no", outcome.label)
    days = name.startswith((DAY, DAYS_UNTIL))
    return column_field(name, pa.int32() if days else pa.float64(), outcome.unit, outcome.label)


def outcome_column(name: str, values: Array) -> tuple[pa.Field, Any]:
    """Return an outcome's field and its column, in which the day of a milestone that is not reached is null."""
    if name.startswith(REACHED):
        return outcome_field(name), values > 0
    if name.startswith(DAY):
        never = np.isnan(values)
        return outcome_field(name), pa.array(np.where(never, 0, values).astype(np.int32), mask=never)
    if name.startswith(DAYS_UNTIL):
        return outcome_field(name), values.astype(np.int32)
    return outcome_field(name), values


def numbers_to_arrow(values: Array) -> pa.Array:
    """Return an array of numbers, (rows,), as an Arrow array without nulls, of the same type."""
    return pa.Array.from_buffers(
        pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))]
    )


def arrow_to_numbers(column: pa.ChunkedArray) -> Array:
    """Return a column of numbers as an array, (rows,). Raises pa.ArrowInvalid for nulls and for what is no number."""
    kind = column.type
    if column.null_count or not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise pa.ArrowInvalid(f"{column.null_count} nulls in a column of {kind}")
    dtype = np.dtype(f"{_letter(kind)}{kind.bit_width // 8}")
    filled = [one for one in column.chunks if len(one)]
    parts = [np.frombuffer(one.buffers()[1], dtype, len(one), one.offset * dtype.itemsize) for one in filled]
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _letter(kind: pa.DataType) -> str:
    """Return NumPy's letter for a type of numbers."""
    if pa.types.is_floating(kind):
        return "f"
    return "i" if pa.types.is_signed_integer(kind) else "u"
