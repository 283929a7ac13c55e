"""The readings of a world as cards in HTML: one per reader, its aims with what came of each."""

from collections.abc import Sequence

from dashboard.render import display
from sim.analysis.readings.readings import Reading, Verdict
from sim.analysis.readings.words import came, wanted


def cards(readings: Sequence[Reading]) -> str:
    """Return the cards; their CSS is in `dashboard.render.style`."""
    return f'<div class="readings" role="list">{"".join(map(_card, readings))}</div>'


def _card(one: Reading) -> str:
    aims = "".join(map(_aim, one.verdicts))
    return (
        f'<div class="reader" role="listitem"><b>{display.markup(one.reader.label)}</b>'
        f"<div>{display.markup(one.reader.about)}</div><ul>{aims}</ul></div>"
    )


def _aim(one: Verdict) -> str:
    kind = "apart" if not one.asked else "met" if one.met.value == 1 else "open"
    said = f"wanted: {wanted(one)}; {came(one)} ({one.aim.rests_on})"
    return f'<li class="{kind}">{display.markup(one.aim.text)}<span class="said">{display.markup(said)}</span></li>'
