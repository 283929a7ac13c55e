"""The tab Injects: an event from the deck or the teacher's own event, for all groups or some."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from dashboard.widgets.setting_slider import places, step_of
from sim.exercise.deck import DAYS, LONGEST_TEXT, MOST_LEVERS, Card
from sim.exercise.views import TeacherView
from sim.schema.decisions import levers

_OWN_DAYS: Final = 14


def draw(view: TeacherView) -> None:
    """Draw the choice of groups, the deck, and the form for the teacher's own event."""
    able = view.phase in ("waiting", "open", "closed")
    st.multiselect(
        "In which groups", [one.group for one in view.groups], key="inject-groups", placeholder="All groups",
        format_func=lambda number: f"Group {number}",
    )  # fmt: skip
    deck, own = st.tabs(["From the deck", "Your own event"])
    with deck:
        _deck(view, able=able)
    with own:
        _own(able=able)


def _deck(view: TeacherView, *, able: bool) -> None:
    cards = {one.name: one for one in view.deck}
    name = st.selectbox("Event", list(cards), key="inject-card", format_func=lambda one: cards[one].title)
    st.html(_card(cards[name]))
    st.button(
        f"Bring it into round {view.round}", key="inject-now", type="primary", disabled=not able, on_click=_inject,
        args=(cards[name],),
    )  # fmt: skip


def _card(card: Card) -> str:
    rows = "".join(
        f"<li>{html.text(levers()[name].label)}: <b>{html.text(html.value(value, levers()[name].unit))}</b></li>"
        for name, value in card.levers.items()
    )
    acts_on = f'It imposes for {card.days} days:<ul class="terms">{rows}</ul>' if rows else "It imposes nothing. "
    return (
        f"<p>{html.text(card.text)}</p>{acts_on}"
        f'<span class="soft">{html.text(card.mechanism)} Based on: {html.text(card.rests_on)}.</span>'
    )


def _own(*, able: bool) -> None:
    chosen = st.multiselect(
        "Levers that it sets", list(levers()), key="own-levers", max_selections=MOST_LEVERS,
        placeholder="None: only news", format_func=lambda name: levers()[name].label,
    )  # fmt: skip
    with st.form("own-inject", border=False):
        st.text_input("Headline", key="own-title", max_chars=80)
        st.text_area("News", key="own-text", max_chars=LONGEST_TEXT, height=90)
        for name in chosen:
            _lever(name)
        st.number_input("Days", *DAYS, _OWN_DAYS, key="own-days")
        st.form_submit_button(
            "Bring it into the round", type="primary", disabled=not able, on_click=_inject_own, args=(tuple(chosen),)
        )


def _lever(name: str) -> None:
    lever = levers()[name]
    if lever.flag:
        st.segmented_control(display.plain(lever.label), ["yes", "no"], default="yes", required=True, key=f"own-{name}")
        return
    step = step_of(lever.low, lever.high)
    st.slider(
        display.plain(f"{lever.label}, {lever.unit}" if lever.unit != "1" else lever.label), float(lever.low),
        float(lever.high), step=float(step), format=f"%.{places(step)}f", key=f"own-{name}",
    )  # fmt: skip


def _groups() -> tuple[int, ...]:
    return tuple(st.session_state.get("inject-groups", ()))


def _inject(card: Card) -> None:
    actions.attempt(
        partial(classroom().inject, credentials.secret(), card.name, _groups()), f"{card.title}: it is in the news"
    )


def _inject_own(chosen: tuple[str, ...]) -> None:
    def act() -> None:
        values = {name: _value(name) for name in chosen}
        title, text = (str(st.session_state[f"own-{part}"]).strip() for part in ("title", "text"))
        card = Card("", title, text, int(st.session_state["own-days"]), values)
        classroom().inject(credentials.secret(), card, _groups())

    if actions.attempt(act, "It is in the news"):
        st.session_state["own-title"] = st.session_state["own-text"] = ""


def _value(name: str) -> float | bool:
    found = st.session_state[f"own-{name}"]
    return found == "yes" if levers()[name].flag else round(float(found), 10)
