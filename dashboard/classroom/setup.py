"""The form that creates an exercise, with defaults for every field."""

import datetime as dt
from typing import Any, Final

import streamlit as st

from dashboard.classroom import actions, credentials
from dashboard.classroom.server_config import classroom
from dashboard.state.state import shipped
from sim.exercise import settings
from sim.exercise.quiz import read_quiz
from sim.exercise.seats import SEATS, Which
from sim.exercise.settings import ExerciseSettings
from sim.exercise.time_zone import time_zones
from sim.exercise.watchers import PRESSES, Press
from sim.inputs.scenario_reader import scenario_names

ROUND_MINUTES: Final = 10.0  # the form's default: six rounds and the review take some 90 minutes
LAST_START: Final = dt.date(2021, 1, 1)
_PARTS: Final = (
    "title", "groups", "rounds", "weeks", "minutes", "base", "start", "seats", "world", "seed", "worlds", "questions",
    "press", "observers", "time_zone", "levers",
)  # fmt: skip

_LEVERS: Final[dict[Which, str]] = {"all": "all orders of each seat", "main": "the main ones, at most three per seat"}
_PRESSES: Final[dict[Press, str]] = {"none": "none", "class": "one for the class", "groups": "one for each group"}


def form() -> None:
    """Draw the form with its button; the new exercise is opened at once."""
    usual = ExerciseSettings()
    with st.form("setup"):
        st.text_input(f"Title (at most {settings.LONGEST_TITLE} characters)", usual.title, key="setup-title")
        left, right = st.columns(2)
        with left:
            _whole(
                "Groups", "groups", settings.GROUPS, usual.groups,
                "Each plays its own world, all with the same luck (the same random numbers).",
            )  # fmt: skip
            _whole("Rounds", "rounds", settings.ROUNDS, usual.rounds)
        with right:
            _whole("Weeks per round", "weeks", settings.WEEKS, usual.weeks, "Weeks in the model's calendar.")
            st.number_input(
                "Minutes per round", *settings.MINUTES, ROUND_MINUTES, 1.0, key="setup-minutes", format="%g",
                placeholder="no limit", help="Class time for reading, talking and ordering. Empty: no limit.",
            )  # fmt: skip
        st.selectbox(
            "Orders", list(_LEVERS), key="setup-levers", format_func=lambda name: _LEVERS[name],
            help="What a seat can order, and promise in deals. The model decides the rest.",
        )  # fmt: skip
        st.checkbox(
            "Ask a quiz before round 1 and after the end", key="setup-quiz",
            help="Six questions about the text, on the phones. You see how many knew each answer before and after.",
        )  # fmt: skip
        with st.expander("More settings: days, seats, luck"):
            _more(usual)
        st.form_submit_button("Create the exercise", type="primary", on_click=_create, width="stretch")


def _more(usual: ExerciseSettings) -> None:
    st.selectbox(
        "Base scenario", scenario_names(), scenario_names().index(usual.base), key="setup-base",
        format_func=lambda name: shipped(name).title,
    )  # fmt: skip
    st.date_input("First day of round 1", usual.start, max_value=LAST_START, key="setup-start")
    st.multiselect(
        "Seats for students", list(SEATS), list(SEATS), key="setup-seats", format_func=lambda name: SEATS[name].label,
        help="The model plays the other seats, and every seat that no student takes.",
    )  # fmt: skip
    st.selectbox(
        "Press", PRESSES, key="setup-press", format_func=lambda name: _PRESSES[name],
        help="A seat without orders, which writes the headline of each round for everybody to see.",
    )  # fmt: skip
    zones = time_zones()
    here = st.context.timezone
    st.selectbox(
        "Time zone", zones, zones.index(here) if here in zones else 0, key="setup-time_zone",
        help="Of deadlines with a day and a time, if a round stays open for days. Phones show it.",
    )  # fmt: skip
    st.checkbox("Observers: a code for those who only watch", key="setup-observers")
    left, right = st.columns(2)
    with left:
        _whole("World", "world", settings.WORLD, usual.world, "The number of the world whose luck all groups share.")
        _whole("Worlds for forecasts and effects", "worlds", settings.ENSEMBLE, usual.worlds)
    with right:
        _whole("Seed", "seed", (0, 999_999), usual.seed)
        _whole("Questions per round", "questions", settings.QUESTIONS, usual.questions)


def _whole(label: str, name: str, bounds: tuple[int, int], value: int, text: str | None = None) -> None:
    st.number_input(label, *bounds, value, 1, key=f"setup-{name}", help=text)


def _create() -> None:
    def act() -> None:
        given: dict[str, Any] = {name: st.session_state[f"setup-{name}"] for name in _PARTS}
        quiz = read_quiz() if st.session_state["setup-quiz"] else ()
        made = classroom().create(ExerciseSettings(**{**given, "seats": tuple(given["seats"]), "quiz": quiz}))
        credentials.hold_secret(made.secret)

    actions.attempt(act, "The exercise is created")
