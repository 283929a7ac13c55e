"""`jirga facts`: compare the model with the facts of the text, over the three reference scenarios."""

import typer

from sim.cli import options, screen
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS

EXAMPLES = options.examples(
    "facts", "facts --worlds 5000 --seed 3", "facts --assumptions point", "facts --facts s6-killed",
    "facts --facts mine.toml", "facts --json",
)  # fmt: skip
SOME_FAIL = 1


def add_to(app: typer.Typer) -> None:
    """Add this command to the application."""
    app.command("facts", epilog=EXAMPLES)(facts)


def facts(
    worlds: options.Worlds = None,
    seed: options.Seed = None,
    assumptions: options.Assume = options.DEFAULT_ASSUMPTIONS,
    facts_from: options.Facts = options.DEFAULT_FACTS,
    as_json: options.Json = False,
) -> None:
    """Compare the model with the facts of the text, or with others. The exit code is 1 if a check fails.

    With --facts the model's numbers follow from those facts too: a rival count of attacks changes how many attacks it
    has, and how many it must have. docs/evidence.md says how to write a file of facts.
    """
    from sim.analysis.fact_sets.reader import read_fact_set
    from sim.inputs.scenario import validate_run

    held = read_fact_set(facts_from)

    count = options.DEFAULT_WORLDS if worlds is None else worlds
    luck = options.DEFAULT_SEED if seed is None else seed
    validate_run(count, luck)
    with screen.progress(f"3 x {count:,} worlds") as report:
        from sim.analysis.fact_checks import facts_table

        checked = facts_table(count, luck, progress=report, assumptions=assumptions.value, facts=held)
    if as_json:
        from sim.cli.document import facts_document, print_json

        run = {"worlds": count, "seed": luck, "assumptions": assumptions.value}
        print_json({**run, "fact_set": held.name, "facts": facts_document(checked)})
    else:
        from sim.cli.report import facts_report

        console = screen.console()
        who = "What the text says" if held.standard else f"Facts {screen.safe(held.name)}"
        if not held.standard:
            console.print(f"{screen.safe(held.name)}: {screen.safe(held.title)}")
        for name in dict.fromkeys(c.scenario for c in checked):
            some = [c for c in checked if c.scenario == name]
            facts_report(console, some, f"{who}, and the model: {name}")
        failed = sum(not c.holds for c in checked)
        words = ASSUMPTIONS_IN_WORDS[assumptions.value]
        size = f"{count:,} world{'s' if count > 1 else ''}"
        console.print(f"{len(checked) - failed} of {len(checked)} checks hold; {size}, seed {luck}, {words}")
    if not all(c.holds for c in checked):
        raise typer.Exit(SOME_FAIL)
