"""The page of those who watch: the press, which writes the headline of each round, and observers."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, html, quiz, reflection
from dashboard.classroom.server_config import classroom
from sim.exercise.headline import when
from sim.exercise.press import LONGEST
from sim.exercise.watch_views import WatchedGroup, WatchView
from sim.exercise.watchers import OBSERVER, PRESS

TABS: Final = ("Task", "Groups")
_TASK: Final = {
    PRESS: "You are the press. You see what everybody knows, and no order before it is played. After each round write "
    "its headline: all phones, the projector and the review show it. It changes nothing in the world.",
    OBSERVER: "You watch. You see what everybody knows, and no order before it is played. Write down which promise you "
    "would believe, and why.",
}


def draw(view: WatchView) -> None:
    """Draw the page below its head."""
    task, groups = st.tabs(TABS, key="watch-tabs")
    with task:
        if not quiz.ask(view):
            st.markdown(_TASK[view.seat])
            if view.seat == PRESS:
                _write(view)
            quiz.tell(view)
            reflection.ask(view)
    with groups:
        _group(_chosen(view))
        st.markdown("## Headlines")
        st.html(html.headlines(view.headlines))


def _write(view: WatchView) -> None:
    """Draw the form for the headline of the last round."""
    mine = [one for one in view.headlines if (one.round, one.group) == (view.played, view.group)]
    with st.form(f"headline-{view.take}-{view.played}", border=False):
        st.text_area(
            f"{when(view.played)}: your headline, at most {LONGEST} characters", mine[0].text if mine else "",
            key=_key(view), height=90, disabled=view.frozen,
        )  # fmt: skip
        st.form_submit_button(
            "Publish", type="primary", width="stretch", disabled=view.frozen, on_click=_publish, args=(view,)
        )
    if mine:
        st.html('<p class="soft">It is published. You may change it until the next round is played.</p>')


def _key(view: WatchView) -> str:
    return f"headline-text-{view.take}-{view.played}"


def _publish(view: WatchView) -> None:
    words = actions.one_line(st.session_state[_key(view)])
    send = partial(classroom().headline, credentials.token(), words, at=view.moment)
    actions.attempt(send, "Your headline is published" if words else "Your headline is removed")


def _chosen(view: WatchView) -> WatchedGroup:
    """Draw the choice of a group if there are several, and return the group."""
    numbers = [one.group for one in view.groups]
    if len(numbers) == 1:
        return view.groups[0]
    chosen = st.segmented_control(
        "Group", numbers, default=numbers[0], required=True, key="watch-group", label_visibility="collapsed",
        format_func=lambda number: f"Group {number}",
    )  # fmt: skip
    return view.groups[numbers.index(chosen or numbers[0])]


def _group(group: WatchedGroup) -> None:
    if group.sides:
        st.markdown("## What each side wanted, and what became of it")
        st.html(html.sides(group.sides))
    st.html(html.situation(group.situation))
    st.markdown("## News")
    st.html(html.news(group.news))
    st.markdown("## Public statements")
    st.html(html.statements(group.statements))
