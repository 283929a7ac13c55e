"""The command `jirga`. It imports only Typer itself; the commands import the larger libraries that they need."""

import codecs
import io
import os
import sys
from pathlib import Path

from sim.cli import interrupt, process_exit
from sim.schema.formatting import MINUS

ERRORS = "jirga.readable"
_NEAREST = {MINUS: "-", "\N{PLUS-MINUS SIGN}": "+/-"}


def main() -> None:
    """Run the command with the arguments of this process, and exit with its exit code."""
    _text()
    interrupt.catch_first()
    with process_exit.exit_cleanly():
        try:
            from sim.cli.app import app

            app(prog_name="jirga")
        except KeyboardInterrupt:  # during imports
            sys.exit(interrupt.INTERRUPTED)
        finally:
            interrupt.ignore_further()


def _text() -> None:
    """Configure the text streams so that every character can be read and written."""
    codecs.register_error(ERRORS, _shown_instead)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # it was closed
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  until the process ends
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if sys.platform == "win32" and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # for files and pipes; the default on Windows is a code page
        # A title may have characters that a terminal cannot show, and what is typed or piped may not be text.
        stream.reconfigure(errors="replace" if stream is sys.stdin else ERRORS)


def _shown_instead(error: UnicodeError) -> tuple[str | bytes, int]:
    r"""Return the text for a character that a terminal cannot show: "-" for a minus sign, else an escape like \xe9."""
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] in _NEAREST:
        return _NEAREST[error.object[error.start]], error.start + 1
    if isinstance(error, UnicodeEncodeError):
        error.end = error.start + 1
    return codecs.backslashreplace_errors(error)
