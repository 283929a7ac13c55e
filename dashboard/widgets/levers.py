"""The levers in the sidebar, by actor, each with its usual values in the baseline and the sentence it is based on."""

import datetime as dt
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import streamlit as st

from dashboard.render import display
from dashboard.runs import cache, session
from dashboard.state.differences import held_days, imposed
from dashboard.state.state import REFERENCE, State, shipped
from dashboard.widgets import setting_slider
from dashboard.widgets.state_input import clean, state_input
from sim.inputs.scenario import Scenario
from sim.runs.lever_usage import LeverUsage, run_with_usage
from sim.schema import formatting
from sim.schema.decisions import Lever, levers
from sim.schema.series import SERIES

ACTORS: Final = {
    "us": "the US", "taliban": "the Taliban", "kabul.ghani": "Ghani's camp", "kabul.abdullah": "Abdullah's camp",
    "council": "the Security Council",
}  # fmt: skip
PLURAL: Final = ("taliban",)  # of ACTORS
PRISONERS: Final = (
    "taliban.demand", "taliban.pledges_acceptable", "kabul.ghani.offer", "kabul.ghani.pace",
    "kabul.ghani.pledge_required", "kabul.ghani.review", "kabul.ghani.monitoring", "taliban.captives_pace",
)  # fmt: skip
# The series that a lever acts on most directly.
SHOWS: Final = {
    "us.withdrawal": ("us_troops", "trust_us_taliban"),
    "us.conditionality": ("us_troops", "trust_us_taliban"),
    "us.restraint": ("airstrikes", "security_forces_killed"),
    "us.defensive_strikes": ("airstrikes", "security_forces_killed"),
    "us.pressure_on_ghani": ("prisoners_released", "trust_us_kabul"),
    "us.pressure_on_abdullah": ("kabul_cohesion", "talks_stage"),
    "us.pressure_on_taliban": ("attacks", "talks_stage"),
    "us.aid_cut": ("kabul_cohesion", "trust_us_kabul"),
    "taliban.intensity": ("attacks", "security_forces_killed"),
    "taliban.truce": ("attacks_on_coalition", "airstrikes"),
    "taliban.pause": ("attacks", "trust_kabul_taliban"),
    "taliban.demand": ("prisoners_released", "talks_stage"),
    "taliban.pledges_acceptable": ("prisoners_released", "returned_to_fighting"),
    "taliban.attend": ("talks_stage", "blocked_by_taliban"),
    "taliban.captives_pace": ("captives_released", "trust_kabul_taliban"),
    "kabul.ghani.offer": ("prisoners_released", "attacks"),
    "kabul.ghani.pace": ("prisoners_released", "attacks"),
    "kabul.ghani.pledge_required": ("prisoners_released", "returned_to_fighting"),
    "kabul.ghani.review": ("prisoners_released", "trust_kabul_taliban"),
    "kabul.ghani.monitoring": ("returned_to_fighting", "taliban_strength"),
    "kabul.ghani.share_offered": ("kabul_cohesion", "trust_ghani_abdullah"),
    "kabul.ghani.posture": ("offensives", "taliban_killed"),
    "kabul.abdullah.share_asked": ("kabul_cohesion", "trust_ghani_abdullah"),
    "kabul.abdullah.joins_delegation": ("blocked_by_delegation", "talks_stage"),
    "council.backing": ("attacks_on_coalition", "trust_us_taliban"),
}
_IMPOSED: Final = (
    "Without a change by you, the actor decides day by day, except where the scenario imposes a value. Your change is "
    "imposed on the days on which the scenario changes this lever, otherwise for the whole run; other dates can be set "
    "below the lever."
)
_LEFT: Final = "not changed"
Curve = Callable[[Lever, float | None], str]
_MARKING: Final = threading.Lock()


def groups() -> dict[str, list[Lever]]:
    """Return the levers by group, in the order of the sidebar; those about prisoners form a group of their own."""
    found: dict[str, list[Lever]] = {"US": [], "Taliban": [], "Ghani's camp": [], "Abdullah's camp": []}
    names = dict(zip(("us", "taliban", "kabul.ghani", "kabul.abdullah"), found, strict=True))
    found |= {"Prisoners": [levers()[name] for name in PRISONERS], "Security Council": []}
    for lever in levers().values():
        if lever.name not in PRISONERS:
            found[names.get(lever.actor, "Security Council")].append(lever)
    return found


def marks(scenario: Scenario) -> dict[str, LeverUsage]:
    """Return what is decided on each lever in a scenario, cached; its run, with typical assumptions, is kept for pages.

    Only one thread runs it: the first visitor may come while the server still prepares the same run.
    """
    with _MARKING:
        return _marks(scenario)


@lru_cache(maxsize=32)
def _marks(scenario: Scenario) -> dict[str, LeverUsage]:
    found, usual = run_with_usage(scenario, cache.FIRST)
    cache.keep(found)
    return usual


