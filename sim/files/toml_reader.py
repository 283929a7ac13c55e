"""Strict reading of TOML from untrusted sources: limited in size, decoded and parsed, or one clear error."""

import codecs
import re
import tomllib
from pathlib import Path
from typing import Any, BinaryIO, Final

from sim.errors import InputError

LARGEST: Final = 256 * 1024  # bytes
DEEPEST: Final = 16  # tables inside tables, arrays inside arrays, parts of a dotted key

# The parser's time grows with the square of the parts of a dotted key, so longer keys are found before it runs. Both
# patterns take linear time. A string without its end is matched to where the parser gives up.
_NO_KEY: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}+|\Z)|"(?:[^"\\\n]|\\[^\n])*+"?'''  # strings with escapes
    r"""|'{3}(?:[^']|'(?!''))*+(?:'{3,5}+|\Z)|'[^'\n]*+'?"""  # strings without
    r"|#[^\n]*+",  # comments
    re.DOTALL,
)
_TOO_LONG_KEY: Final = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")


def read_toml(path: Path, *, file: object = None) -> dict[str, Any]:
    """Return the tables of a TOML file. file: the name to use in errors, by default the path.

    Raises InputError when there is no such regular file, and for content that `parse_toml` rejects.
    """
    name = path if file is None else file
    try:
        if not path.is_file():
            problem = "is a folder or a device, not a file" if path.exists() else "no such file"
            raise InputError(problem, file=name)
        with path.open("rb") as stream:
            return parse_toml(read_capped(stream), file=name)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", file=name) from error


def read_capped(stream: BinaryIO) -> bytes:
    """Return the content of a stream, at most one byte more than allowed."""
    return stream.read(LARGEST + 1)


def parse_toml(content: bytes | str, *, file: object) -> dict[str, Any]:
    """Return the tables of TOML text.

    Raises InputError for more than LARGEST bytes, for what is empty, binary, not UTF-8 or not TOML (with
    line and column), and for nesting deeper than DEEPEST.
    """
    text = _decode(content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content, file)
    deep = InputError("nested too deeply", file=file, expected=f"at most {DEEPEST} levels")
    if _TOO_LONG_KEY.search(_NO_KEY.sub("_", text)):
        raise deep
    try:
        tables = tomllib.loads(text)
    except RecursionError as error:
        raise deep from error
    except ValueError as error:
        raise InputError(f"not valid TOML: {error}", file=file) from error
    if _deeper(tables, DEEPEST):
        raise deep
    return tables


def _decode(content: bytes, file: object) -> str:
    if len(content) > LARGEST:
        raise InputError("too large", file=file, expected=f"at most {LARGEST // 1024} KiB")
    content = content.removeprefix(codecs.BOM_UTF8)  # some editors write it, and it says nothing
    if not content.strip():
        raise InputError("empty", file=file)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text: byte {error.start} cannot be decoded", file=file) from error
    if "\0" in text:
        raise InputError("binary, not TOML text", file=file)
    return text


def _deeper(value: Any, levels: int) -> bool:
    """Whether tables and arrays are nested deeper than so many levels."""
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(left, dict | list) for left in layer)
