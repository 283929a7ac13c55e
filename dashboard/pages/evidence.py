"""The page Evidence: the text's facts compared with the model, source issues, every parameter, and what is left out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from dashboard.render import cliff_table, display
from dashboard.render.export import Provenance, Table
from dashboard.render.page_report import PageReport
from dashboard.render.wrapped_table import wrapped_table
from dashboard.runs import cache, session
from dashboard.state.state import State, shipped
from dashboard.widgets import scenario_picker
from dashboard.widgets.state_input import state_input
from sim.analysis.cliff_summary import read_summary
from sim.analysis.fact_checks import REFERENCE, CheckResult, check_run
from sim.errors import InputError
from sim.inputs.facts import Fact, facts
from sim.inputs.parameter import KINDS, Parameter
from sim.inputs.parameters import catalogue
from sim.results.results import Results
from sim.schema import formatting
from sim.schema.assumptions import DEFAULT_ASSUMPTIONS
from sim.study.model_hash import model_hash

WORLDS: Final = 256  # of the runs that the facts are checked on
PLACES: Final = ("docs/model.md", "dashboard/model.md")  # in a checkout; in an installed package
ROOT: Final = Path(__file__).parents[2]
READINGS: Final = {
    "reading.attacks": ("Attacks (S4): whose count to use", {
        "text": "the text: more than 4,500", "government": "the government: about 2,804 in 50 days",
        "taliban": "the Taliban: 537 in 50 days",
    }),
    "reading.operations": ("The 1,660 of S6 are", {
        "operations": "operations, as the text reads", "killed": "Taliban killed, as newspapers print it",
    }),
}  # fmt: skip
SIGNING: Final = "us.troops_at_signing"
NUMBER_WIDTHS: Final = {
    "name": 165, "what": 175, "value": 60, "here": 60, "unit": 75, "plausible": 85, "kind": 65, "source": 240,
    "valid": 110, "reason": 600,
}  # fmt: skip
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARK: Final = re.compile(r"<!--.*?-->", re.DOTALL)


def page() -> None:
    """Draw the page."""
    state = scenario_picker.side()
    st.markdown("# Evidence")
    st.markdown("What the text says, where every number comes from, and the limits of this model.")
    try:
        with st.spinner("Checking the facts"):
            found = checked(state)
    except InputError as error:
        st.error(display.plain(f"This scenario cannot be run. {error}", 700), icon=":material/error:")
        return
    own = next(run for run in found if run.scenario.hash() == state.scenario().hash())
    report = PageReport("Evidence", Provenance.of(own, link=state.link("evidence"), command=_command(state)))
    _facts(report, found)
    _trouble(report, state)
    _parameters(report, state)
    _cliffs(report)
    _left_out(report)
    _model()
    report.close()


def _command(state: State) -> str:
    """Return the commands that give the page's checks: of the three test scenarios, and of the visitor's own."""
    worlds = min(WORLDS, state.worlds)
    own = replace(state, worlds=worlds, world=None, assumptions=DEFAULT_ASSUMPTIONS)
    return f"jirga facts --seed {state.seed} --worlds {worlds}\n{own.command()}"


def checked(state: State) -> list[Results]:
    """Return the runs to check: the three scenarios that the facts are tested on, then the visitor's own if different.

    All use the sets of parameters that the facts allow, as `jirga facts` does. Raises InputError for a scenario that
    the engine cannot run.
    """
    scenarios = [shipped(name) for name in REFERENCE]
    if state.scenario().hash() not in {one.hash() for one in scenarios}:
        scenarios.append(state.scenario())
    return cache.several(scenarios, state.seed, min(WORLDS, state.worlds))


def _facts(report: PageReport, found: Sequence[Results]) -> None:
    """Draw the checks of the text's facts, and the facts themselves."""
    report.heading("Facts of the text, compared with the model")
    done = [(run, one) for run in found for one in check_run(run)]
    count = len(REFERENCE)
    known, own = ([one.holds for run, one in done if run in some] for some in (found[:count], found[count:]))
    report.paragraph(
        f"{sum(known)} of {len(known)} checks hold over {found[0].worlds:,} worlds. A check tests whether the median "
        "over the worlds, or the share of worlds, agrees with the text. Each world has its own parameters, of sets "
        "kept because they meet the text's facts until 15 April 2020; the check on November 2020 had no part."
    )
    if own:
        report.paragraph(
            f"Your own scenario agrees with the text in {sum(own)} of {len(own)} checks. It does not have to: a "
            "changed scenario asks what would have happened otherwise."
        )
    report.wrapped("Facts", fact_rows(done))
    silent = [run.scenario.title for run in found if not check_run(run)]
    if silent:
        report.paragraph(f"Not checked, because it does not cover the text's days: {'; '.join(silent)}", small=True)
    stated = [fact for fact in facts().values() if not fact.outside]
    with st.expander(f"All {len(stated)} facts of the text, in our own words"):
        report.wrapped("Facts of the text", _statements(stated))
    outside = [fact for fact in facts().values() if fact.outside]
    with st.expander(f"{len(outside)} facts from outside the text"):
        report.wrapped("Facts from outside the text", _statements(outside))


