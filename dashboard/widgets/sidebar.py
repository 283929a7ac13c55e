"""The panel: levers by who they belong to, and apart from them what nobody knows."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from dashboard.state.state import State
from dashboard.widgets import assumptions, levers, setting_slider
from sim.inputs.parameters import catalogue
from sim.schema import decisions

ASSUMPTIONS: Final = "What nobody knows"


def draw(state: State) -> None:
    """The panel, in the sidebar."""
    chosen = st.pills(
        "Whose decisions?", [*levers.groups(), ASSUMPTIONS], default="Prisoners", key="group", required=True
    )  # fmt: skip
    if chosen == ASSUMPTIONS:
        assumptions.draw(state)
        return
    for lever in levers.groups()[str(chosen)]:
        levers.draw(state, lever)


def changes(state: State) -> Iterable[tuple[str, str, str]]:
    """Every change as name, label and words."""
    for name, text in state.changes:
        record = decisions.levers().get(name) or catalogue()[name]
        yield name, record.label, setting_slider.describe_change(text)
