"""`jirga exercise`: the class exercise on a terminal, and the commands for a file of exercises."""

import typer

from sim.cli import options
from sim.cli.exercise import play, verbs


def add_to(app: typer.Typer) -> None:
    """Add this group of commands to the application."""
    group = typer.Typer(
        help="The class exercise: play the parties, predict, then see what your choices did.",
        epilog=options.examples(
            "exercise play", "exercise list class.sqlite", "exercise review class.sqlite --out review"
        ),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    play.add_to(group)
    verbs.add_to(group)
    app.add_typer(group, name="exercise")
