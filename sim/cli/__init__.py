"""The command `jirga`. Its top level loads Typer alone; everything heavier loads inside the command that needs it."""

import codecs
import io
import sys

from sim.cli import interrupt, process_exit
from sim.schema.formatting import MINUS

ERRORS = "jirga.readable"
_NEAREST = {MINUS: "-", "\N{PLUS-MINUS SIGN}": "+/-"}


def main() -> None:
    """Run the command with the arguments of this process, and exit with its code."""
    _text()
    interrupt.catch_first()
    with process_exit.exit_cleanly():
        try:
            from sim.cli.app import app

            app(prog_name="jirga")
        except KeyboardInterrupt:  # while something was still being loaded
            sys.exit(interrupt.INTERRUPTED)
        finally:
            interrupt.ignore_further()


def _text() -> None:
    """What is read and written as text: all of it, whatever the terminal can show."""
    codecs.register_error(ERRORS, _shown_instead)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if sys.platform == "win32" and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # into files and between commands; Windows has a code page there
        if stream is not sys.stdin:
            stream.reconfigure(errors=ERRORS)  # a title may hold what the terminal cannot show


def _shown_instead(error: UnicodeError) -> tuple[str | bytes, int]:
    r"""What a terminal gets for a character that it cannot show: "-" for a minus sign, else an escape such as \xe9."""
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] in _NEAREST:
        return _NEAREST[error.object[error.start]], error.start + 1
    if isinstance(error, UnicodeEncodeError):
        error.end = error.start + 1
    return codecs.backslashreplace_errors(error)