def draw(state: State, lever: Lever, curve: Curve) -> None:
    """Draw one lever: a slider, or three choices for a yes/no lever, with its usual values in the baseline.

    curve: returns, as HTML, what the lever does, given the value at which its slider is; None for a yes/no lever.
    """
    line = state.changed(lever.name)
    own, mark = marks(state.origin())[lever.name], marks(shipped(REFERENCE))[lever.name]
    shown: float | None = None
    if lever.flag:
        _choice(lever, line)
    else:
        step = setting_slider.step_of(lever.low, lever.high)
        shown = setting_slider.number_of(line, own.median)
        if line is None:
            shown = clean(min(max(round(shown / step) * step, lever.low), lever.high))
        setting_slider.slider(lever, explain(lever), shown, (lever.low, lever.high, step))
    st.html(_caption(lever, mark, _now(state, lever, line), held=line is not None) + curve(lever, shown))
    if line is not None:
        setting_slider.reset(lever.name)
        _dates(state, lever, line)


def _dates(state: State, lever: Lever, line: str) -> None:
    """Draw the dates between which a change applies: the whole run while both are empty."""
    run, name = state.scenario(), lever.name
    first, until = setting_slider.days_of(line)
    with st.expander("Only on some days", key=f"dates:{name}", type="compact"):
        for label, key, day, low, high in (
            ("From", "from", first, run.start, run.end - dt.timedelta(days=1)),
            ("Until (this day not included)", "until", until, run.start + dt.timedelta(days=1), run.end),
        ):
            st.date_input(
                label, day, min_value=low, max_value=high, format="YYYY-MM-DD",
                **state_input(f"{key}:{name}", day, _dated, name, key),
            )  # fmt: skip
        st.caption(f"Empty: from the first day, {formatting.day(run.start)}, or to the last. A typed date is used once "
                   "you leave the field.")  # fmt: skip


def _dated(day: dt.date | None, name: str, end: str) -> None:
    """Apply a date that was set or removed. end: "from" or "until"."""
    change = session.current().changed(name)
    if change is None:
        return
    first, until = setting_slider.days_of(change)
    first, until = (day, until) if end == "from" else (first, day)
    value = change.partition("@")[0]
    setting_slider.attempt(name, f"{value}@{first or ''}..{until or ''}" if first or until else value)


def _choice(lever: Lever, line: str | None) -> None:
    value = setting_slider.value_of(line)
    shown = {True: "yes", False: "no"}.get(value, _LEFT) if isinstance(value, bool) else _LEFT
    st.segmented_control(
        lever.label, [_LEFT, "yes", "no"], default=shown, help=explain(lever), required=True,
        **state_input(f"lever:{lever.name}", shown, _chosen, lever.name),
    )  # fmt: skip


def _chosen(chosen: str | None, name: str) -> None:
    """Apply one of the three choices."""
    if chosen in (None, _LEFT):
        setting_slider.leave(name)
        return
    days = held_days(session.current(), name)
    setting_slider.attempt(name, ("true" if chosen == "yes" else "false") + days)


def explain(lever: Lever) -> str:
    """Return the help text of a lever, Markdown."""
    rests = (
        "assumption"
        if lever.rests_on == "assumption"
        else f"based on {lever.rests_on} (numbers of sentences of the text)"
    )
    ends = f"{formatting.setting(lever.low)} to {formatting.setting(lever.high)}"
    bounds = "" if lever.flag else f" From {formatting.with_unit(ends, lever.unit)}."
    shows = ", ".join(SERIES[name].label for name in SHOWS.get(lever.name, ()))
    line = f"Decided by {ACTORS[lever.actor]}; {rests}."
    return setting_slider.behind(
        lever.name, [lever.about + bounds, line, f"See its effect in: {shows}." if shows else "", _IMPOSED]
    )


def _now(state: State, lever: Lever, line: str | None) -> str:
    """Return the state of a lever in words: what is imposed on it, and by whom, or that the actor decides."""
    if line is not None:
        return f"Held: you impose {setting_slider.describe_change(line)}"
    run = state.origin()
    stretches = [one for one in run.interventions if one.lever == lever.name]
    decides = f"{ACTORS[lever.actor]} decide{'' if lever.actor in PLURAL else 's'}"
    return f"Free, but the scenario imposes {imposed(stretches, run)}" if stretches else f"Free: {decides}"


def _caption(lever: Lever, mark: LeverUsage, now: str, *, held: bool) -> str:
    """Return the caption of a lever as HTML: usual values in the baseline, its source, and its state.

    now: the state in words, which screen readers say with the value; held: whether the visitor imposes a value.
    """
    if lever.flag:
        text, track = f"baseline: yes on {formatting.share(mark.median)} of days", ""
    else:
        band = "" if mark.low == mark.high else f" ({_short(mark.low)} to {_short(mark.high)})"
        text = f"&#9650; baseline: usually {_short(mark.median)}{band}"
        place = [100 * (x - lever.low) / (lever.high - lever.low) for x in (mark.low, mark.median, mark.high)]
        track = (
            f'<div class="track"><div class="band" style="left:{place[0]:.1f}%;width:{place[2] - place[0]:.1f}%"></div>'
            f'<div class="mark" style="left:{place[1]:.1f}%"></div></div>'
        )
    said, tag = display.markup(now), "b" if held else "span"
    kind = "usual flag" if lever.flag else "usual"
    line = f"{text} &middot; {display.markup(lever.rests_on)}<br><{tag}>{said}</{tag}>"
    return f'<div class="{kind}" data-state="{said}">{track}{line}</div>'


def _short(value: float) -> str:
    return formatting.number(value)
