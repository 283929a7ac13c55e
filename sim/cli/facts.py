"""`jirga facts`: compare the model with the facts of the text, over the three reference scenarios."""

import typer

from sim.cli import options, screen
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS

EXAMPLES = options.examples("facts", "facts --worlds 5000 --seed 3", "facts --assumptions point", "facts --json")
SOME_FAIL = 1


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("facts", epilog=EXAMPLES)(facts)


def facts(
    worlds: options.Worlds = None,
    seed: options.Seed = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    as_json: options.Json = False,
) -> None:
    """Compare the model with the facts of the text. The exit code is 1 if a check fails."""
    from sim.inputs.scenario import validate_run

    count = options.DEFAULT_WORLDS if worlds is None else worlds
    luck = options.DEFAULT_SEED if seed is None else seed
    validate_run(count, luck)
    with screen.progress(f"3 x {count:,} worlds") as report:
        from sim.analysis.fact_checks import facts_table

        checked = facts_table(count, luck, progress=report, assumptions=assumptions.value)
    if as_json:
        from sim.cli.document import facts_document, print_json

        print_json({"worlds": count, "seed": luck, "assumptions": assumptions.value, "facts": facts_document(checked)})
    else:
        from sim.cli.report import facts_report

        console = screen.console()
        for name in dict.fromkeys(c.scenario for c in checked):
            some = [c for c in checked if c.scenario == name]
            facts_report(console, some, f"What the text says, and the model: {name}")
        failed = sum(not c.holds for c in checked)
        words = ASSUMPTIONS_IN_WORDS[assumptions.value]
        size = f"{count:,} world{'s' if count > 1 else ''}"
        console.print(f"{len(checked) - failed} of {len(checked)} checks hold; {size}, seed {luck}, {words}")
    if not all(c.holds for c in checked):
        raise typer.Exit(SOME_FAIL)
