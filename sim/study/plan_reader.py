"""Read plans: by name from those that come with Jirga, or from a path. Invalid plans give one clear error."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sim.errors import MISSING, InputError, nearest
from sim.files.regular_file import is_file
from sim.files.toml_reader import read_toml
from sim.inputs import parameters, scenario_reader, setting_names
from sim.inputs.scenario import Scenario
from sim.schema import arguments, validation
from sim.schema.decisions import levers
from sim.study.correlation import PATH as PAIRS
from sim.study.correlation import Correlation
from sim.study.distribution import KINDS, Discrete, read_distribution
from sim.study.factor import Factor, split_key
from sim.study.own_outcome import PATH as OWN
from sim.study.plan import METHODS, MOST_VALUES, OWN_POINTS, SAMPLED, Plan, StoppingRule
from sim.study.points_reader import read_points

KEYS: Final = (
    "title", "question", "scenarios", "reference", "worlds", "seed", "assumptions", "vary", "keep",
    "own_outcomes", "until", "engine",
)  # fmt: skip
VARY_KEYS: Final = ("method", "samples", "levels", "seed", "settings", "points", "second_order", "correlations")
SETTING_KEYS: Final = (
    "values", "low", "high", "steps", "from", "until", "distribution", "mode", "mean", "sd", "weights",
)  # fmt: skip
UNTIL_KEYS: Final = ("on", "interval", "worlds_at_most")
RANGE: Final = "range"  # a setting's own range
MOST_STEPS: Final = 1000
DEFAULT_WORLDS: Final = 1000


def read_plan(source: str | Path) -> Plan:
    """Read a plan by name ("pace-of-releases") or by path ("my/study.toml").

    Scenarios are given by name, or by paths relative to the plan's folder. Raises InputError for an invalid plan, with
    the file, the dotted path, the value, what was expected and the closest valid name.
    """
    path, file = _place(source)
    tables = read_toml(path, file=file)
    try:
        return _build(tables, path.parent, file)
    except InputError as error:
        raise error.at(file=file) from None


def plan_names() -> list[str]:
    """The names of the plans that come with Jirga, in alphabetical order."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def folder() -> Path:
    """The folder of these plans: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "studies"
    return installed if installed.is_dir() else package.with_name("studies")


def _place(source: str | Path) -> tuple[Path, str]:
    """The path of a plan, and its name for messages. Raises InputError for an unknown name."""
    if not isinstance(source, str):
        source = arguments.path("source", source)
        return source, str(source)
    if source.endswith(".toml") or "/" in source or "\\" in source:
        return Path(source), str(source)
    known = plan_names()
    if source not in known:
        bounds = f"a path, or one of {', '.join(known)}"
        raise InputError("no such plan", value=source, expected=bounds, nearest=nearest(source, known))
    return folder() / f"{source}.toml", f"studies/{source}.toml"


def _build(tables: dict[str, Any], place: Path, file: str) -> Plan:
    validation.check_keys(tables, KEYS)
    validation.check_required(tables, ("title", "scenarios"), "")
    chosen = _scenarios(tables["scenarios"], place)
    given = {key: tables[key] for key in ("title", "question", "seed", "assumptions") if key in tables}
    return Plan(
        **given,
        scenarios=chosen,
        reference=tables.get("reference", chosen[0].name),
        worlds=tables.get("worlds", DEFAULT_WORLDS),
        **_vary(_table(tables, "vary", VARY_KEYS), place),
        **_keep(_table(tables, "keep", ("outcomes", "series"))),
        own_outcomes=validation.table(tables.get(OWN, {}), OWN),
        until=_until(_table(tables, "until", UNTIL_KEYS)),
        **_engine(_table(tables, "engine", ("name", "processes"))),
        file=file,
    )


def _table(tables: Mapping[str, Any], name: str, known: tuple[str, ...]) -> dict[str, Any] | None:
    """One of the file's tables, None if it is missing. Raises InputError for an unknown key in it."""
    if name not in tables:
        return None
    found = validation.table(tables[name], name)
    validation.check_keys(found, known, f"{name}.")
    return found


def _scenarios(given: Any, place: Path) -> tuple[Scenario, ...]:
    """The scenarios of a plan. Raises InputError."""
    if not isinstance(given, list):
        problem = f"must be a list of scenarios, not {validation.kind_of(given)}"
        raise InputError(problem, path="scenarios", value=given)
    if not given:
        raise InputError("is empty; at least one scenario is needed", path="scenarios", value=given)
    return tuple(_scenario(words, place, f"scenarios[{index}]") for index, words in enumerate(given))


