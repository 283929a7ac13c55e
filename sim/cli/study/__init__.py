"""`jirga study`: scripted batches, one file a verb."""

import typer

from sim.cli.study import merge, run, status, verify

VERBS = (run, status, merge, verify)


def add_to(app: typer.Typer) -> None:
    """Give the application this group of commands."""
    study = typer.Typer(
        help="Run scripted batches that survive anything and run anywhere: plan, check, run, report.",
        epilog="Start with: jirga study check pace-of-releases",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for verb in VERBS:
        verb.add_to(study)
    app.add_typer(study, name="study")
