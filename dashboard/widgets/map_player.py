"""The map of the provinces, week by week, with a player."""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import streamlit as st

from dashboard.render.export import Figure
from dashboard.render.page_report import PageReport, draw
from dashboard.runs import session
from dashboard.widgets.state_input import state_input
from sim.analysis.world_history import History
from sim.charts.gallery import run_note
from sim.charts.theme import Array
from sim.charts.tiles import Panel, small_maps, tile_map
from sim.inputs.provinces import provinces
from sim.schema import formatting
from sim.schema.calendar import WEEK

SECONDS: Final = 0.6  # per week, while it plays


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity that the map can show. level: whether the week's last value is shown, not its sum."""

    label: str
    unit: str
    series: str
    level: bool = False


MEASURES: Final = (
    Measure("Taliban attacks", "attacks in the week", "attacks"),
    Measure("Taliban strength", "fighters at the end of the week", "fighters", level=True),
    Measure("Security forces killed", "people in the week", "security_forces_killed"),
    Measure("Taliban killed", "people in the week", "taliban_killed"),
    Measure("Released prisoners back", "people so far", "returned", level=True),
)


def weekly(text: History, measure: Measure) -> Array:
    """Return the values that the map shows in each week, (weeks, provinces)."""
    if not measure.level:
        return text.weekly(measure.series)
    ends = np.minimum(np.arange(WEEK - 1, text.results.days + WEEK - 1, WEEK), text.results.days - 1)
    if measure.series == "fighters":
        return np.asarray(text.fighters[ends])
    return np.asarray(text.by_front[measure.series].cumsum(axis=0)[ends])


def play(sheet: PageReport, text: History) -> None:
    """Draw the map with its controls, and one small map per month, which the offline file holds too."""
    sheet.heading("The provinces over time")
    label = st.selectbox("On the map", [m.label for m in MEASURES], key="map-measure")
    measure = next(m for m in MEASURES if m.label == label)
    values = weekly(text, measure)
    st.session_state.setdefault("map-playing", False)
    drawn = st.fragment(_map, run_every=SECONDS if st.session_state["map-playing"] else None)
    with st.container():  # the fragment must be alone in its container: see `live_refresh`
        drawn(sheet, text, measure, values, session.current().week)
    months = _months(text, measure, values)
    with st.expander("All months at a glance"):
        draw(months, key="map-months")
        sheet.downloads(months)
    sheet.remember(months)


def _map(sheet: PageReport, text: History, measure: Measure, values: Array, linked: int) -> None:
    """Draw one week. While it plays, each run of this fragment shows the next. linked: the week in the page's link."""
    last = len(values) - 1
    if session.current().week != linked and not st.session_state["map-playing"]:
        st.rerun()
    if st.session_state["map-playing"]:
        if session.current().week >= last:
            st.session_state["map-playing"] = False
            st.rerun()
        _look(session.current().week + 1)
    button, slider = st.columns([1, 5], vertical_alignment="bottom")
    playing = st.session_state["map-playing"]
    name, icon = ("Pause", ":material/pause:") if playing else ("Play", ":material/play_arrow:")
    if button.button(name, icon=icon, key="map-play", width="stretch"):
        st.session_state["map-playing"] = not playing
        if not playing and session.current().week >= last:
            _look(0)
        st.rerun()
    week, weeks = session.current().week, range(len(values))
    if last:
        slider.select_slider(
            "Week of", weeks, week, format_func=lambda w: _date(text, w),
            **state_input("map-week", week, _look, choices=(text.results.scenario.start, len(values))),
        )  # fmt: skip
    now = values[week]
    total, top = float(now.sum()), provinces()[int(np.argmax(now))].name
    subtitle = f"Week of {_date(text, week)}: {formatting.number(total)} {measure.unit} in all, most in {top}"
    largest = float(values.max())
    figure = Figure(
        "map",
        tile_map(now, largest=largest, unit=measure.unit, title=measure.label, subtitle=subtitle,
                 note=run_note(text.results)),
        {"province": [p.name for p in provinces()], measure.unit: now},
    )  # fmt: skip
    draw(figure, key="map-chart")
    sheet.downloads(figure)
    st.caption(
        "Provinces as tiles, north at the top; on a narrow screen with their ISO 3166-2 codes, HEL for Helmand. "
        "How attacks spread over provinces is an assumption of the model."
    )


def _look(week: int) -> None:
    """Store the week to show in the state; the link names it once the map is paused."""
    session.update_view(replace(session.current(), week=week))


def _date(text: History, week: int) -> str:
    return formatting.day(text.dates[week * WEEK].item())


def _months(text: History, measure: Measure, values: Array) -> Figure:
    """Return one small map per month: the mean of its weeks, or the value of its last week."""
    first = list(text.dates[::WEEK].astype("datetime64[M]").astype("datetime64[D]"))
    panels: list[Panel] = []
    columns: dict[str, Any] = {"province": [p.name for p in provinces()]}
    for month in sorted(set(first)):
        weeks = [w for w, day in enumerate(first) if day == month]
        shown = values[weeks[-1]] if measure.level else values[weeks].mean(axis=0)
        name = f"{month.item():%b %Y}"
        panels.append(Panel(name, shown))
        columns[name] = shown
    kind = "at the end of the month" if measure.level else "per week, mean of the month"
    unit = measure.unit.removesuffix(" in the week").removesuffix(" at the end of the week")
    spec = small_maps(
        panels, unit=f"{unit}, {kind}", title=f"{measure.label}, month by month", note=run_note(text.results)
    )
    return Figure("map-months", spec, columns)
