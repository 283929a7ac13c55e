"""The guided questions: valid, six of them, and each answered live in words that agree with the figures."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dashboard.render import answer_text, why_text
from dashboard.runs import cache, guided
from dashboard.state import questions
from dashboard.state.questions import Question, others
from dashboard.widgets import levers
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.schema.formatting import MINUS
from sim.schema.milestones import MILESTONES
from sim.schema.series import BLOCKED_BY, CONDITIONS
from tests.unit.synthetic import results

pytestmark = pytest.mark.slow

WORLDS = 64
SEED = 0
ALL = list(questions.questions().values())
FIELDS: dict[str, Any] = {
    "name": "x", "ask": "Why?", "scenario": "no-review", "outcome": "talks_open", "series": "attacks", "more": "Yes",
    "same": "Hardly", "less": "No", "to_do": "Try it.",
}  # fmt: skip


def answered(question: Question, assumptions: str) -> cache.Pair:
    """Both runs of a question over a few worlds, all questions of one treatment in one model."""
    state = question.state(WORLDS)
    state = guided.over_ranges(state) if assumptions == "ranges" else state
    scenarios: list[Scenario] = [load_scenario("baseline"), *(load_scenario(one.scenario) for one in ALL)]
    cache.several(scenarios, SEED, WORLDS, assumptions=state.assumptions)
    return cache.pair(state, WORLDS)


def test_there_are_six_about_different_scenarios() -> None:
    assert len(ALL) == 6
    assert len({one.scenario for one in ALL}) == 6
    assert ALL[0].scenario == "all-5000-at-once"


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.name)
def test_the_controls_to_try_exist(question: Question) -> None:
    known = {one.label for some in levers.groups().values() for one in some} | set(levers.groups())
    assert set(re.findall("“(.+?)”", question.to_do)) <= known
    assert "“" in question.to_do


@pytest.mark.parametrize("assumptions", ["point", "ranges"])
@pytest.mark.parametrize("question", ALL, ids=lambda one: one.name)
def test_each_is_answered_and_the_words_agree_with_the_figures(question: Question, assumptions: str) -> None:
    pair = answered(question, assumptions)
    said, text = answer_text.verdict(pair, question.outcome), answer_text.answer(pair, question.outcome)
    if question.outcome in MILESTONES:
        [dated] = pair.comparison.milestones([question.outcome])
        size, significant = dated.effect, dated.significant
        shown = [answer_text.of_hundred(share) for share in (dated.b_share, dated.a_share)]
    else:
        [one] = pair.comparison.table([question.outcome])
        size, significant, shown = (
            one.effect / one.a_mean,
            one.significant,
            [f"{one.b_mean:,.0f}", f"{one.a_mean:,.0f}"],
        )
        assert (" more" in text, " less" in text) == (size > 0 and significant, size < 0 and significant), text
    assert (said == "same") == (not significant or abs(size) < answer_text.LITTLE), (said, size)
    assert said == "same" or (said == "more") == (size > 0), (said, size)
    assert all(figure in text for figure in shown), (shown, text)
    assert ("not a significant difference" in text) == (not significant and "instead of" in text), text
    if said != "same":
        assert (MINUS in text.partition("95 % interval")[2].partition(")")[0]) == (size < 0), text


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.name)
def test_each_says_why(question: Question) -> None:
    pair = answered(question, "point")
    said = answer_text.verdict(pair, question.outcome)
    if question.because:
        lines = why_text.others(pair, question.because)
        assert len(lines) == len(question.because)
        return
    [first, *_] = why_text.talks(pair, said, [], guided.TESTED)
    assert BLOCKED_BY[why_text.moved(pair, said)] in first
    days = [int(text.replace(",", "")) for text in re.findall(r"on ([\d,]+) days", first)]
    assert said != "more" or days[0] > days[1], first
    assert said != "less" or days[0] < days[1], first


def test_what_lifts_talks_at_once_is_the_prisoners() -> None:
    pair = answered(ALL[0], "point")
    assert why_text.moved(pair, answer_text.verdict(pair, ALL[0].outcome)) == "prisoners"


def test_the_next_questions_are_others_in_turn() -> None:
    assert others(ALL[0], 3) == ALL[1:4]
    assert others(ALL[5], 3) == ALL[:3]
    assert others(ALL[4], 9) == [ALL[5], *ALL[:4]]


def test_a_state_leads_to_its_question() -> None:
    state = ALL[2].state()
    assert questions.about(state) == ALL[2]
    assert questions.about(state.change("us.aid_cut", 1)) == ALL[2]
    assert questions.about(replace(state, base="baseline")) is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("ask", "", "empty"), ("to_do", "x" * 300, "too long"), ("outcome", "talks_opened", "talks_open"),
        ("series", "attack", "attacks"), ("scenario", "no-revue", "no-review"),
        ("scenario", "baseline", "asks nothing"),
        ("because", ("airstrike",), "airstrikes"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_refused(field: str, value: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Question(**FIELDS | {field: value})


def test_days_blocked_are_those_while_talks_are_closed() -> None:
    flags, stage = np.zeros((2, 306)), np.zeros((2, 306))
    flags[0, :10] = 1
    stage[0, 4:] = 1
    found = why_text.days_blocked(results(2, daily={"blocked_by_taliban": flags, "talks_stage": stage}))
    assert tuple(found) == CONDITIONS
    assert found["taliban"] == 2.0


def test_an_unknown_key_and_a_missing_one_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for text, said in (("[a]\nasks = 1\n", "did you mean ask"), ('[a]\nask = "Why?"\n', "a: has no scenario")):
        file = tmp_path / "questions.toml"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(questions, "FILE", file)
        questions.questions.cache_clear()
        with pytest.raises(InputError, match=said):
            questions.questions()
    questions.questions.cache_clear()
