"""`jirga score`: hold a run against dated observations, with naive forecasts beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, screen
from sim.cli.run import prepared, run_size

if TYPE_CHECKING:
    from sim.analysis.scoring.scores import Scores

EXAMPLES = options.examples(
    "score --example > invented.toml",
    "score invented.toml",
    "score invented.toml free-run --assumptions facts --worlds 2000",
    "score invented.toml --json",
)


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("score", epilog=EXAMPLES)(score)


def score(  # noqa: PLR0913, PLR0917  Typer needs one parameter per option
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Observations, a .toml or .csv file; see docs/score.md.")
    ] = None,
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A name (see jirga list), a path, or - for stdin.")
    ] = "baseline",
    worlds: options.Worlds = None,
    seed: options.Seed = None,
    settings: options.Settings = None,
    without: options.Without = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    example: Annotated[
        bool, typer.Option("--example", help="Print a file of invented observations, and run nothing.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Score a run against dated observations, beside naive forecasts made from what was known on 15 April 2020.

    Numbers are scored by the CRPS, in their unit, and dates by the integrated Brier score, 0 to 1, in which worlds that
    never get there count; lower is better. Nothing is fitted, and jirga calibrate reads no such file.
    """
    from sim.errors import InputError

    if example:
        from sim.analysis.scoring.observation_reader import EXAMPLE

        typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)
        return
    if file is None:
        raise InputError("give a file of observations; --example prints one", path="FILE")
    _tell(_scored(file, scenario, settings, without, (worlds, seed, assumptions)), as_json=as_json)


def _scored(
    file: Path,
    source: str,
    settings: list[str] | None,
    without: list[str] | None,
    size: tuple[int | None, int | None, options.Assumptions],
) -> "Scores":
    """Return the scores; the file is read before any run. size: worlds, seed, assumptions. Raises InputError."""
    from sim.analysis.scoring.observation_reader import read_observations

    observations = read_observations(file)
    chosen = prepared(source, settings, without=without)
    count, luck = run_size(chosen, *size[:2])
    with screen.progress(f"{count:,} worlds") as report:
        from sim.analysis.scoring.score import score as scores_of

        return scores_of(observations, chosen, count, luck, assumptions=size[2].value, progress=report)


def _tell(found: "Scores", *, as_json: bool) -> None:
    """Print the scores."""
    if as_json:
        from sim.cli.document import print_json
        from sim.cli.score_document import score_document

        print_json(score_document(found))
    else:
        from sim.cli.score_report import score_report

        score_report(screen.console(), found)
