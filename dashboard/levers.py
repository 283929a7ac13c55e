"""The panel: levers by who they belong to, and apart from them what nobody knows."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import streamlit as st

from dashboard import runs, session, words
from dashboard.state import REFERENCE, State, shipped
from sim import values
from sim.decisions import Lever, levers
from sim.errors import InputError
from sim.parameter import Parameter
from sim.parameters import catalogue
from sim.scenario import Scenario
from sim.series import SERIES
from sim.usual import Usual, observed

ACTORS: Final = {
    "us": "the US", "taliban": "the Taliban", "kabul.ghani": "Ghani's camp", "kabul.abdullah": "Abdullah's camp",
    "council": "the Security Council",
}  # fmt: skip
PRISONERS: Final = (
    "taliban.demand", "taliban.pledges_acceptable", "kabul.ghani.offer", "kabul.ghani.pace",
    "kabul.ghani.pledge_required", "kabul.ghani.review", "kabul.ghani.monitoring", "taliban.captives_pace",
)  # fmt: skip
ASSUMPTIONS: Final = "What nobody knows"
UNITS: Final = {"1": "", "yes/no": "", "bn USD/year": "bn USD a year", "ratio to 2019": "times 2019"}
# The series a lever acts on most directly: where to look first.
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
    "Left as it is, the actor decides day by day, save where the scenario imposes something. Moved, it is imposed for "
    "the whole run, or between the dates that you give below it."
)
_LEFT: Final = "as it is"


def groups() -> dict[str, list[Lever]]:
    """The levers by group, in the order of the panel. Those about prisoners stand together, whoever decides them."""
    found: dict[str, list[Lever]] = {"US": [], "Taliban": [], "Ghani's camp": [], "Abdullah's camp": []}
    names = dict(zip(("us", "taliban", "kabul.ghani", "kabul.abdullah"), found, strict=True))
    found |= {"Prisoners": [levers()[name] for name in PRISONERS], "Security Council": []}
    for lever in levers().values():
        if lever.name not in PRISONERS:
            found[names.get(lever.actor, "Security Council")].append(lever)
    return found


@lru_cache(maxsize=32)
def marks(scenario: Scenario) -> dict[str, Usual]:
    """What is decided on each lever in a scenario; worked out once, from the first answer to whoever opens it."""
    found, usual = observed(scenario, runs.FIRST)
    runs.keep(found)
    return usual


def uncertain() -> dict[str, list[Parameter]]:
    """What nobody knows, by the group it stands in."""
    found: dict[str, list[Parameter]] = {}
    for parameter in catalogue().values():
        if parameter.uncertain and parameter.range and parameter.range[0] < parameter.range[1]:
            found.setdefault(parameter.group, []).append(parameter)
    return found


def panel(state: State) -> None:
    """The panel, in the sidebar."""
    chosen = st.pills(
        "Whose decisions?", [*groups(), ASSUMPTIONS], default="Prisoners", key="group", required=True
    )  # fmt: skip
    if chosen == ASSUMPTIONS:
        _assumptions(state)
        return
    for lever in groups()[str(chosen)]:
        _lever(state, lever)


def _lever(state: State, lever: Lever) -> None:
    """One lever: a slider, or three words for a yes or no, with its mark in the baseline."""
    told = state.changed(lever.name)
    own, mark = marks(state.origin())[lever.name], marks(shipped(REFERENCE))[lever.name]
    key = f"lever:{lever.name}"
    if lever.flag:
        _choice(key, lever, told)
    else:
        step = step_of(lever.low, lever.high)
        shown = _number(told, own.median)
        if told is None:
            shown = _clean(min(max(round(shown / step) * step, lever.low), lever.high))
        _slider(key, lever, shown, (lever.low, lever.high, step))
    st.html(_caption(lever, mark, _now(state, lever, told)))
    if told is not None:
        st.button("Take it back", key=f"leave:{lever.name}", on_click=_leave, args=(lever.name,))
        _dates(state, lever, told)


def _dates(state: State, lever: Lever, told: str) -> None:
    """On which days a change holds: all of them while both dates are left out."""
    run, name = state.scenario(), lever.name
    first, until = _days(told)
    with st.expander("Only on some days", key=f"dates:{name}", type="compact"):
        for label, key, day, low, high in (
            ("From", f"from:{name}", first, run.start, run.end - dt.timedelta(days=1)),
            ("Until, that day not included", f"until:{name}", until, run.start + dt.timedelta(days=1), run.end),
        ):
            if key not in st.session_state or st.session_state[key] != day:
                st.session_state[key] = day
            st.date_input(label, min_value=low, max_value=high, format="YYYY-MM-DD", key=key,
                          on_change=_dated, args=(name,))  # fmt: skip
        st.caption(f"Empty: from the first day, {words.day(run.start)}, or to the last.")


def _days(told: str) -> tuple[dt.date | None, dt.date | None]:
    """The dates in the words of a change, None where one is left out."""
    first, _, until = told.partition("@")[2].partition("..")
    return (dt.date.fromisoformat(first) if first else None, dt.date.fromisoformat(until) if until else None)


def _dated(name: str) -> None:
    """A date was set, or taken out."""
    first, until = (st.session_state[f"{end}:{name}"] for end in ("from", "until"))
    value = (session.current().changed(name) or "").partition("@")[0]
    _try(name, f"{value}@{first or ''}..{until or ''}" if first or until else value)


def _choice(key: str, lever: Lever, told: str | None) -> None:
    value = _value(told)
    shown = {True: "yes", False: "no"}.get(value, _LEFT) if isinstance(value, bool) else _LEFT
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.segmented_control(
        lever.label, [_LEFT, "yes", "no"], key=key, on_change=_chosen, args=(key, lever.name), help=explain(lever),
        required=True,
    )  # fmt: skip


def _slider(key: str, record: Lever | Parameter, shown: float, steps: tuple[float, float, float]) -> None:
    low, high, step = steps
    whole = all(float(part).is_integer() for part in (low, high, step))
    low, high = min(low, shown), max(high, shown)
    kind = int if whole and float(shown).is_integer() else float
    value = kind(shown)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    unit = UNITS.get(record.unit, record.unit)
    label = f"{record.label}, {unit}" if unit else record.label
    st.slider(
        label, kind(low), kind(high), step=kind(step), key=key, on_change=_moved,
        args=(key, record.name, value, (low, high)),
        format=None if kind is int else f"%.{places(step)}f", help=explain(record),
    )  # fmt: skip


def step_of(low: float, high: float) -> float:
    """A step that crosses a range in some twenty to fifty presses, and is easy to read."""
    span = high - low
    for step in (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50):
        if span / step <= 50:
            return step
    return 100.0


def places(step: float) -> int:
    """Decimals that a step needs."""
    return next(n for n in range(7) if round(step, n) == step)


def explain(record: Lever | Parameter) -> str:
    """The longer explanation behind the question mark, as Markdown of the engine's own words."""
    if isinstance(record, Parameter):
        low, high = record.range or (0, 0)
        unit = words.unit(record.unit)
        where = record.source if record.kind == "sourced" else f"assumption; rests on {record.source}"
        lines = [record.reason, f"Taken as {words.setting(record.value)} {unit}; plausible {low:g} to {high:g}.", where]
        return "\n\n".join(words.plain(line) for line in lines if line) + f"\n\n`{record.name}`"
    rests = "assumption" if record.rests_on == "assumption" else f"rests on {record.rests_on}"
    bounds = "" if record.flag else f" From {record.low:g} to {record.high:g} {UNITS.get(record.unit, record.unit)}."
    shows = ", ".join(SERIES[name].label for name in SHOWS.get(record.name, ()))
    lines = [
        record.about + bounds,
        f"Decided by {ACTORS[record.actor]}; {rests}.",
        f"See it in: {shows}." if shows else "",
        _IMPOSED,
    ]
    return "\n\n".join(words.plain(line) for line in lines if line) + f"\n\n`{record.name}`"


