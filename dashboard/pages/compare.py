"""Two to four scenarios side by side, paired world by world."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import streamlit as st

from dashboard.render import display, effect_text, joint_panel
from dashboard.render.export import Provenance, Table
from dashboard.render.page_report import PageReport
from dashboard.runs import cache, compare_job, joint_runs, lineup, session
from dashboard.state.state import MOST_ALSO, REFERENCE, State, shipped
from dashboard.widgets import pair_picker, scenario_picker
from dashboard.widgets.state_input import state_input
from sim.charts.dots import EffectDot, EffectGroup, WorldStrip, dots, strips
from sim.charts.gallery import run_note
from sim.charts.lines import Line, lines
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import scenario_names
from sim.results.comparison import Effect, MilestoneEffect
from sim.schema import formatting
from sim.schema.outcomes import OUTCOMES
from sim.schema.series import SERIES

SHOWN: Final = (
    "attacks", "security_forces_killed", "taliban_killed", "offensives_and_airstrikes", "prisoners_released",
    "returned_to_fighting", "us_troops_november", "kabul_cohesion", "kabul_bargaining_power",
    "days_until_talks_open",
)  # fmt: skip
DATED: Final = ("first_release", "released_5000", "power_shared", "talks_open", "ceasefire", "settlement")
MOVED: Final = (*SHOWN, *(f"day_{name}" for name in DATED))
LARGEST: Final = "Largest changes, by world number"
_POLL: Final = 0.25  # seconds between checks of the background run


def page(one_world: Any = None) -> None:
    """Draw the page. one_world: the page on which a world opens; without it, worlds are no links."""
    state = scenario_picker.side()
    st.markdown("# Compare")
    st.markdown(
        "World 17 of one scenario and world 17 of another have the same luck (the same random numbers) and the same "
        "values of the uncertain assumptions, so every difference between them comes from the scenarios."
    )
    _pick(state)
    scenarios = lineup.lined_up(state)
    for line in lineup.without_curve(state):
        st.caption(display.plain(line, 1000))
    pair_picker.pick(state)
    joint = _joint(state)
    every = lineup.with_more(scenarios, joint.scenarios if joint else ())
    status = st.container()
    more = compare_job.begun(state, every)
    try:
        runs = lineup.shown(state, every, more)
        found = runs.first(len(scenarios))
    except InputError as error:
        status.error(f"These scenarios cannot be run. {display.plain(str(error), 700)}", icon=":material/error:")
        return
    report = PageReport("Compare", _stamp(state, found, joint))
    if joint:
        joint_panel.panel(report, joint, joint_runs.compared(runs.reference, joint, runs.runs))
    if len(scenarios) == 1:
        st.info("Both scenarios are the same: choose another one above, or change yours on the page Explore.")
    else:
        _curves(report, state, found)
        _effects(report, found)
        _moved(report, state, found, one_world)
    report.close()
    if found.reference.worlds < state.worlds:
        with status:
            _refine(state, every)


def _joint(state: State) -> joint_runs.Joint | None:
    """Return the scenarios of the state's pair; without one, or if they exclude each other, None, and say why."""
    try:
        return joint_runs.joint(state)
    except InputError as error:
        st.warning(f"These two exclude each other. {display.plain(str(error), 700)}", icon=":material/block:")
        return None


def _pick(state: State) -> None:
    """Draw the choice of scenarios to compare with the baseline and the visitor's own scenario."""
    own = state.scenario().hash() != state.reference().hash()
    chosen = [name for name in lineup.also(state) if name != REFERENCE]
    st.multiselect(
        "Scenarios to compare with the baseline" + (" and yours" if own else ""),
        [name for name in scenario_names() if name != REFERENCE],
        default=chosen, max_selections=MOST_ALSO, format_func=lambda name: shipped(name).title,
        placeholder="Choose up to three", **state_input("also", chosen, _picked),
    )  # fmt: skip


def _picked(names: list[str]) -> None:
    try:
        session.go(replace(session.current(), also=tuple(names)))
    except InputError as error:
        session.refuse(error)


