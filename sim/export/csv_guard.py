"""CSV cells that no spreadsheet runs as a formula.

A cell that begins with one of FORMULA_STARTS gets an apostrophe before it, which spreadsheets read as "this is text"
(OWASP, "CSV Injection"). Only text is changed: a number keeps its sign.
"""

import re
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_PATTERN: Final = f"^[{re.escape(''.join(FORMULA_STARTS))}]"  # for Arrow, which knows no startswith with many texts


def guard_text(text: str) -> str:
    """Return the text for one cell, with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def guard_cell(value: Any) -> Any:
    """Return the value for one cell: text guarded, anything else as it is."""
    return guard_text(value) if isinstance(value, str) else value


def guard_table(table: pa.Table) -> pa.Table:
    """Return the table with every column of text guarded."""
    for i, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(i)
            risky = pc.match_substring_regex(column, _PATTERN)
            quoted = pc.binary_join_element_wise(pa.scalar("'", field.type), column, pa.scalar("", field.type))
            table = table.set_column(i, field, pc.if_else(risky, quoted, column))
    return table


def comma_table(table: pa.Table) -> pa.Table:
    """Return the table with every number that is not whole as text with a decimal comma; unknown ones stay unknown."""
    for i, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            words = pc.replace_substring(pc.cast(table.column(i), pa.string()), ".", ",")
            table = table.set_column(i, pa.field(field.name, pa.string(), metadata=field.metadata), words)
    return table
