"""The projector view: large type for the whole class. It shows no secret, and no order that is not played yet.

It opens on the address to join, without any seat's code: whoever sees a code can take that seat, so a teacher has to
choose to show the codes.
"""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.classroom import html, invite, server_config
from dashboard.render import display
from sim.exercise.views import GroupView, News, TeacherView
from sim.exercise.watchers import WHOLE_CLASS

JOIN: Final = "Join"
CODES: Final = "Codes"
NEWS: Final = "News"
AIMS: Final = "Aims"  # once they are revealed
_SHOWS: Final = "projector-shows"
_REVEALED: Final = "projector-revealed"  # the exercise and take whose aims this page has shown
MOST_NEWS: Final = 6  # per group
# What happened in the world first, then what caused it; within a kind the latest first.
_RANK: Final = {"inject": 0, "world": 1, "deal": 2, "order": 3}


def draw(view: TeacherView, follow: Callable[[TeacherView], None]) -> None:
    """Draw the view. follow: draws the round, its phase and the clock, and keeps the page up to date."""
    st.session_state[_SHOWS] = _turned(view)  # each time: another choice of views is another input, without a value
    shown = st.segmented_control(
        "Show", [JOIN, NEWS, CODES, *([AIMS] if view.revealed else [])], required=True, key=_SHOWS,
        label_visibility="collapsed",
    )  # fmt: skip
    with st.container(key="projector"):
        st.html(f'<div class="projector"><h2>{html.text(view.settings.title)}</h2></div>')
        follow(view)
        body = {JOIN: _join, NEWS: _news, CODES: _codes, AIMS: _aims}[str(shown)](view)
        st.html(f'<div class="projector">{body}</div>')


def _turned(view: TeacherView) -> str:
    """Return what to show: what was chosen, but the aims at once when they are revealed, and only then."""
    started = view.phase != "waiting" or view.played > 0
    chosen = st.session_state.get(_SHOWS) or (NEWS if started else JOIN)
    if not view.revealed:
        return NEWS if chosen == AIMS else str(chosen)
    if st.session_state.get(_REVEALED) != (view.exercise, view.take):
        st.session_state[_REVEALED] = (view.exercise, view.take)
        return AIMS
    return str(chosen)


def _aims(view: TeacherView) -> str:
    """Return what every side wanted, and what became of it in each group."""
    heads = [f"Group {one.group}" for one in view.groups]
    return html.sides_of([one.sides for one in view.groups], heads)


def _join(_: TeacherView) -> str:
    link = server_config.link(server_config.JOIN)
    return (
        f'<div class="join">{display.markup(link)}</div><div class="bigqr"><img src="{invite.qr(link)}" '
        'alt="QR code of the page to join"></div>'
        "<p>Open this page and type the code on your slip, or scan the slip.</p>"
    )


def _codes(view: TeacherView) -> str:
    groups = "".join(
        f'<div><h3>Group {one.group}</h3><table class="seats">'
        + "".join(
            f'<tr><td>{html.text(seat.label)}</td><td class="code">{html.text(seat.code)}</td></tr>'
            for seat in one.seats
        )
        + "</table></div>"
        for one in view.groups
    )
    groups += _watchers(view)
    link = display.markup(server_config.link(server_config.JOIN))
    return (
        f'<div class="join">{link}</div><p>Everybody who sees these codes can take any seat.</p>'
        f'<div class="columns">{groups}</div>'
    )


def _watchers(view: TeacherView) -> str:
    """Return the codes of those who watch, as HTML; "" for none."""
    rows = "".join(
        f"<tr><td>{html.text(seat.label)}{f', group {group}' if group else ''}</td>"
        f'<td class="code">{html.text(seat.code)}</td></tr>'
        for group, seat in view.watchers
    )
    return f'<div><h3>Those who watch</h3><table class="seats">{rows}</table></div>' if rows else ""


def _news(view: TeacherView) -> str:
    columns = "".join(_group(view, one) for one in view.groups)
    return f'{_headlines(view, WHOLE_CLASS)}<div class="columns">{columns}</div>'


def _headlines(view: TeacherView, group: int) -> str:
    """Return the headline of the last round played, of a group or of the class, as HTML; "" for none."""
    found = (one for one in view.headlines if (one.round, one.group) == (view.played, group))
    return "".join(f"<p>{html.headline(one)}</p>" for one in found)


def _group(view: TeacherView, group: GroupView) -> str:
    """Return a group's news of the last round played, and this round's injects, which its students see too."""
    public = [
        one for one in group.news if one.round == view.played or (one.kind == "inject" and one.round > view.played)
    ]
    ordered = ranked(public)
    left = len(ordered) - MOST_NEWS
    more = f'<p class="more">and {left} more, on the phones under Situation</p>' if left > 0 else ""
    said = _headlines(view, group.group) + _statements(view, group)
    shown = html.news(ordered[:MOST_NEWS], why=False) if ordered or not said else ""
    return f"<div><h3>Group {group.group}</h3>{said}{shown}{more}</div>"


def _statements(view: TeacherView, group: GroupView) -> str:
    """Return what a group's seats have said in this round, else in the last one played, as HTML; "" for nothing."""
    recent = [one for one in group.statements if one.round in (view.round, view.played)]
    shown = [one for one in recent if one.round == recent[0].round]  # the latest round comes first
    return html.statements(shown) if shown else ""


def ranked(found: list[News]) -> list[News]:
    """Return news as they are projected: events first, then what happened, deals and orders; the latest first."""
    latest = sorted(found, key=lambda one: (one.round, one.date), reverse=True)
    return sorted(latest, key=lambda one: (-one.round, _RANK[one.kind]))
