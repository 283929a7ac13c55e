"""The standard streams of the command: every character can be read and written, and messages never stop the command."""

import codecs
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from sim.schema.formatting import MINUS

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

ERRORS = "jirga.readable"
_NEAREST = {MINUS: "-", "\N{PLUS-MINUS SIGN}": "+/-"}


def prepare() -> None:
    """Replace streams that are closed, and configure the text of all of them."""
    codecs.register_error(ERRORS, _shown_instead)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # it was closed
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  until the process ends
    if sys.__stderr__ is not None and not sys.stderr.isatty():
        sys.stderr = _forgiving(sys.stderr)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        if sys.platform == "win32" and not stream.isatty():
            stream.reconfigure(encoding="utf-8")  # for files and pipes; the default on Windows is a code page
        # A title may have characters that a terminal cannot show, and what is typed or piped may not be text.
        stream.reconfigure(errors="replace" if stream is sys.stdin else ERRORS)


class _Forgiving(io.FileIO):
    """A file that drops what it cannot write, as on a full disk or after its reader has gone."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write bytes; say that all were written in any case."""
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes


def _forgiving(stderr: TextIO) -> TextIO:
    """Return stderr so that a message that cannot be written ends nothing: a study may be hours old by then."""
    try:
        file = _Forgiving(stderr.fileno(), "wb", closefd=False)
    except (OSError, ValueError):  # it is not a file
        return stderr
    return io.TextIOWrapper(io.BufferedWriter(file), encoding=stderr.encoding, line_buffering=True)


def _shown_instead(error: UnicodeError) -> tuple[str | bytes, int]:
    r"""Return the text for a character that a terminal cannot show: "-" for a minus sign, else an escape like \xe9."""
    if isinstance(error, UnicodeEncodeError) and error.object[error.start] in _NEAREST:
        return _NEAREST[error.object[error.start]], error.start + 1
    if isinstance(error, UnicodeEncodeError):
        error.end = error.start + 1
    return codecs.backslashreplace_errors(error)
