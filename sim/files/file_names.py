"""File names that are valid on every system, for files whose names come from users.

Windows does not allow some characters and device names; Windows and macOS treat two names that differ only in case as
the same. Files with these names can be copied from any system to any other.
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
    """Raise InputError unless the name is valid on every system. path: where it was given."""
    if problem := name_problem(name):
        raise InputError(f"is not a valid file name on every system: {problem}", path=path, value=name)


def name_problem(name: str) -> str | None:
    """Return why a name is invalid on some system, None if it is valid on all."""
    if not name.strip("."):
        return "it is empty"
    if found := FORBIDDEN.search(name):
        return f"Windows does not allow {found[0]!r} in it"
    if name[-1] in ". ":
        return "Windows does not allow a dot or space at its end"
    if _device(name):
        return "Windows reserves it for a device"
    return None


def same_file(name: str) -> str:
    """Return a form that is equal for two names that are the same file on some system."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def slug(words: str, longest: int, default: str) -> str:
    """Return text as a valid name of lower-case letters, digits and hyphens; the default if nothing is left.

    longest: in characters.
    """
    made = _NO_WORD.sub("-", words.lower()).strip("-")[:longest].strip("-")
    return f"{default}-{made}" if made in DEVICES else made or default


def nearest_name(name: str, default: str) -> str:
    """Return a valid name: without dots at its ends, with hyphens for invalid characters; or the default."""
    made = FORBIDDEN.sub("-", name).strip(". ")
    return f"{default}-{made}" if _device(made) else made or default


def _device(name: str) -> bool:
    """Whether Windows reserves a name for a device, regardless of its extension."""
    return name.partition(".")[0].rstrip(" ").casefold() in DEVICES
