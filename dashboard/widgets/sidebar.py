"""The settings in the sidebar: the levers by actor, and the uncertain assumptions."""

from collections.abc import Iterable
from typing import Final

import streamlit as st

from dashboard.state.state import State
from dashboard.widgets import assumptions, lever_list, levers, setting_slider
from sim.inputs.parameter import Parameter
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
    lever_list.draw(state, str(chosen))


def changes(state: State) -> Iterable[tuple[str, str, str, bool]]:
    """Return every change as name, label, words, and whether it is on, in the order of the levers and parameters."""
    on, kept = dict(state.changes), dict(state.off) | dict(state.changes)
    settings: tuple[decisions.Lever | Parameter, ...] = (*decisions.levers().values(), *catalogue().values())
    for one in settings:
        if one.name in kept:
            yield one.name, one.label, setting_slider.describe_change(kept[one.name]), one.name in on
