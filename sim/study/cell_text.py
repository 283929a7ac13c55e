"""The numbers of one cell of a study as text, the same in reports, on the page Studies and in hand-outs."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.results.intervals import effect_test, significant
from sim.study.outcome_view import OutcomeView


@dataclass(frozen=True, slots=True)
class CellText:
    """An outcome at one point of a scenario, as text.

    worlds: how many have a value; value: the mean; interval: its 95 % interval; band: between which values nine in ten
    worlds are, "" for a share; change, change_interval: the paired difference from the reference. significant: whether
    the difference is significant, None if there is none.
    """

    worlds: str
    value: str
    interval: str
    band: str
    change: str
    change_interval: str
    significant: bool | None


def cell_texts(subject: OutcomeView, scenario: int) -> Iterator[CellText]:
    """Yield the text of an outcome at each point of a scenario, in the order of the points."""
    text, start = subject.formats, subject.summary.plan.scenarios[0].start
    cells, effects = subject.cells(scenario), subject.effects(scenario)
    cell_ends, effect_ends = np.stack(subject.cell_ends(scenario)), np.stack(subject.effect_ends(scenario))
    quantiles = subject.summary.quantiles(subject.outcome)[:, scenario]
    beyond = significant(effect_test(text.outcome, effects))
    for p in range(subject.summary.design.points):
        mean, change = float(cells.mean[p]), float(effects.mean[p])
        (low, high), (least, most) = cell_ends[:, p].tolist(), effect_ends[:, p].tolist()
        ends = float(quantiles[0, p]), float(quantiles[-1, p])
        yield CellText(
            f"{int(cells.n[p]):,}",
            text.value(mean, low, high) + text.dated(start, mean),
            text.span(low, high, mean) + text.dated(start, low, high),
            "" if text.share else text.span(*ends) + text.dated(start, *ends),
            text.change(change, least, most),
            text.change_span(least, most, change),
            None if np.isnan(change) else bool(beyond[p]),
        )
