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
        packed = _letters(zlib.compress(one.to_toml().encode(), 9))
        if len(packed) <= LONGEST:
            return packed
    raise InputError("too large for a link: run it with the command", path="form", expected=f"{LONGEST} characters")


def read_form(packed: str) -> Scenario:
    """Return the scenario encoded in a link, validated like any file. Raises InputError."""
    if len(packed) > LONGEST:
        raise InputError("too long", path="form", expected=f"at most {LONGEST} characters")
    if not _LETTERS.fullmatch(packed):
        raise InputError("no scenario in it: a link's form has letters, digits, - and _", path="form", value=packed)
    content = _unpacked(packed)
    if content is None:
        raise InputError("no scenario in it: the link was cut or changed", path="form", value=packed)
    return parse_scenario(content, file="link")


def _unpacked(packed: str) -> bytes | None:
    """Return what the letters encode, at most LARGEST + 1 bytes; None if they were cut or changed.

    What is intact is the base64 of one whole zlib stream: written as `write_form` writes it, up to the end of the
    stream, where its checksum is verified, and with nothing after it. A decompressor alone accepts a part of it.
    """
    try:
        squeezed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        stream = zlib.decompressobj()
        content = stream.decompress(squeezed, LARGEST + 1)  # never more, whatever the link contains
    except (binascii.Error, zlib.error):
        return None
    if len(content) > LARGEST:
        return content  # the reader says that it is too large
    whole = stream.eof and not stream.unused_data and _letters(squeezed) == packed
    return content if whole else None


def _letters(squeezed: bytes) -> str:
    """Return bytes as a link has them: base64 without padding."""
    return base64.urlsafe_b64encode(squeezed).decode().rstrip("=")


def _wordless(scenario: Scenario) -> Scenario:
    """Return the same scenario without the texts that have no effect on the run."""
    silent = tuple(replace(one, why="", source="") for one in scenario.interventions)
    return replace(scenario, question="", notes="", interventions=silent)
