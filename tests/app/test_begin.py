"""Begin here: the page that opens first, its steps, the guess, and the way to Explore."""

import html
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import begin
from dashboard.render import answer_text, hundred_worlds
from dashboard.runs import cache, guided
from dashboard.server.app_server import SCRIPT
from dashboard.server.first_page import is_of_state
from dashboard.state import questions
from sim.schema.disclaimer import NOT_A_FORECAST
from tests.app.explore_page import checked, input_key, pieces
from tests.app.screen import PATIENCE

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]

WORLDS = 64
PERSONS = ("Trump", "Fayçal", "Shaheen", "Hoffman")


@pytest.fixture(autouse=True)
def few_worlds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answers over few worlds; the test by removal over fewer, once."""
    monkeypatch.setattr(questions, "WORLDS", WORLDS)
    monkeypatch.setattr(guided, "TESTED", 16)
    yield
    guided._TESTED.clear()


def opened(**query: str) -> AppTest:
    """The app at an address of the first page; whatever runs in the background is finished."""
    found = AppTest.from_file(str(SCRIPT), default_timeout=PATIENCE)
    for key, value in query.items():
        found.query_params[key] = value
    return finished(checked(found.run()))


def finished(found: AppTest) -> AppTest:
    """The app once its background job is finished."""
    if "guided" in found.session_state:
        found.session_state["guided"].wait()
        checked(found.run())
    return found


def said(found: AppTest) -> str:
    """All text of the page."""
    kinds: list[Any] = [found.markdown, found.caption, found.error]
    own = [body for body in pieces(found) if not body.startswith("<style>")]
    text = "\n".join([str(one.value) for kind in kinds for one in kind] + own)
    return html.unescape(text)


def place(found: AppTest) -> dict[str, str]:
    """What the address says."""
    return {key: value if isinstance(value, str) else value[0] for key, value in found.query_params.items()}


def test_it_opens_first_and_says_where_when_and_what() -> None:
    found = opened()
    text = said(found)
    assert found.markdown[0].value == "# Begin here"
    for word in ("Afghanistan", "2020", "agreement", "1,500", "5,000", "S13", NOT_A_FORECAST):
        assert word in text, word
    assert not [name for name in PERSONS if name in text]
    assert "guided" not in found.session_state, "the first step runs nothing"


def test_a_world_is_explained_before_the_word_is_used() -> None:
    for step in begin.STEPS[:4]:
        text = said(opened(step=step.name))
        first = text.find("worlds")
        assert first < 0 or "A **world** is one possible history" in text[:first], step.name


def test_the_way_through_all_steps_and_back() -> None:
    found = opened()
    for step in begin.STEPS[1:]:
        finished(checked(found.button(key="begin-next").click().run()))
        assert place(found)["step"] == step.name
        assert f"## {step.title}" in said(found)
        assert not found.error
    assert "begin-next" not in {one.key for one in found.button}
    finished(checked(found.button(key="begin-back").click().run()))
    assert place(found)["step"] == "uncertain"
    finished(checked(found.pills(key=input_key(found, "begin-step")).select("parties").run()))
    assert place(found)["step"] == "parties"
    assert "Ghani's camp" in said(found)


def test_the_guess_comes_first_and_is_kept_on_the_page_only() -> None:
    found = opened(step="question")
    question = next(iter(questions.questions().values()))
    assert answer_text.answer(cache.pair(guided.asked(question)), "talks_open") not in said(found)
    finished(checked(found.radio(key=input_key(found, f"guess:{question.name}")).set_value("same").run()))
    assert place(found) == {"step": "question"}, "a guess is no part of the address"
    finished(checked(found.button(key="begin-next").click().run()))
    assert f"Your guess: “{question.same}”: the model says otherwise." in said(found)


@pytest.mark.parametrize("assumptions", ["point", "ranges"])
def test_the_answer_is_the_engines(assumptions: str) -> None:
    question = questions.questions()["share-power"]
    found = opened(question="share-power", step="answer" if assumptions == "point" else "uncertain")
    state = guided.asked(question)
    pair = cache.pair(guided.over_ranges(state) if assumptions == "ranges" else state)
    assert pair.own.worlds == WORLDS
    text = said(found)
    assert question.guesses[answer_text.verdict(pair, question.outcome)] in text
    assert answer_text.answer(pair, question.outcome) in text
    [talks] = pair.comparison.milestones([question.outcome])
    dots = [hundred_worlds._dots(share) for share in (talks.a_share, talks.b_share)]
    assert text.count('<i class="on">') == sum(dots)
    assert f"{WORLDS} pairs of worlds" in text


def test_why_shows_every_condition_and_its_test_by_removal() -> None:
    text = said(opened(step="why"))
    for words in ("too few prisoners released", "no single Kabul delegation", "the Taliban unwilling"):
        assert f'<th scope="row">{words}</th>' in text
    assert "Tested by removal in 16 worlds" in text


def test_the_last_step_leads_on() -> None:
    found = opened(step="next", question="review")
    text, review = said(found), questions.questions()["review"]
    assert review.to_do in text
    for other in questions.others(review, 3):
        assert other.ask in text
    checked(found.button(key="ask-no-strikes").click().run())
    assert place(found) == {"step": "question", "question": "no-strikes"}
    assert questions.questions()["no-strikes"].ask in said(finished(found))


@pytest.mark.parametrize(("key", "value"), [("step", "whi"), ("question", "<script>alert(1)</script>")])
def test_a_wrong_address_is_told_and_the_page_still_works(key: str, value: str) -> None:
    found = opened(**{key: value})
    assert len(found.error) == 1
    assert "<script>" not in found.error[0].value
    assert "# Begin here" in said(found)


@pytest.mark.parametrize(("query", "of_state"), [
    ("", False), ("step=why", False), ("step=why&question=review", False), ("embed=true", False),
    ("scenario=baseline", True), ("worlds=6", True), ("odd", True), ("step=why&seed=1", True),
])  # fmt: skip
def test_what_names_a_state_opens_explore(query: str, of_state: bool) -> None:  # noqa: FBT001  what is expected
    assert is_of_state(query) is of_state