def fact_rows(done: Iterable[tuple[Results, CheckResult]]) -> dict[str, list[str]]:
    """Return the table of checks, one row per check, the verdict first; figures are rounded for reading."""
    rows = [
        (
            _verdict(run, one), one.check.sentence, one.check.claim,
            one.target.replace(" of worlds", ""),  # as in the column `model`
            formatting.share(one.value) if one.check.kind == "share" else formatting.number(one.value),
            run.scenario.name if _retells(run) else "yours",
            "" if one.low is None else formatting.interval(one.low, one.high),
        )
        for run, one in done
    ]  # fmt: skip
    heads = ("verdict", "sentence", "the text says", "target", "model", "scenario", "90 % of worlds")
    return {head: [row[i] for row in rows] for i, head in enumerate(heads)}


def _wide(widths: dict[str, int]) -> dict[str, Any]:
    """Return the column settings of a table for these widths in pixels."""
    return {name: st.column_config.Column(width=pixels) for name, pixels in widths.items()}


def _verdict(run: Results, one: CheckResult) -> str:
    """Return the verdict on a check; a check that fails counts against the model only in a scenario of the text."""
    if one.holds:
        return "holds"
    return "FAILS" if _retells(run) else "differs"


def _retells(run: Results) -> bool:
    """Return whether a run is of one of the scenarios that the facts are tested on."""
    return run.scenario.hash() in {shipped(name).hash() for name in REFERENCE}


def _statements(some: Sequence[Fact]) -> dict[str, list[str]]:
    return {
        "from": [one.sentence or f"{one.source}, {one.date} ({one.grade})" for one in some],
        "states": [one.states for one in some],
        "figure": [_figure(one) for one in some],
        "doubtful": [one.trouble for one in some],
    }


def _figure(one: Fact) -> str:
    relation = "" if one.relation == "exactly" else f"{one.relation} "
    return f"{relation}{formatting.setting(one.value)} {formatting.unit_label(one.unit)}".strip()


def _trouble(report: PageReport, state: State) -> None:
    """Draw the doubtful figures of the text, and the controls that choose another reading."""
    report.heading("Known source issues; alternative readings")
    report.paragraph(
        "Three figures of the text are doubtful or missing. A choice made here changes your scenario on every page."
    )
    for fact in facts().values():
        if fact.trouble and not fact.outside:
            report.paragraph(f"{fact.sentence}: {fact.states} Doubtful: {fact.trouble}", small=True)
    columns = st.columns(3)
    for column, (name, (label, choices)) in zip(columns, READINGS.items(), strict=False):
        value = state.scenario().resolved()[name]
        column.radio(
            label, list(choices), list(choices).index(value), format_func=choices.__getitem__,
            **state_input(f"set-{name}", value, _switch, name),
        )  # fmt: skip
    record = catalogue()[SIGNING]
    low, high = record.range or (0.0, 0.0)
    troops = min(max(float(state.scenario().resolved()[SIGNING]), low), high)
    columns[2].slider(
        "US troops at signing (S2 does not say)", low, high, troops, step=100.0, format="%d", help=record.source,
        **state_input(f"set-{SIGNING}", troops, _switch, SIGNING),
    )  # fmt: skip


def _switch(value: Any, name: str) -> None:
    """Set a parameter; choosing its usual value removes the change."""
    state = session.current()
    try:
        usual = state.leave(name)
        same = usual.scenario().resolved()[name] == value
        session.go(usual if same else state.change(name, value))
    except InputError as error:
        session.refuse(error)


