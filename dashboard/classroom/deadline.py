"""The deadline of a round as a day and a time, on the teacher's page: for an exercise that goes on over days."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.classroom import actions, credentials
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.views import TeacherView

EVENING: Final = dt.time(18, 0)


def draw(view: TeacherView) -> None:
    """Draw the day, the time, and the buttons that set or remove the deadline."""
    zone = view.settings.time_zone
    today = dt.datetime.fromtimestamp(view.now, ZoneInfo(zone)).date()
    if view.until:
        then = "; then it is played by itself" if view.plays else ""
        st.markdown(f"Round {view.round} closes on **{display.plain(view.until)}**{then}.")
        st.button("Remove the deadline", key="until-remove", on_click=actions.do, args=(_remove, "It is removed"))
    other = "Another day and time" if view.until else "Or a day and a time, for work over several days"
    st.markdown(f"{other}, in the time zone **{display.plain(zone)}**:")
    st.date_input("Last day", today + dt.timedelta(days=1), min_value=today, key="until-day")
    st.time_input("Closes at", EVENING, key="until-time")
    st.checkbox("Then play the round by itself", key="until-plays")
    st.button("Set the deadline", key="until-set", on_click=actions.do, args=(_set, "The deadline is set"))


def _set() -> None:
    day, time = st.session_state["until-day"], st.session_state["until-time"]
    given = f"{day:%Y-%m-%d} {time:%H:%M}"
    classroom().until(credentials.secret(), given, plays=st.session_state["until-plays"])


def _remove() -> None:
    classroom().until(credentials.secret(), None)
