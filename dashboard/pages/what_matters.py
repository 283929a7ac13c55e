"""The page What matters: every scenario ranked by its effect on one outcome."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import streamlit as st

from dashboard.render import display, effect_text
from dashboard.render.export import Figure
from dashboard.render.page_report import draw
from dashboard.runs import ranking, session
from dashboard.state.ranked import RANKED, label
from dashboard.state.state import State, shipped
from dashboard.widgets.assumptions import CHOICES, MEANING
from dashboard.widgets.job_progress import wait_for
from dashboard.widgets.state_input import state_input
from sim.charts.effects import Dot, effects
from sim.results.comparison import Effect
from sim.schema import formatting
from sim.schema.assumptions import Assumptions
from sim.schema.disclaimer import NOT_A_FORECAST

LINKS: Final = 5  # scenarios at the top of the list that can be opened from it


def page(explore: Any) -> None:
    """Draw the page. explore: the page on which a scenario opens."""
    state = session.current()
    st.markdown("# What matters most")
    st.markdown(
        "Every scenario that comes with Jirga, each compared with the baseline over the same worlds, by the size of "
        "its effect on one outcome."
    )
    chosen = st.selectbox(
        "Outcome", RANKED, RANKED.index(state.outcome), format_func=label,
        **state_input("rank-outcome", state.outcome, session.order_by),
    )  # fmt: skip
    st.radio(
        "Values of the uncertain assumptions", list(CHOICES), list(CHOICES).index(state.assumptions),
        horizontal=True, format_func=CHOICES.get, help=MEANING,
        **state_input("rank-assume", state.assumptions, _assume),
    )  # fmt: skip
    found = ranking.known(state)
    if not found:
        text = f"Running {len(ranking.what_ifs())} scenarios over {ranking.worlds(state)} worlds"
        wait_for(ranking.begin(state), lambda: bool(ranking.known(state)), text)
        return
    rows = ranked({name: effects[RANKED.index(chosen)] for name, effects in found.items()})
    st.markdown(display.plain(largest(rows), 1000))
    _chart(rows, state)
    st.markdown("## Open one of the first five")
    for name, one in rows[:LINKS]:
        opened = replace(state, base=name, form="", changes=(), off=(), also=(), both=(), week=0, world=None)
        st.page_link(explore, label=f"{shipped(name).title}: {said(one)}", query_params=opened.query())


def ranked(found: dict[str, Effect]) -> list[tuple[str, Effect]]:
    """Return scenarios with their effects, the largest first; those that are not significant come last."""
    return sorted(found.items(), key=lambda item: (not item[1].significant, -abs(item[1].effect), item[0]))


def largest(rows: Sequence[tuple[str, Effect]]) -> str:
    """Return which scenario has the largest effect, and which of those that change a single decision, in words."""
    (name, one), alone = rows[0], next((row for row in rows if ranking.single(row[0])), None)
    if not one.significant:
        return "No scenario changes it significantly."
    text = f"“{shipped(name).title}” changes it most: {_certain(one)}."
    if alone is None or not alone[1].significant:
        return text
    if alone[0] == name:
        return f"{text} It is a single decision: it changes one lever alone."
    title = shipped(alone[0]).title
    return f"{text} Of the single decisions, which change one lever alone: “{title}”, {_certain(alone[1])}."


def _certain(one: Effect) -> str:
    """Return a significant effect with its interval."""
    if not one.outcome.startswith("reached_"):
        return said(one)
    return f"{said(one)} (95 % interval: {formatting.signed_interval(100 * one.low, 100 * one.high, 0)})"


def said(one: Effect) -> str:
    """Return an effect in words: shares in points, everything else with its unit."""
    if one.outcome.startswith("reached_"):
        verdict = "" if one.significant else ", not significant"
        return "no change" if one.same == 1 else f"{formatting.points(one.effect, 0)}{verdict}"
    return effect_text.effect(one)


def _chart(rows: Sequence[tuple[str, Effect]], state: State) -> None:
    share = rows[0][1].outcome.startswith("reached_")
    unit = "percentage points of worlds" if share else "% of the baseline's mean"
    dots = []
    for name, one in rows:
        scale = 100.0 if share else 100 / max(abs(one.a_mean), 1.0)
        dots.append(Dot(shipped(name).title, scale * one.effect, scale * one.low, scale * one.high, said(one)))
    values = CHOICES[state.assumptions].lower()
    note = f"{ranking.worlds(state)} pairs of worlds, seed {state.seed}, assumptions: {values}. {NOT_A_FORECAST}"
    spec = effects(dots, unit=unit, title=label(rows[0][1].outcome), note=note)
    draw(Figure("what-matters", spec, {}), key="what-matters")
    st.caption(display.plain(note, 400))


def _assume(chosen: Assumptions) -> None:
    session.go(replace(session.current(), assumptions=chosen))
