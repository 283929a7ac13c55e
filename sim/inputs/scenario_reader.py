"""Reading scenarios: by name from those included in the package, from a path, from standard input or from text.

A file lists differences from its base, another scenario given by name; this module follows the chain of bases.
"""

import datetime as dt
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

from sim.errors import InputError, nearest
from sim.files.regular_file import is_file
from sim.files.toml_reader import LARGEST, parse_toml, read_toml
from sim.inputs import setting_names
from sim.inputs.intervention import Intervention, check_inside, check_no_overlap, sort_interventions
from sim.inputs.mechanisms import named, neutral_settings
from sim.inputs.scenario import Scenario, check_days, check_run
from sim.schema import arguments, validation

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
LONGEST_CHAIN: Final = 16  # largest number of bases
KEYS: Final = (
    "title", "question", "rests_on", "base", "watch", "notes", "start", "end", "free", "without", "set",
    "interventions", "run",
)  # fmt: skip
INTERVENTION_KEYS: Final = ("lever", "value", "from", "until", "why", "source")


class Readable(Protocol):
    """Anything with text or bytes to read: an open file, `io.StringIO`, an upload."""

    def read(self, size: int = -1, /) -> Any:
        """Return at most so many characters or bytes."""


@dataclass(frozen=True)
class _Place:
    """Where a scenario was read: the name of its file for errors, its own name, and the chain of files up to it."""

    file: str
    name: str
    chain: tuple[Path, ...] = ()  # empty for text that is not from a file


def load_scenario(source: str | Path | Readable) -> Scenario:
    """Return a scenario by name ("baseline"), by path ("my/plan.toml"), from "-" (standard input) or an open file.

    Raises InputError, with the file, the dotted path, the value, the bounds and the nearest right name, for any
    invalid input. Nothing is run or written.
    """
    if isinstance(source, os.PathLike):
        path = arguments.path("source", source)
        return _load(path, str(path))
    if not isinstance(source, str):
        return parse_scenario(_content(source), file=str(getattr(source, "name", "text")))
    if source == "-":
        return parse_scenario(getattr(sys.stdin, "buffer", sys.stdin).read(LARGEST + 1), file="standard input")
    if source in scenario_names():
        return _load(*_shipped(source))
    if source.endswith(".toml") or "/" in source or "\\" in source:
        return _load(Path(source), source)
    known = scenario_names()
    raise InputError("no such scenario", value=source, expected="a name, a path or -", nearest=nearest(source, known))


def _content(source: Any) -> str | bytes:
    """Return what an open file contains, at most one character more than allowed. Raises InputError."""
    expected = "a name, a path, - or an open file"
    if not callable(getattr(source, "read", None)):
        problem = f"must be the name of a scenario, a path or an open file, not {validation.kind_of(source)}"
        raise InputError(problem, path="source", value=source, expected=expected)
    try:
        content = source.read(LARGEST + 1)
    except (OSError, ValueError, TypeError) as error:  # closed, opened to write, or not a file at all
        raise InputError(f"cannot be read: {error}", path="source", value=source, expected=expected) from error
    if not isinstance(content, str | bytes):
        raise InputError("gives neither text nor bytes", path="source", value=content, expected=expected)
    return content


def parse_scenario(content: str | bytes, *, file: str = "text", name: str = "") -> Scenario:
    """Return a scenario from the text of a file. file: its name in errors. Raises InputError."""
    if not isinstance(content, str | bytes):
        raise InputError(f"must be text or bytes, not {validation.kind_of(content)}", path="content", value=content)
    return _build(parse_toml(content, file=file), _Place(file, name))


def scenario_names() -> list[str]:
    """Return the names of the scenarios included in the package, in alphabetical order."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def folder() -> Path:
    """Return the folder of the included scenarios: inside the package once installed, next to it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "scenarios"
    return installed if installed.is_dir() else package.with_name("scenarios")


def _shipped(name: str) -> tuple[Path, str]:
    """Return the path of an included scenario, and its name in errors."""
    return folder() / f"{name}.toml", f"scenarios/{name}.toml"


def _load(path: Path, file: str, chain: tuple[Path, ...] = ()) -> Scenario:
    name = path.stem.encode(errors="replace").decode()  # it need not be UTF-8
    return _build(read_toml(path, file=file), _Place(file, name, (*chain, path.resolve())))


def _build(tables: dict[str, Any], place: _Place) -> Scenario:
    """Return the scenario that results from a file's tables and its base."""
    try:
        validation.check_keys(tables, KEYS)
        validation.check_required(tables, ("title",), "")
        base = _base(tables["base"], place) if "base" in tables else Scenario("no base")
        return _on(base, tables, place)
    except InputError as error:
        raise error.at(file=place.file) from None


def _on(base: Scenario, tables: dict[str, Any], place: _Place) -> Scenario:
    start, end = tables.get("start", base.start), tables.get("end", base.end)
    check_days(start, end)
    given = _settings(tables.get("set", {}))
    own = _own(tables.get("interventions", []), given, start, end)
    freed = _freed(tables.get("free", []), base, {one.lever for one in own})
    replaced = freed | {one.lever for one in own}
    kept = [one.clip(start, end) for one in base.interventions if one.lever not in replaced]
    found = Scenario(
        title=tables["title"],
        start=start,
        end=end,
        parameters={**base.parameters, **{n: v for n, v in given.items() if not setting_names.is_lever(n)}},
        interventions=tuple([one for one in kept if one] + own),
        question=_worded(tables, "question"),
        rests_on=tables.get("rests_on", base.rests_on),
        watch=tables.get("watch", base.watch),
        notes=_worded(tables, "notes"),
        run={**base.run, **check_run(validation.table(tables.get("run", {}), "run"))},
        name=place.name,
        base=tables.get("base", ""),
        file=place.file,
    )
    off = neutral_settings(found, named(tables.get("without", [])))
    return replace(found, parameters={**found.parameters, **off}) if off else found


