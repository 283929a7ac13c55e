"""One world told in full: its story, the provinces over time, prisoners, brokers and trust."""

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
import streamlit as st

from dashboard.render import display
from dashboard.render.export import Stamp, Table
from dashboard.render.page_report import Sheet
from dashboard.runs import cache, session
from dashboard.state.state import State
from dashboard.widgets import scenario_picker
from dashboard.widgets.map_player import play
from sim.analysis.narrative import Event, narrate
from sim.analysis.world_history import TOLD, History, Mark, Singled, history, surprising_world, typical_world
from sim.charts.flow import custody, prisoner_flow
from sim.charts.gallery import run_note
from sim.charts.leanings import leanings
from sim.charts.lines import Line, lines
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.results.results import Results
from sim.runs.parameter_sampling import Assumptions
from sim.schema.outcomes import DAY
from sim.schema.series import PAIRS, SERIES

TYPICAL, ODD, NUMBER = "Typical", "Most surprising", "By number"
_KEPT: Final = 48  # histories, for all visitors
_MARKS: Final = 6  # outcomes that tell where a world stands


def page() -> None:
    """Draw the page."""
    state = scenario_picker.side()
    st.markdown("# One world")
    st.markdown("One possible history, day by day. The same world has the same luck on every page and in the command.")
    try:
        _page(state)
    except InputError as error:
        st.error(display.plain(f"This scenario cannot be run. {error}", 700), icon=":material/error:")


def _page(state: State) -> None:
    """The world that the state asks for. Raises InputError for a scenario that the engine does not run."""
    among = cache.results(state.scenario(), state.seed, min(cache.FIRST, state.worlds), assumptions=state.assumptions)
    typical, odd = typical_world(among), surprising_world(among)
    shown = _choose(state, typical, odd)
    world = typical.world if state.world is None else state.world
    told = _told(state.scenario(), world, state.seed, state.assumptions)
    sheet = Sheet("One world", Stamp.of(told.results, link=state.link("one-world"), command=_command(state, world)))
    _introduce(sheet, state, shown, among, told)
    _story(sheet, told)
    play(sheet, told)
    _prisoners(sheet, told)
    _kabul(sheet, told)
    sheet.close()


@lru_cache(maxsize=_KEPT)
def _told(scenario: Scenario, world: int, seed: int, assumptions: Assumptions) -> History:
    """The history, kept for whoever asks for it again; scenarios are equal when they say and do the same."""
    return history(scenario, world, seed, assumptions=assumptions)


def _command(state: State, world: int) -> str:
    """The command that runs this world among those up to it."""
    return replace(state, world=None, worlds=max(world + 1, 1)).command()


def _choose(state: State, typical: Singled, odd: Singled) -> str:
    """Let the visitor choose a world; returns which way the one shown was chosen."""
    world = typical.world if state.world is None else state.world
    shown = {odd.world: ODD, typical.world: TYPICAL}.get(world, NUMBER)
    st.session_state["way"], st.session_state["number"] = shown, world
    with st.container(horizontal=True, vertical_alignment="bottom"):
        numbers = {TYPICAL: None, ODD: odd.world}
        st.segmented_control(
            "Which world", (TYPICAL, ODD, NUMBER), default=shown, key="way", required=True, on_change=_chosen,
            args=(numbers,),
        )  # fmt: skip
        st.number_input(
            "Number", 0, state.worlds - 1, world, step=1, key="number", on_change=_numbered, width=160,
            help=f"Worlds are numbered from 0; this state has {state.worlds:,}.",
        )  # fmt: skip
    return shown


def _chosen(numbers: dict[str, int | None]) -> None:
    way = st.session_state["way"]
    if way in numbers:
        session.go(replace(session.current(), world=numbers[way]))


def _numbered() -> None:
    session.go(replace(session.current(), world=int(st.session_state["number"])))


def _introduce(sheet: Sheet, state: State, shown: str, among: Results, told: History) -> None:
    """What world this is, and where it stands among the others."""
    title = state.origin().title + (", with your changes" if state.changes else "")
    if shown == NUMBER:
        sheet.say(f"World {told.world} of “{title}”.")
        return
    singled = typical_world(among) if shown == TYPICAL else surprising_world(among)
    place = "nearest to the middle of" if shown == TYPICAL else "furthest from the middle of"
    sheet.say(f"World {told.world} of “{title}” lies {place} {among.worlds} worlds, over {len(TOLD)} outcomes at once.")
    _where_it_stands(sheet, singled, among)


