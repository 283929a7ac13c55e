"""The tiles: six outcomes, each with its paired change from the baseline and whether the change is significant."""

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from dashboard.render import display
from dashboard.runs.cache import Pair
from sim.results.comparison import Effect, MilestoneEffect
from sim.results.milestone_summary import MilestoneSummary
from sim.schema import formatting
from sim.schema.outcomes import NOVEMBER

Kind = Literal["significant", "small", "uncertain", "slight", "none", "apart", "alone"]
BADGES: Final[dict[Kind, str]] = {
    "significant": "significant",
    "small": "significant, but small",
    "uncertain": "not significant",
    "slight": "hardly any change",
    "none": "no change",
    "apart": "cannot be compared",
    "alone": "",
}
QUESTIONS: Final = {  # what is asked about each tile, and how
    "reached_talks_open": ("talks_open", "Why do talks open or not?"),
    "day_talks_open": ("talks_open", "Why by then?"),
    "prisoners_released": ("prisoners_released", "Why so many out?"),
    "security_forces_killed": ("security_forces_killed", "Why so many killed?"),
    "attacks": ("attacks", "Why so many attacks?"),
    NOVEMBER: (NOVEMBER, "Why so many troops?"),
    "us_troops": ("us_troops", "Why so many troops?"),
}
NOT_HALF: Final = "fewer than half"
_SMALL: Final = 0.01  # of the baseline's mean: a change that is certain, and matters little
_SEEN: Final = 0.5  # a count that changes by less looks the same when rounded


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. value, effect, low and high: the engine's numbers, in the unit; the other fields are texts."""

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


def tiles(pair: Pair, *, alone: bool = False) -> list[Tile]:
    """Return the six tiles of a pair of runs, in order. alone: without any comparison, for the baseline itself."""
    found = _compared(pair)
    return [_by_itself(tile, pair) for tile in found] if alone else found


def _by_itself(tile: Tile, pair: Pair) -> Tile:
    """Return a tile that is compared with nothing: its figure, and the spread over the worlds."""
    return replace(
        tile, effect=math.nan, low=math.nan, high=math.nan, kind="alone", change="", worlds=_spread(tile, pair)
    )


def _spread(tile: Tile, pair: Pair) -> str:
    """Return how much a figure differs between worlds."""
    run = pair.own
    talks = next(row for row in run.milestone_table() if row.name == "talks_open")
    if tile.name == "reached_talks_open":
        return f"in {round(talks.share * run.worlds):,} of {run.worlds:,} worlds"
    if tile.name == "day_talks_open":
        ends = [formatting.day(end, year=False) for end in (talks.q05, talks.q95)]
        return f"where they open, nine in ten: {ends[0]} to {ends[1]}" if talks.median else "they open in no world"
    low, high = np.quantile(run.outcomes[tile.name].values, (0.05, 0.95))
    return f"nine worlds in ten: {formatting.interval(float(low), float(high), 0)}"


def _compared(pair: Pair) -> list[Tile]:
    """Return the tiles with the change of each figure."""
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


def _kind(*, significant: bool, moved: bool) -> Kind:
    return "significant" if significant else "uncertain" if moved else "none"


def _talks(talks: MilestoneEffect, pair: Pair) -> Tile:
    """Return the tile of the share of worlds in which talks open before the run ends."""
    last = formatting.day(pair.own.dates[-1].item(), year=False)
    ends = 100 * talks.low, 100 * talks.high
    places = formatting.decimals(100 * talks.effect, *ends)
    change = formatting.points(talks.effect, places) + _interval(*ends, places)
    kind = _kind(significant=talks.significant, moved=talks.gained + talks.lost > 0)
    return Tile(
        "reached_talks_open", f"Worlds in which talks open by {last}", talks.b_share,
        talks.effect, talks.low, talks.high, kind,
        formatting.share(talks.b_share), "" if kind == "none" else change, _moved(talks),
        "Share of worlds in which all five conditions hold at once before the run ends.",
    )  # fmt: skip


def _median(talks: MilestoneEffect, pair: Pair) -> Tile:
    """Return the tile of the day by which talks are open in half of all worlds, with the median shift of the date.

    The shift is over the worlds where both runs open them.
    """
    row = next(row for row in pair.own.milestone_table() if row.name == "talks_open")
    shift = talks.median_shift
    moved = talks.sooner + talks.put_off > 0
    kind = _kind(significant=talks.shift_significant, moved=moved)
    text = f"they open in both runs in {_hundred(talks.both)}"
    if not talks.pairs:
        kind = "apart" if talks.a_share or talks.b_share else "none"
        text = _unpaired(talks)
    return Tile(
        "day_talks_open", "Half of all worlds have talks by",
        math.nan if row.half_by is None else pair.own.index(row.half_by),
        math.nan if shift is None else shift, talks.median_low, talks.median_high, kind,
        NOT_HALF if row.half_by is None else formatting.day(row.half_by),
        _shift(talks) if moved else "", f"{_among(row)}{text}",
        "Worlds in which talks never open count as later than every date. The change of the date is over the worlds "
        "where they open in both runs.",
    )  # fmt: skip


