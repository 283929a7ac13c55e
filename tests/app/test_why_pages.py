"""Why? on Explore and One world, and the page Theories: they say what the engine says, and links carry them."""

import html
from typing import Any

import pytest

from dashboard.pages.theories import picture
from dashboard.render import tiles, why_charts
from dashboard.runs import theories_job, why_job
from dashboard.state.state import State, read_query
from sim.analysis.causes.amount_words import amount_spoken
from sim.analysis.causes.amounts import Amount
from sim.analysis.causes.answer import Answer
from sim.analysis.causes.clauses import CLAUSES, question
from sim.analysis.causes.spoken import spoken
from sim.analysis.causes.why import why
from sim.analysis.narrative import narrate
from sim.analysis.reasons.words import reason_words
from sim.analysis.theories import compare_theories
from sim.analysis.world_history import history
from sim.errors import InputError
from sim.inputs.mechanisms import mechanisms
from sim.inputs.scenario_reader import load_scenario
from sim.schema.milestones import MILESTONES
from tests.app.screen import links, opened, sound, tables, texts

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]

WORLDS = 6


@pytest.fixture(autouse=True)
def few_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few worlds, few factors and an empty store of answers."""
    monkeypatch.setattr(why_job, "FIRST", WORLDS)
    monkeypatch.setattr(why_job, "WORLDS", WORLDS)
    monkeypatch.setattr(why_job, "_KEPT", type(why_job._KEPT)())
    monkeypatch.setattr(theories_job, "WORLDS", WORLDS)
    monkeypatch.setattr(theories_job, "_KEPT", type(theories_job._KEPT)())
    monkeypatch.setattr("sim.analysis.causes.why.most_tested", lambda _: 2)


def said(app: Any) -> str:
    """The HTML of the page, character references resolved."""
    return html.unescape("\n".join(one.proto.body for one in app.get("html")))


def answered(app: Any) -> Any:
    """The page with the whole answer."""
    app.session_state["why-job"].wait()
    return sound(app.run())


def test_one_press_answers_why_talks_never_open_or_when() -> None:
    """The sentences and the chain on the page are the engine's, and the link opens the same question."""
    app = opened("one_world", world="3")
    state: State = app.session_state["history"].present
    assert "why" not in links(app)
    sound(app.button(key="why-talks_open").click().run())
    assert links(app)["why"] == ["talks_open"]
    answered(app)
    found = why_job.known(app.session_state["history"].present, 3)
    assert found is not None
    assert found.whole
    assert isinstance(found.answer, Answer)
    own = why(state.scenario(), world=3, seed=state.seed, assumptions=state.assumptions)
    assert spoken(found.answer) == spoken(own)
    shown = said(app)
    assert spoken(own) in shown
    assert all(link.text in shown for link in own.chain)
    assert question("talks_open", 3, own.date) in texts(app)
    assert question("talks_open", 3, own.date) == app.button(key="why-talks_open").label
    sound(app.button(key="why-close").click().run())
    assert "why" not in links(app)


def test_the_first_answer_takes_each_factor_alone_and_the_whole_one_replaces_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state, seen = State(world=3, worlds=16, why="power_shared"), list[why_job.Found]()
    keep = why_job._keep

    def watched(key: why_job.Key, found: why_job.Found) -> None:
        seen.append(found)
        keep(key, found)

    monkeypatch.setattr(why_job, "_keep", watched)
    why_job.WhyJob(state, 3).wait()
    assert [one.whole for one in seen] == [False, True]
    assert [one.answer.alone for one in seen if isinstance(one.answer, Answer)] == [True, False]
    assert why_job.known(state, 3) == seen[-1]
    assert why_job.known(State(world=4, worlds=16, why="power_shared"), 4) is None


def test_every_event_of_the_story_and_every_milestone_asks() -> None:
    app = opened("one_world", world="3")
    keys = {str(one.key) for one in app.button}
    assert {f"why-{name}" for name in MILESTONES} <= keys
    asked = [key for key in keys if key.startswith("story-why-")]
    assert len(asked) > 10
    sound(app.button(key="story-why-0").click().run())
    state: State = app.session_state["history"].present
    events = [one for one in narrate(history(load_scenario("baseline"), 3, assumptions=state.assumptions))
            if one.who != "Scenario"]  # fmt: skip
    assert links(app)["why"][0].partition("@")[0] == events[0].about


def test_a_decision_shows_its_record() -> None:
    app = opened("one_world", world="3", why="kabul.ghani.review@2020-03-20")
    state: State = app.session_state["history"].present
    record = why_job.record(state.scenario(), 3, state.seed, state.assumptions)
    reason = record.decision("kabul.ghani.review", record.calendar.date(19))
    assert reason_words(reason) in said(app)


def test_each_tile_of_explore_has_its_question() -> None:
    app = opened("explore", worlds="6")
    keys = {str(one.key) for one in app.button}
    assert {f"why-{name}" for name in tiles.QUESTIONS} - {"why-us_troops"} <= keys
    sound(app.button(key="why-attacks").click().run())
    assert links(app)["why"] == ["attacks"]
    answered(app)
    found = why_job.known(app.session_state["history"].present, None)
    assert found is not None
    assert isinstance(found.answer, Amount)
    assert amount_spoken(found.answer) in said(app)
    figure = why_charts.amount_chart(found.answer)
    assert figure.data["factor"] == [one.factor.label for one in found.answer.parts[: why_charts.MOST]]


@pytest.mark.parametrize(
    ("why", "problem"),
    [
        ("talks_opn", "did you mean talks_open?"), ("talks_open@2020-03-10", "only a decision has a date"),
        ("us.aid_cut@2021-03-10", "outside the run"), ("us.aid_cut@x", "not a date"),
        ("day_talks_open", "nothing that"),
    ],
)  # fmt: skip
def test_a_bad_question_gets_one_line(why: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem.replace("?", r"\?")):
        State(why=why)
    assert "nothing has changed" in opened("one_world", why=why).error[0].value


def test_the_question_goes_with_the_link_and_ends_with_the_scenario() -> None:
    state = State(why="us.aid_cut@2020-05-01", world=3)
    given = {key: [value] if isinstance(value, str) else value for key, value in state.query().items()}
    assert read_query(given) == state
    assert state.choose("free-run").why == ""
    assert state.change("us.aid_cut", 1.0).why == ""


def test_theories_are_the_engines_and_a_picture_first() -> None:
    app = opened("theories", scenario="all-5000-at-once")
    app.session_state["theories-job"].wait()
    sound(app.run())
    state: State = app.session_state["history"].present
    found = compare_theories(state.scenario(), state.reference(), WORLDS, state.seed, assumptions=state.assumptions)
    assert tables(app)[0]["survives every theory"].count("yes") == sum(one.survives for one in found.outcomes)
    assert len(picture(found).data["says"]) == len(found.outcomes) * len(mechanisms())
    assert app.get("vega_lite_chart")
    assert not app.dataframe, "a frame would cut what it says"
    assert "Findings that survive every theory" in texts(app)
    assert [code.value for code in app.code if "jirga theories all-5000-at-once --against baseline" in code.value]


def test_every_milestone_has_its_words() -> None:
    assert set(CLAUSES) == set(MILESTONES)
