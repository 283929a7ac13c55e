"""The table of the settings of which a small step changes a result by much, from the saved summary."""

from sim.analysis.cliff_results import LIMITS, Jump
from sim.analysis.cliff_summary import CliffSummary
from sim.schema import formatting
from sim.schema.milestones import MILESTONES

ROWS = 10


def rows(saved: CliffSummary) -> dict[str, list[str]]:
    """Return the table, one row per setting, the largest jump first; figures rounded for reading."""
    some = saved.jumps[:ROWS]
    return {
        "setting": [one.label for one in some],
        "name": [one.name for one in some],
        "milestone": [MILESTONES[one.milestone].label for one in some],
        "step": [_step(one) for one in some],
        "share of worlds": [f"{formatting.share(one.before)} to {formatting.share(one.after)}" for one in some],
        "points": [formatting.signed(one.change, 1) for one in some],
        "95 % interval": [formatting.signed_interval(one.low, one.high, 1) for one in some],
        "beyond the limit": ["yes" if one.crosses else "no" for one in some],
    }


def about(saved: CliffSummary, model: str) -> str:
    """Return what the table is of, in a few sentences. model: the hash of this version of the model."""
    text = (
        f"Each of {saved.parameters} uncertain parameters was moved by a tenth of its plausible range, and each of "
        f"{saved.levers} levers stepped through its range in twentieths, one at a time, over {saved.worlds:,} worlds "
        f"with the same luck. For {saved.crossing} of them the share of worlds that reach some milestone jumps by at "
        f"least {LIMITS['parameter']:g} points (parameters) or {LIMITS['lever']:g} points (levers). A result that "
        "depends on such a step should not be reported without saying so."
    )
    if model != saved.model:
        text += " This search was run with another version of the model: its figures may differ from today's."
    return text


def _step(one: Jump) -> str:
    ends = (formatting.number(one.start), formatting.number(one.end))
    return formatting.with_unit(" to ".join(ends), one.unit)
