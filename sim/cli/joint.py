"""The text and JSON output of `jirga compare A B --and C`: the effects of B and C alone, together, and as a sum."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.analysis.joint_words import VERDICTS, amount, end_of_scale, ends, sentence
from sim.cli.document import fields
from sim.cli.report import KINDS, short
from sim.cli.screen import safe, table
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.outcomes import OUTCOMES

if TYPE_CHECKING:
    from rich.console import Console

    from sim.analysis.joint_effects import JointComparison, JointEffect
    from sim.results.results import Results

HEADLINES = ("reached_talks_open", "attacks")
_MEANING = (
    "B, C, both: effects of each alone and of both together, against A; beyond: both minus the sum of B and C, the "
    "interaction, with its 95 % interval; *: significant. Outcomes that nothing changes are not shown."
)


def report(console: "Console", found: "JointComparison", on: Sequence[str] | None) -> None:
    """Print the scenarios, a sentence per headline or outcome asked for, and the tables. on: outcomes, None for all."""
    for letter, run in zip("ABC", (found.base, found.a, found.b), strict=True):
        console.print(f"{letter}  {safe(run.scenario.title)}", style="bold")
    base = found.base
    console.print(
        f"{base.worlds:,} world{'s' if base.worlds > 1 else ''} with the same luck in A, B, C, and B and C together, "
        f"seed {base.seed}, "
        f"{ASSUMPTIONS_IN_WORDS[base.assumptions]}"
    )
    hashes = ", ".join(run.scenario.hash()[:12] for run in (base, found.a, found.b, found.both))
    console.print(f"hashes {hashes}")
    console.print(NOT_A_FORECAST)
    console.print()
    for one in found.table([name for name in HEADLINES if name in found.names] if on is None else on):
        console.print(f"{sentence(one)} {end_of_scale(one)}".rstrip())
    console.print()
    rows = found.table(on)
    for kind, title in KINDS.items():
        some = [one for one in rows if OUTCOMES[one.outcome].kind == kind and (on is not None or _moved(one))]
        _table(console, f"{title}, points of worlds" if kind == "share" else f"{title}, mean of the worlds", some)
    console.print(_MEANING)


def document(found: "JointComparison", on: Sequence[str] | None) -> dict[str, Any]:
    """The four runs, and per outcome the effects, the sum, the interaction with its interval, and the verdict."""
    runs = {"base": found.base, "a": found.a, "b": found.b, "both": found.both}
    return {
        "note": NOT_A_FORECAST,
        "worlds": found.base.worlds,
        "seed": found.base.seed,
        "assumptions": found.base.assumptions,
        "runs": {name: _run(run) for name, run in runs.items()},
        "joint": {one.outcome: _row(one) for one in found.table(on)},
    }


def _run(run: "Results") -> dict[str, str]:
    return {"scenario": run.scenario.name, "title": run.scenario.title, "hash": run.scenario.hash()}


def _row(one: "JointEffect") -> dict[str, Any]:
    effects = {name: fields(getattr(one, name), "outcome", "label", "unit") for name in ("a", "b", "both")}
    return fields(one, "outcome") | effects | {"words": VERDICTS[one.verdict], "sentence": sentence(one)}


def _moved(one: "JointEffect") -> bool:
    """Whether anything changes the outcome in any world."""
    return any(part.same < 1 for part in (one.a, one.b, one.both))


def _table(console: "Console", title: str, rows: "Sequence[JointEffect]") -> None:
    """Print one table; none where there are no rows."""
    if not rows:
        return
    made = table(title, "outcome", ">B", ">C", ">both", ">beyond", ">95 % interval", "")
    for one in rows:
        sizes = [one.a.effect, one.b.effect, one.both.effect, one.interaction]
        figures = [amount(one, size).removesuffix(f" {one.unit}").removesuffix(" points") for size in sizes]
        within = "in every world" if one.low == one.high else ends(one, one.low, one.high)
        made.add_row(short(one.label), *figures, within, "*" if one.significant else "")
    console.print(made)
