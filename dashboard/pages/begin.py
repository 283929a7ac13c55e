"""The page Begin here: what happened, who stands where, one question, the reader's guess, and the answer.

Each step has its own address, `?step=why&question=review`, so that a teacher can link to it. The first step is drawn
before the engine is imported, which the other steps need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from dashboard.render import display, parties, story
from dashboard.state.limits import BEGIN_KEYS
from dashboard.state.questions import Question, others, questions
from dashboard.state.state import State
from dashboard.widgets.state_input import state_input
from sim.errors import InputError, nearest

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


def needed() -> str:
    """Return the module of `dashboard.pages` that the step in the address needs."""
    return "begin" if st.query_params.get(STEP, STEPS[0].name) == STEPS[0].name else "begin_answer"


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
        from dashboard.runs import guided  # as `begin_answer`: not imported before the first step is drawn

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


def _signed(_: Question) -> None:
    st.html(story.listed(story.statements(story.SIGNED)))
    st.markdown("### What happened then")
    st.html(story.listed(story.statements(story.HAPPENED)))
    st.caption("S1 to S17 are the sentences of the text that Jirga is built on; the page Evidence lists them all.")


def _parties(_: Question) -> None:
    st.html(parties.picture())
    st.caption("The model has roles, not persons: it plays what an office could decide, and judges nobody who held it.")


def _needs(_: Question) -> None:
    st.markdown(
        "Talks open on the first day on which all five hold at once. Until then each day asks: what is missing?"
    )
    st.html(story.listed(story.statements(story.NEEDS)))
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
    from dashboard.pages import begin_answer

    begin_answer.answer(question, _guesses().get(question.name))


def _why(question: Question) -> None:
    from dashboard.pages import begin_answer

    begin_answer.why(question)


def _uncertain(question: Question) -> None:
    from dashboard.pages import begin_answer

    begin_answer.uncertain(question)


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
