"""The curve below a lever: how the mean of an outcome moves over the lever's range, as HTML.

Streamlit removes SVG from the HTML of a page, so the line is a coloured box of which only the line is not cut away.
Curves that are shown together have one scale, so that a flat line means that a lever does little.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from dashboard.render import display
from dashboard.runs.lever_responses import Response
from dashboard.state.lever_effects import LITTLE
from dashboard.state.ranked import label
from sim.schema import formatting
from sim.schema.decisions import Lever
from sim.schema.outcomes import OUTCOMES

LEAST: Final = 2 * LITTLE  # of all worlds, or of the mean: a scale is no finer, so that what does little looks flat
_HALF: Final = 1.0  # pixels, half of the line's width
_EDGE: Final = 2.0  # pixels kept free above and below, so that no line is cut

Scale = tuple[float, float]


def scale_of(found: Iterable[Response], outcome: str) -> Scale:
    """Return the lowest and the highest value of the common scale of some curves, in the outcome's unit."""
    every = [mean for one in found for mean in one.means[outcome]]
    low, high = min(every, default=0.0), max(every, default=0.0)
    least = LEAST * (1.0 if _share(outcome) else max(float(np.mean([abs(low), abs(high)])), 1.0))
    more = max(least - (high - low), 0) / 2
    return low - more, high + more


def draw(lever: Lever, found: Response | None, outcome: str, scale: Scale, at: float | None, *, old: bool) -> str:
    """Return the curve of a lever with the means at both ends of its range; for a yes or no, both means in words.

    found: None until it is computed: its place is then kept free; scale: of `scale_of`; at: the value of the slider,
    where the dot is, in the lever's unit, None for none; old: whether it is of the scenario before the last move, so
    that its numbers are left out.
    """
    if lever.flag:
        text = "" if found is None or old else _yes_no(found.means[outcome], outcome)
        said = f' role="img" aria-label="{display.markup(words(lever, found, outcome))}"' if found and text else ""
        return f'<div class="response flag"{said}>{text or "&nbsp;"}</div>'
    if found is None:
        return '<div class="response"><div class="plot"></div><div class="ends"></div></div>'
    means = found.means[outcome]
    dot = "" if at is None else _dot(lever, found.values, means, scale, at)
    line = f'<div class="plot"><div class="line" style="clip-path:{_line(means, scale)}"></div>{dot}</div>'
    if old:
        return f'<div class="response old">{line}<div class="ends"></div></div>'
    ends = f"<span>{amount(means[0], outcome)}</span><span>{amount(means[-1], outcome)}</span>"
    said = display.markup(words(lever, found, outcome))
    return f'<div class="response" role="img" aria-label="{said}">{line}<div class="ends">{ends}</div></div>'


def words(lever: Lever, found: Response, outcome: str) -> str:
    """Return what a curve shows in words: "From 0 to 5,000 people: talks open in 20 % to 94 % of worlds"."""
    means = found.means[outcome]
    first, last = (amount(means[place], outcome) for place in (0, -1))
    what = label(outcome)
    if lever.flag:
        whole = " of worlds" if _share(outcome) else f" {OUTCOMES[outcome].unit}"
        return f"{what}: {first}{whole} if no, {last}{whole} if yes"
    ends = f"{formatting.setting(lever.low)} to {formatting.setting(lever.high)}"
    head = f"From {formatting.with_unit(ends, lever.unit)}: "
    between = _between(means, outcome)
    if _share(outcome):
        return f"{head}{what[:1].lower()}{what[1:]} in {first} to {last} of worlds{between}"
    return f"{head}{what}, {first} to {last} {OUTCOMES[outcome].unit}{between}"


def amount(mean: float, outcome: str) -> str:
    """Return a mean as text: a share of worlds in per cent, all else as a whole number."""
    return formatting.share(mean) if _share(outcome) else formatting.number(mean, 0)


def height(mean: float, scale: Scale) -> float:
    """Return how far below the top of the scale a mean is: 0 at its highest value, 1 at its lowest."""
    low, high = scale
    return (high - mean) / (high - low) if high > low else 0.5


def _between(means: Sequence[float], outcome: str) -> str:
    """Return where a curve leaves the span of its ends, in words; nothing if that cannot be seen."""
    ends = {amount(means[0], outcome), amount(means[-1], outcome)}
    low, high = min(means), max(means)
    found = []
    if low < min(means[0], means[-1]) and amount(low, outcome) not in ends:
        found.append(f"as few as {amount(low, outcome)}")
    if high > max(means[0], means[-1]) and amount(high, outcome) not in ends:
        found.append(f"as many as {amount(high, outcome)}")
    return f"; between, {' and '.join(found)}" if found else ""


def _line(means: Sequence[float], scale: Scale) -> str:
    """Return the outline of a line through the means, evenly spaced, as a polygon of CSS."""
    places = [(100 * index / (len(means) - 1), height(mean, scale)) for index, mean in enumerate(means)]
    corners = [f"{x:g}% {_top(y, -_HALF)}" for x, y in places]
    corners += [f"{x:g}% {_top(y, _HALF)}" for x, y in reversed(places)]
    return f"polygon({','.join(corners)})"


def _top(share: float, more: float = 0.0) -> str:
    """Return a height, 0 to 1, as a length of CSS from the top. more: pixels to add."""
    return f"calc({100 * share:.2f}% + {_EDGE * (1 - 2 * share) + more:.2f}px)"


def _dot(lever: Lever, values: Sequence[float], means: Sequence[float], scale: Scale, at: float) -> str:
    """Return the dot on the line where the slider is."""
    left = 100 * (at - lever.low) / (lever.high - lever.low)
    top = _top(height(float(np.interp(at, values, means)), scale))
    return f'<div class="dot" style="left:{min(max(left, 0), 100):.1f}%;top:{top}"></div>'


def _yes_no(means: Sequence[float], outcome: str) -> str:
    return f"{amount(means[0], outcome)} if no, {amount(means[-1], outcome)} if yes"


def _share(outcome: str) -> bool:
    return outcome.startswith("reached_")