def _parameters(report: PageReport, state: State) -> None:
    """Draw every parameter with value, range, kind and source, and a search field."""
    report.heading("Every number of the model")
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    sought = left.text_input("Search in names, labels, reasons and sources", key="parameters-search", max_chars=100)
    kinds = right.multiselect("Kind", KINDS, key="parameters-kind", placeholder="all kinds")
    known = catalogue().values()
    some = [one for one in known if matches(one, sought) and (not kinds or one.kind in kinds)]
    counted = ", ".join(f"{sum(one.kind == kind for one in known)} {kind}" for kind in KINDS)
    st.caption(f"{len(some)} of {len(known)} shown. In all: {counted}. Choose a row to read all of it below the table.")
    rows = parameter_rows(some, state)
    hidden = {} if any(rows["here"]) else {"here": None}  # the column is empty if nothing is changed
    chosen = report.table("Parameters", rows, height=420, config=_wide(NUMBER_WIDTHS) | hidden, choose=True)
    if chosen is not None and chosen < len(some):
        st.html(wrapped_table("The chosen parameter", parameter_rows([some[chosen]], state)))
    report.remember(Table("All parameters", parameter_rows(list(known), state)))


def matches(one: Parameter, sought: str) -> bool:
    """Return whether a parameter's record contains every word of the search text."""
    text = f"{one.name} {one.label} {one.reason} {one.source} {one.formula} {one.kind}".lower()
    return all(word in text for word in sought.lower().split())


def parameter_rows(some: Sequence[Parameter], state: State) -> dict[str, list[str]]:
    """Return the table of parameters, one row each: the model's value, and the visitor's if it is different."""
    usual, here = shipped(REFERENCE[0]).resolved(), state.scenario().resolved()
    return {
        "name": [one.name for one in some],
        "what": [one.label for one in some],
        "value": [formatting.setting(_read(usual[one.name])) for one in some],
        "here": ["" if here[n.name] == usual[n.name] else formatting.setting(_read(here[n.name])) for n in some],
        "unit": [formatting.unit_label(one.unit) for one in some],
        "plausible": [_span(one.range) for one in some],
        "kind": [one.kind for one in some],
        "source": [" ".join(part for part in (one.source, one.date) if part) for one in some],
        "valid": [_span(one.bounds) or ", ".join(one.choices) for one in some],
        "reason": [one.reason or one.formula for one in some],
    }


def _read(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _span(ends: Sequence[Any] | None) -> str:
    return f"{formatting.setting(ends[0])} to {formatting.setting(ends[-1])}" if ends else ""


def _cliffs(report: PageReport) -> None:
    """Draw the settings of which a small step changes a result by much, as saved for the baseline; nothing is run."""
    report.heading("Settings of which a small step changes a result by much")
    try:
        saved = read_summary()
    except InputError as error:
        report.paragraph(f"The saved search cannot be read: {error}", small=True)
        return
    report.paragraph(cliff_table.about(saved, model_hash()))
    report.wrapped("Cliffs", cliff_table.rows(saved))
    report.paragraph("To search your own scenario: jirga cliffs scenario.toml", small=True)


def _left_out(report: PageReport) -> None:
    """Draw what the model leaves out and gets wrong."""
    section = sections().get("What is left out, and what is wrong")
    if section:
        report.heading("What the model leaves out and gets wrong")
        st.markdown(section)
        for line in _paragraphs(section):
            report.remember(Table("", {"left out or wrong": [line]}))


def _model() -> None:
    """Draw the model's description, section by section."""
    st.markdown("## The model's description")
    found = {name: text for name, text in sections().items() if not name.startswith(("Tables", "What is left out"))}
    if not found:
        st.caption("The description is not installed: see docs/model.md of the project.")
    for name, text in found.items():
        with st.expander(name):
            st.markdown(text)


@lru_cache(maxsize=1)
def sections() -> dict[str, str]:
    """Return the sections of the model's description by heading; empty if it is not installed."""
    for place in PLACES:
        path = ROOT / place
        if path.is_file():
            text = _LINK.sub(r"\1", _MARK.sub("", path.read_text(encoding="utf-8")))
            parts = re.split(r"^## (?:\d+ )?(.+)$", text, flags=re.MULTILINE)
            return {
                name: part.replace("\n### ", "\n#### ").strip()
                for name, part in zip(parts[1::2], parts[2::2], strict=True)
            }
    return {}


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs and list items as plain lines."""
    joined = re.sub(r"\n(?!\n|- )\s*", " ", text)
    return [line.strip("- ").replace("**", "").replace("`", "") for line in joined.splitlines() if line.strip()]
