"""The page Explore: change a lever and compare a thousand worlds with the baseline."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from dashboard.render import charts, display, tiles, why_panel
from dashboard.render.answer_text import headline
from dashboard.render.export import Figure, Paragraph, Provenance, Table
from dashboard.render.page_report import PageReport
from dashboard.render.tiles import Tile
from dashboard.runs import cache, idle_fragments, session
from dashboard.runs.cache import Pair
from dashboard.state import questions
from dashboard.state.differences import differences
from dashboard.state.state import REFERENCE, State, shipped
from dashboard.widgets import levers, scenario_picker, sidebar
from dashboard.widgets.state_input import state_input
from sim.charts import fan, milestone_dates, obstacles
from sim.charts.gallery import run_note
from sim.errors import InputError
from sim.schema import formatting
from sim.schema.series import SERIES

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

SIZES: Final = (64, 256, 1000, 2000, 4000)
VALUES: Final = {  # of the uncertain assumptions
    "facts": "Each world has its own assumptions, as the facts allow",
    "ranges": "Each world has its own assumptions, from their ranges, for the baseline too",
    "point": "Typical assumptions, the same in every world",
}
REPLAYED: Final = 1.6  # seconds for which the previous state is shown
_LOOK: Final = 0.05  # seconds between looks for the reader's next change
_POLL: Final = 0.1  # seconds between checks of the refinement
_UPDATE: Final = 0.3  # seconds between updates of its progress
_DRAWN: Final = 0.06  # seconds that a browser needs to draw the answer, if its only thread has nothing else to do


def page() -> None:
    """Draw the page."""
    state = session.current()
    scenario_picker.trouble()
    before = session.history().before
    replaying = bool(st.session_state.pop(session.REPLAY, False)) and before is not None
    shown = before if replaying and before is not None else state
    _heading(shown, replaying=replaying)
    if state.assumptions == "point":
        levers.marks(state.origin())  # their run is also the first answer of the scenario, or of its reference
    try:
        found = cache.pair(shown)
    except InputError as error:  # sampled assumptions may leave their bounds in some world: only a run shows it
        st.error(display.plain(str(error), 700), icon=":material/error:")
        _side(state)
        return
    report = PageReport("Explore", _stamp(shown, found))
    alone = shown.unchanged
    figures, summary, differs = tiles.tiles(found, alone=alone), headline(found, alone=alone), _differs(shown, found)
    said, mode = display.markup(summary, 1000), display.markup(differs, 4000)
    st.html(f'<p class="summary" data-live>{said}</p><p class="differs">{mode}</p>')
    st.html(tiles.grid(figures))
    below = st.container()  # filled after the answer: the chart does not wait for buttons
    report.remember(
        *map(Paragraph, (_introduction(shown), summary, differs)), Table("figures", _table(figures, alone=alone))
    )
    why_panel.panel(report, state, None)
    status = st.container()
    refined = found.own.worlds == state.worlds > cache.FIRST
    if refined:  # their number is read with the figures
        _status(status, found, replaying=replaying)
    _fan(report, state, found)
    answered = time.monotonic()
    rest = _when(found, alone=alone), _why_not(found, alone=alone)
    time.sleep(max(answered + _DRAWN - time.monotonic(), 0))
    with below:
        _ask(figures)
        scenario_picker.changed(state)
    _side(state)
    _rest(report, *rest, alone=alone)
    report.close(_address())
    session.prefetch()
    if not refined:
        _status(status, found, replaying=replaying)
    if replaying:
        _pause(REPLAYED)
        st.rerun()


def _pause(seconds: float) -> None:
    """Wait, unless the reader goes on: the page is broken off for that whenever the session is used."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(_LOOK)
        session.current()


def _ask(figures: list[Tile]) -> None:
    """Draw one button per tile, in their order, which asks why."""
    with st.container(horizontal=True, key="why-tiles"):
        for tile in figures:
            name, label = tiles.QUESTIONS[tile.name]
            st.button(
                label, key=f"why-{tile.name}", type="tertiary", help=f"What it rests on: {tile.label}",
                on_click=why_panel.ask, args=(name,),
            )  # fmt: skip