def _stamp(state: State, found: lineup.Lineup, joint: joint_runs.Joint | None) -> Provenance:
    shown = replace(state, worlds=found.reference.worlds, world=None)
    command = lineup.command(shown, found.scenarios)
    return Provenance.of(
        found.runs[1] if len(found.runs) > 1 else found.reference,
        link=state.link("compare"),
        command=f"{command}\n{joint_runs.command(shown, joint)}".strip() if joint else command,
        others=[found.reference.scenario, *lineup.with_more(found.scenarios, joint.scenarios if joint else ())[2:]],
    )


def _refine(state: State, scenarios: Sequence[Scenario]) -> None:
    """Draw the progress of the remaining worlds, which are started once; or why there are no more."""
    more = compare_job.begin(state, scenarios)
    if more.running and not more.cancelled:
        with st.container():  # the fragment must be alone in its container: see `live_refresh`
            _progress(more)
    elif more.found:
        st.rerun()  # they were finished while the page was being drawn
    else:
        line = f"{cache.FIRST} of {state.worlds:,} worlds ({more.error or 'stopped'})."
        st.caption(display.plain(line, 700))


@st.fragment(run_every=_POLL)
def _progress(more: compare_job.ComparisonJob) -> None:
    """Draw the progress of the background run, updated regularly; the page is redrawn when it is finished."""
    if not more.running or more.cancelled:
        st.rerun()
    line = f"{cache.FIRST} worlds so far; running {more.state.worlds:,}: {more.share:.0%}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(more.share, text=line)
        st.button("Stop", key="compare-stop", on_click=compare_job.stop)


def _curves(report: PageReport, state: State, found: lineup.Lineup) -> None:
    """Draw one series of all scenarios on shared axes."""
    report.heading("Day by day")
    names = [name for name, series in SERIES.items() if series.kind != "flag" or name == state.series]
    st.selectbox(
        "Series", names, names.index(state.series), format_func=lambda n: SERIES[n].label,
        **state_input("compare-series", state.series, _series),
    )  # fmt: skip
    name, curves, columns = state.series, [], {"date": found.reference.dates}
    for line, run in zip(found.names, found.runs, strict=True):
        low, middle, high = np.asarray(run.quantiles(name, (0.25, 0.5, 0.75)))
        curves.append(Line(line, middle, low, high, reference=run is found.reference))
        columns |= {f"{line}: median": middle, f"{line}: 25 %": low, f"{line}: 75 %": high}
    series = SERIES[name]
    subtitle = f"Median of {found.reference.worlds:,} worlds; the band covers the middle 50 % of worlds"
    spec = lines(
        curves, found.reference.dates, unit=series.unit, title=series.label, subtitle=subtitle,
        note=run_note(found.reference),
    )  # fmt: skip
    report.chart("compare-days", spec, columns)


def _series(name: str) -> None:
    session.go(replace(session.current(), series=name))


def _effects(report: PageReport, found: lineup.Lineup) -> None:
    """Draw the effects with their intervals, as dots and as tables."""
    report.heading("What each scenario changes, compared with the baseline")
    pairs, note = found.pairs, run_note(found.reference)
    left, right = st.columns(2)
    rows = {name: pair.table([o for o in SHOWN if o in pair.names]) for name, pair in pairs}
    dates = {name: pair.milestones() for name, pair in pairs}
    with left:
        groups = [
            EffectGroup(some[0].label, [_relative(name, one) for name, one in zip(rows, some, strict=True)])
            for some in zip(*rows.values(), strict=True) if some[0].a_mean
        ]  # fmt: skip
        subtitle = "Mean of the differences between paired worlds, with its 95 % interval"
        unit = "% of the baseline's mean"
        spec = dots(groups, unit=unit, title="Outcomes", subtitle=subtitle, note=note)
        report.chart("compare-outcomes", spec, _columns(groups, unit))
    with right:
        groups = [
            EffectGroup(some[0].label, [_points(name, one) for name, one in zip(dates, some, strict=True)])
            for some in zip(*dates.values(), strict=True) if _significant(some)
        ]  # fmt: skip
        subtitle = "Share of worlds that reach it, minus the baseline's share; unchanged milestones are not shown"
        unit = "percentage points of worlds"
        if groups:
            spec = dots(groups, unit=unit, title="Milestones reached", subtitle=subtitle, note=note)
            report.chart("compare-milestones", spec, _columns(groups, unit))
        else:
            report.paragraph("No milestone is reached in more or fewer worlds than in the baseline.")
    report.paragraph(
        "Mean change and its 95 % interval. “Not significant”: the interval includes 0 or, for a share or a date, the "
        "exact sign test is not significant. Of many outcomes some are significant by chance: in over half of all "
        "comparisons of scenarios that do not differ, at least one is.",
        small=True,
    )
    effects = {"outcome": [one.label for one in next(iter(rows.values()))]}
    effects |= {name: [effect_text.effect(one) for one in some] for name, some in rows.items()}
    effects["baseline's mean"] = [effect_text.value(one.a_mean, one) for one in next(iter(rows.values()))]
    report.wrapped("Effects on outcomes", effects)
    report.paragraph(
        "Share of worlds that reach each milestone, in the baseline and in the scenario; then the median shift of "
        "its date, over the worlds that reach it in both, and how many those are.",
        small=True,
    )
    dated = {"milestone": [one.label for one in next(iter(dates.values()))]}
    dated |= {name: [effect_text.milestone(one) for one in some] for name, some in dates.items()}
    report.wrapped("Effects on milestones", dated)


