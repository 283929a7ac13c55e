"""The uncertain assumptions in the sidebar: sliders over plausible ranges, one group of parameters at a time."""

from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.render import display
from dashboard.runs import session
from dashboard.state.state import State
from dashboard.widgets import setting_slider
from dashboard.widgets.state_input import state_input
from sim.inputs.parameter import Parameter
from sim.inputs.parameters import catalogue
from sim.schema import formatting
from sim.schema.assumptions import Assumptions


def uncertain() -> dict[str, list[Parameter]]:
    """Return the uncertain parameters that have a plausible range, by group."""
    found: dict[str, list[Parameter]] = {}
    for parameter in catalogue().values():
        if parameter.uncertain and parameter.range and parameter.range[0] < parameter.range[1]:
            found.setdefault(parameter.group, []).append(parameter)
    return found


CHOICES: Final[dict[Assumptions, str]] = {
    "facts": "As the facts allow", "ranges": "Over their ranges", "point": "Typical",
}  # fmt: skip
MEANING: Final = (
    "As the facts allow: each world has its own set of values, one of a thousand with which the text's facts hold. "
    "Over their ranges: each world draws its own values, whatever the text says. "
    "Typical: every world has the same values, each in the middle of its range."
)


def draw(state: State) -> None:
    """Draw the chosen group, and the choice between values sampled per world and typical ones."""
    every = uncertain()
    group = st.selectbox("About", list(every), key="assumptions", format_func=_group_name)
    st.radio(
        "Values in the worlds", list(CHOICES), list(CHOICES).index(state.assumptions), horizontal=True,
        format_func=CHOICES.get, help=MEANING,
        **state_input("assume", state.assumptions, _assume),
    )  # fmt: skip
    for parameter in every[group]:
        _assumption(state, parameter)


def _group_name(group: str) -> str:
    parts = {
        "us": "the US",
        "ghani": "Ghani's camp",
        "abdullah": "Abdullah's camp",
        "kabul": "",
        "taliban": "the Taliban",
    }
    text = ", ".join(filter(None, (parts.get(part, part.replace("_", " ")) for part in group.split("."))))
    return text[:1].upper() + text[1:]


def _assumption(state: State, parameter: Parameter) -> None:
    text = state.changed(parameter.name)
    low, high = parameter.range or (0, 1)
    value = parameter.value
    usual_value = float(value) if isinstance(value, int | float) else float(low)
    step = 1.0 if parameter.type == "int" else setting_slider.step_of(low, high)
    setting_slider.slider(parameter, explain(parameter), setting_slider.number_of(text, usual_value), (low, high, step))
    place = 100 * (usual_value - low) / (high - low)
    kind = "assumption" if parameter.kind == "assumed" else parameter.kind
    now = (
        f"<br><b>changed to {display.markup(setting_slider.describe_change(text).removesuffix(', the whole run'))}</b>"
        if text
        else ""
    )
    st.html(
        f'<div class="usual"><div class="track"><div class="mark" style="left:{place:.1f}%"></div></div>'
        f"&#9650; typical {formatting.setting(value)} &middot; {kind}, {_span(low, high)}{now}</div>"
    )
    if text is not None:
        setting_slider.reset(parameter.name)


def explain(parameter: Parameter) -> str:
    """Return the help text of a parameter, Markdown."""
    low, high = parameter.range or (0, 0)
    best = f"Best estimate: {formatting.with_unit(formatting.setting(parameter.value), parameter.unit)}"
    where = parameter.source if parameter.kind == "sourced" else f"Assumption; based on {parameter.source}"
    return setting_slider.behind(parameter.name, [parameter.reason, f"{best}; plausible {_span(low, high)}.", where])


def _span(low: float, high: float) -> str:
    return f"{formatting.setting(low)} to {formatting.setting(high)}"


def _assume(chosen: Assumptions) -> None:
    session.go(replace(session.current(), assumptions=chosen))
