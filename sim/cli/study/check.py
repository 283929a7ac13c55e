"""`jirga study check`: check a plan and estimate its time, memory and disk space without running it."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import day, number, setting
from sim.study.progress_rate import span, speed

if TYPE_CHECKING:
    from sim.study.cost_estimate import CostEstimate
    from sim.study.factor import Factor
    from sim.study.plan import Plan

EXAMPLES = options.examples(
    "study check pace-of-releases",
    "study check study.toml --rate 450",
    "study check study.toml --json",
)
SLOWEST, FASTEST = 1e-6, 1_000_000.0  # bounds of --rate, worlds per second
FEW = 8  # largest number of values that are listed one by one

GIGABYTE = 10**9


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("check", epilog=EXAMPLES)(check)


def check(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan's path, study.toml, or the name of an example.")],
    rate: Annotated[
        float | None,
        typer.Option(
            "--rate",
            metavar="WORLDS",
            help="Worlds per second of one process; if left out, it is measured with a short run.",
        ),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Check a plan without running it: print what it would run, and the time, memory and disk space it needs."""
    from sim.errors import InputError
    from sim.study.cost_estimate import estimate_cost
    from sim.study.design import design
    from sim.study.plan_reader import read_plan
    from sim.study.plan_writer import write_plan

    if rate is not None and not SLOWEST <= rate <= FASTEST:
        bounds = (SLOWEST, FASTEST, "worlds per second")
        raise InputError("out of bounds", path="--rate", value=rate, expected=bounds)
    found = read_plan(plan)
    write_plan(found)  # raises what would keep the study from being written
    points = design(found)
    with screen.progress("a short run to measure the speed"):
        taken = estimate_cost(found, points, rate)
    if as_json:
        from sim.cli.document import print_json

        print_json(_document(found, taken))
        return
    console = screen.console()
    console.print(screen.safe(found.title), style="bold")
    if found.question:
        console.print(screen.safe(found.question))
    console.print()
    if found.vary:
        console.print(_settings(found))
    console.print(_table(found, taken, measured=rate is None))
    console.print(f"ok {found.hash()}")


def _settings(plan: "Plan") -> Any:
    """The table of settings that are varied, with values and days."""
    from sim.study.formatting import unit

    made = screen.table(f"Varied: {_method(plan)}", "setting", "values", "unit")
    for one in plan.vary:
        days = f"\n  {_days(one)}" if one.start or one.until else ""
        made.add_row(one.name + days, _tried(one), unit(one))
    return made


def _method(plan: "Plan") -> str:
    """The sampling method as text."""
    words = {
        "grid": "a grid, every combination",
        "list": "a list, row by row",
        "latin-hypercube": f"a Latin hypercube of {plan.samples:,} points{_correlated(plan)}",
        "sobol": f"Sobol, {plan.samples:,} base samples{', with pairs' * plan.second_order}",
        "morris": f"Morris, {plan.samples:,} trajectories on {plan.levels} levels",
        "one-at-a-time": "one at a time, at its low and its high",
    }
    return words[plan.method]


def _correlated(plan: "Plan") -> str:
    """The correlated pairs of settings, as they follow the method."""
    pairs = "".join(f"; {one.between[0]} with {one.between[1]} {setting(one.rank)}" for one in plan.correlations)
    return pairs and f", rank correlations{pairs.replace(';', ':', 1)}"


def _tried(one: "Factor") -> str:
    """The values of a setting, or its bounds, as text."""
    if one.distribution is not None:
        from sim.study.formatting import tried

        return tried(one)
    if not one.values:
        return "no or yes" if one.flag else f"{setting(one.low)} to {setting(one.high)}"
    text = [setting(value) for value in one.values]
    if len(text) <= FEW:
        return ", ".join(text)
    return f"{len(text):,} values from {setting(one.low)} to {setting(one.high)}"


def _days(one: "Factor") -> str:
    """The first and last day on which a lever is imposed."""
    last = "the end" if one.until is None else day(one.until - dt.timedelta(days=1))
    return f"{day(one.start)} to {last}" if one.start else f"to {last}"


def _table(plan: "Plan", taken: "CostEstimate", *, measured: bool) -> Any:
    """The table of what would be run and what it needs, one row per item."""
    made = screen.table("To run", "!", "")
    made.show_header = False
    for label, words in _lines(plan, taken, measured=measured):
        made.add_row(label, screen.safe(words))
    return made


def _lines(plan: "Plan", taken: "CostEstimate", *, measured: bool) -> list[tuple[str, str]]:
    scenarios = [f"{one.name} (reference)" if one.name == plan.reference else one.name for one in plan.scenarios]
    last = plan.scenarios[0].end - dt.timedelta(days=1)
    lines = [
        ("scenarios", ", ".join(scenarios)),
        ("days", f"{plan.days}, {day(plan.scenarios[0].start)} to {day(last)}"),
        ("points", f"{taken.points:,}"),
        ("worlds per point", f"{plan.worlds:,}, seed {plan.seed}{_drawn(plan)}"),
        ("total worlds", f"{taken.worlds:,} in {taken.units:,} unit{'s' * (taken.units > 1)} of work"),
        ("kept", f"{len(plan.outcomes)} outcomes, {len(plan.series)} daily series"),
        ("engine", _engine(plan, taken)),
        ("speed", f"{speed(taken.rate)} in each process, {'just measured' if measured else 'as given'}"),
        ("time", f"about {span(taken.seconds)}"),
        ("memory", f"about {_bytes(taken.memory)}"),
        ("disk", f"at most {_bytes(taken.disk)}"),
    ]
    return lines + _until(plan, taken)


def _drawn(plan: "Plan") -> str:
    return ", each with its own sampled parameters" if plan.assumptions != "point" else ""


def _engine(plan: "Plan", taken: "CostEstimate") -> str:
    if plan.engine not in ("local", "dask"):
        return f"the scheduler at {plan.engine}; time and memory below are for this machine"
    return f"{plan.engine}, {taken.processes} process{'es' if taken.processes > 1 else ''}"


def _until(plan: "Plan", taken: "CostEstimate") -> list[tuple[str, str]]:
    """The stopping rule of a plan with adaptive stopping, else nothing."""
    if plan.until is None:
        return []
    most = f"{taken.most_worlds:,} worlds ({plan.until.worlds_at_most:,} per point)"
    return [
        (
            "until",
            f"the 95 % interval of every effect on {plan.until.on} is narrower than {setting(plan.until.interval)}",
        ),
        ("at most", f"{most}, about {span(taken.most_seconds)}, {_bytes(taken.most_disk)}"),
    ]


def _bytes(size: int) -> str:
    """A number of bytes as text."""
    return f"{number(size / 1e6)} MB" if size < GIGABYTE else f"{number(size / 1e9)} GB"


def _document(plan: "Plan", taken: "CostEstimate") -> dict[str, Any]:
    """The same as a JSON document."""
    from sim.cli.document import fields

    return {
        "title": plan.title, "hash": plan.hash(), **fields(taken), "engine": plan.engine, "days": plan.days,
        "plan": plan.canonical(), "note": NOT_A_FORECAST,
    }  # fmt: skip
