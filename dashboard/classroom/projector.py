"""The projector view: large type for the whole class. It shows no secret, and no order that is not played yet."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.classroom import html, invite, server_config
from dashboard.render import display
from sim.exercise.views import GroupView, TeacherView

CODES: Final = "Codes"
NEWS: Final = "News"
MOST_NEWS: Final = 8  # per group


def draw(view: TeacherView, follow: Callable[[TeacherView], None]) -> None:
    """Draw the view. follow: draws the round, its phase and the clock, and keeps the page up to date."""
    started = view.phase != "waiting" or view.played > 0
    shown = st.segmented_control(
        "Show", [CODES, NEWS], default=NEWS if started else CODES, required=True, key="projector-shows",
        label_visibility="collapsed",
    )  # fmt: skip
    with st.container(key="projector"):
        st.html(f'<div class="projector"><h2>{html.text(view.settings.title)}</h2></div>')
        follow(view)
        st.html(f'<div class="projector">{_codes(view) if shown == CODES else _news(view)}</div>')


def _codes(view: TeacherView) -> str:
    link = server_config.link(server_config.JOIN)
    groups = "".join(
        f'<div><h4>Group {one.group}</h4><table class="seats">'
        + "".join(
            f'<tr><td>{html.text(seat.label)}</td><td class="code">{html.text(seat.code)}</td></tr>'
            for seat in one.seats
        )
        + "</table></div>"
        for one in view.groups
    )
    return (
        f'<div class="join">{display.markup(link)}</div><div class="bigqr"><img src="{invite.qr(link)}" '
        f'alt="QR code of the page to join"></div><div class="columns">{groups}</div>'
    )


def _news(view: TeacherView) -> str:
    return f'<div class="columns">{"".join(_group(view, one) for one in view.groups)}</div>'


def _group(view: TeacherView, group: GroupView) -> str:
    """Return a group's news up to the last round played, and this round's injects, which its students see too."""
    public = [one for one in group.news if one.round <= view.played or one.kind == "inject"]
    return f"<div><h4>Group {group.group}</h4>{html.news(public[:MOST_NEWS], why=False)}</div>"
