"""What each lever does in the baseline: the saved table by which the levers of Explore are ordered.

`lever_effects.json` beside this module is of one version of the model; `python -m docs.lever_effects` makes it anew.
The order comes from it, and not from the visitor's own runs, so that no slider moves when those are finished.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("lever_effects.json")
LITTLE: Final = 0.10  # of all worlds, or of the mean in the baseline: a lever that moves it by less does little
SURE: Final = 2.81  # standard errors: 95 % for the largest of the ten differences between five means (Bonferroni)


@dataclass(frozen=True, slots=True)
class LeverEffect:
    """How far the mean of an outcome moves over a lever's range, with the standard error of that paired difference.

    Both are in the outcome's own unit: a share of worlds, or a number of attacks or people.
    """

    range: float
    error: float


@dataclass(frozen=True, slots=True)
class LeverEffects:
    """The table. model: the hash of the model, `sim.study.model_hash`; means: of the baseline itself, by outcome.

    effects: by lever and outcome. All are over the same worlds of one seed, with the assumptions that the facts allow.
    """

    model: str
    worlds: int
    seed: int
    means: Mapping[str, float]
    effects: Mapping[str, Mapping[str, LeverEffect]]

    def size(self, lever: str, outcome: str) -> float:
        """Return how much a lever changes an outcome: as a share of all worlds, or of the baseline's mean."""
        scale = 1.0 if outcome.startswith("reached_") else max(abs(self.means[outcome]), 1.0)
        return self.effects[lever][outcome].range / scale

    def little(self, lever: str, outcome: str) -> bool:
        """Return whether a lever changes an outcome by little, or not surely."""
        found = self.effects[lever][outcome]
        return self.size(lever, outcome) < LITTLE or found.range <= SURE * found.error

    def ordered(self, levers: Iterable[str], outcome: str) -> tuple[list[str], list[str]]:
        """Return levers by the size of their effect, the largest first, and apart from them those that do little."""
        names = sorted(levers, key=lambda name: -self.size(name, outcome))
        return (
            [name for name in names if not self.little(name, outcome)],
            [name for name in names if self.little(name, outcome)],
        )


@lru_cache(maxsize=1)
def saved() -> LeverEffects:
    """Return the saved table."""
    return read_effects(FILE.read_text(encoding="utf-8"))


def read_effects(text: str) -> LeverEffects:
    """Return the table in the text of its file."""
    found: dict[str, Any] = json.loads(text)
    effects = {
        lever: {outcome: LeverEffect(*numbers) for outcome, numbers in row.items()}
        for lever, row in found["effects"].items()
    }
    return LeverEffects(found["model"], found["worlds"], found["seed"], found["means"], effects)


def write_effects(table: LeverEffects) -> str:
    """Return the text of a table's file, from which an equal one is read: one line per lever and outcome."""
    effects = {
        lever: {outcome: [one.range, one.error] for outcome, one in row.items()} for lever, row in table.effects.items()
    }
    head = {"model": table.model, "worlds": table.worlds, "seed": table.seed, "means": dict(table.means)}
    rows = ",\n".join(f"  {json.dumps(lever)}: {json.dumps(row)}" for lever, row in effects.items())
    return f'{json.dumps(head)[:-1]}, "effects": {{\n{rows}\n}}}}\n'
