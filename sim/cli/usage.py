"""Usage errors of the command line, in Jirga's one-line format instead of the library's."""

import re
from typing import Any

import typer

from sim.errors import MISSING, InputError, nearest

# The library's UsageError. Typer does not export it, and its module depends on the version.
UsageError: Any = typer.BadParameter.__mro__[1]
HELP = "NoArgsIsHelpError"  # not an error: a group without a command shows its help
_GIVEN = re.compile(r"(?:Value error, )?'?(?P<value>.*?)'? (?:is not|does not match) .*", re.DOTALL)
_BOUND = re.compile(r"(?P<side>greater|less) than or equal to (?P<bound>-?\d+)")
_RANGE = re.compile(r"(?P<low>-?\d+)<=x<=(?P<high>-?\d+)")


def in_words(error: Any, path: str) -> str:
    """One line about a usage error. error: the library's exception; path: the command, "jirga run"."""
    param = getattr(error, "param", None)
    if isinstance(error, typer.BadParameter) and param is not None and (found := _wrong_value(error, param)):
        return str(found)
    words = " ".join(error.format_message().split()).rstrip(".")
    if options := getattr(error, "possibilities", None):
        words = f"no such option: {error.option_name}; did you mean {options[0]}?"
    return f"{words[:1].lower()}{words[1:]} ({path} --help lists what is possible)"


def _wrong_value(error: Any, param: Any) -> InputError | None:
    """The error for an invalid value of an option; None if the library's message is unknown here."""
    said = error.message
    name, value = max(param.opts, key=len), _given(error)
    if "does not match the format" in said:
        return InputError("must be a date such as 2020-12-31", path=name, value=value)
    _, several, rest = said.partition(" is not one of ")
    if several:
        choices = re.findall(r"'([^']*)'", rest)
        return InputError(
            "no such choice", path=name, value=value, expected=", ".join(choices), nearest=nearest(str(value), choices)
        )
    if "valid integer" in said:
        return InputError("must be a whole number", path=name, value=value)
    if between := _RANGE.search(said):
        return InputError("out of bounds", path=name, value=value, expected=(between["low"], between["high"]))
    if bound := _BOUND.search(said):
        side = "at least" if bound["side"] == "greater" else "at most"
        return InputError(f"out of bounds, must be {side} {bound['bound']}", path=name, value=value)
    return None


def _given(error: Any) -> Any:
    """The invalid value. Newer versions of the library store it beside the message, older ones in it."""
    cause = error.__cause__ or error.__context__
    if hasattr(cause, "errors"):
        return cause.errors()[0]["input"]
    found = _GIVEN.fullmatch(error.message)
    return found["value"] if found else MISSING
