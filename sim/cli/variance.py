"""`jirga variance`: how much of each outcome rests on assumptions, on decisions, and on luck."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, screen

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.variance.shares import Split, VarianceShare
    from sim.analysis.variance.variance import VarianceShares

EXAMPLES = options.examples(
    "variance",
    "variance baseline all-5000-at-once no-review",
    "variance baseline --on talks_open --on attacks",
    "variance --assumptions ranges --processes 2",
    "variance --json",
)
ALONE = "alone"


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("variance", epilog=EXAMPLES)(variance)


def variance(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SCENARIO",
            help="Decisions to draw from: names (see jirga list) or paths. [default: the baseline and all what-ifs "
            "that change decisions alone]",
        ),
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option("--on", metavar="OUTCOME", help="Only this outcome or milestone. May be repeated."),
    ] = None,
    worlds: Annotated[
        int | None,
        typer.Option("--worlds", "-w", help="Rows of the design; each is run four or eight times. [default: 1024]"),
    ] = None,
    seed: options.Seed = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    processes: Annotated[int, typer.Option("--processes", help="How many processes run at once.")] = 1,
    as_json: options.Json = False,
) -> None:
    """Say how much of the variance of each outcome rests on assumptions, on decisions, and on luck.

    Each world has a set of assumptions, one of the scenarios, and the luck of its random numbers. All combinations of
    two samples of each are run (Sobol indices of groups). The shares hold for these scenarios, each equally often;
    with one scenario they are of assumptions and luck alone.
    """
    from sim.cli.run import prepared

    chosen = [prepared(name, None) for name in scenarios] if scenarios else None
    with screen.progress("runs of the design") as report:
        from sim.analysis.variance.variance import WORLDS, variance_shares

        found = variance_shares(
            chosen, WORLDS if worlds is None else worlds, options.DEFAULT_SEED if seed is None else seed,
            on=on or None, assumptions=assumptions.value, processes=processes, progress=report,
        )  # fmt: skip
    if as_json:
        from sim.cli.document import print_json

        print_json(document(found))
        return
    variance_report(screen.console(), found)


def document(found: "VarianceShares") -> dict[str, Any]:
    """The result as a document for JSON; null for an outcome that is the same in every world."""
    from dataclasses import asdict

    from sim.schema.disclaimer import NOT_A_FORECAST

    return {
        "note": NOT_A_FORECAST,
        **{name: getattr(found, name) for name in ("worlds", "runs", "seed", "assumptions", "groups", "scenarios")},
        "outcomes": {name: None if one is None else asdict(one) for name, one in found.splits.items()},
    }


def variance_report(console: "Console", found: "VarianceShares") -> None:
    """Print one table per outcome: what each group explains alone, and with all its interactions."""
    from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS
    from sim.schema.disclaimer import NOT_A_FORECAST
    from sim.schema.outcomes import OUTCOMES

    console.print(NOT_A_FORECAST)
    several = len(found.scenarios) > 1
    what = (
        f"decisions of {len(found.scenarios)} scenarios" if several else f"scenario {screen.safe(found.scenarios[0])}"
    )
    size = f"{found.worlds:,} rows, {found.runs:,} worlds run, seed {found.seed}"
    console.print(f"{size}, {ASSUMPTIONS_IN_WORDS[found.assumptions]}, {what}")
    for name, one in found.splits.items():
        if one is None:
            console.print(f"{OUTCOMES[name].label}: the same in every world\n")
            continue
        made = screen.table(OUTCOMES[name].label, "", ">of the variance", ">with interactions")
        for row in rows(one):
            made.add_row(*row)
        console.print(made)


def rows(one: "Split") -> list[tuple[str, str, str]]:
    """The rows of an outcome's table: its groups, alone and in total, and what only comes of several together."""
    found = [(f"{group} {ALONE}", words(share), words(one.total[group])) for group, share in one.alone.items()]
    return [*found, ("only several together", words(one.together), "")]


def words(one: "VarianceShare") -> str:
    """A share of variance with its interval: 34 % (27 to 42)."""
    from sim.schema.formatting import interval, share

    return f"{share(one.value)} ({interval(100 * one.low, 100 * one.high, 0)})"