def _base(name: Any, place: _Place) -> Scenario:
    """Return the base by name: an included scenario, else one in the file's own folder. Raises InputError."""
    known = scenario_names()
    if not isinstance(name, str):
        raise InputError(f"must be the name of a scenario, not {validation.kind_of(name)}", path="base", value=name)
    if not NAME.fullmatch(name):
        hint = nearest(re.split(r"[/\\]", name)[-1].removesuffix(".toml"), known)
        raise InputError("must be the name of a scenario, not a path", path="base", value=name, nearest=hint)
    path, file = _shipped(name) if name in known else _beside(name, place)
    if path.resolve() in place.chain or len(place.chain) >= LONGEST_CHAIN:
        around = " -> ".join([*(before.stem for before in place.chain), name])
        raise InputError(f"circular or overlong base chain: {around}", path="base", value=name)
    return _load(path, file, place.chain)


def _beside(name: str, place: _Place) -> tuple[Path, str]:
    """Return a scenario in the same folder as the file that names it. Raises InputError if there is none."""
    for own in place.chain[-1:]:
        path = own.with_name(f"{name}.toml")
        if is_file(path):
            return path, str(Path(place.file).with_name(path.name))
    raise InputError("no such scenario", path="base", value=name, nearest=nearest(name, scenario_names()))


def _settings(tables: Any) -> dict[str, Any]:
    """Return the settings under [set], by dotted name, each value checked."""
    return {
        name: setting_names.validate(name, value)
        for name, value in setting_names.flatten(validation.table(tables, "set")).items()
    }


def _own(tables: Any, given: Mapping[str, Any], start: dt.date, end: dt.date) -> list[Intervention]:
    """Return the file's own interventions and levers set for the whole run, none overlapping. Raises InputError."""
    if not isinstance(tables, list):
        raise InputError(f"must be [[interventions]], not {validation.kind_of(tables)}", path="interventions")
    found = [Intervention(name, value) for name, value in given.items() if setting_names.is_lever(name)]
    places = {}
    for index, table in enumerate(tables):
        path = f"interventions[{index}]"
        one = _intervention(table, path)
        try:
            check_inside(one, start, end)
        except InputError as error:
            raise _placed(error, path, one.lever) from None
        places[id(one)] = path
        found.append(one)
    _check_apart(found, places, start, end)
    return found


def _check_apart(found: list[Intervention], places: Mapping[int, str], start: dt.date, end: dt.date) -> None:
    """Raise InputError, with the path in the file, for an intervention that overlaps another on its lever."""
    in_order = sort_interventions(found, start, end)
    for pair in pairwise(in_order):
        try:
            check_no_overlap(pair, start, end)
        except InputError as error:
            one, other = pair
            raise _placed(error, places.get(id(other)) or places[id(one)], other.lever) from None


def _intervention(table: Any, path: str) -> Intervention:
    """Return the intervention of one table of [[interventions]]. Raises InputError with its path."""
    validation.check_keys(validation.table(table, path), INTERVENTION_KEYS, f"{path}.")
    validation.check_required(table, ("lever", "value"), path)
    lever = table["lever"]
    if not isinstance(lever, str):
        raise InputError(f"must be a lever's name, not {validation.kind_of(lever)}", path=f"{path}.lever", value=lever)
    for key in ("from", "until"):
        if key in table:
            _checked_date(table[key], f"{path}.{key}", lever)
    words = {key: _worded(table, key, path) for key in ("why", "source")}
    try:
        return Intervention(lever, table["value"], table.get("from"), table.get("until"), **words)
    except InputError as error:
        raise _placed(error, path, lever) from None


def _checked_date(day: Any, path: str, lever: str) -> None:
    try:
        validation.date(day)
    except InputError as error:
        raise _placed(error, path, lever) from None


def _placed(error: InputError, path: str, lever: str) -> InputError:
    """Return an error of an intervention, with its path in the file and its lever."""
    where = f"{path} ({lever})"
    return InputError(error.problem, path=where, value=error.value, expected=error.expected, nearest=error.nearest)


def _freed(names: Any, base: Scenario, own: set[str]) -> set[str]:
    """Return the base's levers that a file leaves to the actors again. Raises InputError."""
    if not isinstance(names, list):
        raise InputError(f"must be a list of levers, not {validation.kind_of(names)}", path="free", value=names)
    imposed = list(dict.fromkeys(one.lever for one in base.interventions))
    for name in names:
        if not isinstance(name, str) or name not in imposed:
            hint = nearest(name, imposed) if isinstance(name, str) else None
            raise InputError("is not a lever that the base imposes", path="free", value=name, nearest=hint)
        if name in own:
            raise InputError("is both freed and imposed", path="free", value=name)
    if len(set(names)) < len(names):
        raise InputError("contains a duplicate", path="free", value=next(n for n in names if names.count(n) > 1))
    return set(names)


def _worded(tables: Mapping[str, Any], key: str, path: str = "") -> str:
    """Return optional text, which must not be empty when given."""
    given = tables.get(key, "")
    if not isinstance(given, str) or (key in tables and not given.strip()):
        problem = "empty" if isinstance(given, str) else f"must be text, not {validation.kind_of(given)}"
        raise InputError(problem, path=f"{path}.{key}".lstrip("."), value=given)
    return given
