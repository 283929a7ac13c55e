"""What a browser holds: a teacher's secret, in a cookie that no script can read, or a student's token.

The secret comes by a link, `/teach?key=...`, which the server answers with the cookie and the bare address (see
`dashboard.classroom.middleware`): it stands neither in the address bar that a projector shows nor in the history. A
student's token stands in the address of their own page: reloading it, or opening it again, rejoins.
"""

from typing import Final

import streamlit as st

COOKIE: Final = "jirga_teacher"
KEY: Final = "key"  # in the teacher's link: the secret
CODE: Final = "code"  # in an invitation's link
SEAT: Final = "seat"  # in the address of a student's page: the token
_SECRET: Final = "class-secret"  # noqa: S105  the name of a place
_TOKEN: Final = "class-token"  # noqa: S105  the name of a place


def secret() -> str:
    """The teacher's secret, as typed or from the cookie; "" for none."""
    return str(st.session_state.get(_SECRET) or st.context.cookies.get(COOKIE, ""))


def hold_secret(value: str) -> None:
    """Keep the teacher's secret for as long as this page is open."""
    st.session_state[_SECRET] = value


def token() -> str:
    """The student's token; "" for none."""
    return str(st.query_params.get(SEAT) or st.session_state.get(_TOKEN, ""))


def hold_token(value: str) -> None:
    """Keep the student's token, and put it in the page's address in place of whatever stands there."""
    st.session_state[_TOKEN] = value
    if st.query_params.to_dict() != {SEAT: value}:
        st.query_params.from_dict({SEAT: value})


def drop_token() -> None:
    """Forget the student's token."""
    st.session_state.pop(_TOKEN, None)
    st.query_params.clear()


def take_code() -> str:
    """The code of an invitation's link, which is taken out of the address; "" for none."""
    found = st.query_params.get(CODE, "")
    if found:
        del st.query_params[CODE]
    return found
