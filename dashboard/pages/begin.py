"""The page Begin here: what happened, who stands where, one question, the reader's guess, and the answer.

Each step has its own address, `?step=why&question=review`, so that a teacher can link to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from dashboard.render import answer_text, display, parties, story, why_text
from dashboard.render.export import Figure
from dashboard.render.hundred_worlds import hundred_worlds
from dashboard.render.page_report import draw
from dashboard.render.story import Statement
from dashboard.runs import cache, guided
from dashboard.runs.cache import Pair
from dashboard.state.limits import BEGIN_KEYS
from dashboard.state.questions import Question, others, questions
from dashboard.state.state import State
from dashboard.widgets import assumptions
from dashboard.widgets.job_progress import wait_for
from dashboard.widgets.state_input import state_input
from sim.charts import fan
from sim.charts.gallery import run_note
from sim.charts.lines import Line, lines
from sim.charts.theme import Spec
from sim.errors import InputError, nearest
from sim.results.milestone_summary import share_by_day
from sim.results.results import Results
from sim.schema.assumptions import ASSUMPTIONS_IN_WORDS

STEP, QUESTION = BEGIN_KEYS  # of this page's address
GUESSES: Final = "guesses"  # of this visit only, by question; stored nowhere
CHOICES: Final = 3  # questions to go on with
INTRODUCTION: Final = (
    "Afghanistan, spring 2020: an agreement is signed, and the talks that it promises do not begin. In two minutes, in "
    "eight steps: what happened, one question, your guess, and what a model answers. Leave whenever you like."
)


@dataclass(frozen=True)
class Step:
    """One step. name: in the address; title: its heading; short: on its button."""

    name: str
    short: str
    title: str
    draw: Callable[[Question], None]


def page(explore: Any) -> None:
    """Draw the page. explore: the page that opens with a question set."""
    with st.container(key="begin"):
        _draw(explore)


def _draw(explore: Any) -> None:
    step, question, problem = _place()
    st.markdown("# Begin here")
    if step is STEPS[0]:
        st.markdown(INTRODUCTION)
    if problem:
        st.error(display.plain(problem, 700), icon=":material/error:")
    st.pills(
        "Steps", [one.name for one in STEPS], default=step.name, required=True, format_func=_label,
        **state_input("begin-step", step.name, go),
    )  # fmt: skip
    st.markdown(f"## {step.title}")
    content = st.container()
    _onward(step, question, explore)  # before the content, which may take a while
    with content:
        step.draw(question)
    if step is not STEPS[0]:
        guided.begin(question)  # while the reader reads


def go(step: str, question: str | None = None) -> None:
    """Go to a step, of another question if one is given."""
    st.query_params[STEP] = step
    if question is not None:
        st.query_params[QUESTION] = question


def _place() -> tuple[Step, Question, str]:
    """Return the step and the question of the address, the first of each by default, and what is wrong with it."""
    steps = {one.name: one for one in STEPS}
    step, question = st.query_params.get(STEP, STEPS[0].name), st.query_params.get(QUESTION, next(iter(questions())))
    problems = [
        str(InputError("no such part of this page", path=key, value=value, nearest=nearest(value, known)))
        for key, value, known in ((STEP, step, steps), (QUESTION, question, questions())) if value not in known
    ]  # fmt: skip
    found = steps.get(step, STEPS[0]), questions().get(question) or next(iter(questions().values()))
    return *found, " ".join(problems)


def _label(name: str) -> str:
    index = next(i for i, one in enumerate(STEPS) if one.name == name)
    return f"{index + 1} {STEPS[index].short}"


def _onward(step: Step, question: Question, explore: Any) -> None:
    """Draw the buttons to the steps before and after, and the way out."""
    index = STEPS.index(step)
    if index == len(STEPS) - 1:
        _open(question, explore)
    with st.container(horizontal=True, vertical_alignment="center"):
        if index + 1 < len(STEPS):
            after = STEPS[index + 1]
            st.button(f"Next: {after.short}", key="begin-next", type="primary", on_click=go, args=(after.name,))
        if index:
            before = STEPS[index - 1]
            st.button(f"Back: {before.short}", key="begin-back", on_click=go, args=(before.name,))
        st.page_link(explore, label="Leave: open Explore", query_params=State().query())


def _sentences(given: Sequence[Statement]) -> None:
    """Draw sentences as a list, each with what it rests on."""
    rows = "".join(
        f'<li>{display.markup(one.text)} <span class="source">{display.markup(one.rests_on)}</span></li>'
        for one in given
    )
    st.html(f'<ul class="story">{rows}</ul>')


def _signed(_: Question) -> None:
    _sentences(story.statements(story.SIGNED))
    st.markdown("### What happened then")
    _sentences(story.statements(story.HAPPENED))
    st.caption("S1 to S17 are the sentences of the text that Jirga is built on; the page Evidence lists them all.")


def _parties(_: Question) -> None:
    st.html(parties.picture())
    st.caption("The model has roles, not persons: it plays what an office could decide, and judges nobody who held it.")


def _needs(_: Question) -> None:
    st.markdown(
        "Talks open on the first day on which all five hold at once. Until then each day asks: what is missing?"
    )
    _sentences(story.statements(story.NEEDS))
    st.markdown(story.WORLD)


def _question(question: Question) -> None:
    st.markdown(f"### {display.plain(question.ask)}")
    st.markdown(story.WORLD)
    guess = _guesses().get(question.name)
    options = list(question.guesses)
    st.radio(
        "Your guess, before you see the answer", options, options.index(guess) if guess else None,
        format_func=question.guesses.__getitem__, **state_input(f"guess:{question.name}", guess, _guess, question.name),
    )  # fmt: skip
    st.caption("Your guess stays on this page: it is neither sent on nor stored.")


def _guess(guess: str, question: str) -> None:
    _guesses()[question] = guess


def _guesses() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault(GUESSES, {})
    return found


def _answer(question: Question) -> None:
    found = _shown(question, guided.asked(question))
    if found is None:
        return
    said, guess = answer_text.verdict(found, question.outcome), _guesses().get(question.name)
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


def _why(question: Question) -> None:
    found = _shown(question, guided.asked(question))
    if found is None:
        return
    said = answer_text.verdict(found, question.outcome)
    st.markdown(f"{display.plain(question.ask)} **{display.plain(question.guesses[said])}.**")
    if question.because:
        st.markdown("What else differs between the two runs:")
        _sentences([Statement(line, "") for line in why_text.others(found, question.because)])
    else:
        tested = guided.obstacles()
        for line in why_text.talks(found, said, tested, guided.TESTED):
            st.markdown(display.plain(line, 1000))
        if tested:
            st.html(why_text.table(found, tested))
        else:
            wait_for(guided.begin(question), lambda: bool(guided.obstacles()), "Testing each condition by removal")
    _about(found)


def _uncertain(question: Question) -> None:
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


def _next(question: Question) -> None:
    st.markdown(f"**To try:** {display.plain(question.to_do)}")


def _open(question: Question, explore: Any) -> None:
    """Draw the way into Explore with this question set, and the questions to go on with."""
    st.page_link(
        explore,
        label="Open Explore with this question set",
        icon=":material/tune:",
        query_params=question.state().query(),
    )
    st.markdown("### Three more questions")
    for other in others(question, CHOICES):
        with st.container(border=True):
            st.markdown(f"**{display.plain(other.ask)}**")
            st.caption(display.plain(other.to_do))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.page_link(
                    explore, label="Open in Explore", icon=":material/tune:", query_params=other.state().query()
                )
                st.button("Guess first, here", key=f"ask-{other.name}", on_click=go, args=("question", other.name))


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


STEPS: Final = (
    Step("signed", "What happened", "What was signed, and what happened", _signed),
    Step("parties", "Who stands where", "Who stands where", _parties),
    Step("needs", "Five needs", "The five things that talks need", _needs),
    Step("question", "Your guess", "One question, and your guess", _question),
    Step("answer", "The answer", "The answer over a thousand worlds", _answer),
    Step("why", "Why", "Why", _why),
    Step("uncertain", "What is uncertain", "What remains uncertain", _uncertain),
    Step("next", "Your turn", "Your turn", _next),
)
