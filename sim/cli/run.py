"""`jirga run`: run many worlds of one scenario; print the results, as text or JSON, or write them to a folder."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario
    from sim.results.results import Results

EXAMPLES = options.examples(
    "run baseline",
    "run baseline --worlds 5000 --seed 7 --assumptions ranges",
    "run baseline --set taliban.leverage=0.5 --set kabul.ghani.offer=5000@2020-03-10..",
    "run baseline --without spoilers",
    "run my-plan.toml --out results/my-plan --format csv",
    "run my-plan.toml --out results/my-plan --format csv --decimal comma",
    "run - --json < my-plan.toml",
)


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("run", epilog=EXAMPLES)(run)


def run(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    scenario: options.Scenario,
    worlds: options.Worlds = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    without: options.Without = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    until: Annotated[
        dt.datetime | None,
        typer.Option(
            "--until", formats=["%Y-%m-%d"], metavar="DATE", help="The first day that is not run, such as 2020-04-15."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write tables, scenario, manifest and charts to this folder."),
    ] = None,
    kind: Annotated[
        options.Format | None, typer.Option("--format", help="The format of the tables, with --out. [default: parquet]")
    ] = None,
    decimal: options.CsvDecimal = options.Decimal.point,
    force: Annotated[bool, typer.Option("--force", help="Replace the run in a folder that is not empty.")] = False,
    charts: Annotated[
        bool, typer.Option("--charts/--no-charts", help="With --out, also draw charts as SVG and PNG.")
    ] = True,
    as_json: options.Json = False,
) -> None:
    """Run many worlds of a scenario and print the results."""
    if kind is not None and out is None:
        from sim.errors import InputError

        raise InputError("can only be used with --out, the folder to write to", path="--format", value=kind.value)
    if decimal is options.Decimal.comma and kind is not options.Format.csv:
        from sim.errors import InputError

        raise InputError("can only be used with --format csv", path="--decimal", value=decimal.value)
    chosen = prepared(scenario, settings, until.date() if until else None, without=without)
    count, luck = run_size(chosen, worlds, seed)
    if out is None:
        results = _simulated(chosen, count, luck, assumptions)
    else:
        from sim.export.run_folder import claim, write_claimed

        with claim(out, force=force) as target:
            chosen.to_toml()  # raises what would keep the scenario from being written
            results = _simulated(chosen, count, luck, assumptions)
            formats = ((kind or options.Format.parquet).value,)
            write_claimed(results, target, formats, charts=charts, force=force, decimal=decimal.value)
    _tell(results, out, as_json=as_json)


def _simulated(scenario: "Scenario", worlds: int, seed: int, assumptions: options.Assumptions) -> "Results":
    """The results of a run, with a progress bar. Raises InputError."""
    from sim.runs.runner import simulate

    with screen.progress(f"{worlds:,} worlds") as report:
        return simulate(scenario, worlds, seed, assumptions=assumptions.value, progress=report)


def prepared(
    source: str, settings: list[str] | None, until: dt.date | None = None, *, without: list[str] | None = None
) -> "Scenario":
    """The scenario with the changes that the command gives; mechanisms are switched off last. Raises InputError."""
    from sim.inputs.scenario_reader import load_scenario

    found = load_scenario(source)
    if until is not None:
        found = found.with_dates(end=until)
    if settings:
        found = found.with_settings(settings)
    names = options.split(without)
    if not names:
        return found
    from sim.inputs.mechanisms import without as without_mechanisms

    return without_mechanisms(found, names)


def run_size(scenario: "Scenario", worlds: int | None, seed: int | None) -> tuple[int, int]:
    """Worlds and seed: those of the command, else those of the scenario, else the defaults. Raises InputError."""
    from sim.inputs.scenario import validate_run

    count = scenario.run.get("worlds", options.DEFAULT_WORLDS) if worlds is None else worlds
    luck = scenario.run.get("seed", options.DEFAULT_SEED) if seed is None else seed
    validate_run(count, luck)
    return count, luck


def _tell(results: "Results", out: Path | None, *, as_json: bool) -> None:
    """Print the results."""
    from sim.analysis.fact_checks import check_run

    checked = check_run(results)
    if as_json:
        from sim.cli.document import print_json, run_document

        print_json(run_document(results, checked))
        return
    from sim.cli.report import run_report

    console = screen.console()
    run_report(console, results, checked)
    if out is not None:
        console.print(f"Written to {screen.safe(str(out))}")
