"""`jirga study`: batches of runs, one file per subcommand."""

import typer

from sim.cli.study import check, export, list_, merge, report, run, sql, status, verify

VERBS = (list_, check, run, status, report, export, sql, merge, verify)


def add_to(app: typer.Typer) -> None:
    """Add this group of commands to the application."""
    study = typer.Typer(
        help="Run batches from a plan file; they can be stopped and resumed at any time.",
        epilog="Start with: jirga study check pace-of-releases",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for verb in VERBS:
        verb.add_to(study)
    app.add_typer(study, name="study")
