"""The page One world: the events of one world, the provinces over time, prisoners, brokers and trust."""

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
import streamlit as st

from dashboard.render import display, export, reading_cards, why_panel
from dashboard.render.export import Provenance, Table
from dashboard.render.page_report import PageReport
from dashboard.runs import cache, session
from dashboard.state.state import State
from dashboard.widgets import scenario_picker
from dashboard.widgets.map_player import play
from dashboard.widgets.state_input import state_input
from sim.analysis.causes.chain import OPENING
from sim.analysis.causes.clauses import question
from sim.analysis.narrative import Event, narrate
from sim.analysis.readings.readings import read_run
from sim.analysis.readings.words import NO_WINNER, came, wanted
from sim.analysis.world_history import (
    DISTINGUISHING,
    Deviation,
    History,
    NotableWorld,
    history,
    surprising_world,
    typical_world,
)
from sim.charts.flow import custody, prisoner_flow
from sim.charts.gallery import run_note
from sim.charts.leanings import leanings
from sim.charts.lines import Line, lines
from sim.errors import InputError
from sim.export.world_story import story_page
from sim.inputs.scenario import Scenario
from sim.results.results import Results
from sim.schema import formatting
from sim.schema.assumptions import Assumptions
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import DAY
from sim.schema.series import PAIRS, SERIES

TYPICAL, ODD, NUMBER = "Typical", "Most surprising", "By number"
_KEPT: Final = 48  # histories, for all visitors
ASK: Final = ":material/help:"
_MARKS: Final = 6  # outcomes in the table of a world's differences


def page() -> None:
    """Draw the page."""
    state = scenario_picker.side()
    st.markdown("# One world")
    st.markdown("One possible history, day by day. A world has the same luck on every page and on the command line.")
    try:
        _page(state)
    except InputError as error:
        st.error(display.plain(f"This scenario cannot be run. {error}", 700), icon=":material/error:")


def _page(state: State) -> None:
    """Draw the world that the state names. Raises InputError for a scenario that the engine cannot run."""
    among = cache.results(state.scenario(), state.seed, min(cache.FIRST, state.worlds), assumptions=state.assumptions)
    typical, odd = typical_world(among), surprising_world(among)
    shown = _choose(state, typical, odd)
    world = typical.world if state.world is None else state.world
    lived = _history(state.scenario(), world, state.seed, state.assumptions)
    stamp = Provenance.of(lived.results, link=state.link("one-world"), command=_command(state, world))
    report = PageReport("One world", stamp, about_command="Command that runs this world, the last of its worlds")
    _introduce(report, state, shown, among, lived)
    _milestones(lived)
    why_panel.panel(report, state, world)
    _story(report, lived)
    _readings(report, lived, state)
    play(report, lived)
    _prisoners(report, lived)
    _kabul(report, lived)
    report.close()


@lru_cache(maxsize=_KEPT)
def _history(scenario: Scenario, world: int, seed: int, assumptions: Assumptions) -> History:
    """Return the history of a world, cached; scenarios are equal when their texts and their effects are equal."""
    return history(scenario, world, seed, assumptions=assumptions)


def _command(state: State, world: int) -> str:
    """Return the command that runs this world, together with all worlds before it."""
    return replace(state, world=None, worlds=max(world + 1, 1)).command()


def _choose(state: State, typical: NotableWorld, odd: NotableWorld) -> str:
    """Draw the choice of a world, and return how the world shown was chosen."""
    world = typical.world if state.world is None else state.world
    shown = {odd.world: ODD, typical.world: TYPICAL}.get(world, NUMBER)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        numbers = {TYPICAL: None, ODD: odd.world}
        st.segmented_control(
            "Which world", (TYPICAL, ODD, NUMBER), default=shown, required=True,
            **state_input("way", shown, _chosen, numbers),
        )  # fmt: skip
        st.number_input(
            "Number", 0, state.worlds - 1, world, step=1, width=160,
            help=f"Worlds are numbered from 0; there are {state.worlds:,}.",
            **state_input("number", world, _numbered),
        )  # fmt: skip
    return shown


