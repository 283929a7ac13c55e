"""The command's groups and commands, and how it fails: one line on stderr, exit code 2, no traceback."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim import __version__
from sim.cli import class_, compare, dashboard, exercise, facts, parameters, run, scenarios, study
from sim.cli.interrupt import INTERRUPTED
from sim.errors import JirgaError

BAD_INPUT = 2


class _Command(TyperGroup):
    """A group whose commands tell what is wrong with their input in one line."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn what can go wrong into an exit code."""
        try:
            return super().invoke(ctx)
        except JirgaError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(BAD_INPUT) from None
        except MemoryError:
            typer.echo("error: not enough memory for so many worlds", err=True)
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jirga {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=_Command,
    help="Simulate the 2020 peace process between the United States, the Taliban and a divided Kabul.\n\n"
    "A tool for thinking about mechanisms, not a forecast.",
    epilog="Start with: jirga run baseline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback()
def _root(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options that stand before any command."""


for _module in (run, compare, scenarios, parameters, facts, study, exercise, class_, dashboard):
    _module.add_to(app)
