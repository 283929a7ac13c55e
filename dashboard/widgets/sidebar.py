"""The settings in the sidebar: the levers by actor, and the uncertain assumptions."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from dashboard.state.state import State
from dashboard.widgets import assumptions, levers, setting_slider
from sim.inputs.parameters import catalogue
from sim.schema import decisions

ASSUMPTIONS: Final = "Uncertain assumptions"


def draw(state: State) -> None:
    """Draw the settings of the chosen group."""
    chosen = st.pills(
        "Whose decisions?", [*levers.groups(), ASSUMPTIONS], default="Prisoners", key="group", required=True
    )  # fmt: skip
    if chosen == ASSUMPTIONS:
        assumptions.draw(state)
        return
    for lever in levers.groups()[str(chosen)]:
        levers.draw(state, lever)


def changes(state: State) -> Iterable[tuple[str, str, str]]:
    """Return every change as name, label and words."""
    for name, text in state.changes:
        record = decisions.levers().get(name) or catalogue()[name]
        yield name, record.label, setting_slider.describe_change(text)