def _where_it_stands(sheet: Sheet, singled: Singled, among: Results) -> None:
    start = among.calendar.start
    marks = singled.marks[:_MARKS]
    data = {
        "outcome": [mark.label.removesuffix(": day") for mark in marks],
        "in this world": [_mark(mark, mark.value, start) for mark in marks],
        "median of the worlds": [_mark(mark, mark.median, start) for mark in marks],
    }
    with st.expander("What sets it apart, furthest from the median first"):
        sheet.table("What sets it apart", data)


def _mark(mark: Mark, value: float, start: dt.date) -> str:
    if mark.outcome.startswith(DAY):
        return "never" if np.isnan(value) else display.day(start + dt.timedelta(days=round(value)))
    return f"{display.number(value)} {display.unit(mark.unit)}".strip()


def _story(sheet: Sheet, told: History) -> None:
    """The story as dated sentences, each with its reason."""
    sheet.head("What happened, and why")
    imposed = st.toggle("Show what the scenario imposes too", value=False, key="story-imposed")
    story = narrate(told)
    events = [one for one in story if imposed or one.who != "Scenario"]
    with st.container(height=520, border=True, key="story"):
        st.markdown("\n".join(f"- {_sentence(one)}" for one in events))
    data = {
        "date": [one.date.isoformat() for one in story],
        "who": [one.who for one in story],
        "what": [one.text for one in story],
        "why": [one.why for one in story],
    }
    sheet.remember(Table("", data))


def _sentence(event: Event) -> str:
    why = f"  \n:small[:gray[{display.plain(event.why)}]]" if event.why else ""
    return f"**{display.day(event.date)}** · {display.plain(event.who)} · {display.plain(event.text)}{why}"


def _prisoners(sheet: Sheet, told: History) -> None:
    """From the list to home or front."""
    sheet.head("Prisoners: from the list to home or front")
    released, returned = told.daily["prisoners_released"], told.daily["returned_to_fighting"]
    note, listed = run_note(told.results), int(told.ready.sum())
    data = {"date": told.dates, "let go": released, "back at a front": returned, "in custody": listed - released}
    left, right = st.columns(2)
    with left:
        spec = custody(told.dates, released, returned, listed, title="Where they are, day by day", note=note)
        sheet.chart("prisoners", spec, data)
    with right:
        last = display.day(told.dates[-1].item())
        title = f"Where they are on {last}"
        subtitle = "By readiness to sign the pledge, then custody or out, then home or front"
        spec = prisoner_flow(told.ready, told.freed[-1], float(returned[-1]), title=title, subtitle=subtitle, note=note)
        flow = {
            "readiness": ["sign on their own", "sign if the leadership allows", "never sign"],
            "on the list": told.ready,
            f"let go by {last}": told.freed[-1],
        }
        sheet.chart("prisoner-flow", spec, flow)


def _kabul(sheet: Sheet, told: History) -> None:
    """How the brokers lean, and who trusts whom."""
    sheet.head("Brokers and trust")
    note = run_note(told.results)
    left, right = st.columns(2)
    with left:
        to_ghani = float((told.lean[-1] > 0).mean())
        cohesion = float(told.daily["kabul_cohesion"][-1])
        subtitle = (
            f"One row a power broker, one column a week. At the end {display.share(to_ghani)} lean to Ghani; "
            f"cohesion, high when all lean alike or nowhere, is {display.number(cohesion)} of 1"
        )
        spec = leanings(told.dates, told.lean, told.conviction, title="Brokers' leanings", subtitle=subtitle, note=note)
        brokers = {f"broker {i}": told.lean[:, i] for i in range(told.lean.shape[1])}
        sheet.chart("leanings", spec, {"date": told.dates} | brokers)
    with right:
        curves = [
            Line(SERIES[f"trust_{pair}"].label.removeprefix("Trust between "), told.daily[f"trust_{pair}"])
            for pair in PAIRS
        ]
        subtitle = "It follows deeds, slowly: 0 is none, 1 is full"
        spec = lines(curves, told.dates, unit="0 to 1", title="Trust between", subtitle=subtitle, note=note)
        sheet.chart("trust", spec, {"date": told.dates} | {curve.name: curve.values for curve in curves})
