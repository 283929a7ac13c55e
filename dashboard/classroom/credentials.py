"""The credentials in a browser: a teacher's secret, in a cookie that no script can read, or a student's token.

The secret comes with a link, `/teach?key=...`, which the server answers with the cookie and a redirect to the address
without it (see `dashboard.classroom.middleware`): it is neither in the address bar, which a projector shows, nor in the
browser's history. A student's token is in the address of their page: reloading or reopening that page rejoins.
"""

from typing import Final
from urllib.parse import parse_qs, urlsplit

import streamlit as st

COOKIE: Final = "jirga_teacher"
DEVICE: Final = "jirga_device"  # a browser's own random number, see `dashboard.server.device`
LONGEST_DEVICE: Final = 40  # characters of it that count
KEY: Final = "key"  # in the teacher's link: the secret
CODE: Final = "code"  # in an invitation's link
SEAT: Final = "seat"  # in the address of a student's page: the token
_SECRET: Final = "class-secret"  # noqa: S105  a key of the session state
_TOKEN: Final = "class-token"  # noqa: S105  a key of the session state
_LEFT: Final = "class-left"  # the token of the seat that was left


def secret() -> str:
    """Return the teacher's secret, as typed or from the cookie; "" for none."""
    return str(st.session_state.get(_SECRET) or st.context.cookies.get(COOKIE, ""))


def device() -> str:
    """Return the random number of this browser; "" for none."""
    return str(st.context.cookies.get(DEVICE, ""))[:LONGEST_DEVICE]


def hold_secret(value: str) -> None:
    """Keep the teacher's secret for as long as this page is open."""
    st.session_state[_SECRET] = value


def token() -> str:
    """Return the student's token; "" for none.

    What a page sends carries the address that it had then: a clock that ticked just before a seat was left still names
    that seat, which must not bring it back.
    """
    found = str(st.query_params.get(SEAT) or st.session_state.get(_TOKEN, ""))
    if found and found == st.session_state.get(_LEFT):
        st.query_params.clear()
        return ""
    return found


def hold_token(value: str) -> None:
    """Keep the student's token, and replace the query of the page's address by it."""
    st.session_state[_TOKEN] = value
    st.session_state.pop(_LEFT, None)
    if st.query_params.to_dict() != {SEAT: value}:
        st.query_params.from_dict({SEAT: value})


def drop_token() -> None:
    """Forget the student's token. The session comes first: a request that waits ends this where the address changes."""
    st.session_state[_LEFT] = token()
    st.session_state.pop(_TOKEN, None)
    st.query_params.clear()


def of_link(given: str, name: str) -> str:
    """Return a part of a link that somebody typed or pasted, by its name; what is no link is returned as it is."""
    found = parse_qs(urlsplit(given.strip()).query).get(name) if "?" in given else None
    return found[0] if found else given


def take_code() -> str:
    """Return the code of an invitation's link, and remove it from the address; "" for none."""
    found = st.query_params.get(CODE, "")
    if found:
        del st.query_params[CODE]
    return found
