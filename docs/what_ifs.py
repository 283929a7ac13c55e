"""Run every what-if that comes with Jirga, under each treatment of the assumptions: `python -m docs.what_ifs`.

It writes the figures to docs/what-ifs.json and the table of docs/what-ifs.md. Run it after each change of the rules.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sim.cli import screen
from sim.inputs.scenario_reader import load_scenario, scenario_names
from sim.results.comparison import Comparison
from sim.runs.runner import run_scenarios
from sim.schema.assumptions import Assumptions
from sim.schema.formatting import signed
from sim.schema.outcomes import OUTCOMES
from sim.study.model_hash import model_hash

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "what-ifs.md"
FILE: Final = ROOT / "docs" / "what-ifs.json"
BASE: Final = "baseline"
NO_WHAT_IF: Final = (BASE, "free-run", "same-window-2019")  # the references of the text's facts
TREATMENTS: Final[tuple[Assumptions, ...]] = ("facts", "point", "ranges")
WORLDS: Final = 512
SEED: Final = 0
SHOWN: Final = {
    "reached_talks_open": "talks open, points",
    "reached_power_shared": "power shared, points",
    "attacks": "attacks, %",
    "security_forces_killed": "Afghan forces killed, %",
    "prisoners_released": "released by the end, %",
}
PERCENT: Final = 100.0


@dataclass(frozen=True)
class Change:
    """The effect of a what-if on one outcome, under one treatment of the assumptions."""

    scenario: str
    assumptions: str
    outcome: str
    effect: float  # points of a hundred for shares, per cent of the baseline otherwise
    significant: bool


def what_ifs() -> list[str]:
    """Return the names of the scenarios that ask what if, sorted."""
    return [name for name in scenario_names() if name not in NO_WHAT_IF]


def measured(worlds: int = WORLDS) -> list[Change]:
    """Return the changes of every what-if against the baseline, over paired worlds."""
    names, found = [BASE, *what_ifs()], []
    for assumptions in TREATMENTS:
        with screen.progress(f"what-ifs, {assumptions}") as report:
            scenarios = [load_scenario(name) for name in names]
            base, *others = run_scenarios(scenarios, worlds, SEED, assumptions=assumptions, progress=report)
        for name, run in zip(names[1:], others, strict=True):
            found += [_change(name, assumptions, one) for one in Comparison(base, run).table(list(SHOWN))]
    return found


def _change(name: str, assumptions: str, one: Any) -> Change:
    """Return a row of a comparison as a change."""
    share = OUTCOMES[one.outcome].kind == "share"
    size = PERCENT * (one.effect if share else one.effect / max(abs(one.a_mean), 1))
    return Change(name, assumptions, one.outcome, round(size, 2), bool(one.significant))


def saved(file: Path = FILE) -> tuple[str, list[Change]]:
    """Return the hash of the model of the saved figures, and the figures."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    return kept["model"], [Change(**one) for one in kept["changes"]]


def flipped(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """Return the what-ifs and outcomes whose change is significant under two treatments, with opposite signs."""
    sure = {(one.scenario, one.outcome, one.assumptions): one.effect for one in changes if one.significant}
    pairs = sorted({(scenario, outcome) for scenario, outcome, _ in sure})
    both = {pair: [sure.get((*pair, one), 0.0) for one in TREATMENTS] for pair in pairs}
    return [pair for pair, found in both.items() if min(found) < 0 < max(found)]


def what_if_table() -> str:
    """Return the saved figures as a table, one row per what-if; nothing is run."""
    model, changes = saved()
    cells: Mapping[tuple[str, str, str], Change] = {(c.scenario, c.outcome, c.assumptions): c for c in changes}
    heads = ["what-if", *SHOWN.values()]
    lines = ["| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
    for scenario in sorted({one.scenario for one in changes}):
        shown = [" / ".join(_cell(cells[scenario, name, one]) for one in TREATMENTS) for name in SHOWN]
        lines.append(f"| `{scenario}` | " + " | ".join(shown) + " |")
    about = f"{WORLDS} pairs of worlds, seed {SEED}, model {model[:12]}. As the facts allow / typical / over ranges."
    return about + "\n\n" + "\n".join(lines)


def _cell(change: Change) -> str:
    """Return a change as text, with a star if it is significant."""
    return signed(change.effect, 1) + (r"\*" if change.significant else "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, save, refresh the page, and print what flips. Returns the exit code."""
    from docs.refresh import filled, tables_in

    parser = argparse.ArgumentParser(prog="python -m docs.what_ifs", description="Run every what-if, three ways.")
    parser.parse_args(arguments)
    changes = measured()
    kept = {"model": model_hash(), "worlds": WORLDS, "seed": SEED, "changes": [asdict(one) for one in changes]}
    FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(text, tables_in(text)), encoding="utf-8")
    for scenario, outcome in flipped(changes):
        print(f"opposite signs: {scenario}, {outcome}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