def _chosen(way: str, numbers: dict[str, int | None]) -> None:
    if way in numbers:
        session.go(replace(session.current(), world=numbers[way]))


def _numbered(world: int) -> None:
    session.go(replace(session.current(), world=int(world)))


def _introduce(report: PageReport, state: State, shown: str, among: Results, lived: History) -> None:
    """Draw which world this is, and how it compares with the others."""
    title = state.origin().title + (", with your changes" if state.changes else "")
    if shown == NUMBER:
        report.paragraph(f"World {lived.world} of “{title}”.")
        return
    singled = typical_world(among) if shown == TYPICAL else surprising_world(among)
    place = "closest to the middle of" if shown == TYPICAL else "furthest from the middle of"
    report.paragraph(
        f"World {lived.world} of “{title}” is {place} {among.worlds} worlds, "
        f"over {len(DISTINGUISHING)} outcomes together."
    )
    _where_it_stands(report, singled, among)


def _where_it_stands(report: PageReport, singled: NotableWorld, among: Results) -> None:
    start = among.calendar.start
    marks = singled.marks[:_MARKS]
    data = {
        "outcome": [mark.label.removesuffix(": day") for mark in marks],
        "in this world": [_mark(mark, mark.value, start) for mark in marks],
        "median of all worlds": [_mark(mark, mark.median, start) for mark in marks],
    }
    with st.expander("How it differs from the median, largest difference first"):
        report.wrapped("Differences from the median", data)


def _mark(mark: Deviation, value: float, start: dt.date) -> str:
    if mark.outcome.startswith(DAY):
        return "never" if np.isnan(value) else formatting.day(start + dt.timedelta(days=round(value)))
    return f"{formatting.number(value)} {formatting.unit_label(mark.unit)}".strip()


def _milestones(lived: History) -> None:
    """Draw each milestone with its date; each asks why. Talks come first, with their question in full."""
    opened = lived.milestone(OPENING)
    st.button(
        question(OPENING, lived.world, opened), key=f"why-{OPENING}", type="primary", icon=ASK,
        on_click=why_panel.ask, args=(OPENING,),
    )  # fmt: skip
    with st.container(horizontal=True, key="why-milestones", gap="small"):
        for name, one in MILESTONES.items():
            if name != OPENING:
                label = f"{one.label}: {formatting.day(lived.milestone(name), year=False)}"
                st.button(
                    display.plain(label), key=f"why-{name}", type="tertiary", icon=ASK,
                    help=f"Why? {one.about}.", on_click=why_panel.ask, args=(name,),
                )  # fmt: skip


def _story(report: PageReport, lived: History) -> None:
    """Draw the events as dated sentences, each with its reason."""
    report.heading("What happened, and why")
    imposed = st.toggle("Also show what the scenario imposes", value=False, key="story-imposed")
    story = narrate(lived)
    events = [one for one in story if imposed or one.who != "Scenario"]
    with st.container(height=520, border=True, key="story"):
        for place, one in enumerate(events):
            _draw_event(place, one)
    data = {
        "date": [one.date.isoformat() for one in story],
        "who": [one.who for one in story],
        "what": [one.text for one in story],
        "why": [one.why for one in story],
    }
    report.remember(Table("", data))


