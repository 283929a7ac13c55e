"""A user's own scenario in a link: its file, compressed, in characters that a link can contain."""

import base64
import binascii
import re
import zlib
from dataclasses import replace
from typing import Final

from sim.errors import InputError
from sim.files.toml_reader import LARGEST
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import parse_scenario

LONGEST: Final = 12_000  # characters of a link; servers and browsers take more, chat programs do not
_LETTERS: Final = re.compile(r"[A-Za-z0-9_-]+")


def write_form(scenario: Scenario) -> str:
    """Return the scenario's file encoded for a link; without its texts, except the title, if it would be too long.

    Raises InputError if it is still too long.
    """
    for one in (scenario, _wordless(scenario)):
        packed = base64.urlsafe_b64encode(zlib.compress(one.to_toml().encode(), 9)).decode().rstrip("=")
        if len(packed) <= LONGEST:
            return packed
    raise InputError("too large for a link: run it with the command", path="form", expected=f"{LONGEST} characters")


def read_form(packed: str) -> Scenario:
    """Return the scenario encoded in a link, validated like any file. Raises InputError."""
    if len(packed) > LONGEST:
        raise InputError("too long", path="form", expected=f"at most {LONGEST} characters")
    if not _LETTERS.fullmatch(packed):
        raise InputError("no scenario in it: a link's form has letters, digits, - and _", path="form", value=packed)
    try:
        squeezed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        content = zlib.decompressobj().decompress(squeezed, LARGEST + 1)  # never more, whatever the link contains
    except (binascii.Error, ValueError, zlib.error):
        raise InputError("no scenario in it: the link was cut or changed", path="form", value=packed) from None
    return parse_scenario(content, file="link")


def _wordless(scenario: Scenario) -> Scenario:
    """Return the same scenario without the texts that have no effect on the run."""
    silent = tuple(replace(one, why="", source="") for one in scenario.interventions)
    return replace(scenario, question="", notes="", interventions=silent)
