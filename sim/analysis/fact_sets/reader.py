"""Files of alternative facts: strict reading, and one clear error for the first mistake.

A file replaces figures of the text, or the tolerance with which they must be met:

    title = "The government's count of attacks"
    operations = "killed"                # optional: the other reading of S6, "operations" or "killed"

    [facts.attacks_2020]                 # a count
    value = 2804
    unit = "attacks"
    from = 2020-03-01                    # optional, for a count of other days than the window's 45
    until = 2020-04-20                   # the first day that is not counted
    tolerance = [0.0, 0.1]               # optional: below and above, as shares of the value; one number for both
    source = "Afghan government, 2020"

    [facts.coalition_spared]             # a statement, held in at least and at most these shares of the worlds
    share = [0.9, 1.0]
    source = "own judgement"
"""

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any, Final

from sim.analysis.fact_sets.fact_set import OPERATIONS, STANDARD, TEXT, Bounds, FactSet, Replaced
from sim.errors import InputError, nearest
from sim.files.toml_reader import read_toml
from sim.inputs.facts import facts
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.schema import arguments, validation
from sim.schema.frozen_map import FrozenMap

FOLDER: Final = Path(__file__).parent
ENDING: Final = ".toml"
KEYS: Final = ("title", "notes", "operations", "facts")
COUNT_KEYS: Final = ("value", "unit", "from", "until", "tolerance", "source")
SHARE_KEYS: Final = ("share", "source")
COUNTS: Final = {  # facts that are figures, with the least and the largest value
    "attacks_2020": (1, 1_000_000),
    "attacks_rise": (-0.9, 9.0),
    "security_forces_killed_2020": (1, 100_000),
    "security_forces_killed_2019": (1, 100_000),
    "operations_2019": (1, 100_000),
}
WINDOW_COUNTS: Final = ("attacks_2020", "security_forces_killed_2020")  # may cover other days than the window
SHARES: Final = (  # facts that must hold in enough of the worlds
    "coalition_spared", "talks_planned", "prisoners_demanded", "release_put_off", "division_hinders_talks",
)  # fmt: skip
KNOWN: Final = (*COUNTS, *SHARES)
LONGEST: Final = 120  # characters of a title or a source
WIDEST: Final = 0.5  # tolerance on one side, as a share of the value
NARROWEST: Final = 0.01  # of both sides together
_KILLED: Final = ("killed", "people")  # the other reading of S6, and its unit


@cache
def fact_set_names() -> tuple[str, ...]:
    """Return the names of the sets that come with Jirga, the text's own first."""
    return (STANDARD, *sorted(path.stem for path in FOLDER.glob(f"*{ENDING}")))


def read_fact_set(source: str | Path) -> FactSet:
    """Return a set of facts, by the name of one that comes with Jirga or from a .toml file.

    Raises InputError, with file and path, for an unknown name or file, an unknown, missing or wrong entry, figures
    that contradict each other or the model's other numbers, and a set that replaces nothing.
    """
    given = arguments.path("facts", source)
    if given.suffix.lower() != ENDING:
        if str(source) == STANDARD:
            return TEXT
        name = arguments.word("facts", str(source), (*fact_set_names(), f"a file FILE{ENDING}"))
        return _read(name, FOLDER / f"{name}{ENDING}")
    return _read(given.name, given)  # with its ending: no name of a set that comes with Jirga


def _read(name: str, file: Path) -> FactSet:
    try:
        found = _fact_set(name, read_toml(file))
        _check_derived(found)
    except InputError as error:
        raise error.at(file=file) from None
    return found


def _fact_set(name: str, tables: dict[str, Any]) -> FactSet:
    validation.check_keys(tables, KEYS)
    validation.check_required(tables, ("title",), "")
    title = validation.with_path("title", validation.text, tables["title"], LONGEST)
    validation.with_path("notes", validation.optional_text, tables.get("notes", ""), 10 * LONGEST, lines=True)
    operations = None
    if "operations" in tables:
        choices = catalogue()[OPERATIONS].choices
        operations = validation.with_path("operations", validation.choice, tables["operations"], choices)
        operations = None if operations == catalogue()[OPERATIONS].value else operations
    given = validation.table(tables.get("facts", {}), "facts")
    replaced = {fact: _replaced(fact, one, operations) for fact, one in given.items()}
    found = FactSet(name, title, FrozenMap(replaced), operations)
    if found.standard:
        raise InputError("replaces nothing: give facts, or operations", path="facts", expected=_one_of(KNOWN))
    return found


