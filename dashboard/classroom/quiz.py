"""The quiz: on the phone before round 1 and after the end, and on the teacher's page what the class knew."""

from functools import partial
from typing import Final

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.assessment_views import ClassQuiz, QuizCount, QuizItem, SeatQuiz, When
from sim.exercise.views import JoinedView

NOT_KNOWN: Final = 0  # the choice "I do not know"
_WHY: Final[dict[When, str]] = {
    "before": "The same questions come again after the end, so that your class sees what it has learned. No marks are "
    "given. Your briefing follows once you have sent your answers.",
    "after": "The same questions as before round 1; no marks are given. Once you have sent your answers you see which "
    "are right and why, and how your side did.",
}


def ask(view: JoinedView) -> bool:
    """Draw the quiz if the student may answer it now; return whether it is drawn. The briefing would give answers."""
    if view.quiz is None or view.quiz.open is None:
        return False
    when = view.quiz.open
    st.markdown("## First a short quiz" if when == "before" else "## Once more the quiz")
    st.markdown(_WHY[when])
    with st.form(f"quiz-{when}", border=False):
        for number, one in enumerate(view.quiz.items, start=1):
            choices = [*range(1, len(one.answers) + 1), NOT_KNOWN]
            st.radio(
                display.plain(f"{number}. {one.text}", 400), choices, len(choices) - 1, key=_key(when, one.question),
                format_func=partial(_choice, one),
            )  # fmt: skip
        st.form_submit_button(
            "Send my answers", type="primary", width="stretch", on_click=_send, args=(view, when, view.quiz)
        )
    return True


def _choice(one: QuizItem, chosen: int) -> str:
    return "I do not know" if chosen == NOT_KNOWN else display.plain(one.answers[chosen - 1])


def _key(when: When, question: str) -> str:
    return f"quiz-{when}-{question}"


def _send(view: JoinedView, when: When, quiz: SeatQuiz) -> None:
    """Send the answers that were chosen. view, when, quiz: of the page on which they were chosen."""
    chosen = {one.question: st.session_state[_key(when, one.question)] for one in quiz.items}
    known = {question: number for question, number in chosen.items() if number != NOT_KNOWN}
    send = partial(classroom().answer_quiz, credentials.token(), known, at=view.moment)
    actions.attempt(send, "Your answers are saved")


def tell(view: JoinedView) -> None:
    """Draw the right answers beside the student's own, once the student has answered after the end."""
    if view.quiz is None or view.quiz.items[0].correct is None:
        return
    with st.expander(f"The quiz: {_score(view.quiz.items)}", key="quiz-explained"):
        st.html("".join(_explained(one) for one in view.quiz.items))


def _score(items: tuple[QuizItem, ...]) -> str:
    """Return how many answers were right, in words."""
    now = sum(one.after == one.correct for one in items)
    answered = any(one.before is not None for one in items)
    then = f"; before round 1 it was {sum(one.before == one.correct for one in items)}" if answered else ""
    return f"{now} of {len(items)} right{then}"


def _explained(one: QuizItem) -> str:
    right = one.answers[(one.correct or 1) - 1]
    own = "you did not know" if one.after is None else f"you said: {one.answers[one.after - 1]}"
    mark, said = ("☑", "") if one.after == one.correct else ("☐", f"<br>{html.text(own)}")
    source = f' <span class="soft">({html.text(one.rests_on)})</span>' if one.rests_on else ""
    return (
        f"<p>{html.text(one.text)}{said}<br>{mark} <b>{html.text(right)}</b><br>"
        f'<span class="soft">{html.text(one.because)}</span>{source}</p>'
    )


def progress(quiz: ClassQuiz, students: int) -> str:
    """Return how many of the students have answered what may be answered now, in words; "" if nothing may."""
    if quiz.open is None:
        return ""
    when = "before round 1" if quiz.open == "before" else "after the end"
    return f"The quiz {when}: answered by {quiz.answered} of {students} students who have joined."


def counts(quiz: ClassQuiz) -> str:
    """Return what the class knew before and after, as HTML."""
    rows = "".join(_row(one) for one in quiz.counts)
    return (
        '<div class="wide"><table class="seats"><thead><tr><th>Question</th><th>Right before round 1</th>'
        "<th>Right after the end</th><th>Right only after</th><th>Right only before</th></tr></thead>"
        f'<tbody>{rows}</tbody></table></div><p class="soft">The last two columns count the students who answered '
        "both times. Without a class that did not play, the table does not show why answers changed.</p>"
    )


def _row(one: QuizCount) -> str:
    question = f'{html.text(one.text)}<br><span class="soft">{html.text(one.correct)}</span>'
    cells = (
        question, f"{one.right_before} of {one.before}", f"{one.right_after} of {one.after}", str(one.gained),
        str(one.lost),
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
