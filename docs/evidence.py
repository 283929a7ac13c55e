"""What sets of facts change, and on what the variance rests, for docs/evidence.md: `python -m docs.evidence`.

It writes the figures to docs/evidence.json and fills the two tables of the page. Run it after each change of the rules.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from sim.analysis.fact_set_effects import DRAWS, compare_fact_sets
from sim.analysis.fact_sets.reader import fact_set_names, read_fact_set
from sim.analysis.variance.variance import WORLDS as ROWS
from sim.analysis.variance.variance import variance_shares
from sim.cli import screen
from sim.schema.formatting import interval, number, points, share, signed_interval
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES
from sim.study.model_hash import model_hash

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "evidence.md"
FILE: Final = ROOT / "docs" / "evidence.json"
SEED: Final = 0
PERCENT: Final = 100.0


def measured(draws: int = DRAWS, rows: int = ROWS, processes: int = 2) -> dict[str, Any]:
    """Return the figures of both tables, ready for JSON."""
    sets = [read_fact_set(name) for name in fact_set_names()]
    with screen.progress("sets of facts") as report:
        effects = compare_fact_sets(sets, draws, seed=SEED, processes=processes, progress=report)
    with screen.progress("shares of variance") as report:
        shares = variance_shares(None, rows, SEED, processes=processes, progress=report)
    found = {"model": model_hash(), "fact_sets": asdict(effects), "variance": _plain(shares)}
    rounded: dict[str, Any] = _rounded(found)
    return rounded


def _plain(shares: Any) -> dict[str, Any]:
    """Return the shares of variance as a dictionary: those alone and together, which the table shows."""
    splits = {
        name: {**{group: asdict(one) for group, one in found.alone.items()}, "together": asdict(found.together)}
        for name, found in shares.splits.items()
        if found is not None
    }
    return {
        "rows": shares.worlds, "runs": shares.runs, "seed": shares.seed, "scenarios": list(shares.scenarios),
        "splits": splits,
    }  # fmt: skip


def _rounded(found: Any) -> Any:
    """Return the figures with four decimals, so that the last bits of a processor do not matter."""
    if isinstance(found, Mapping):
        return {key: _rounded(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_rounded(value) for value in found]
    return round(found, 4) if isinstance(found, float) else found


def saved(file: Path = FILE) -> dict[str, Any]:
    """Return the saved figures."""
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def fact_set_table() -> str:
    """Return what each set of facts changes, one row per set, from the saved figures; nothing is run."""
    found = saved()
    effects = found["fact_sets"]
    milestones = [one["milestone"] for one in effects["sets"][0]["headlines"]]
    heads = ["facts", "draws kept", "of them with the text", "attacks per run"]
    for name in milestones:
        heads += [f"{MILESTONES[name].label}", "beside the text, points"]
    rows = [
        [
            f"`{one['name']}`",
            _share(one["kept"] / effects["draws"], one["kept_low"], one["kept_high"]),
            f"{one['shared']:,} of {one['kept']:,}",
            number(one["attacks"]),
            *(cell for headline in one["headlines"] for cell in _headline(headline)),
        ]
        for one in effects["sets"]
    ]
    about = (
        f"{effects['draws']:,} draws from the ranges, the same for every set, each tried in {effects['worlds']} worlds "
        f"of the window and run to the end in one; seed {effects['seed']}, model {found['model'][:12]}. In brackets "
        "95 % intervals:"
    )
    return f"{about}\n\n{_table(heads, rows)}"


def _headline(one: Mapping[str, float]) -> tuple[str, str]:
    """Return the share in which a milestone comes, and its difference from the text's."""
    own = _share(one["share"], one["low"], one["high"])
    if one["change_low"] == one["change_high"]:
        return own, "-"
    ends = signed_interval(PERCENT * one["change_low"], PERCENT * one["change_high"], 1)
    return own, f"{points(one['change'], 1).removesuffix(' points')} ({ends})"


def variance_table() -> str:
    """Return the shares of variance, one row per outcome, from the saved figures; nothing is run."""
    found = saved()
    kept = found["variance"]
    columns = list(next(iter(kept["splits"].values())))
    heads = ["outcome", *(f"{name} alone" for name in columns[:-1]), "only several together"]
    rows = [
        [OUTCOMES[name].label, *(_share(*(cell[key] for key in ("value", "low", "high"))) for cell in one.values())]
        for name, one in kept["splits"].items()
    ]
    about = (
        f"{kept['rows']:,} rows, {kept['runs']:,} worlds run, {len(kept['scenarios'])} scenarios, seed {kept['seed']}, "
        f"model {found['model'][:12]}. In brackets 95 % intervals (bootstrap over rows):"
    )
    return f"{about}\n\n{_table(heads, rows)}"


def _share(value: float, low: float, high: float) -> str:
    return f"{share(value)} ({interval(PERCENT * low, PERCENT * high, 0)})"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, save, refresh the page, and say how long it took. Returns the exit code."""
    from docs.refresh import filled, tables_in

    parser = argparse.ArgumentParser(
        prog="python -m docs.evidence", description="Make the tables of the evidence page."
    )
    parser.add_argument("--processes", type=int, default=2, help="how many run at once, 2 by default")
    chosen = parser.parse_args(arguments)
    begun = time.monotonic()
    kept = measured(processes=chosen.processes)
    FILE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(text, tables_in(text)), encoding="utf-8")
    print(f"{time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
