"""The tabs Predict and Scores: a probability for each question of the round; afterwards the outcome and the score."""

from collections.abc import Sequence

import streamlit as st

from dashboard.classroom import actions, credentials, html
from dashboard.classroom.server_config import classroom
from dashboard.render import display
from sim.exercise.rules import LONGEST_REASON
from sim.exercise.views import Forecast, QuestionView, SeatView
from sim.schema import formatting

EVEN = 50  # per cent, where the slider begins


def ask(view: SeatView) -> None:
    """Draw the questions of this round."""
    able = view.phase == "open" and not view.frozen
    asked = [one for one in view.questions if one.round == view.round and one.open]
    if not asked or view.phase in ("waiting", "over"):
        st.markdown("Questions appear when a round opens. You say how likely you think a yes is, from 0 to 100 %.")
        return
    given = {one.question: one for one in view.forecasts if one.round == view.round}
    with st.form(actions.round_key(view, "predict"), border=False):
        for one in asked:
            _question(view, one, given[one.question], able=able)
        st.form_submit_button(
            "Give these probabilities", type="primary", width="stretch", disabled=not able, on_click=_predict,
            args=(view, _keys(view, asked)),
        )  # fmt: skip
    st.html(
        '<p class="soft">Your latest answer counts, until the round closes. Afterwards you see the outcome and your '
        "score.</p>"
    )


def _question(view: SeatView, one: QuestionView, given: Forecast, *, able: bool) -> None:
    """Draw the slider of a question and the field for a reason. given: what this student has answered so far."""
    said = given.probability
    text = "You have not answered yet." if said is None else f"You said {round(100 * said)} %."
    start = EVEN if said is None else round(100 * said)
    st.slider(
        display.plain(f"{one.text} {text}"), 0, 100, start, format="%d %%", key=_key(view, one), disabled=not able
    )
    st.text_input(
        f"Why? (optional, at most {LONGEST_REASON} characters)", given.reason, key=_why(_key(view, one)),
        disabled=not able, autocomplete="off",
    )  # fmt: skip


def _keys(view: SeatView, asked: Sequence[QuestionView]) -> dict[str, str]:
    return {one.question: _key(view, one) for one in asked}


def _key(view: SeatView, one: QuestionView) -> str:
    return actions.round_key(view, f"probability-{one.question}")


def _why(key: str) -> str:
    """Return the key of the reason beside a probability with this key."""
    return f"{key}-why"


def _predict(view: SeatView, places: dict[str, str]) -> None:
    """Give the probabilities that were entered. view: of the page that they were entered on."""

    def act() -> None:
        for question, key in places.items():
            reason = actions.one_line(st.session_state[_why(key)])
            classroom().predict(credentials.token(), question, st.session_state[key] / 100, reason, at=view.moment)

    actions.attempt(act, "Your probabilities are saved")


def tell(view: SeatView) -> None:
    """Draw this student's scores, and the outcome of each question."""
    st.html(html.score(view.score, "Your"))
    for one in view.forecasts:
        if one.happened is not None:
            st.html(_forecast(one))


def _forecast(one: Forecast) -> str:
    silent = one.probability is None
    said = "You gave no probability." if silent else f"You said {formatting.share(one.probability)}."
    why = f'<br><span dir="auto">“{html.text(one.reason)}”</span>' if one.reason else ""
    own = "" if silent else f"you {formatting.score(one.brier)}, "
    return (
        f'<div class="tile"><div class="label">Round {one.round}: {html.text(one.text)}</div>'
        f'<div class="figure">{formatting.yes_no(one.happened)}</div><div class="change">{said}{why}<br>It happened in '
        f"{formatting.share(one.ensemble)} of the model's other worlds.<br>Brier score: {own}the other worlds "
        f"{formatting.score(one.ensemble_brier)}</div></div>"
    )
