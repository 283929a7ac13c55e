"""Folded parts of a student's page, whose content is drawn once it is opened.

Most parts never are, and a phone that follows a class would otherwise draw them at every change.
"""

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator


def part(head: str, key: str, kept: str = "") -> "DeltaGenerator | None":
    """Draw a folded part, and return where its content goes; None while nobody needs it.

    head: what it is called, Markdown; key: of the part. kept: a key of the session, if the content has inputs. Once
    opened they are then drawn while the part is folded too: what was entered and not sent is not lost.
    """
    _stay_open(key, head)
    found = st.expander(head, key=key, on_change="rerun")
    if found.open and kept:
        st.session_state[kept] = True
    return found if found.open or (kept and kept in st.session_state) else None


def _stay_open(key: str, head: str) -> None:
    """Open a part again whose head has changed: Streamlit takes it for another one, which is folded."""
    last = f"{key}-head"
    if st.session_state.get(key) and st.session_state.get(last) != head:
        st.session_state[key] = True
    st.session_state[last] = head