def _now(state: State, lever: Lever, told: str | None) -> str:
    """What is imposed on a lever now, and by whom; "" where the actor decides."""
    if told is not None:
        return f"you impose {_told(told)}"
    run = state.origin()
    stretches = [(one.value, *one.within(run.start, run.end)) for one in run.interventions if one.field == lever.name]
    parts = []
    for value, start, until in stretches:
        first = "" if start == run.start else f" from {words.day(start, year=False)}"
        last = "" if until == run.end else f" until {words.day(until, year=False)}"
        parts.append(words.setting(value) + (first + last or " for the whole run"))
    return f"the scenario imposes {', '.join(parts)}" if parts else ""


def _caption(lever: Lever, mark: Usual, now: str) -> str:
    """Below a lever: the baseline's mark, the sentence it rests on, and what is imposed now."""
    if lever.flag:
        text, track = f"baseline: yes on {words.share(mark.median)} of days", ""
    else:
        band = "" if mark.low == mark.high else f" ({_short(mark.low)} to {_short(mark.high)})"
        text = f"&#9650; baseline: usually {_short(mark.median)}{band}"
        place = [100 * (x - lever.low) / (lever.high - lever.low) for x in (mark.low, mark.median, mark.high)]
        track = (
            f'<div class="track"><div class="band" style="left:{place[0]:.1f}%;width:{place[2] - place[0]:.1f}%"></div>'
            f'<div class="mark" style="left:{place[1]:.1f}%"></div></div>'
        )
    now = f"<br><b>{words.markup(now)}</b>" if now else ""
    kind = "usual flag" if lever.flag else "usual"
    return f'<div class="{kind}">{track}{text} &middot; {words.markup(lever.rests_on)}{now}</div>'


