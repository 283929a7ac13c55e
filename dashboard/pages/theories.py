"""The page Theories: what the model without each mechanism says, where that differs, and what holds in every case."""

import shlex
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.render.export import Figure, Provenance
from dashboard.render.page_report import FILE, PageReport
from dashboard.runs import theories_job
from dashboard.state.state import REFERENCE, State
from dashboard.widgets import scenario_picker
from dashboard.widgets.job_progress import wait_for
from sim.analysis.theories import OutcomeView, Theories, TheoryView
from sim.analysis.theory_words import agreement, short_label, survivors
from sim.charts.theories import TheoryCell, theories
from sim.inputs.mechanisms import mechanisms
from sim.results.comparison import Effect
from sim.schema import formatting

UNITS: Final = "in points of worlds for what comes or not, else in the outcome's unit"


def page() -> None:
    """Draw the page."""
    state = scenario_picker.side()
    st.markdown("# Theories")
    st.markdown(
        "Each mechanism of the model is a theory of why such processes fail or succeed. A rival theory is the model "
        "without one of them, run over the same worlds with the same luck. What holds by every theory rests on none of "
        "them alone."
    )
    found = theories_job.known(state)
    if found is None:
        text = f"Running the model without each of {len(mechanisms())} mechanisms"
        wait_for(theories_job.begin(state), lambda: theories_job.known(state) is not None, text)
        return
    report = PageReport("Theories", _stamp(state, found), about_command="Command that gives the same findings")
    report.paragraph(_about(state))
    figure = picture(found)
    report.chart("theories", figure.spec, figure.data)
    report.heading("What survives")
    report.paragraph(survivors(found) if found.against is not None else agreement(found))
    _by_outcome(report, found)
    report.heading("The mechanisms")
    known = mechanisms().values()
    report.wrapped("Mechanisms", {
        "mechanism": [one.label for one in known],
        "without it": [one.without for one in known],
        "theory": [one.theory for one in known],
    })  # fmt: skip
    report.close()


def picture(found: Theories) -> Figure:
    """Return the picture of all theories: one row per outcome, one column per mechanism."""
    cells = [_cell(one, view) for one in found.outcomes for view in one.views]
    if found.against is None:
        title = "What each theory says otherwise than the whole model"
        subtitle = f"Change of the outcome without one mechanism, where it is significant, {UNITS}"
    else:
        title = f"Which effects of “{found.scenario.title}” each theory finds"
        subtitle = f"Effect against “{found.against.title}” by the model without one mechanism, {UNITS}"
    note = f"{found.worlds:,} worlds for each, seed {found.seed}, {found.assumptions} assumptions"
    spec = theories(cells, title=title, subtitle=subtitle, note=note)
    data = {
        "outcome": [one.outcome for one in cells],
        "without": [one.mechanism for one in cells],
        "says": [one.tip for one in cells],
    }
    return Figure("theories", spec, data)


def _cell(one: OutcomeView, view: TheoryView) -> TheoryCell:
    """Return what one theory says of one outcome."""
    if one.effect is None or view.effect is None:
        mark = "same" if not view.change.significant else "more" if view.change.effect > 0 else "less"
        shown = view.change
    else:
        mark, shown = _finding(one, view), view.effect
    words = _short(one, shown) if mark not in {"same", "none"} else ""
    return TheoryCell(short_label(one), view.label, mark, words, _in_full(one, shown))


def _finding(one: OutcomeView, view: TheoryView) -> str:
    """Return whether a theory has the finding of the whole model."""
    if one.effect is None or not one.effect.significant:
        return "none"
    return "turned" if view in one.turned else "lost" if view in one.lost else "holds"


def _short(one: OutcomeView, effect: Effect) -> str:
    """Return an effect as short as a cell: points for shares, per cent of the mean for amounts that have one."""
    if one.kind == "share":
        return formatting.signed(100 * effect.effect, 0)
    return formatting.signed(effect.effect, None if abs(effect.effect) < 10 else 0)


def _in_full(one: OutcomeView, effect: Effect) -> str:
    """Return an effect with its unit and interval."""
    if one.kind == "share":
        ends = formatting.signed_interval(100 * effect.low, 100 * effect.high)
        return f"{formatting.points(effect.effect)} ({ends})"
    ends = formatting.signed_interval(effect.low, effect.high)
    return formatting.with_unit(f"{formatting.signed(effect.effect)} ({ends})", one.unit)


def _by_outcome(report: PageReport, found: Theories) -> None:
    """Draw each outcome in words: what the whole model says, and which theories do not agree."""
    rows = found.outcomes
    data = {
        "outcome": [short_label(one) for one in rows],
        "whole model": [_value(one) for one in rows],
    }
    if found.against is None:
        data["differs without"] = [_names(one.differing) for one in rows]
    else:
        data["effect"] = ["" if one.effect is None else _in_full(one, one.effect) for one in rows]
        data["survives every theory"] = [
            "yes" if one.survives else "no" if one.effect is not None and one.effect.significant else "no effect"
            for one in rows
        ]
        data["lost without"] = [_names(one.lost) for one in rows]
        data["turned without"] = [_names(one.turned) for one in rows]
    report.wrapped("Outcome by outcome", data)


def _value(one: OutcomeView) -> str:
    if one.kind == "share":
        return f"{formatting.share(one.mean)} of worlds"
    return formatting.with_unit(formatting.number(one.mean), one.unit)


def _names(views: tuple[TheoryView, ...]) -> str:
    return ", ".join(one.label for one in views) or "none"


def _about(state: State) -> str:
    """Return which scenario is shown, and against which."""
    title = state.origin().title + (", with your changes" if state.changes else "")
    if state.unchanged:
        return (
            f"“{title}”: what changes without each mechanism. Choose another scenario to see which of its effects hold."
        )
    return f"“{title}” against the baseline over the same days: which of its effects hold without each mechanism."


def _stamp(state: State, found: Theories) -> Provenance:
    """Return what was run."""
    others = [] if found.against is None else [found.against]
    return Provenance(
        found.scenario.title, found.scenario, found.seed, found.worlds, state.assumptions,
        link=state.link("theories"), command=_command(state, found), others=others,
    )  # fmt: skip


def _command(state: State, found: Theories) -> str:
    """Return the command that gives the same findings; a scenario with changes needs its file."""
    if found.against is None:
        return replace(state, worlds=found.worlds, world=None).command("theories")
    file = FILE if state.form or state.changes else state.base
    words = ["jirga", "theories", file, "--against", REFERENCE, "--seed", str(found.seed)]
    words += ["--worlds", str(found.worlds), "--assumptions", found.assumptions]
    return shlex.join(words)