def _side(state: State) -> None:
    """Draw the sidebar, after the answer: the visitor waits for the answer."""
    with st.sidebar:
        scenario_picker.picker(state)
        scenario_picker.steps(state)
        sidebar.draw(state)


def _heading(state: State, *, replaying: bool) -> None:
    """Draw the scenario's title, and what it is compared with."""
    st.markdown(f"# {display.plain(state.origin().title)}")
    line = display.plain(_introduction(state), 2000)
    if replaying:
        line = "**Before the last change.** The change is shown again in a moment."
    elif state.unchanged:
        line += " This is the baseline itself: choose a scenario or move a lever to see what changes."
    st.markdown(line)
    asked = questions.about(state)
    if asked is not None:
        st.markdown(f"**To try:** {display.plain(asked.to_do)}")


def _introduction(state: State) -> str:
    """Return the question that a scenario asks, and how many changes the visitor made."""
    line = state.origin().question
    if state.changes:
        line += f" With {len(state.changes)} change{'s' if len(state.changes) > 1 else ''} by you."
    own, usual = state.scenario(), shipped(REFERENCE)
    if (own.start, own.end) != (usual.start, usual.end):
        line += (
            " It is compared with the baseline over the same days, "
            f"{formatting.day(own.start)} to {formatting.day(own.end)}."
        )
    return line.strip() or own.title


def _stamp(state: State, found: Pair) -> Provenance:
    """Return what was run, with the number of worlds that are shown."""
    shown = replace(state, worlds=found.own.worlds, world=None)
    known = found.reference.scenario
    others = [] if known.hash() == found.own.scenario.hash() else [known]
    return Provenance.of(found.own, link=state.link(), command=shown.command(), others=others)


def _address() -> str:
    """Return this server's address, for links that can be shared."""
    return str(st.context.url or "").partition("?")[0]


def _differs(state: State, found: Pair) -> str:
    """Return one line: how the assumptions are treated, how many worlds, and all that differs from the baseline."""
    rows = [f"{label}: {text}" for label, text in differences(state.scenario(), state.reference())]
    last = "nothing is changed" if state.unchanged else f"differs from the baseline in {'; '.join(rows)}"
    return f"{VALUES[state.assumptions]} · {found.own.worlds:,} worlds · {last}."


def _table(figures: list[Tile], *, alone: bool) -> dict[str, list[str]]:
    """Return the tiles as a table, by column. alone: without the columns of a comparison."""
    found = {
        "figure": [tile.label for tile in figures],
        "value": [tile.figure for tile in figures],
        "worlds": [tile.worlds for tile in figures],
    }
    if alone:
        return found
    return found | {
        "change from the baseline": [tile.change or "none" for tile in figures],
        "assessment": [tiles.BADGES[tile.kind] for tile in figures],
    }


def _status(where: "DeltaGenerator", found: Pair, *, replaying: bool) -> None:
    """Draw how many worlds are shown and, while more are running, the progress."""
    state = session.current()
    left, right = where.columns([3, 1], vertical_alignment="bottom")
    with right:
        sizes = sorted({*SIZES, state.worlds})
        st.selectbox(
            "Worlds", sizes, sizes.index(state.worlds), format_func=lambda n: f"{n:,}",
            **state_input("worlds", state.worlds, _sized),
        )  # fmt: skip
    with left:
        more = session.refine()
        if more is not None and more.running and not more.cancelled:
            _progress(found.own.worlds)  # alone in its column: see `live_refresh`
        elif not replaying and cache.ready(state) > found.own.worlds:
            st.rerun()  # they were finished while the page was being drawn
        else:
            session.complete()
            _count(found, more.error if more is not None else "")


