"""The effects of the settings of a study on an outcome, and the share of its variance due to luck."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from sim.charts.bars import Bar, BarGroup, bars
from sim.charts.estimates import Estimate, estimates
from sim.export.page_parts import Figure, Paragraph, Part, Table
from sim.schema.formatting import number, plus_minus, share
from sim.study import sensitivity
from sim.study.formatting import setting
from sim.study.outcome_view import OutcomeView
from sim.study.sensitivity import UnknowableError

MOST_ROWS: Final = 80  # rows of a chart


def influence(subject: OutcomeView) -> Iterator[Part]:
    """Charts and tables for the method of the plan, and a sentence on luck, for one scenario after the other."""
    plan = subject.summary.plan
    if not plan.vary:
        return
    made = {"sobol": _sobol, "morris": _morris, "one-at-a-time": _tornado, "grid": _effects}.get(plan.method)
    yield Paragraph("Effects of the settings", 3)
    for s in subject.shown:
        if plan.method == "one-at-a-time" and plan.scenarios[s].name != plan.reference:
            continue
        name = f"{subject.named(s)}: " if len(plan.scenarios) > 1 else ""
        try:
            if made is not None:
                yield from made(subject, s)
        except UnknowableError as error:
            yield Paragraph(f"{name}{subject.formats.label}: {error}.", kind="small")
        if plan.method != "one-at-a-time":
            yield Paragraph(name + _luck(subject, s))


def _luck(subject: OutcomeView, scenario: int) -> str:
    """A sentence on the share of the variance that is due to luck, and to assumptions that only worlds differ in."""
    try:
        found = sensitivity.variance_split(subject.summary, scenario, subject.outcome)
    except UnknowableError as error:
        return f"Share of the variance due to luck: {error}."
    span = "" if np.isnan(found.low) else f" ({share(found.low)} to {share(found.high)})"
    others = "" if subject.summary.plan.assumptions == "point" else " and to assumptions that the plan does not vary"
    return (
        f"{share(found.share)} of the variance is due to luck{others}{span}: it is the variance between worlds with "
        "the same settings. The settings explain the rest."
    )


def _sobol(subject: OutcomeView, scenario: int) -> Iterator[Part]:
    called = subject.called
    found = sorted(sensitivity.sobol(subject.summary, scenario, subject.outcome), key=lambda one: -one.total)
    groups = [
        BarGroup(called[one.setting], (
            Bar("alone", one.first, one.first - one.first_half, one.first + one.first_half,
                number(one.first, 2)),
            Bar("with all its interactions", one.total, one.total - one.total_half, one.total + one.total_half,
                number(one.total, 2)),
        ))
        for one in found
    ]  # fmt: skip
    subtitle = (  # explains the two figures once; beside each setting there is no room
        "Sobol indices with 95 % intervals: the share of the variance between points that each setting explains, "
        f"alone; with all its interactions. {_for_which_luck(subject)}"
    )
    title = subject.title(scenario, "which settings matter")
    yield Figure(bars(groups, unit="share of the variance between points", title=title, subtitle=subtitle))
    rows = [
        (
            called[one.setting],
            one.setting,
            plus_minus(one.first, one.first_half, 3),
            plus_minus(one.total, one.total_half, 3),
        )
        for one in found
    ]
    yield Table("Sobol indices, ± half the 95 % interval", ("setting", "name", ">first order", ">total"), rows)
    pairs = [
        (called[one.setting], called[one.other], plus_minus(one.second, one.second_half, 3))
        for one in sensitivity.sobol_pairs(subject.summary, scenario, subject.outcome)[:MOST_ROWS]
    ]
    if pairs:
        heads = ("setting", "and", ">second order")
        yield Table(
            "What pairs of settings explain together, beyond both alone, ± half the 95 % interval", heads, pairs
        )


def _morris(subject: OutcomeView, scenario: int) -> Iterator[Part]:
    called, text = subject.called, subject.formats
    found = sorted(sensitivity.morris(subject.summary, scenario, subject.outcome), key=lambda one: -one.size)
    k = text.scale
    groups = [
        BarGroup(called[one.setting], (
            Bar("size of its effect (mu*)", k * one.size, k * (one.size - one.size_half),
                k * (one.size + one.size_half), f"mu* {number(k * one.size)}"),
            Bar("dependence on other settings (sigma)", k * one.spread, np.nan, np.nan,
                f"sigma {number(k * one.spread)}"),
        ))
        for one in found
    ]  # fmt: skip
    subtitle = f"Morris's elementary effects over each setting's whole range. {_for_which_luck(subject)}"
    title = subject.title(scenario, "which settings matter")
    yield Figure(bars(groups, unit=text.change_unit, title=title, subtitle=subtitle))
    rows = [
        (called[one.setting], one.setting, text.change(one.mean), plus_minus(k * one.size, k * one.size_half),
         number(k * one.spread))
        for one in found
    ]  # fmt: skip
    heads = ("setting", "name", ">mean effect (mu)", ">size (mu*), ± half the 95 % interval", ">sigma")
    yield Table(f"Elementary effects, {text.change_unit}", heads, rows)


def _tornado(subject: OutcomeView, scenario: int) -> Iterator[Part]:
    called, text = subject.called, subject.formats
    vary = {one.key: one for one in subject.summary.plan.vary}
    k = text.scale
    groups, rows = [], []
    for one in sensitivity.tornado(subject.summary, scenario, subject.outcome):
        ends = {"at its low": (one.low, vary[one.setting].low), "at its high": (one.high, vary[one.setting].high)}
        made = []
        for name, ((effect, low, high), value) in ends.items():
            made.append(Bar(name, k * effect, k * low, k * high, text.change(effect, low, high)))
            rows.append((called[one.setting], one.setting, setting(vary[one.setting], value),
                         text.change(effect, low, high), text.change_span(low, high, effect)))  # fmt: skip
        groups.append(BarGroup(called[one.setting], made))
    subtitle = "Mean difference from the base in the same worlds, with 95 % intervals; one setting changed at a time"
    title = subject.title(scenario, "effect of each setting alone")
    unit = f"difference, {text.change_unit}"
    yield Figure(bars(groups, unit=unit, signed=True, title=title, subtitle=subtitle))
    yield Table("One at a time", ("setting", "name", ">value", ">difference", ">95 % interval"), rows)


def _effects(subject: OutcomeView, scenario: int) -> Iterator[Part]:
    if len(subject.summary.plan.vary) < 2:  # noqa: PLR2004  the means of a single setting are already shown above
        return
    called, text = subject.called, subject.formats
    vary = {one.key: one for one in subject.summary.plan.vary}
    k = text.scale
    rows = [
        Estimate(f"{called[one.setting]} {setting(vary[one.setting], one.value)}", k * one.mean,
                 k * one.low, k * one.high, text.value(one.mean, one.low, one.high))
        for one in sensitivity.main_effects(subject.summary, scenario, subject.outcome)
    ]  # fmt: skip
    subtitle = "Mean over all values of the other settings, with its 95 % interval (upper bound)"
    title = subject.title(scenario, "main effects of the settings")
    yield Figure(estimates(rows[:MOST_ROWS], unit=text.unit, title=title, subtitle=subtitle))


def _for_which_luck(subject: OutcomeView) -> str:
    worlds = int(subject.summary.cells.n.max())
    return "For world 0 only." if worlds == 1 else f"Of the mean over {worlds:,} worlds."
