"""The answer to "Why?" on a page: sentences to read aloud, the tested factors as a chart, and the chain of a world."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.render import chain_html, display
from dashboard.render.export import Figure, Paragraph, Table
from dashboard.render.page_report import PageReport, draw
from dashboard.render.why_charts import amount_chart, answer_chart
from dashboard.runs import session, why_job
from dashboard.runs.why_job import Found, WhyJob
from dashboard.state.asked import Asked, read_asked
from dashboard.state.state import State
from sim.analysis.causes.amount_words import amount_question, amount_spoken
from sim.analysis.causes.amounts import Amount
from sim.analysis.causes.answer import Answer
from sim.analysis.causes.clauses import question
from sim.analysis.causes.sentences import sentences
from sim.analysis.causes.spoken import spoken
from sim.analysis.reasons.words import input_words, reason_words
from sim.schema import formatting
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES

_POLL: Final = 0.25  # seconds between checks of the background job
ONE_WORLD: Final = "A decision has its reasons in one world: choose a world on the page One world."


def ask(why: str) -> None:
    """Go to the state with a question; the same question again closes it."""
    state = session.current()
    session.go(replace(state, why="" if state.why == why else why))


def close() -> None:
    """Close the question."""
    session.go(replace(session.current(), why=""))


def panel(report: PageReport, state: State, world: int | None) -> None:
    """Draw the answer to the question of a state, about one world or many (None); nothing where none is asked.

    Raises InputError where a world cannot be run.
    """
    if not state.why:
        why_job.leave()
        return
    asked = read_asked(state.why)
    with st.container(border=True, key="why-panel"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader(display.plain(_question(asked, state, world)))
            st.button("Close", key="why-close", type="tertiary", icon=":material/close:", on_click=close)
        report.remember(Paragraph(_question(asked, state, world), 2))
        if asked.kind == "decision":
            _decision(report, asked, state, world)
        else:
            _tested(report, state, world)


def open_answer(state: State, world: int) -> tuple[str, str]:
    """Return the question that is open about a world and its best answer so far, as text; "" twice for none."""
    found = why_job.known(state, world) if state.why else None
    if found is None or found.answer is None:
        return "", ""
    answer = found.answer
    words = spoken(answer) if isinstance(answer, Answer) else amount_spoken(answer)
    return _question(read_asked(state.why), state, world), words


def _question(asked: Asked, state: State, world: int | None) -> str:
    """Return the question in words."""
    if asked.kind == "decision":
        label = levers()[asked.name].label
        when = f" on {formatting.day(asked.date)}" if asked.date else ""
        return f"Why was this decided{when}: {label}?"
    if asked.kind == "amount":
        return amount_question(asked.name, world)
    found = why_job.known(state, world)
    if world is None:
        return question(asked.name)
    if found is not None and isinstance(found.answer, Answer):
        return question(asked.name, world, found.answer.date)
    return f"{MILESTONES[asked.name].label}: why, in world {world}?"


def _tested(report: PageReport, state: State, world: int | None) -> None:
    """Draw the best answer so far and, while more is being tested, the progress."""
    job = why_job.begin(state, world)
    found = why_job.known(state, world)
    if found is not None and found.problem:
        st.info(display.plain(found.problem, 700), icon=":material/info:")
    elif found is not None and isinstance(found.answer, Answer):
        _answer(report, found.answer)
    elif found is not None and isinstance(found.answer, Amount):
        _amount(report, found.answer)
    if job is not None and job.running:
        with st.container():  # the fragment must be alone in its container: see `live_refresh`
            _progress(job, state, world, found)
    elif job is not None and (job.error or found is None or not found.whole):
        if found is not why_job.known(state, world):
            st.rerun()  # it was finished while the page was being drawn
        st.caption(display.plain(job.error or "Stopped.", 400))


@st.fragment(run_every=_POLL)
def _progress(job: WhyJob, state: State, world: int | None, shown: Found | None) -> None:
    """Draw the progress of the tests; the page is drawn again when there is a better answer."""
    if not job.running or why_job.known(state, world) is not shown:
        st.rerun()
    what = (
        "Taking each factor away alone"
        if shown is None
        else "First answer above. Now testing combinations, in more worlds"
    )
    st.progress(min(job.share, 1.0), text=f"{what}: {formatting.share(job.share)}")


def _answer(report: PageReport, found: Answer) -> None:
    """Draw the answer about a milestone."""
    _aloud(report, spoken(found))
    if found.results:
        _figure(report, answer_chart(found))
    if found.chain:
        st.markdown("**The chain, what came last at the top**")
        st.html(chain_html.chain(found.chain))
        report.remember(
            Table("The chain, what came last first", {
                "date": [formatting.day(one.date) if one.date else "all through" for one in found.chain],
                "what": [one.text for one in found.chain],
                "tested": [one.tested for one in found.chain],
                "rests on": [f"{one.rule}; {one.rests_on}" for one in found.chain],
            })
        )  # fmt: skip
    lines = sentences(found)
    with st.expander("Every test in words"):
        st.markdown("\n".join(f"- {display.plain(line, 1000)}" for line in lines))
    report.remember(*map(Paragraph, lines))
    _note(report, found.worlds, found.seed, found.assumptions, _command(found))


def _amount(report: PageReport, found: Amount) -> None:
    """Draw the answer about an amount."""
    _aloud(report, amount_spoken(found))
    if found.parts:
        _figure(report, amount_chart(found))
    _note(report, found.worlds, found.seed, found.assumptions, "")


def _aloud(report: PageReport, text: str) -> None:
    """Draw the sentences that can be read aloud."""
    st.html(f'<p class="summary" role="status">{display.markup(text, 2000)}</p>')
    report.remember(Paragraph(text))


def _figure(report: PageReport, figure: Figure) -> None:
    draw(figure, key=f"chart-{figure.name}")
    report.downloads(figure)
    report.remember(figure)


def _note(report: PageReport, worlds: int, seed: int, assumptions: str, command: str) -> None:
    """Draw what was run, and the command that gives the same."""
    size = f"{worlds:,} worlds" if worlds > 1 else "This world alone, run again with the same luck"
    line = f"{size}; seed {seed}, assumptions: {assumptions}. A cause here is one in the model."
    st.caption(display.plain(f"{line} {command}".strip(), 600))
    report.remember(Paragraph(line))


def _command(found: Answer) -> str:
    """Return the command of an answer about a scenario that comes with Jirga."""
    if not found.scenario.name:
        return ""
    size = f"--world {found.world}" if found.world is not None else f"--worlds {found.worlds}"
    words = f"jirga why {found.scenario.name} --about {found.about} {size} --seed {found.seed}"
    return f"In full: {words} --assumptions {found.assumptions}"


def _decision(report: PageReport, asked: Asked, state: State, world: int | None) -> None:
    """Draw why a lever had its value on a day of a world, and how it changed. Raises InputError."""
    if world is None:
        st.info(ONE_WORLD, icon=":material/info:")
        return
    record = why_job.record(state.scenario(), world, state.seed, state.assumptions)
    changes = record.changes(asked.name)
    reason = changes[-1] if asked.date is None else record.decision(asked.name, asked.date)
    read = input_words(reason)
    _aloud(report, reason_words(reason) + (f" {reason.rule}" if not reason.imposed else ""))
    st.html(chain_html.decision(reason))
    if read:
        report.remember(Paragraph(f"Read: {read}."))
    if len(changes) > 1:
        with st.expander(f"All {len(changes)} values in world {world}"):
            _values(report, changes)


def _values(report: PageReport, changes: Sequence[object]) -> None:
    """Draw each change of a decision."""
    from sim.analysis.reasons.record import Reason

    rows = [one for one in changes if isinstance(one, Reason)]
    report.wrapped("Each change", {
        "date": [formatting.day(one.date) for one in rows],
        "what": [reason_words(one) for one in rows],
        "read": [input_words(one) for one in rows],
    })  # fmt: skip