def _scenario(words: Any, place: Path, path: str) -> Scenario:
    """A scenario by name, or by a path from the plan's folder. Raises InputError."""
    if not isinstance(words, str):
        raise InputError(f"must be a name or a path, not {validation.kind_of(words)}", path=path, value=words)
    known = scenario_reader.scenario_names()
    if words in known:
        return scenario_reader.load_scenario(words)
    if not words.endswith(".toml"):
        bounds = "a name, or the path of a .toml file from the plan's folder"
        raise InputError("no such scenario", path=path, value=words, expected=bounds, nearest=nearest(words, known))
    if not is_file(place / words):
        raise InputError("no such file", path=path, value=words)
    return scenario_reader.load_scenario(place / words)


def _vary(given: dict[str, Any] | None, place: Path) -> dict[str, Any]:
    """The fields from [vary]: the method, its samples, and the settings. Raises InputError."""
    if given is None:
        return {}
    if "points" in given:
        return _own_points(given, place)
    validation.check_required(given, ("method", "settings"), "vary")
    method = validation.with_path("vary.method", validation.choice, given["method"], METHODS)
    if method in SAMPLED:
        validation.check_required(given, ("samples",), "vary")
    names = {"samples": "samples", "levels": "levels", "seed": "sampler_seed", "second_order": "second_order"}
    found = {name: given[key] for key, name in names.items() if key in given}
    if "levels" in given and method != "morris":
        raise InputError("only morris takes levels", path="vary.levels", value=given["levels"])
    each = setting_names.flatten(validation.table(given["settings"], "vary.settings"), marks=frozenset(SETTING_KEYS))
    if not each:
        raise InputError("is empty", path="vary.settings")
    found["correlations"] = _correlations(given.get("correlations", []))
    vary = tuple(read_factor(key, one, method) for key, one in each.items())
    listed = sum(len(one.values) for one in vary)
    if listed > MOST_VALUES:
        expected = f"at most {MOST_VALUES:,}; more in a file of points"
        raise InputError(f"lists {listed:,} values", path="vary.settings", expected=expected)
    return {"method": method, "vary": vary, **found}


def _correlations(given: Any) -> tuple[Correlation, ...]:
    """The correlated pairs of [vary]. Raises InputError."""
    if not isinstance(given, list):
        raise InputError(f"must be a list of tables, not {validation.kind_of(given)}", path=PAIRS, value=given)
    for one in given:
        validation.check_keys(validation.table(one, PAIRS), ("between", "rank"), f"{PAIRS}.")
        validation.check_required(one, ("between", "rank"), PAIRS)
    return tuple(Correlation(one["between"], one["rank"]) for one in given)


def _own_points(given: dict[str, Any], place: Path) -> dict[str, Any]:
    """The fields from [vary] with the points of a CSV file beside the plan. Raises InputError."""
    for other in VARY_KEYS:
        if other in given and other not in ("method", "points"):
            raise InputError("cannot be used together with points", path=f"vary.{other}", value=given[other])
    method = given.get("method", OWN_POINTS)
    if method != OWN_POINTS:
        raise InputError("points are a list", path="vary.method", value=method, expected=f'"{OWN_POINTS}"')
    words = given["points"]
    if not isinstance(words, str) or not words.lower().endswith(".csv"):
        form = "the path of a .csv file from the plan's folder"
        raise InputError("must be the name of a file", path="vary.points", value=words, expected=form)
    if not is_file(place / words):
        raise InputError("no such file", path="vary.points", value=words)
    return {"method": OWN_POINTS, "vary": read_points(place / words)}


