"""The saved summary of a search for cliffs: the settings with the largest jumps, with the hash of the model.

`cliffs.toml` beside this module is of the baseline of one version of the model; `python -m docs.cliffs` makes it anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sim.analysis.cliff_results import PERCENT, Cliffs, Jump
from sim.errors import InputError
from sim.files.toml_reader import read_toml
from sim.files.toml_writer import write_toml
from sim.schema import arguments, validation
from sim.schema.milestones import MILESTONES

FILE: Final = Path(__file__).with_name("cliffs.toml")
ROWS: Final = 20  # settings that are kept
KINDS: Final = ("parameter", "lever")
LARGEST: Final = 1e12
TEXT: Final = 200  # characters of a name or label
COUNTS: Final = {"worlds": 1_000_000, "seed": 2**63 - 1, "parameters": 10_000, "levers": 10_000, "crossing": 10_000}
_HEAD: Final = ("model", "scenario", "hash", *COUNTS)
_NUMBERS: Final = {"start": LARGEST, "end": LARGEST, "part": 1.0, "before": 1.0, "after": 1.0, "change": PERCENT,
                   "low": LARGEST, "high": LARGEST}  # fmt: skip
_ROW: Final = ("kind", "name", "label", "unit", "milestone", "significant", *_NUMBERS)


@dataclass(frozen=True, slots=True)
class CliffSummary:
    """The settings with the largest jumps, the largest first, and what was run.

    model: the hash of the model, `sim.study.model_hash`; hash: of the scenario; parameters, levers: how many were
    changed; crossing: how many of both have a jump at or beyond their limit.
    """

    model: str
    scenario: str
    hash: str
    worlds: int
    seed: int
    parameters: int
    levers: int
    crossing: int
    jumps: tuple[Jump, ...]


def summarised(found: Cliffs, model: str) -> CliffSummary:
    """Return the summary of a search. model: the hash of the model that ran it."""
    kinds = [one.kind for one in found.largest]
    return CliffSummary(
        model, found.scenario.name, found.scenario.hash(), found.worlds, found.seed, kinds.count("parameter"),
        kinds.count("lever"), len(found.crossing), found.largest[:ROWS],
    )  # fmt: skip


def summary_toml(summary: CliffSummary) -> str:
    """Return a summary as the text of a TOML file, from which an equal one is read."""
    head = {key: getattr(summary, key) for key in _HEAD}
    return write_toml(head | {"jumps": [{key: getattr(one, key) for key in _ROW} for one in summary.jumps]})


def read_summary(path: Path = FILE) -> CliffSummary:
    """Return a saved summary. Raises InputError with the file for a missing file and for any invalid entry."""
    try:
        tables = read_toml(path, file=path.name)
        validation.check_keys(tables, (*_HEAD, "jumps"))
        validation.check_required(tables, (*_HEAD, "jumps"), "the summary")
        head: dict[str, Any] = {
            key: validation.with_path(key, validation.text, tables[key], TEXT) for key in ("model", "scenario", "hash")
        }
        for key, most in COUNTS.items():
            head[key] = validation.with_path(key, validation.number, tables[key], 0, most, whole=True)
        jumps = tuple(
            _read_jump(validation.table(one, f"jumps[{i}]"), i)
            for i, one in enumerate(arguments.items("jumps", tables["jumps"], "tables"))
        )
        return CliffSummary(jumps=jumps, **head)
    except InputError as error:
        raise error.at(file=path.name) from None


def _read_jump(given: Mapping[str, Any], place: int) -> Jump:
    """Return one jump. Raises InputError."""
    where = f"jumps[{place}]"
    validation.check_keys(given, _ROW, f"{where}.")
    validation.check_required(given, _ROW, where)
    found: dict[str, Any] = {
        key: validation.with_path(f"{where}.{key}", validation.text, given[key], TEXT)
        for key in ("name", "label", "unit")
    }
    for key, few in {"kind": KINDS, "milestone": tuple(MILESTONES)}.items():
        found[key] = validation.with_path(f"{where}.{key}", validation.choice, given[key], few)
    for key, most in _NUMBERS.items():
        found[key] = float(validation.with_path(f"{where}.{key}", validation.number, given[key], -most, most))
    sure = validation.with_path(f"{where}.significant", validation.boolean, given["significant"])
    return Jump(significant=sure, **found)
