"""Write a plan as complete files: the plan, and its scenarios in a folder beside it."""

from collections.abc import Iterator
from typing import Final

from sim.files.file_names import check_file_name
from sim.schema.validation import format_scalar
from sim.study.factor import Factor
from sim.study.plan import SAMPLED, Plan

PLAN: Final = "study.toml"
SCENARIOS: Final = "scenarios"


def write_plan(plan: Plan) -> dict[str, str]:
    """The text of `study.toml` and of each `scenarios/<name>.toml`, by path; `read_plan` reads an equal plan.

    Raises InputError for a scenario whose name cannot be a file's on every system.
    """
    texts = {PLAN: "\n".join([*_head(plan), *_vary(plan), *_rest(plan)]) + "\n"}
    return texts | {_path(one.name): one.to_toml() for one in plan.scenarios}


def _path(name: str) -> str:
    check_file_name(name, "scenarios")
    return f"{SCENARIOS}/{name}.toml"


def _names(names: tuple[str, ...]) -> str:
    return f"[{', '.join(format_scalar(name) for name in names)}]"


def _head(plan: Plan) -> Iterator[str]:
    yield f"title = {format_scalar(plan.title)}"
    if plan.question:
        yield f"question = {format_scalar(plan.question)}"
    yield f"scenarios = {_names(tuple(_path(one.name) for one in plan.scenarios))}"
    yield from (
        f"{key} = {format_scalar(getattr(plan, key))}" for key in ("reference", "worlds", "seed", "assumptions")
    )


def _vary(plan: Plan) -> Iterator[str]:
    if not plan.vary:
        return
    yield f"\n[vary]\nmethod = {format_scalar(plan.method)}"
    if plan.method in SAMPLED:
        yield f"samples = {plan.samples}\nseed = {plan.sampler_seed}"
    if plan.method == "morris":
        yield f"levels = {plan.levels}"
    yield "\n[vary.settings]"
    yield from (f"{format_scalar(one.key)} = {_tried(one)}" for one in plan.vary)


def _tried(one: Factor) -> str:
    if one.values:
        return f"{{ values = [{', '.join(format_scalar(value) for value in one.values)}] }}"
    return f"{{ low = {format_scalar(one.low)}, high = {format_scalar(one.high)} }}"


def _rest(plan: Plan) -> Iterator[str]:
    """The lines of [keep], [until] and [engine]."""
    yield f"\n[keep]\noutcomes = {_names(plan.outcomes)}\nseries = {_names(plan.series)}"
    if plan.until:
        yield f"\n[until]\non = {format_scalar(plan.until.on)}\ninterval = {format_scalar(plan.until.interval)}"
        yield f"worlds_at_most = {plan.until.worlds_at_most}"
    yield f"\n[engine]\nname = {format_scalar(plan.engine)}"
    if plan.processes is not None:
        yield f"processes = {plan.processes}"