def read_factor(key: str, given: Any, method: str) -> Factor:
    """One setting of [vary.settings]: "range", or a table of values, or of low and high. Raises InputError."""
    if given == RANGE:
        given = {}
    if not isinstance(given, dict):
        bounds = '"range", { values = [...] } or { low = ..., high = ... }'
        raise InputError(f"must be a table, not {validation.kind_of(given)}", path=key, value=given, expected=bounds)
    validation.check_keys(given, SETTING_KEYS, f"{key}.")
    name, start, until = _days(key, given)
    if "distribution" in given:
        return _distributed(name, start, until, given)
    for part in ("mode", "mean", "sd", "weights"):
        if part in given:
            raise InputError(
                "needs a distribution", path=f"{name}.{part}", value=given[part], expected=", ".join(KINDS)
            )
    if "values" in given:
        return Factor(name, start, until, _values(name, given))
    low, high = _ends(name, given)
    ends = Factor(name, start, until, low=low, high=high)
    if "steps" in given or (method == "grid" and ends.flag):
        return _steps(ends, given.get("steps", 2), method)
    if method == "grid":
        raise InputError("a grid needs values, or steps from low to high", path=name)
    return ends


def _distributed(name: str, start: dt.date | None, until: dt.date | None, given: dict[str, Any]) -> Factor:
    """One setting with a distribution. Raises InputError."""
    try:
        found = read_distribution(given)
    except InputError as error:
        path = name if error.path is None else f"{name}.{error.path}"
        raise InputError(
            error.problem, path=path, value=error.value, expected=error.expected, nearest=error.nearest
        ) from None
    if isinstance(found, Discrete):
        return Factor(name, start, until, distribution=found)
    low, high = _ends(name, given)
    return Factor(name, start, until, low=low, high=high, distribution=found)


def _days(key: str, given: Mapping[str, Any]) -> tuple[str, dt.date | None, dt.date | None]:
    """A setting's name and days, from its key ("name@from..until") or its table. Raises InputError."""
    for part in ("from", "until"):
        if part in given:
            validation.with_path(f"{key}.{part}", validation.date, given[part])
    if "@" not in key:
        return key, given.get("from"), given.get("until")
    name, start, until = split_key(key)
    if "from" in given or "until" in given:
        raise InputError("has dates in its name and in its table: use only one of them", path=key)
    return name, start, until


def _values(name: str, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """The values of a grid or list. Raises InputError."""
    for other in ("low", "high", "steps"):
        if other in given:
            raise InputError("cannot be used together with values", path=f"{name}.{other}", value=given[other])
    found = given["values"]
    if not isinstance(found, list):
        raise InputError(f"must be a list, not {validation.kind_of(found)}", path=f"{name}.values", value=found)
    if not found:
        raise InputError("is empty", path=f"{name}.values", value=found)
    return tuple(found)


def _ends(name: str, given: Mapping[str, Any]) -> tuple[Any, Any]:
    """Low and high; if one is missing, that of the setting's own range. Raises InputError."""
    if "low" in given and "high" in given:
        return given["low"], given["high"]
    if setting_names.is_lever(name):
        low, high = levers()[name].low, levers()[name].high
    elif name not in parameters.catalogue():
        raise setting_names.unknown_setting(name, MISSING)
    else:
        known = parameters.catalogue()[name]
        own = (0, 1) if known.type == "bool" else known.range
        if own is None:
            raise InputError("has no range of its own: give low and high", path=name, expected=known.bounds)
        low, high = own
    return given.get("low", low), given.get("high", high)


def _steps(ends: Factor, steps: Any, method: str) -> Factor:
    """The same setting at evenly spaced values, both ends included. Raises InputError."""
    path = f"{ends.name}.steps"
    if method != "grid":
        raise InputError("only a grid takes steps", path=path, value=steps)
    count = int(validation.with_path(path, validation.number, steps, 2, MOST_STEPS, "steps", whole=True))
    spaced = (ends.low + (ends.high - ends.low) * step / (count - 1) for step in range(count - 1))
    found = [bool(v) if ends.flag else float(round(v)) if ends.whole else v for v in (*spaced, ends.high)]
    return Factor(ends.name, ends.start, ends.until, tuple(found))


def _keep(given: dict[str, Any] | None) -> dict[str, Any]:
    """Which outcomes and series to keep. Raises InputError."""
    if given is not None and given.get("outcomes") == []:
        raise InputError("is empty; leave it out to keep all outcomes", path="keep.outcomes", value=[])
    return given or {}


def _until(given: dict[str, Any] | None) -> StoppingRule | None:
    if given is None:
        return None
    validation.check_required(given, UNTIL_KEYS, "until")
    return StoppingRule(**given)


def _engine(given: dict[str, Any] | None) -> dict[str, Any]:
    return {} if given is None else {{"name": "engine"}.get(key, key): value for key, value in given.items()}