def _readings(report: PageReport, lived: History, state: State) -> None:
    """Draw how each party reads this world, and the page to print."""
    report.heading("Five readings of this world")
    report.paragraph(NO_WINNER, small=True)
    found = read_run(lived.results)
    st.html(reading_cards.cards(found))
    rows = [(one.reader.label, verdict) for one in found for verdict in one.verdicts]
    columns = {
        "who": [label for label, _ in rows],
        "aim": [verdict.aim.text for _, verdict in rows],
        "wanted": [wanted(verdict) for _, verdict in rows],
        "came": [came(verdict) for _, verdict in rows],
        "rests on": [verdict.aim.rests_on for _, verdict in rows],
    }
    report.remember(Table("", columns))
    st.download_button(
        "This world as a page to print", lambda: story_page(lived, *why_panel.open_answer(state, lived.world)),
        export.file_name("world", str(lived.world), lived.scenario.name, ending="html"), "text/html",
        key="save-story", on_click="ignore", icon=":material/print:",
    )  # fmt: skip


def _draw_event(place: int, event: Event) -> None:
    """Draw one event, with a button that asks why."""
    with st.container(horizontal=True):
        st.markdown(f"- {_sentence(event)}")
        if event.about:
            why = f"{event.about}@{event.date.isoformat()}" if event.about in levers() else event.about
            st.button(
                "Why?", key=f"story-why-{place}", type="tertiary", help=display.plain(event.text),
                on_click=why_panel.ask, args=(why,),
            )  # fmt: skip


def _sentence(event: Event) -> str:
    why = f"  \n:small[:gray[{display.plain(event.why)}]]" if event.why else ""
    return f"**{formatting.day(event.date)}** · {display.plain(event.who)} · {display.plain(event.text)}{why}"


def _prisoners(report: PageReport, lived: History) -> None:
    """Draw the prisoners: on the list, released, at home or back at a front."""
    report.heading("Prisoners: from the list to home or front")
    released, returned = lived.daily["prisoners_released"], lived.daily["returned_to_fighting"]
    note, listed = run_note(lived.results), int(lived.ready.sum())
    data = {"date": lived.dates, "let go": released, "back at a front": returned, "in custody": listed - released}
    left, right = st.columns(2)
    with left:
        spec = custody(lived.dates, released, returned, listed, title="Where they are, day by day", note=note)
        report.chart("prisoners", spec, data)
    with right:
        last = formatting.day(lived.dates[-1].item())
        title = f"Where they are on {last}"
        subtitle = "By readiness to sign the pledge, then custody or out, then home or front"
        spec = prisoner_flow(
            lived.ready, lived.freed[-1], float(returned[-1]), title=title, subtitle=subtitle, note=note
        )
        flow = {
            "readiness": ["sign on their own", "sign if the leadership allows", "never sign"],
            "on the list": lived.ready,
            f"let go by {last}": lived.freed[-1],
        }
        report.chart("prisoner-flow", spec, flow)


def _kabul(report: PageReport, lived: History) -> None:
    """Draw the leanings of the power brokers, and the trust between actors."""
    report.heading("Brokers and trust")
    note = run_note(lived.results)
    left, right = st.columns(2)
    with left:
        to_ghani = float((lived.lean[-1] > 0).mean())
        cohesion = float(lived.daily["kabul_cohesion"][-1])
        subtitle = (
            f"One row per power broker, one column per week. At the end {formatting.share(to_ghani)} lean to Ghani; "
            f"cohesion, high when all lean the same way or not at all, is {formatting.number(cohesion)} of 1"
        )
        spec = leanings(
            lived.dates, lived.lean, lived.conviction, title="Brokers' leanings", subtitle=subtitle, note=note
        )
        brokers = {f"broker {i}": lived.lean[:, i] for i in range(lived.lean.shape[1])}
        report.chart("leanings", spec, {"date": lived.dates} | brokers)
    with right:
        curves = [
            Line(SERIES[f"trust_{pair}"].label.removeprefix("Trust between "), lived.daily[f"trust_{pair}"])
            for pair in PAIRS
        ]
        subtitle = "Trust changes slowly, with what the actors do: 0 is none, 1 is full"
        spec = lines(curves, lived.dates, unit="0 to 1", title="Trust between", subtitle=subtitle, note=note)
        report.chart("trust", spec, {"date": lived.dates} | {curve.name: curve.values for curve in curves})