def _replaced(name: str, given: Any, operations: str | None) -> Replaced:
    """Return what replaces one fact. Raises InputError."""
    path = f"facts.{name}"
    if name not in KNOWN:
        raise InputError(_unknown(name), path=path, expected=_one_of(KNOWN), nearest=nearest(name, KNOWN))
    table = validation.table(given, path)
    keys = COUNT_KEYS if name in COUNTS else SHARE_KEYS
    for key in table:
        if key not in keys:
            other = key in (*COUNT_KEYS, *SHARE_KEYS)
            problem = f"is not a key of this fact, which is {'a figure' if name in COUNTS else 'a statement'}"
            raise InputError(
                problem if other else "no such key", path=f"{path}.{key}", value=table[key],
                expected=_one_of(keys), nearest=None if other else nearest(key, keys),
            )  # fmt: skip
    validation.check_required(table, ("source",) if name in COUNTS else SHARE_KEYS, path)
    source = validation.with_path(f"{path}.source", validation.text, table["source"], LONGEST)
    if name in SHARES:
        return Replaced(source, share=_pair(f"{path}.share", table["share"], 1.0))
    if "value" not in table and "tolerance" not in table:
        raise InputError("replaces nothing: give value, tolerance or both", path=path)
    return Replaced(source, _value(name, path, table, operations), _factors(path, table))


def _unknown(name: str) -> str:
    """Return why a fact cannot be replaced."""
    if name not in facts():
        return "no such fact"
    return "is a fact that no check of the window measures, or that the scenarios impose: it cannot be replaced"


def _one_of(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _value(name: str, path: str, table: dict[str, Any], operations: str | None) -> float | None:
    """Return the figure for the window's days; None if there is none. Raises InputError."""
    if "value" not in table:
        for key in ("unit", "from", "until"):
            if key in table:
                raise InputError("is not used without a value", path=f"{path}.{key}", value=table[key])
        return None
    validation.check_required(table, ("unit",), path)
    unit = _KILLED[1] if name == "operations_2019" and operations == _KILLED[0] else facts()[name].unit
    if table["unit"] != unit:
        raise InputError(f"is not the unit of {name}", path=f"{path}.unit", value=table["unit"], expected=unit)
    low, high = COUNTS[name]
    value: float = validation.with_path(
        f"{path}.value", validation.number, table["value"], low, high, unit, whole=isinstance(low, int)
    )
    days = _days(name, path, table)
    return float(value) if days is None else value / days * int(TEXT.value("window_days"))


def _days(name: str, path: str, table: dict[str, Any]) -> int | None:
    """Return the number of days that a count covers, None for those of the window. Raises InputError."""
    given = [key for key in ("from", "until") if key in table]
    if not given:
        return None
    if name not in WINDOW_COUNTS:
        raise InputError(f"is only for {' and '.join(WINDOW_COUNTS)}", path=f"{path}.{given[0]}", value=table[given[0]])
    validation.check_required(table, ("from", "until"), path)
    first, last = counted_days()
    start = validation.with_path(f"{path}.from", validation.date, table["from"], first, last)
    until = validation.with_path(f"{path}.until", validation.date, table["until"], first, last)
    if until <= start:
        raise InputError(f"must be after from, {start}", path=f"{path}.until", value=until)
    return int((until - start).days)


def counted_days() -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a count: the longest on record, which ends soon after the window.

    What came later is for `jirga score`, never for calibration.
    """
    start: dt.date = TEXT.value("window_start")
    return start, start + dt.timedelta(days=TEXT.value("attacks_2020_government_days"))


def _factors(path: str, table: dict[str, Any]) -> Bounds | None:
    """Return the bounds of a count as multiples of the figure; None for the text's own. Raises InputError."""
    if "tolerance" not in table:
        return None
    given, key = table["tolerance"], f"{path}.tolerance"
    expected = (0, WIDEST, "of the value")
    sides = given if isinstance(given, list) else [given, given]
    if len(sides) != 2:  # noqa: PLR2004  below and above
        raise InputError("must be one number, or two: below and above", path=key, value=given)
    below, above = (validation.with_path(key, validation.number, one, *expected) for one in sides)
    if below + above < NARROWEST:
        problem = f"is too narrow for a median of worlds: both sides together must be at least {NARROWEST}"
        raise InputError(problem, path=key, value=given)
    return 1 - below, 1 + above


def _pair(path: str, given: Any, most: float) -> Bounds:
    """Return two numbers from 0 to `most`, the lower first. Raises InputError."""
    if not isinstance(given, list) or len(given) != 2:  # noqa: PLR2004  low and high
        raise InputError(
            "must be two numbers: at least and at most", path=path, value=given, expected=(0, most, "of the worlds")
        )
    low, high = (validation.with_path(path, validation.number, one, 0, most, "of the worlds") for one in given)
    if low > high:
        raise InputError(f"contradicts itself: at least {low:g} and at most {high:g}", path=path)
    return low, high


def _check_derived(found: FactSet) -> None:
    """Raise InputError if what follows from the figures is out of its bounds with typical assumptions."""
    try:
        found.derived({}, found.scenario(Scenario("facts")), 1)
    except InputError as error:
        problem = f"contradict the model's other numbers: {error.path} would be {error.value}"
        names = ", ".join(found.values)
        raise InputError(problem, path=f"facts.{names}", expected=error.expected) from None
