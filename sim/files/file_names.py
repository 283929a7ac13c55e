"""File names that every system takes, for files whose names come from what users wrote.

Windows refuses some characters, and names that it keeps for devices; it and macOS take two names that differ only in
case for one. What is named here can be copied from any system to any other.
"""

import re
import unicodedata
from typing import Final

from sim.errors import InputError

FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
DEVICES: Final = frozenset({
    "con", "prn", "aux", "nul", "conin$", "conout$",
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
})  # fmt: skip
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")


def check_file_name(name: str, path: str) -> None:
    """Raises InputError unless every system takes the name. path: where it was given."""
    if problem := amiss(name):
        raise InputError(f"cannot be the name of a file on every system: {problem}", path=path, value=name)


def amiss(name: str) -> str | None:
    """Why some system does not take a name, None if all do."""
    if not name.strip("."):
        return "it says nothing"
    if found := FORBIDDEN.search(name):
        return f"Windows does not take {found[0]!r} in it"
    if name[-1] in ". ":
        return "Windows takes no dot or space at its end"
    if _device(name):
        return "Windows keeps it for a device"
    return None


def same_file(name: str) -> str:
    """A form that two names share if some system takes them for one file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def slug(words: str, longest: int, default: str) -> str:
    """Words as a name of lower-case letters, digits and hyphens that every system takes; the default if none is left.

    longest: characters.
    """
    made = _NO_WORD.sub("-", words.lower()).strip("-")[:longest].strip("-")
    return f"{default}-{made}" if made in DEVICES else made or default


def nearest_name(name: str, default: str) -> str:
    """A name without dots at its ends, with hyphens for what some system does not take; the default if none is left."""
    made = FORBIDDEN.sub("-", name).strip(". ")
    return f"{default}-{made}" if _device(made) else made or default


def _device(name: str) -> bool:
    """Whether Windows keeps a name for a device, which it does whatever its ending."""
    return name.partition(".")[0].rstrip(" ").casefold() in DEVICES
