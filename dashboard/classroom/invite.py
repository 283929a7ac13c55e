"""Invitations: a seat's code, its link, and the link as a QR code, made without a network."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from dashboard.classroom import server_config
from dashboard.classroom.credentials import CODE
from dashboard.render import display
from sim.exercise.views import GroupView, SeatState, TeacherView
from sim.schema.disclaimer import NOT_A_FORECAST

_PRINT: Final = """
body{font:15px/1.4 system-ui,sans-serif;max-width:50rem;margin:1rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
h2{break-before:auto;margin:1rem 0 .4rem}.invites{display:grid;grid-template-columns:repeat(4,1fr);gap:.6rem}
.invite{border:1px dashed #777;padding:.5rem;text-align:center;break-inside:avoid;overflow-wrap:anywhere}
.invite img{width:100%}.code{font-family:monospace;font-weight:600}.invite a{display:none}.slip{font-size:.8em}
"""


def seat_link(code: str) -> str:
    """Return the link that opens a seat."""
    return server_config.link(server_config.JOIN, {CODE: code})


@lru_cache(maxsize=512)
def qr(text: str) -> str:
    """Return a QR code as a data URI."""
    import segno

    return str(segno.make(text, error="m", micro=False).png_data_uri(scale=5, border=3))


def cards(group: GroupView) -> str:
    """Return a group's invitations as HTML, one card per seat."""
    return _cards((group.group, one) for one in group.seats)


def watchers(view: TeacherView) -> str:
    """Return the invitations of the press and of observers, of all groups, as HTML; "" for none."""
    return _cards(view.watchers) if view.watchers else ""


def _cards(seats: Iterable[tuple[int, SeatState]]) -> str:
    return f'<div class="invites">{"".join(_card(group, one) for group, one in seats)}</div>'


def _card(group: int, seat: SeatState) -> str:
    label, code = display.markup(seat.label), display.markup(seat.code)
    where = f"Group {group}" if group else "All groups"
    link = display.markup(seat_link(seat.code), 600)
    address = display.markup(server_config.link(server_config.JOIN))
    return (
        f'<div class="invite"><b>{label}</b><br>{where}<br><img src="{qr(seat_link(seat.code))}" '
        f'alt="QR code that joins {label} in {where.lower()}"><br><span class="code">{code}</span><br>'
        f'<span class="slip">{address}<br></span>'
        f'<a href="{link}" target="_blank">Open this seat here</a></div>'
    )


def sheet(view: TeacherView) -> str:
    """Return all invitations as one HTML page to print and cut, usable offline. Its holder can take every seat."""
    groups = "".join(f"<h2>Group {one.group}</h2>{cards(one)}" for one in view.groups)
    groups += f"<h2>Those who watch</h2>{watchers(view)}" if view.watchers else ""
    title = display.markup(view.settings.title)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_PRINT}</style>'
        f"<h1>{title}</h1><p>{display.markup(server_config.link(server_config.JOIN))}</p>{groups}<p>{NOT_A_FORECAST}</p></html>"
    )
