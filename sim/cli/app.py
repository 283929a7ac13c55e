"""The command's groups and commands, and its error handling: one line on stderr, exit code 2, no traceback."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from sim.cli import (
    calibrate,
    class_,
    cliffs,
    compare,
    dashboard,
    discover,
    exercise,
    facts,
    handout,
    outcomes,
    parameters,
    process_exit,
    readings,
    run,
    scenarios,
    score,
    study,
    theories,
    variance,
    why,
)
from sim.cli.interrupt import INTERRUPTED
from sim.cli.usage import HELP, UsageError, in_words
from sim.errors import LONGEST_PROBLEM, JirgaError, one_line
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.version import __version__

BAD_INPUT = 2


class _Command(TyperGroup):
    """A group whose commands report invalid input in one line."""

    def make_context(self, *given: Any, **more: Any) -> Any:
        """Parse the options that come before a command."""
        with _one_line(None):
            return super().make_context(*given, **more)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn expected exceptions into an exit code."""
        with _one_line(ctx):
            return super().invoke(ctx)


@contextmanager
def _one_line(ctx: Any) -> Iterator[None]:
    """Report expected exceptions in one line and exit."""
    try:
        yield
    except JirgaError as error:
        raise _failed(str(error)) from None
    except UsageError as error:
        raise _misused(error, ctx) from None
    except MemoryError:
        raise _failed("not enough memory for so many worlds") from None
    except OSError as error:
        if error.errno == errno.EPIPE:  # a reader such as head has enough
            raise
        process_exit.drop_output()
        raise _failed(_said(error)) from None
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _failed(words: str) -> Exception:
    """Report an error and return the exception that exits."""
    typer.echo(f"error: {words}", err=True)
    return typer.Exit(BAD_INPUT)


def _misused(error: Any, ctx: Any) -> Exception:
    """Report a usage error in one line and return the exception that exits; requests for help are unchanged."""
    if type(error).__name__ == HELP:
        return cast("Exception", error)
    at = error.ctx or ctx
    typer.echo(f"error: {in_words(error, _path(at))}", err=True)
    return typer.Exit(BAD_INPUT)


def _said(error: OSError) -> str:
    """An error of the system as text, with its file, or with the working folder if it has been deleted."""
    words = error.strerror or str(error)
    try:
        os.getcwd()  # noqa: PTH109  whether it works is the question
    except OSError:
        return f"the working folder cannot be used: {words}"
    if error.filename is None:
        return f"cannot read or write: {words}"
    return f"{one_line(str(error.filename), LONGEST_PROBLEM)}: {words}"


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


for _module in (
    run, compare, why, theories, readings, scenarios, parameters, outcomes, facts, cliffs, calibrate, variance, score,
    study, discover, handout, exercise, class_, dashboard,
):  # fmt: skip
    _module.add_to(app)
