"""The parameter sets that the text's facts allow: draws from the ranges that were kept, saved with how they were made.

`posterior.npz` beside this module ships with the package. `jirga calibrate --replace` makes it anew.
"""

import hashlib
import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.files.atomic_io import put
from sim.files.file_hash import files_hash
from sim.files.regular_file import get

Floats = npt.NDArray[np.float32]

FILE: Final = Path(__file__).with_name("posterior.npz")
RULES: Final = (  # what can change which sets meet the facts
    "engine/**/*.py", "inputs/facts.toml", "inputs/parameters.toml", "inputs/provinces.toml",
)  # fmt: skip
REMAKE: Final = "run: jirga calibrate --replace"
# What NumPy, zipfile and zlib raise for a file that is damaged in one place or another.
_UNREADABLE: Final = (
    OSError, BadZipFile, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, RuntimeError,
    zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a posterior was made.

    rules: hash of the rules and numbers of the model; facts: the reading of the facts that was used; tried: how many
    draws were tried; worlds: how many worlds each was tried in; met: how many draws met each check, by name.
    """

    rules: str
    facts: str
    seed: int
    tried: int
    worlds: int
    met: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Posterior:
    """Parameter sets with which the text's facts hold. values: (names, draws)."""

    made: Provenance
    names: tuple[str, ...]
    values: Floats

    @property
    def draws(self) -> int:
        """How many sets there are."""
        return int(self.values.shape[1])

    @property
    def seal(self) -> str:
        """SHA-256 of the names and values, 64 hexadecimal digits."""
        return _seal(self.names, self.values)

    def of_worlds(self, worlds: int, first: int = 0) -> dict[str, Floats]:
        """Return the set of each of some worlds, by name, (worlds,): world k carries draw k, from the start again."""
        place = (first + np.arange(worlds)) % self.draws
        return {name: self.values[row, place] for row, name in enumerate(self.names)}


@cache
def rules_hash() -> str:
    """SHA-256 of the rules of the model and of its numbers and facts, file by file, 64 hexadecimal digits."""
    root = Path(__file__).parents[1]
    files = sorted(path for pattern in RULES for path in root.glob(pattern))
    return files_hash({path.relative_to(root).as_posix(): path for path in files})


def write_posterior(posterior: Posterior, path: Path) -> None:
    """Write a posterior to a file, whole or not at all. Raises InputError if it cannot be written."""
    buffer = io.BytesIO()
    head = json.dumps(asdict(posterior.made) | {"seal": posterior.seal})
    np.savez_compressed(buffer, made=np.array(head), names=np.array(posterior.names), values=posterior.values)
    put(path, buffer.getvalue())


def read_posterior(path: Path = FILE) -> Posterior:
    """Return a saved posterior. Raises InputError for a file that is missing, damaged, or of another model version."""
    if not path.exists():
        raise InputError(f"no such file; {REMAKE}", file=path.name)
    try:
        with np.load(io.BytesIO(get(path)), allow_pickle=False) as saved:
            head, names, values = json.loads(str(saved["made"])), tuple(map(str, saved["names"])), saved["values"]
        seal = head.pop("seal")
        made = Provenance(**head)
        whole = values.size > 0 and values.shape[0] == len(names) and seal == _seal(names, values)
    except _UNREADABLE:
        raise InputError(f"not a set of parameters, or damaged; {REMAKE}", file=path.name) from None
    if not whole:
        raise InputError(f"damaged; {REMAKE}", file=path.name)
    if made.rules != rules_hash():
        raise InputError(f"made for another version of the model; {REMAKE}, or use --assumptions point", file=path.name)
    return Posterior(made, names, values)


@cache
def shipped() -> Posterior:
    """Return the posterior that ships with the package. Raises InputError as `read_posterior` does."""
    return read_posterior()


def _seal(names: tuple[str, ...], values: Any) -> str:
    """Return a hash of the names and values."""
    text = "\n".join(names).encode() + b"\0" + np.ascontiguousarray(values, dtype="<f4").tobytes()
    return hashlib.sha256(text).hexdigest()
