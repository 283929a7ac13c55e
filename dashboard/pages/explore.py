"""Explore: move a slider, see a thousand futures move, always beside the baseline."""

import time
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard import charts, controls, levers, runs, session, tiles, words
from dashboard.runs import Pair
from dashboard.state import State
from sim.charts import fan, milestone_dates, obstacles
from sim.errors import InputError
from sim.series import SERIES

SIZES: Final = (64, 256, 1000, 2000, 4000)
REPLAYED: Final = 1.6  # seconds that the state before stays
_POLL: Final = 0.4  # seconds between looks at the refinement


def page() -> None:
    """Draw the page."""
    state = session.current()
    with st.sidebar:
        controls.picker(state)
        controls.steps(state)
        controls.changed(state)
        levers.panel(state)
    controls.trouble()
    before = session.history().before
    replaying = bool(st.session_state.pop(session.REPLAY, False)) and before is not None
    shown = before if replaying and before is not None else state
    _heading(shown, replaying=replaying)
    found = runs.pair(shown)
    st.html(tiles.grid(tiles.tiles(found)))
    status = st.container()
    _fan(state, found)
    _rest(found)
    session.look_ahead()
    with status:
        _status(found)
    if replaying:
        time.sleep(REPLAYED)
        st.rerun()


def _heading(state: State, *, replaying: bool) -> None:
    """What is shown, and beside what."""
    scenario = state.scenario()
    st.markdown(f"# {words.plain(state.origin().title)}")
    told = words.plain(state.origin().question)
    if state.changes:
        told += f" With {len(state.changes)} change{'s' if len(state.changes) > 1 else ''} of yours."
    if replaying:
        told = "**Before the last change.** It comes again in a moment."
    elif scenario.hash() == state.reference().hash():
        told += " This is the baseline itself: pick a scenario or move a lever, and see what changes."
    st.markdown(told)


def _status(found: Pair) -> None:
    """How many worlds are shown; while more are on their way, how far they are."""
    state = session.current()
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with right:
        sizes = sorted({*SIZES, state.worlds})
        if st.session_state.get("worlds") != state.worlds:
            st.session_state["worlds"] = state.worlds
        st.selectbox("Worlds", sizes, key="worlds", format_func=lambda n: f"{n:,}", on_change=_sized)
    with left:
        more = session.refine()
        if more is not None and more.running and not more.dropped:
            _progress(found.own.worlds)
        else:
            _count(found)


def _count(found: Pair) -> None:
    state = session.current()
    short = "" if found.own.worlds >= state.worlds else f" of {state.worlds:,} (stopped)"
    st.caption(
        f"{found.own.worlds:,} worlds{short}, each against the same world of the baseline with the same luck (seed "
        f"{state.seed}). Changes are means of pairs with their 95 % interval."
    )


@st.fragment(run_every=_POLL)
def _progress(worlds: int) -> None:
    """The refinement under way, looked at again and again; the page is drawn anew when it is done."""
    state = session.current()
    more = session.refine()
    if more is None or not more.running or more.dropped:
        st.rerun()
    told = f"{worlds} worlds so far; {state.worlds:,} are on their way: {100 * more.share:.0f} %"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(more.share, text=told)
        st.button("Stop", key="stop", on_click=session.stop)


def _sized() -> None:
    try:
        session.go(replace(session.current(), worlds=st.session_state["worlds"], world=None))
    except InputError as error:
        session.refuse(error)


def _fan(state: State, found: Pair) -> None:
    """The chosen series."""
    names = [name for name, series in SERIES.items() if series.kind != "flag"]
    if state.series not in names:
        names.append(state.series)
    if st.session_state.get("series") != state.series:
        st.session_state["series"] = state.series
    st.selectbox("Day by day", names, key="series", format_func=lambda n: SERIES[n].label, on_change=_series)
    charts.draw(
        fan(found.own.daily[state.series], reference=found.reference.daily[state.series]),
        key=f"fan-{state.series}", height=320,
    )  # fmt: skip


def _series() -> None:
    session.go(replace(session.current(), series=st.session_state["series"]))


def _rest(found: Pair) -> None:
    """When things happen, and what stands in the way of talks."""
    left, right = st.container(key="rest").columns(2, gap="medium")
    with left:
        st.markdown("#### When things happen")
        st.caption("Worlds by week, each row to its own height. Solid line: median date. Dashed: the baseline.")
        charts.draw(
            milestone_dates(found.own.milestones, found.own.dates, reference=found.reference.milestones), "dates"
        )
    with right:
        st.markdown("#### What stands in the way of talks")
        st.caption("Share of worlds in which a condition is missing; a full row is every world. Dashed: the baseline.")
        charts.draw(obstacles(found.own.blocked(), reference=found.reference.blocked()), "obstacles")
