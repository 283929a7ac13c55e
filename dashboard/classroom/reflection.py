"""The reflection at the end: two questions on the phone, and on the teacher's page the answers without names."""

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.assessment_rules import LONGEST_REFLECTION
from sim.exercise.views import JoinedView, TeacherView


def ask(view: JoinedView) -> None:
    """Draw the questions, once the exercise is over."""
    if not view.reflection:
        return
    st.markdown("## Looking back")
    st.markdown(
        f"Optional, at most {LONGEST_REFLECTION:,} characters each. Your teacher reads the answers without names; in "
        "the data they stand beside your student number."
    )
    with st.form("reflection", border=False):
        for one in view.reflection:
            st.text_area(display.plain(one.text), one.answer, key=_key(one.question), height=110)
        names = tuple(one.question for one in view.reflection)
        st.form_submit_button("Send", type="primary", width="stretch", on_click=_send, args=(names,))
    if any(one.answer for one in view.reflection):
        st.html('<p class="soft">Your answers are saved. You may change them and send them again.</p>')


def _key(question: str) -> str:
    return f"reflection-{question}"


def _send(questions: tuple[str, ...]) -> None:
    def act() -> None:
        for name in questions:
            classroom().reflect(credentials.token(), name, actions.one_line(st.session_state[_key(name)]))

    actions.attempt(act, "Your answers are saved")


def tell(view: TeacherView) -> None:
    """Draw the answers of the class."""
    if not view.reflection:
        return
    count = max(len(one.answers) for one in view.reflection)
    with st.expander(f"Looking back: what students have written ({count})", key="reflection"):
        st.html("".join(f"<b>{html.text(one.text)}</b>{_answers(one.answers)}" for one in view.reflection))


def _answers(given: tuple[str, ...]) -> str:
    if not given:
        return '<p class="soft">Nobody has answered yet.</p>'
    return "".join(f'<div class="note" dir="auto">{html.text(one)}</div>' for one in given)
