"""A discovery in words: the conditions, how dense the box is, how much it covers, and the two worlds to look at."""

import math

from sim.analysis.discovery.box import Limit, Tally
from sim.results.intervals import share_interval
from sim.schema.formatting import number, share, with_unit
from sim.study.discovery.cases import Feature
from sim.study.discovery.discover import Case, Discovery


def sentences(found: Discovery) -> list[str]:
    """Return what was found, as sentences; one that says so if nothing was."""
    tally, of = found.checked, "fresh worlds" if found.fresh is not None else "worlds held out"
    if not found.found or tally is None:
        return [_nothing(found)]
    where = " and ".join(limit_words(one, found.features[one.name]) for one in (found.box.limits if found.box else ()))
    text = found.condition.text
    density, coverage = _share(tally.density, tally.density_rows), _share(tally.coverage, tally.coverage_rows)
    lines = [
        f'"{text}" holds in {density} of {of} where {where}.',
        f"It holds in {share(tally.base)} of all {of}. The conditions cover {coverage} of those in which it holds.",
    ]
    if found.typical is not None:
        lines.append(f"A typical world: {case_words(found.typical, found)}.")
    if found.surprising is not None:
        words = case_words(found.surprising, found)
        lines.append(f"The most surprising, in which the conditions hold and the outcome does not: {words}.")
    return lines


def limit_words(one: Limit, feature: Feature) -> str:
    """Return a limit in words, such as "Releases per day is at most 20 people/day"."""
    if feature.unit == "yes or no":
        yes = one.low is not None and one.low > 0
        return f"{feature.label}: {'yes' if yes else 'no'}"
    low, high = (None if end is None else with_unit(number(end), feature.unit) for end in (one.low, one.high))
    if low is None or high is None:
        return f"{feature.label} is at most {high}" if low is None else f"{feature.label} is at least {low}"
    return f"{feature.label} is from {number(one.low)} to {high}"


def case_words(one: Case, found: Discovery) -> str:
    """Return a world in words: its number, its point, and the values of the limited features."""
    values = ", ".join(
        f"{found.features[name].label} {with_unit(number(value), found.features[name].unit)}"
        for name, value in one.values.items()
    )
    return f"world {one.world} of point {one.point} ({values})"


def _nothing(found: Discovery) -> str:
    """Return that nothing was found, and whether something was that did not hold."""
    before = (
        f'No conditions explain "{found.condition.text}", which holds in {share(found.hits / found.rows)} of worlds'
    )
    if found.fresh is not None:
        return f"{before}: those that fit the study do not hold in fresh worlds."
    return f"{before}: none fits better than chance would."


def _share(value: float, rows: float) -> str:
    """Return a share with its 95 % interval, in words. rows: how many independent ones it is worth."""
    if math.isnan(value):
        return "none"
    low, high = (float(end) for end in share_interval(rows, value * rows))
    return f"{share(value)} (95 % interval {number(100 * low, 0)} to {share(high)})"


def tally_rows(found: Discovery) -> list[tuple[str, Tally]]:
    """Return the counts that there are, with what they were counted over."""
    every = (
        ("the whole study", found.study),
        ("the half that did not choose", found.held_out),
        ("fresh worlds", found.fresh),
    )
    return [(words, tally) for words, tally in every if tally is not None]
