"""The tiles: six outcomes, each with its paired change from the baseline and whether that is more than luck."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from dashboard import words
from dashboard.runs import Pair
from sim.comparison import Effect, MilestoneEffect
from sim.milestones import NEVER
from sim.outcomes import NOVEMBER

Kind = Literal["beyond", "luck", "none"]
BADGES: Final[dict[Kind, str]] = {
    "beyond": "bigger than luck",
    "luck": "cannot be told from luck",
    "none": "no change",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. value, effect, low and high are the engine's own, in the unit; the texts are for reading."""

    name: str
    label: str
    value: float
    effect: float
    low: float
    high: float
    kind: Kind
    figure: str
    change: str
    worlds: str
    help: str = ""


def tiles(pair: Pair) -> list[Tile]:
    """The six tiles of a pair of runs, in order."""
    talks = pair.comparison.milestones(["talks_open"])[0]
    names = ["prisoners_released", "security_forces_killed", "attacks"]
    effects = {e.outcome: e for e in pair.comparison.table(names)}
    troops = NOVEMBER if NOVEMBER in pair.comparison.names else "us_troops"
    us = pair.comparison.table([troops])[0]
    return [
        _talks(talks, pair),
        _median(talks, pair),
        _of_effect(effects["prisoners_released"], "Prisoners out at the end"),
        _of_effect(effects["security_forces_killed"], "Afghan forces killed"),
        _of_effect(effects["attacks"], "Taliban attacks"),
        _of_effect(us, "US troops on 1 November" if troops == NOVEMBER else "US troops at the end"),
    ]


def _kind(*, beyond: bool, moved: bool) -> Kind:
    return "beyond" if beyond else "luck" if moved else "none"


def _talks(talks: MilestoneEffect, pair: Pair) -> Tile:
    """How many worlds' talks open before the run ends."""
    last = words.day(pair.own.dates[-1].item(), year=False)
    change = f"{words.points(talks.effect)} ({words.signed(100 * talks.low)} to {words.signed(100 * talks.high)})"
    kind = _kind(beyond=talks.beyond_luck, moved=talks.earlier + talks.later > 0)
    return Tile(
        "reached_talks_open", f"Worlds in which talks open by {last}", talks.b_share,
        talks.effect, talks.low, talks.high, kind,
        words.share(talks.b_share), "" if kind == "none" else change, _moved(talks),
        "Share of worlds in which all five conditions hold at once before the run ends.",
    )  # fmt: skip


def _median(talks: MilestoneEffect, pair: Pair) -> Tile:
    """When talks open, in the worlds where they do: the median date, and the shift in worlds where both do."""
    row = next(row for row in pair.own.milestone_table() if row.name == "talks_open")
    days = [run.milestone_day["talks_open"] for run in (pair.reference, pair.own)]
    both = (days[0] != NEVER) & (days[1] != NEVER)
    moved = (days[1] - days[0])[both].astype(np.float64)
    shift = talks.median_shift
    change, spread = "", ""
    if moved.size and moved.any() and shift is not None:
        low, high = np.quantile(moved, [0.05, 0.95])
        spread = f" (90 % of them: {words.signed(round(float(low)))} to {words.signed(round(float(high)))})"
        change = f"{words.signed(shift)} days, median of pairs{spread}"
    kind = _kind(beyond=_sign_test(moved), moved=bool(moved.any())) if moved.size else "none"
    told = f"both open in {_hundred(talks.both)}" if talks.both else "open in both runs in no world"
    return Tile(
        "day_talks_open", "Median date of their opening",
        math.nan if row.median is None else pair.own.index(row.median),
        math.nan if shift is None else shift, math.nan, math.nan, kind, words.day(row.median), change, told,
        "Among the worlds where talks open; the change is over the worlds where they open in both runs.",
    )  # fmt: skip


def _sign_test(moved: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bool:
    """Whether the share of pairs that move up, of those that move, leaves out one half (two standard errors)."""
    moving = int((moved != 0).sum())
    up = int((moved > 0).sum())
    return moving > 0 and abs(up - moving / 2) > math.sqrt(moving) and moving >= 8


def _moved(talks: MilestoneEffect) -> str:
    """In how many of 100 worlds talks open earlier or later."""
    if not talks.earlier and not talks.later:
        return "the same in every world"
    if talks.earlier >= talks.later:
        return f"earlier in {_hundred(talks.earlier)}, later in {_bare(talks.later)}"
    return f"later in {_hundred(talks.later)}, earlier in {_bare(talks.earlier)}"


def _of_effect(effect: Effect, label: str) -> Tile:
    """A tile of an outcome's mean."""
    kind = _kind(beyond=effect.beyond_luck, moved=effect.up + effect.down > 0)
    interval = f" ({words.signed(effect.low)} to {words.signed(effect.high)})" if math.isfinite(effect.low) else ""
    change = "" if kind == "none" else f"{words.signed(effect.effect)}{interval}"
    if kind == "none":
        told = "the same in every world"
    elif effect.up >= effect.down:
        told = f"more in {_hundred(effect.up)}, fewer in {_bare(effect.down)}"
    else:
        told = f"fewer in {_hundred(effect.down)}, more in {_bare(effect.up)}"
    return Tile(
        effect.outcome, label, effect.b_mean, effect.effect, effect.low, effect.high, kind,
        words.whole(effect.b_mean), change, told, f"{effect.label}: mean of the worlds, {effect.unit}.",
    )  # fmt: skip


def _hundred(share: float) -> str:
    """A share of worlds, counted in hundreds: "87 of 100 worlds"."""
    return f"{_bare(share)} of 100 worlds"


def _bare(share: float) -> str:
    return words.share(share).removesuffix(" %")


def grid(found: list[Tile]) -> str:
    """The tiles as one piece of HTML, whose style is in `dashboard.style`."""
    return f'<div class="around"><div class="tiles" role="list">{"".join(map(_card, found))}</div></div>'


def _card(tile: Tile) -> str:
    change = f'<div class="change">{words.markup(tile.change)}</div>' if tile.change else ""
    return (
        f'<div class="tile {tile.kind}" role="listitem" title="{words.markup(tile.help)}">'
        f'<div class="label">{words.markup(tile.label)}</div>'
        f'<div class="figure">{words.markup(tile.figure)}</div>{change}'
        f'<div class="badge">{BADGES[tile.kind]}</div>'
        f'<div class="worlds">{words.markup(tile.worlds)}</div></div>'
    )
