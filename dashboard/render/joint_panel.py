"""The answer to "A or B, and both together": whether two changes add up, in sentences, as dots and as a table."""

from typing import Final

import streamlit as st

from dashboard.render.page_report import PageReport
from dashboard.runs.joint_runs import Joint
from dashboard.state.differences import differences
from sim.analysis.joint_effects import JointComparison, JointEffect
from sim.analysis.joint_words import VERDICTS, amount, end_of_scale, ends, sentence, short_label
from sim.charts.effects import Dot, effects
from sim.charts.gallery import run_note
from sim.charts.theme import Spec
from sim.schema.outcomes import OUTCOMES

HEADLINES: Final = ("reached_talks_open", "attacks")
TABLED: Final = (
    "reached_released_5000", "reached_power_shared", "reached_talks_open", "reached_ceasefire", "reached_settlement",
    "days_until_talks_open", "attacks", "security_forces_killed", "taliban_killed", "offensives_and_airstrikes",
    "prisoners_released", "returned_to_fighting", "kabul_bargaining_power",
)  # fmt: skip
BOTH, SUM, BEYOND = "Both together", "Sum of each alone", "Both minus the sum"
_MEANING: Final = (
    "Each figure is a difference from the baseline, over the same worlds. In each world, what both do together beyond "
    "the sum of each alone is the interaction; its mean and 95 % interval decide whether the effects are additive."
)


def panel(report: PageReport, of: Joint, found: JointComparison) -> None:
    """Draw the answer: a sentence for each headline, a chart of the first, and the table."""
    report.heading(f"{of.names[0]}, {of.names[1]}, and both together")
    rows = {one.outcome: one for one in found.table([name for name in TABLED if name in found.names])}
    for name in HEADLINES:
        if name in rows:
            report.paragraph(f"{sentence(rows[name])} {end_of_scale(rows[name])}".strip())
    first = rows.get(HEADLINES[0])
    if first is not None and found.base.worlds > 1:
        data = {"effect": [name for name, *_ in _sizes(first, of)], "points": [row[1] for row in _sizes(first, of)]}
        report.chart("compare-joint", _chart(first, of, run_note(found.both)), data)
    report.paragraph(f"{_MEANING} {_shared(found)}".strip(), small=True)
    columns = _columns(list(rows.values()), of)
    with st.expander("Joint effects on every outcome"):
        report.wrapped("Joint effects", columns)


def _shared(found: JointComparison) -> str:
    """Return what both scenarios change, which counts once in both together and twice in the sum; "" for nothing."""
    reference = found.base.scenario
    first, second = ([label for label, _ in differences(run.scenario, reference)] for run in (found.a, found.b))
    labels = [label for label in first if label in second]
    if not labels:
        return ""
    return f"Both change: {'; '.join(labels)}. What they change in the same way counts once together, twice in the sum."


def _sizes(one: JointEffect, of: Joint) -> list[tuple[str, float, float, float]]:
    """Return each effect with its interval."""
    alone = [
        (name, effect.effect, effect.low, effect.high) for name, effect in zip(of.names, (one.a, one.b), strict=True)
    ]
    return [
        *alone,
        (SUM, one.sum, one.sum_low, one.sum_high),
        (BOTH, one.both.effect, one.both.low, one.both.high),
        (BEYOND, one.interaction, one.low, one.high),
    ]


def _chart(one: JointEffect, of: Joint, note: str) -> Spec:
    """Return the effects on a share as dots, in percentage points."""
    dots = [
        Dot(name, 100 * size, 100 * low, 100 * high, amount(one, size)) for name, size, low, high in _sizes(one, of)
    ]
    subtitle = "Change of the share of worlds against the baseline, and its 95 % interval"
    return effects(dots, unit="percentage points of worlds", title=short_label(one), subtitle=subtitle, note=note)


def _columns(rows: list[JointEffect], of: Joint) -> dict[str, list[str]]:
    """Return the table of all effects, as text."""
    return {
        "outcome": [short_label(one) if OUTCOMES[one.outcome].kind != "until" else one.label for one in rows],
        "both together do": [VERDICTS[one.verdict] for one in rows],
        BEYOND: [_beyond(one) for one in rows],
        BOTH: [amount(one, one.both.effect) for one in rows],
        SUM: [amount(one, one.sum) for one in rows],
        of.names[0]: [amount(one, one.a.effect) for one in rows],
        of.names[1]: [amount(one, one.b.effect) for one in rows],
    }


def _beyond(one: JointEffect) -> str:
    size, within = amount(one, one.interaction), ends(one, one.low, one.high)
    if not within:
        return size
    return f"{size} in every world" if one.low == one.high else f"{size} ({within})"
