"""Verify a study: every byte of every part, and optionally compute some units again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.schema import arguments
from sim.study import part
from sim.study.compute import compute
from sim.study.folder import Folder, check_study
from sim.study.plan import MOST_POINTS

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class VerificationResult:
    """The result of a verification."""

    whole: int  # undamaged parts
    missing: int  # units without a part
    failed: int  # rows that contain an error
    damaged: dict[Path, str]  # the problem, by part
    strangers: list[Path]  # files in the folder of parts that belong to no unit of this study; they are ignored
    repeated: int  # parts that were computed again with the same result
    differing: list[Path]  # parts that were computed again with another result

    @property
    def sound(self) -> bool:
        """Whether every existing part is correct. Missing parts do not matter."""
        return not self.damaged and not self.differing


def verify(folder: Folder, repeat: int = 0, progress: Progress | None = None) -> VerificationResult:
    """Read every part and compare it with its checksum, and its rows with those of its unit.

    repeat: the number of parts to compute again, evenly distributed over the study. progress: called with the parts
    done and the total. Raises InputError if a part cannot be read, and with `repeat` if another model computed them.
    """
    check_study(folder)
    repeat = arguments.whole("repeat", repeat, 0, MOST_POINTS, "parts")
    arguments.callback("progress", progress)
    if repeat:
        folder.check_model()
    keys, done = folder.keys(), folder.done()
    there = [key for key in keys if key in done]
    damaged: dict[Path, str] = {}
    failed = 0
    for number, key in enumerate(there, 1):
        file = part.path(folder.parts, key)
        try:
            failed += folder.check(key, keys[key])
        except part.DamagedPart as error:
            damaged[file] = str(error)
        if progress is not None:
            progress(number, len(there))
    whole = [key for key in there if part.path(folder.parts, key) not in damaged]
    chosen = [whole[i] for i in np.unique(np.linspace(0, len(whole) - 1, repeat).astype(int))] if whole else []
    differing = [part.path(folder.parts, key) for key in chosen if not _same(folder, key)]
    strangers = sorted(part.path(folder.parts, key) for key in done - set(keys))
    return VerificationResult(
        len(whole), len(keys) - len(there), failed, damaged, strangers, len(chosen) - len(differing), differing
    )


def _same(folder: Folder, key: str) -> bool:
    """Whether computing a unit again gives exactly the rows of its part."""
    unit = folder.keys()[key]
    again = part.decode(compute(folder.work.task(unit)), key)
    return bool(again.equals(folder.read(unit)))
