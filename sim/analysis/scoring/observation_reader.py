"""Files of observations, TOML or CSV: strict reading, and one clear error for the first mistake."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.analysis.scoring.contradictions import check_consistent
from sim.analysis.scoring.observation import KEYS, Observation, read_observation
from sim.errors import InputError, nearest
from sim.files.toml_reader import LARGEST, read_toml
from sim.results.csv_table import CsvTable, read_csv_table
from sim.schema import arguments, validation

EXAMPLE: Final = Path(__file__).with_name("invented.toml")  # shipped; its numbers are invented
MOST: Final = 1000  # observations in one file
LONGEST: Final = 200  # characters of a title
TOML_KEYS: Final = ("title", "notes", "observations")
_DATES: Final = ("date", "from", "until")
_NUMBERS: Final = ("value", "low", "high")


@dataclass(frozen=True)
class Observations:
    """The observations of one file, in its order, without contradictions. file: None if they were not read from one."""

    title: str
    rows: tuple[Observation, ...]
    file: str | None = None

    def __len__(self) -> int:
        """The number of observations."""
        return len(self.rows)


def read_observations(path: str | Path) -> Observations:
    """Return the observations of a TOML or CSV file (docs/score.md has both forms).

    Raises InputError, with the file and the number of the observation, for what is no such file, an unknown outcome,
    unit or key, a wrong, missing or contradictory value, and a day before 15 April 2020.
    """
    file = arguments.path("file", path)
    ending = file.suffix.lower()
    if ending not in (".toml", ".csv"):
        raise InputError("must be a .toml or a .csv file", file=file)
    try:
        title, entries = _from_toml(file) if ending == ".toml" else _from_csv(file)
        rows = tuple(_read(place, entry) for place, entry in entries)
        check_consistent(rows)
    except InputError as error:
        raise error.at(file=file) from None
    return Observations(title, rows, str(file))


def _read(place: str, entry: Any) -> Observation:
    """Return one observation. Raises InputError whose path begins with its place."""
    try:
        return read_observation(entry)
    except InputError as error:
        path = place if error.path in (None, "observation") else f"{place}.{error.path}"
        raise InputError(
            error.problem, path=path, value=error.value, expected=error.expected, nearest=error.nearest
        ) from None


def _from_toml(file: Path) -> tuple[str, list[tuple[str, Any]]]:
    """Return the title and the entries of a TOML file, each with its place. Raises InputError."""
    tables = read_toml(file)
    validation.check_keys(tables, TOML_KEYS)
    validation.check_required(tables, ("title", "observations"), "file")
    title = validation.with_path("title", validation.text, tables["title"], LONGEST)
    validation.with_path("notes", validation.optional_text, tables.get("notes", ""), 10 * LONGEST, lines=True)
    given = tables["observations"]
    if not isinstance(given, list):
        problem = f"must be a list of tables, [[observations]], not {validation.kind_of(given)}"
        raise InputError(problem, path="observations")
    return title, _numbered("observations", given)


def _numbered(what: str, given: Iterable[Any], first: int = 1) -> list[tuple[str, Any]]:
    """Return entries with their places, "observations 3". Raises InputError for none and for too many."""
    found = [(f"{what} {number}", entry) for number, entry in enumerate(given, first)]
    if not 1 <= len(found) <= MOST:
        problem = "too many observations" if found else "has no observations"
        raise InputError(problem, path=what, expected=f"1 to {MOST:,}")
    return found


def _from_csv(file: Path) -> tuple[str, list[tuple[str, Any]]]:
    """Return the file's name as the title, and its rows with their lines. Raises InputError."""
    table = read_csv_table(file, LARGEST)
    for name in table.columns:
        if name not in KEYS:
            raise InputError("no such column", path="line 1", value=name, nearest=nearest(name, KEYS))
    _numbered("lines", table.rows)
    return file.stem, [(f"line {line}", _entry(table, cells)) for line, cells in table.rows]


def _entry(table: CsvTable, cells: Sequence[str]) -> dict[str, Any]:
    """Return a line as keys and values, without empty cells."""
    return {name: _value(table, name, cell) for name, cell in zip(table.columns, cells, strict=True) if cell}


def _value(table: CsvTable, name: str, cell: str) -> Any:
    """Return a cell as the value that TOML would have; text that is no date or number stays text."""
    if name not in (*_DATES, *_NUMBERS):
        return cell
    found = table.number(cell) if name in _NUMBERS else validation.parse_scalar(cell)
    return int(found) if isinstance(found, float) and found.is_integer() else found
