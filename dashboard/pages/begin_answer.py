"""The last steps of the page Begin here that show runs: the answer, why, and what is uncertain.

They need the engine, which takes longest to import. The page's first step is drawn without this module.
"""

import streamlit as st

from dashboard.render import answer_text, display, story, why_text
from dashboard.render.export import Figure
from dashboard.render.hundred_worlds import hundred_worlds
from dashboard.render.page_report import draw
from dashboard.render.story import Statement
from dashboard.runs import cache, guided
from dashboard.runs.cache import Pair
from dashboard.state.questions import Question
from dashboard.state.state import State
from dashboard.widgets import assumptions
from dashboard.widgets.job_progress import wait_for
from sim.charts import fan
from sim.charts.gallery import run_note
from sim.charts.lines import Line, lines
from sim.charts.theme import Spec
from sim.errors import InputError
from sim.results.milestone_summary import share_by_day
from sim.results.results import Results
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS


def answer(question: Question, guess: str | None) -> None:
    """Draw the answer. guess: what the reader guessed, one of the question's guesses, None for nothing."""
    found = _shown(question, guided.asked(question))
    if found is None:
        return
    said = answer_text.verdict(found, question.outcome)
    st.markdown(f"### {display.plain(question.ask)}")
    if guess:
        reply = "as the model says" if guess == said else "the model says otherwise"
        st.markdown(f"Your guess: “{display.plain(question.guesses[guess])}”: {reply}.")
    _verdict(found, question, said)
    if question.dated:
        _dots(found)
    draw(Figure("begin-curve", _curve(found, question), {}), key="begin-curve", height=260)
    _about(found)


def _verdict(found: Pair, question: Question, said: answer_text.Verdict) -> None:
    """Draw the answer: first in the words of the guesses, then its figures."""
    figures = answer_text.answer(found, question.outcome)
    st.markdown(f"**{display.plain(question.guesses[said])}.** {display.plain(figures, 1000)}")


def _dots(found: Pair) -> None:
    """Draw a hundred worlds of each run."""
    [talks] = found.comparison.milestones([answer_text.TALKS])
    rows = [("As it was recorded, then free", talks.a_share), (found.own.scenario.title, talks.b_share)]
    st.html(hundred_worlds(rows, "talks open"))


def _curve(found: Pair, question: Question) -> Spec:
    """Return the curve of the outcome in both runs, by day."""
    runs, note = (found.reference, found.own), run_note(found.own)
    if not question.dated:
        own, known = (run.daily[question.outcome] for run in (found.own, found.reference))
        return fan(own, reference=known, subtitle=found.own.scenario.title, note=note)
    curves = [
        Line(
            _name(run),
            share_by_day(run.milestone_day[question.outcome], run.calendar),
            reference=run is found.reference,
        )
        for run in runs
    ]
    title = "Share of worlds in which talks have opened"
    return lines(curves, found.own.dates, unit="share of worlds", title=title, note=note)


def _name(run: Results) -> str:
    return "Baseline" if run.scenario.name == "baseline" else run.scenario.title


def _about(found: Pair) -> None:
    """Draw what was run."""
    words = ASSUMPTIONS_IN_WORDS[found.own.assumptions]
    st.caption(f"{found.own.worlds:,} pairs of worlds with the same luck, seed {found.own.seed}, {words}.")


def why(question: Question) -> None:
    """Draw why the answer is as it is."""
    found = _shown(question, guided.asked(question))
    if found is None:
        return
    said = answer_text.verdict(found, question.outcome)
    st.markdown(f"{display.plain(question.ask)} **{display.plain(question.guesses[said])}.**")
    if question.because:
        st.markdown("What else differs between the two runs:")
        st.html(story.listed([Statement(line, "") for line in why_text.others(found, question.because)]))
    else:
        tested = guided.obstacles()
        for line in why_text.talks(found, said, tested, guided.TESTED):
            st.markdown(display.plain(line, 1000))
        if tested:
            st.html(why_text.table(found, tested))
        else:
            wait_for(guided.begin(question), lambda: bool(guided.obstacles()), "Testing each condition by removal")
    _about(found)


def uncertain(question: Question) -> None:
    """Draw the answer over the whole ranges of what is uncertain."""
    state = guided.over_ranges(guided.asked(question))
    count = sum(map(len, assumptions.uncertain().values()))
    st.markdown(
        f"{count} numbers of the model are known only as a range. So far each world had its own set of them, one of a "
        "thousand with which the facts of the text hold. Now the same question once more, with each number drawn from "
        "its whole range, whatever the text says:"
    )
    before, found = cache.pair(guided.asked(question)), _shown(question, state)
    if found is None:
        return
    said, usual = (answer_text.verdict(pair, question.outcome) for pair in (found, before))
    _verdict(found, question, said)
    st.markdown(_agreement(said, usual))
    if question.dated:
        _dots(found)
    _about(found)


def _agreement(said: answer_text.Verdict, usual: answer_text.Verdict) -> str:
    """Return how the answer over the whole ranges compares with the one that the facts allow."""
    if said == usual:
        return "The answer is the same as before; its size is not. Report the size as a range."
    return "Before, the answer was another one: it depends on numbers that are not known."


def _shown(question: Question, state: State) -> Pair | None:
    """Return the runs of a state, of few worlds while the others are running; draw how far they are."""
    job = guided.begin(question)
    try:
        found = guided.shown(state)
    except InputError as error:  # assumptions that are sampled may leave their bounds in some world
        st.error(display.plain(str(error), 700), icon=":material/error:")
        return None
    if found.own.worlds < state.worlds:
        text = f"{found.own.worlds:,} worlds so far; running {state.worlds:,}"
        wait_for(job, lambda: cache.ready(state) >= state.worlds, text)
    return found
