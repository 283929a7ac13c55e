"""The command's groups and commands, and its error handling: one line on stderr, exit code 2, no traceback."""

from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from sim import __version__
from sim.cli import class_, compare, dashboard, exercise, facts, parameters, run, scenarios, study
from sim.cli.interrupt import INTERRUPTED
from sim.cli.usage import HELP, UsageError, in_words
from sim.errors import JirgaError
from sim.schema.disclaimer import NOT_A_FORECAST

BAD_INPUT = 2


class _Command(TyperGroup):
    """A group whose commands report invalid input in one line."""

    def make_context(self, *given: Any, **more: Any) -> Any:
        """Parse the options that come before a command."""
        try:
            return super().make_context(*given, **more)
        except UsageError as error:
            raise _misused(error, None) from None

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn expected exceptions into an exit code."""
        try:
            return super().invoke(ctx)
        except JirgaError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(BAD_INPUT) from None
        except UsageError as error:
            raise _misused(error, ctx) from None
        except MemoryError:
            typer.echo("error: not enough memory for so many worlds", err=True)
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(INTERRUPTED) from None


def _misused(error: Any, ctx: Any) -> Exception:
    """Report a usage error in one line and return the exception that exits; requests for help are unchanged."""
    if type(error).__name__ == HELP:
        return cast("Exception", error)
    at = error.ctx or ctx
    typer.echo(f"error: {in_words(error, _path(at))}", err=True)
    return typer.Exit(BAD_INPUT)


def _path(ctx: Any) -> str:
    """The full name of a command, "jirga study run"."""
    words = []
    while ctx is not None and ctx.parent is not None:
        words.append(ctx.info_name)
        ctx = ctx.parent
    return " ".join(["jirga", *reversed(words)])


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jirga {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=_Command,
    help="Simulate the 2020 peace process between the United States, the Taliban and a divided Kabul.\n\n"
    + NOT_A_FORECAST,
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
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Define the options that come before a command."""


for _module in (run, compare, scenarios, parameters, facts, study, exercise, class_, dashboard):
    _module.add_to(app)