def _among(row: MilestoneSummary) -> str:
    """Return the median date among the worlds where talks open; "" if they open in none."""
    if row.median is None:
        return ""
    return f"median among the {formatting.share(row.share)} where they open: {formatting.day(row.median, year=False)}; "


def _shift(talks: MilestoneEffect) -> str:
    """Return the median shift of the dates with its interval; if it is 0, how many pairs shift, which is tested."""
    if talks.median_shift:
        unit = "day" if abs(talks.median_shift) == 1 else "days"
        shift = formatting.signed(talks.median_shift, int(talks.median_shift % 1 > 0))
        if talks.shift_alike:
            return f"{shift} {unit} in each of {talks.pairs:,} pairs"
        sure = _interval(talks.median_low, talks.median_high, 0)
        return f"{shift} {unit}{sure}, median of {talks.pairs:,} pairs"
    ways = [(talks.sooner, "earlier"), (talks.put_off, "later")]
    (more, one), (fewer, other) = ways if talks.sooner >= talks.put_off else ways[::-1]
    return f"{one} in {more:,} of {talks.pairs:,} pairs, {other} in {fewer:,}"


def _unpaired(talks: MilestoneEffect) -> str:
    """Return the reason why there is no pair of dates to compare."""
    if not talks.a_share and not talks.b_share:
        return "they open in no world of either run"
    if talks.a_share and talks.b_share:
        return "they open in both runs in no world"
    return f"they open in no world of {'the baseline' if talks.b_share else 'your scenario'}"


def _moved(talks: MilestoneEffect) -> str:
    """Return in how many of 100 worlds talks open earlier or later; never counts as later than every date."""
    if not talks.earlier and not talks.later:
        return "the same in every world"
    where = "" if talks.gained or talks.lost else "in the same worlds, "
    if talks.earlier >= talks.later:
        return f"{where}earlier in {_hundred(talks.earlier)}, later in {_bare(talks.later)}"
    return f"{where}later in {_hundred(talks.later)}, earlier in {_bare(talks.earlier)}"


def _of_effect(effect: Effect, label: str) -> Tile:
    """Return the tile of a count: its mean over the worlds."""
    kind = _kind(significant=effect.significant, moved=effect.up + effect.down > 0)
    change = "" if kind == "none" else _with_interval(effect)
    if kind != "none" and _below_one(effect):
        kind, change = "slight", "less than 1"
    if kind == "significant" and abs(effect.effect) < _SMALL * abs(effect.a_mean):
        kind = "small"
    if kind == "none":
        text = "the same in every world"
    elif effect.up >= effect.down:
        text = f"more in {_hundred(effect.up)}, fewer in {_bare(effect.down)}"
    else:
        text = f"fewer in {_hundred(effect.down)}, more in {_bare(effect.up)}"
    return Tile(
        effect.outcome, label, effect.b_mean, effect.effect, effect.low, effect.high, kind,
        formatting.number(effect.b_mean, 0), change, text, f"{effect.label}: mean of the worlds, {effect.unit}.",
    )  # fmt: skip


def _below_one(effect: Effect) -> bool:
    """Return whether a count changes by too little to show: it and the ends of its interval are 0 when rounded.

    For a significant effect the ends are not checked, because both are on the same side of 0.
    """
    ends = (effect.effect,) if effect.significant else (effect.effect, effect.low, effect.high)
    return all(abs(end) < _SEEN for end in ends)


def _with_interval(effect: Effect) -> str:
    """Return an effect with its interval in brackets, both with the same decimals."""
    places = formatting.decimals(effect.effect, effect.low, effect.high)
    text = formatting.signed(effect.effect, places)
    if effect.low == effect.high:
        return f"{text} in every world"
    return text + _interval(effect.low, effect.high, places)


def _interval(low: float, high: float, places: int) -> str:
    """Return an interval in brackets; "" if there is none, as with one world."""
    return f" ({formatting.signed_interval(low, high, places)})" if math.isfinite(low) else ""


def _hundred(share: float) -> str:
    """Return a share of worlds as a number of 100: "87 of 100 worlds"."""
    return f"{_bare(share)} of 100 worlds"


def _bare(share: float) -> str:
    return formatting.share(share).removesuffix(" %")


def grid(found: list[Tile]) -> str:
    """Return the tiles as HTML; its CSS is in `dashboard.render.style`."""
    return f'<div class="around"><div class="tiles" role="list">{"".join(map(_card, found))}</div></div>'


def _card(tile: Tile) -> str:
    change = f'<div class="change">{display.markup(tile.change)}</div>' if tile.change else ""
    badge = f'<div class="badge">{BADGES[tile.kind]}</div>' if BADGES[tile.kind] else ""
    return (
        f'<div class="tile {tile.kind}" role="listitem" title="{display.markup(tile.help)}">'
        f'<div class="label">{display.markup(tile.label)}</div>'
        f'<div class="figure">{display.markup(tile.figure)}</div>{change}{badge}'
        f'<div class="worlds">{display.markup(tile.worlds)}</div></div>'
    )