def _relative(name: str, one: Effect) -> EffectDot:
    """Return an effect in per cent of the baseline's mean."""
    scale = 100 / abs(one.a_mean)
    return EffectDot(name, scale * one.effect, scale * one.low, scale * one.high, effect_text.effect(one))


def _points(name: str, one: MilestoneEffect) -> EffectDot:
    return EffectDot(name, 100 * one.effect, 100 * one.low, 100 * one.high, effect_text.milestone(one))


def _significant(some: Sequence[MilestoneEffect]) -> bool:
    return any(one.effect for one in some)


def _columns(groups: Sequence[EffectGroup], unit: str) -> dict[str, list[str | float]]:
    """Return the data of a chart of dots, by column."""
    rows = [(group.label, one) for group in groups for one in group.estimates]
    return {
        "outcome": [label for label, _ in rows],
        "scenario": [one.scenario for _, one in rows],
        f"effect, {unit}": [one.effect for _, one in rows],
        "low": [one.low for _, one in rows],
        "high": [one.high for _, one in rows],
    }


def _moved(report: PageReport, state: State, found: lineup.Lineup, one_world: Any) -> None:
    """Draw the change of every world in one outcome."""
    report.heading("Which worlds changed, and by how much")
    known = [name for name in MOVED if name in found.reference.outcomes]
    chosen = st.selectbox("Outcome", known, key="compare-moved", format_func=lambda n: OUTCOMES[n].label)
    outcome = OUTCOMES[chosen]
    given, columns, movers = [], {"world": found.reference.world_ids}, {}
    for name, pair in found.pairs:
        change = pair.difference(chosen).values
        given.append(WorldStrip(name, found.reference.world_ids, change))
        columns[name] = change
        report.paragraph(f"{name}: {effect_text.counted(change, chosen)}")
        movers[name] = effect_text.movers(found.reference, change)
    unit = "days" if outcome.kind == "day" else formatting.unit_label(outcome.unit) or "share"
    subtitle = "One dot per world; the vertical tick is the median world. Left of the dashed line is less, or earlier"
    spec = strips(given, unit=unit, title=outcome.label, subtitle=subtitle, note=run_note(found.reference))
    report.chart("compare-worlds", spec, columns)
    with st.expander("Worlds with the largest change; open one on the page One world"):
        if one_world is None:
            report.wrapped(LARGEST, movers)
            return
        report.remember(Table(LARGEST, movers))
        for scenario, one in zip(found.scenarios[1:], given, strict=True):
            st.markdown(f"**{display.plain(one.scenario)}**")
            _open(state, scenario, effect_text.moved_most(found.reference, columns[one.scenario]), one_world)


def _open(state: State, scenario: Scenario, worlds: Sequence[tuple[int, str]], one_world: Any) -> None:
    """Draw a link to each of some worlds of a scenario, which opens it on the page One world."""
    own = scenario == state.scenario()
    with st.container(horizontal=True):
        for world, words in worlds:
            if own or scenario == shipped(scenario.name):
                shown = replace(
                    state if own else state.choose(scenario.name), world=world, week=0, also=(), both=(), why=""
                )
                st.page_link(one_world, label=words, query_params=shown.query())
            else:
                st.markdown(words)  # over other days than its own, of which that page knows nothing
