"""Write a plan as complete files: the plan, and its scenarios in a folder beside it."""

from typing import Any, Final

from sim.files.file_names import check_file_name
from sim.files.toml_writer import inline_table, write_toml
from sim.study.factor import Factor
from sim.study.own_outcome import PATH as OWN
from sim.study.plan import MOST_VALUES, OWN_POINTS, SAMPLED, Plan
from sim.study.points_reader import write_points

PLAN: Final = "study.toml"
SCENARIOS: Final = "scenarios"
POINTS: Final = "points.csv"


def write_plan(plan: Plan) -> dict[str, str]:
    """The text of each file by path; `read_plan` reads an equal plan.

    They are `study.toml`, each `scenarios/<name>.toml`, and `points.csv` for a list that is too long for the first.

    Raises InputError for a scenario whose name cannot be a file's on every system.
    """
    texts = {PLAN: write_toml(_head(plan) | _vary(plan) | _rest(plan))}
    if _apart(plan):
        texts[POINTS] = write_points(plan.vary)
    return texts | {_path(one.name): one.to_toml() for one in plan.scenarios}


def _path(name: str) -> str:
    check_file_name(name, "scenarios")
    return f"{SCENARIOS}/{name}.toml"


def _head(plan: Plan) -> dict[str, Any]:
    words = {key: getattr(plan, key) for key in ("title", "question") if getattr(plan, key)}
    paths = {"scenarios": [_path(one.name) for one in plan.scenarios]}
    return words | paths | {key: getattr(plan, key) for key in ("reference", "worlds", "seed", "assumptions")}


def _vary(plan: Plan) -> dict[str, Any]:
    """The method with its sizes, and every setting that is varied; nothing where none is."""
    if not plan.vary:
        return {}
    if _apart(plan):
        return {"vary": {"method": plan.method, "points": POINTS}}
    found: dict[str, Any] = {"method": plan.method}
    if plan.method in SAMPLED:
        found |= {"samples": plan.samples, "seed": plan.sampler_seed}
    if plan.method == "morris":
        found["levels"] = plan.levels
    if plan.second_order:
        found["second_order"] = True
    if plan.correlations:
        found["correlations"] = [inline_table(one.canonical()) for one in plan.correlations]
    return {"vary": found | {"settings": {one.key: inline_table(_tried(one)) for one in plan.vary}}}


def _apart(plan: Plan) -> bool:
    """Whether the points are a file of their own: a list that is too long for the plan's file."""
    return plan.method == OWN_POINTS and sum(len(one.values) for one in plan.vary) > MOST_VALUES


def _tried(one: Factor) -> dict[str, Any]:
    return {key: value for key, value in one.canonical().items() if key not in ("name", "from", "until")}


def _rest(plan: Plan) -> dict[str, Any]:
    """The tables [keep], [own_outcomes], [until] and [engine]."""
    found: dict[str, Any] = {"keep": {"outcomes": list(plan.outcomes), "series": list(plan.series)}}
    if plan.own:
        found[OWN] = {one.name: one.expression.text for one in plan.own}
    if plan.until:
        found["until"] = {key: getattr(plan.until, key) for key in ("on", "interval", "worlds_at_most")}
    processes = {} if plan.processes is None else {"processes": plan.processes}
    return found | {"engine": {"name": plan.engine} | processes}