def _told(told: str) -> str:
    """A change in words: "5,000 from 10 Mar"."""
    first, until = (words.day(day, year=False) if day else "" for day in _days(told))
    stretch = (f" from {first}" if first else "") + (f" until {until}" if until else "")
    return words.setting(_value(told)) + (stretch or ", the whole run")


def _short(value: float) -> str:
    return words.number(round(value, 2))


def _value(told: str | None) -> Any:
    return None if told is None else values.read(told.partition("@")[0])


def _number(told: str | None, otherwise: float) -> float:
    value = _value(told)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float(otherwise)


def _assumptions(state: State) -> None:
    """Parameters that nobody knows: one group at a time, each within its plausible range."""
    every = uncertain()
    group = st.selectbox("About", list(every), key="assumptions", format_func=_group_name)
    st.radio(
        "In each world", ["point", "ranges"], key="assume", horizontal=True, on_change=_assume,
        index=("point", "ranges").index(state.assumptions),
        format_func={"point": "as they stand", "ranges": "drawn anew"}.get,
        help="Drawn anew: each world draws its own value of every assumption below from its plausible range.",
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
    told = ", ".join(filter(None, (parts.get(part, part.replace("_", " ")) for part in group.split("."))))
    return told[:1].upper() + told[1:]


def _assumption(state: State, parameter: Parameter) -> None:
    told = state.changed(parameter.name)
    low, high = parameter.range or (0, 1)
    value = parameter.value
    usual_value = float(value) if isinstance(value, int | float) else float(low)
    step = 1.0 if parameter.type == "int" else step_of(low, high)
    _slider(f"lever:{parameter.name}", parameter, _number(told, usual_value), (low, high, step))
    place = 100 * (usual_value - low) / (high - low)
    kind = "assumption" if parameter.kind == "assumed" else parameter.kind
    now = f"<br><b>changed to {words.markup(_told(told).removesuffix(', the whole run'))}</b>" if told else ""
    st.html(
        f'<div class="usual"><div class="track"><div class="mark" style="left:{place:.1f}%"></div></div>'
        f"&#9650; taken as {words.setting(value)} &middot; {kind}, {low:g} to {high:g}{now}</div>"
    )
    if told is not None:
        st.button("Take it back", key=f"leave:{parameter.name}", on_click=_leave, args=(parameter.name,))


def _moved(key: str, name: str, before: float, ends: tuple[float, float]) -> None:
    """A slider was moved: its value, over the days that its change already had; the next move is likely the same."""
    _, at, days = (session.current().changed(name) or "").partition("@")
    value = st.session_state[key]
    _try(name, values.write(_clean(value)) + at + days)
    onward = _clean(value + (value - before))
    if ends[0] <= onward <= ends[1] and not session.problem():
        session.expect(session.current().change(name, values.write(onward) + at + days))


def _chosen(key: str, name: str) -> None:
    chosen = st.session_state[key]
    if chosen in (None, _LEFT):
        _leave(name)
        return
    _, at, days = (session.current().changed(name) or "").partition("@")
    _try(name, ("true" if chosen == "yes" else "false") + at + days)


def _clean(value: Any) -> Any:
    """A slider's number without the dust of binary fractions: 0.30000000000000004 is 0.3."""
    return round(value, 10) if isinstance(value, float) else value


def _try(name: str, told: str) -> None:
    try:
        session.go(session.current().change(name, told))
    except InputError as error:
        session.refuse(error)


def _leave(name: str) -> None:
    session.go(session.current().leave(name))


def _assume() -> None:
    from dataclasses import replace

    session.go(replace(session.current(), assumptions=st.session_state["assume"]))


def changes(state: State) -> Iterable[tuple[str, str, str]]:
    """Every change as name, label and words."""
    for name, told in state.changes:
        record = levers().get(name) or catalogue()[name]
        yield name, record.label, _told(told)
