"""The control of one lever: yes and no, or a slider; a share is entered in per cent, as everywhere in the class."""

from typing import Any, Final

import streamlit as st

from dashboard.classroom import html
from dashboard.render import display
from dashboard.widgets.setting_slider import places, step_of
from sim.exercise.rounds import SHARE
from sim.exercise.views import LeverView

WHOLE: Final = 100  # per cent


def draw(lever: LeverView, key: str, start: float | bool, *, able: bool = True) -> None:  # noqa: FBT001
    """Draw the control; its value is in the session state under the key."""
    if lever.flag:
        st.segmented_control(
            display.plain(lever.label), ["yes", "no"], default="yes" if start else "no", required=True, key=key,
            disabled=not able,
        )  # fmt: skip
        return
    low, high, step = _scale(lever)
    unit = "%" if lever.unit == SHARE else html.value(0, lever.unit).removeprefix("0").strip()
    st.slider(
        display.plain(lever.label + (f", {unit}" if unit else "")), low, high, value=_nearest(lever, start), step=step,
        format=f"%.{places(step)}f" + (" %%" if lever.unit == SHARE else ""), key=key, disabled=not able,
    )  # fmt: skip


def read(lever: LeverView, key: str, start: float | bool | None = None) -> float | bool:  # noqa: FBT001
    """Return the value of the control with this key. start: what an untouched control stands for, exactly."""
    found: Any = st.session_state[key]
    if lever.flag:
        return bool(found == "yes")
    if start is not None and found == _nearest(lever, start):
        return start
    return round(float(found) / (WHOLE if lever.unit == SHARE else 1), 10)


def write(lever: LeverView, key: str, value: float | bool) -> None:  # noqa: FBT001
    """Set the control with this key, before it is drawn."""
    st.session_state[key] = ("yes" if value else "no") if lever.flag else _nearest(lever, value)


def _scale(lever: LeverView) -> tuple[float, float, float]:
    """Return the ends and the step of a slider."""
    by = WHOLE if lever.unit == SHARE else 1
    low, high = float(lever.low) * by, float(lever.high) * by
    return low, high, float(step_of(low, high))


def _nearest(lever: LeverView, value: float | bool) -> float:  # noqa: FBT001
    """Return the slider's position that is nearest to a value."""
    low, high, step = _scale(lever)
    given = float(value) * (WHOLE if lever.unit == SHARE else 1)
    return float(min(max(round(given / step) * step, low), high))
