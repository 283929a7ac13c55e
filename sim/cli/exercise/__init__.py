"""`jirga exercise`: the class exercise without a browser, and what a teacher does with a file of exercises."""

import typer

from sim.cli import options
from sim.cli.exercise import play, verbs


def add_to(app: typer.Typer) -> None:
    """Give the application this group of commands."""
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
