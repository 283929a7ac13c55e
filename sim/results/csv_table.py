"""Reading a small CSV table strictly: as text, with the line of each row, and one clear error for the first mistake.

A byte order mark is allowed. Where the first line has a semicolon, columns are set apart by semicolons and numbers may
have decimal commas, as spreadsheets write them in much of Europe.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.files.regular_file import get
from sim.schema import validation
from sim.schema.validation import Scalar


@dataclass(frozen=True)
class CsvTable:
    """columns: names as they stand, different; rows: line and cells, without blank lines; decimal_comma: of numbers."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    decimal_comma: bool

    def number(self, cell: str) -> Scalar:
        """Return a cell as the value that it stands for, a number if it is one; anything else stays text."""
        found = validation.parse_scalar(cell.replace(",", ".") if self.decimal_comma else cell)
        return cell if isinstance(found, str) else found


def read_csv_table(file: Path, largest: int) -> CsvTable:
    """Return the table of a file. largest: bytes.

    Raises InputError, with the line but without the file, for what cannot be read as UTF-8 text or as CSV, for an empty
    file, for a column named twice, and for a row with more or fewer cells than columns.
    """
    text = _text(file, largest)
    separator = ";" if ";" in text.partition("\n")[0] else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = tuple(name.strip() for name in next(lines))
        rows = tuple(_row(lines, cells, columns) for cells in lines if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise InputError(f"not valid CSV: {error}", path=f"line {lines.line_num}") from None
    for name in columns:
        if columns.count(name) > 1:
            raise InputError("names a column twice", path="line 1", value=name)
    return CsvTable(columns, rows, separator == ";")


def _row(lines: Any, cells: list[str], columns: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Return a row with its line. Raises InputError for too many or too few cells."""
    line = int(lines.line_num)
    if len(cells) != len(columns):
        raise InputError(f"has {len(cells)} cells, but line 1 has {len(columns)} columns", path=f"line {line}")
    return line, tuple(cell.strip() for cell in cells)


def _text(file: Path, largest: int) -> str:
    """Return the text of a file. Raises InputError as the reader of TOML does."""
    try:
        if not file.is_file():
            raise InputError("is a folder or a device, not a file" if file.exists() else "no such file")
        content = get(file)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}") from error
    if len(content) > largest:
        raise InputError("too large", expected=f"at most {largest // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text: byte {error.start} cannot be decoded") from error
    if not text.strip():
        raise InputError("empty")
    if "\0" in text:
        raise InputError("binary, not CSV text")
    return text
