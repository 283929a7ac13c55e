"""The tab Injects: an event from the deck or the teacher's own event, for all groups or some."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from dashboard.widgets.setting_slider import places, step_of
from sim.exercise.deck import DAYS, LONGEST_TEXT, LONGEST_TITLE, MOST_LEVERS, Card
from sim.exercise.views import TeacherView
from sim.schema.decisions import levers

_OWN_DAYS: Final = 14


def draw(view: TeacherView) -> None:
    """Draw this round's events, the choice of groups, the deck, and the form for the teacher's own event."""
    able = view.phase in ("waiting", "open", "closed")
    _there(view)
    st.multiselect(
        "In which groups", [one.group for one in view.groups], key="inject-groups", placeholder="All groups",
        format_func=lambda number: f"Group {number}",
    )  # fmt: skip
    deck, own = st.tabs(["From the deck", "Your own event"])
    with deck:
        _deck(view, able=able)
    with own:
        _own(able=able)


def _there(view: TeacherView) -> None:
    """Draw the events of this round, each with a button that takes it back until the round is played."""
    if not view.injects:
        return
    st.markdown(f"**In round {view.round} so far**")
    for one in view.injects:
        everywhere = len(one.groups) == len(view.groups)
        where = "all groups" if everywhere else f"group {', '.join(map(str, one.groups))}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{display.plain(one.title)} ({where})")
            st.button("Remove it again", key=f"recall-{one.inject}", on_click=_recall, args=(one.inject,))


def _recall(inject: int) -> None:
    actions.attempt(partial(classroom().recall, credentials.secret(), inject), "It is removed")


def _hint(view: TeacherView, card: Card) -> None:
    """Say in which groups all that an event imposes stands already."""
    chosen = _groups() or tuple(one.group for one in view.groups)
    idle = [
        one.group
        for one in view.groups
        if one.group in chosen
        and card.levers
        and all(one.standing[name] == value for name, value in card.levers.items())
    ]
    if idle:
        where = "any group" if len(idle) == len(chosen) else f"group {', '.join(map(str, idle))}"
        st.info(f"What this imposes stands already: it would change nothing in {where} now.")


def _result(card: Card, groups: tuple[int, ...]) -> str:
    """Return in which groups an event that was brought in changes nothing before the round's end, in words."""
    idle = classroom().idle(credentials.secret(), card, groups) if card.levers else ()
    where = f"group {', '.join(map(str, idle))}"
    return f" As orders stand now, it changes nothing in {where}." if idle else ""


def _deck(view: TeacherView, *, able: bool) -> None:
    cards = {one.name: one for one in view.deck}
    name = st.selectbox("Event", list(cards), key="inject-card", format_func=lambda one: cards[one].title)
    st.html(_card(cards[name]))
    _hint(view, cards[name])
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
        st.text_input(f"Headline (at most {LONGEST_TITLE} characters)", key="own-title")
        st.text_area(f"News (at most {LONGEST_TEXT} characters)", key="own-text", height=90)
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
    groups = _groups()
    if actions.attempt(partial(classroom().inject, credentials.secret(), card.name, groups)):
        actions.say(f"{card.title}: it is in the news.{_result(card, groups)}")


def _inject_own(chosen: tuple[str, ...]) -> None:
    groups, made = _groups(), []

    def act() -> None:
        values = {name: _value(name) for name in chosen}
        title, text = (actions.one_line(st.session_state[f"own-{part}"]) for part in ("title", "text"))
        made.append(Card("", title, text, int(st.session_state["own-days"]), values))
        classroom().inject(credentials.secret(), made[0], groups)

    if actions.attempt(act):
        actions.say(f"It is in the news.{_result(made[0], groups)}")
        st.session_state["own-title"] = st.session_state["own-text"] = ""


def _value(name: str) -> float | bool:
    found = st.session_state[f"own-{name}"]
    return found == "yes" if levers()[name].flag else round(float(found), 10)