def _count(found: Pair, error: str) -> None:
    state = session.current()
    short = (
        "" if found.own.worlds >= state.worlds else f" of {state.worlds:,} ({display.plain(error, 300) or 'stopped'})"
    )
    if state.unchanged:
        st.caption(f"{found.own.worlds:,} worlds{short}, each with its own luck (random numbers; seed {state.seed}).")
        return
    st.caption(
        f"{found.own.worlds:,} worlds{short}, each compared with the same world of the baseline, which has the same "
        f"luck (random numbers; seed {state.seed}). Changes are mean differences with their 95 % interval."
    )


@st.fragment(run_every=_POLL)
def _progress(worlds: int) -> None:
    """Draw the progress of the refinement, updated regularly; the page is redrawn when it is finished."""
    state = session.current()
    more = session.refine()
    if more is None or not more.running or more.cancelled:
        st.rerun()
    again = time.monotonic() + _UPDATE
    idle_fragments.skip_while(
        idle_fragments.current(), lambda: more.running and not more.cancelled and time.monotonic() < again
    )
    line = f"{worlds} worlds so far; running {state.worlds:,}: {formatting.share(more.share)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(more.share, text=line)
        st.button("Stop", key="stop", on_click=session.stop)


def _sized(worlds: int) -> None:
    try:
        session.go(replace(session.current(), worlds=worlds, world=None))
    except InputError as error:
        session.refuse(error)


def _fan(report: PageReport, state: State, found: Pair) -> None:
    """Draw the chosen series."""
    names = [name for name, series in SERIES.items() if series.kind != "flag"]
    if state.series not in names:
        names.append(state.series)
    st.selectbox(
        "Day by day", names, names.index(state.series), format_func=lambda n: SERIES[n].label,
        **state_input("series", state.series, _series),
    )  # fmt: skip
    own, known = (run.daily[state.series] for run in (found.own, found.reference))
    spec = fan(
        own, reference=None if state.unchanged else known, subtitle=found.own.scenario.title, note=run_note(found.own)
    )
    charts.draw(spec, key=f"fan-{state.series}", height=320)
    _keep(report, Figure(state.series, spec, charts.columns(spec)))


def _series(name: str) -> None:
    session.go(replace(session.current(), series=name))


def _when(found: Pair, *, alone: bool) -> Figure:
    """Return the chart of the milestones' dates."""
    dates, days = found.own.milestones, found.own.dates
    known = None if alone else found.reference.milestones
    spec = milestone_dates(dates, days, reference=known, note=run_note(found.own))
    columns = {"world": found.own.world_ids, **{str(n): v.values for n, v in dates.data_vars.items()}}
    return Figure("milestones", spec, columns)


def _why_not(found: Pair, *, alone: bool) -> Figure:
    """Return the chart of the conditions that block talks."""
    blocked = found.own.blocked()
    known = None if alone else found.reference.blocked()
    spec = obstacles(blocked, reference=known, note=run_note(found.own))
    shares = zip(blocked["condition"].values, blocked.values, strict=True)
    return Figure("what-blocks-talks", spec, {"day": found.own.dates, **{str(n): v for n, v in shares}})


def _rest(report: PageReport, when: Figure, why_not: Figure, *, alone: bool) -> None:
    """Draw when things happen, and what blocks talks."""
    dashed = "" if alone else " Dashed: the baseline."
    left, right = st.container(key="rest").columns(2, gap="medium")
    with left:
        st.markdown("## When things happen")
        st.caption(
            "Share of worlds that are there; a full row is all worlds. Solid line: the day by which half of all worlds "
            f"are, if so many ever are.{dashed}"
        )
        charts.draw(when.spec, "dates")
        _keep(report, when)
    with right:
        st.markdown("## What blocks talks")
        st.caption(f"Share of worlds whose talks are closed and which lack it; a full row is all worlds.{dashed}")
        charts.draw(why_not.spec, "obstacles")
        _keep(report, why_not)


def _keep(report: PageReport, figure: Figure) -> None:
    """Draw the download buttons of a chart, and add it to the offline page."""
    report.downloads(figure)
    report.remember(figure)
