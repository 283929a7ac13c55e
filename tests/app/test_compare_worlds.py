"""Compare: all worlds follow the first answer, once, whatever the cache holds; or it is said why not."""

import html
import math
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.render import effect_text
from dashboard.runs import cache, compare_job, lineup
from dashboard.state.state import State
from sim.errors import InputError
from sim.results.comparison import Effect
from sim.runs.runner import run_scenarios
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.outcomes import OUTCOMES
from tests.app.explore_page import input_key, no_turn
from tests.app.screen import opened, sound, tables, texts

pytestmark = pytest.mark.slow

QUERY: dict[str, str | list[str]] = {"worlds": "100", "also": ["no-review"]}
SHORT = "64 of 100 worlds"


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Nothing is kept from one test to the next."""
    cache.RUN_CACHE.clear()
    yield
    cache.RUN_CACHE.clear()


@pytest.fixture
def waiting() -> Iterator[None]:
    """All turns are taken by other visitors."""
    with no_turn():
        yield


def work(app: AppTest) -> compare_job.ComparisonJob:
    """The work that the page has begun."""
    found: compare_job.ComparisonJob = app.session_state[compare_job._WORK]
    return found


def over(app: AppTest) -> AppTest:
    """The page, redrawn once its background run is finished."""
    work(app).wait()
    return sound(app.run())


def test_more_worlds_follow_the_first() -> None:
    app = over(opened("compare", **QUERY))
    assert ": 100 worlds, seed 0" in texts(app)
    assert "64" not in texts(app).split(NOT_A_FORECAST)[0]


def test_runs_that_do_not_fit_in_the_cache_together_are_run_once_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache.RUN_CACHE, "most", 1)
    app = opened("compare", **{**QUERY, "also": ["all-5000-at-once", "no-review"]})
    first = work(app)
    app = over(app)
    assert not all(cache.kept(one, 0, 100) for one in first.scenarios)
    assert ": 100 worlds, seed 0" in texts(app)
    sound(app.selectbox(key="compare-moved").set_value("taliban_killed").run())
    assert ": 100 worlds, seed 0" in texts(app)
    assert work(app) is first, "what is there is not run again"


def test_it_waits_for_its_turn_and_stop_lasts(waiting: None) -> None:  # noqa: ARG001  a fixture
    app = opened("compare", **QUERY)
    first = work(app)
    assert first.running
    sound(app.button(key="compare-stop").click().run())
    first.wait()
    sound(app.run())
    assert f"{SHORT} (stopped)" in texts(app)
    assert work(app) is first


def test_another_comparison_gives_the_work_up(waiting: None) -> None:  # noqa: ARG001  a fixture
    app = opened("compare", **QUERY)
    first = work(app)
    sound(app.multiselect(key=input_key(app, "also")).set_value(["free-run"]).run())
    assert first.cancelled
    assert work(app) is not first
    work(app).cancel()


@pytest.mark.parametrize(
    ("error", "said"),
    [(MemoryError(), "not enough memory"), (InputError("no such thing", path="a.b"), "a.b: no such thing")],
)
def test_what_went_wrong_is_said_and_does_not_begin_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def failing(scenarios: object, worlds: int, *given: object, **more: object) -> object:
        if worlds > cache.FIRST:
            raise error
        return run_scenarios(scenarios, worlds, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(cache, "run_scenarios", failing)
    app = opened("compare", **QUERY)
    first = work(app)
    app = over(app)
    assert f"{SHORT} ({said}" in texts(app)
    assert work(app) is first


def test_what_cannot_be_run_at_all_is_said_and_the_sidebar_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> object:
        raise InputError("<b>no</b>", path="a.b")

    monkeypatch.setattr(cache, "run_scenarios", failing)
    app = opened("compare", **QUERY)
    [error] = app.error
    assert "<b>" not in error.value
    assert "a.b: <b>no</b>" in html.unescape(error.value)
    assert app.selectbox(key=input_key(app, "scenario")).value == "baseline"


def test_other_visitors_runs_are_let_go_where_all_weigh_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_job, "HELD_BYTES", 1)
    state = State(worlds=2, also=("no-review",))
    first, second = (compare_job.ComparisonJob(state, lineup.lined_up(state)) for _ in range(2))
    first.wait()
    second.wait()
    assert sorted(map(bool, (first.found, second.found))) == [False, True]
    assert {first.error, second.error} == {"", compare_job.NEEDED}


def test_a_single_world_is_told_without_intervals() -> None:
    app = opened("compare", worlds="1", also=["all-5000-at-once"])
    text = next(column for name, column in tables(app)[0].items() if name not in ("outcome", "baseline's mean"))
    assert not [words for words in text if " to " in words or "significant" in words or "nan" in words]
    assert any(words != "no change" for words in text)


@pytest.mark.parametrize(
    ("outcome", "effect", "half", "text"),
    [
        ("kabul_cohesion", -0.388, 0.0706, "\N{MINUS SIGN}0.388 (\N{MINUS SIGN}0.459 to \N{MINUS SIGN}0.317)"),
        ("kabul_cohesion", 0.0041, 0.00261, "+0.0041 (+0.0015 to +0.0067)"),
        ("kabul_cohesion", 0.25, 0.0, "+0.250 in every world"),
        ("kabul_cohesion", 0.25, math.nan, "+0.250"),
        ("attacks", -734.4, 61.5, "\N{MINUS SIGN}734 (\N{MINUS SIGN}796 to \N{MINUS SIGN}673)"),
        ("attacks", -1734.4, 1061.5, "\N{MINUS SIGN}1,734 (\N{MINUS SIGN}2,796 to \N{MINUS SIGN}673)"),
        ("attacks", 14.2, 0.2, "+14 (+14 to +14)"),
        ("attacks", 14.0, 0.0, "+14 in every world"),
        ("us_troops_november", 0.04, 0.09, "less than 1, not significant"),
        ("us_troops_november", -0.04, 0.01, "less than 1"),
        ("us_troops_november", 0.04, 7.3, "less than 1 (\N{MINUS SIGN}7 to +7), not significant"),
        ("attacks", -5.0, math.nan, "\N{MINUS SIGN}5"),
    ],
)
def test_an_effect_and_its_interval_have_the_same_decimals(outcome: str, effect: float, half: float, text: str) -> None:
    made, low, high = OUTCOMES[outcome], effect - half, effect + half
    beyond = low > 0 or high < 0
    one = Effect(
        made.name, made.label, made.unit, 1.0, 1.0 + effect, effect, low, high,
        up=0.5, same=0.2, down=0.3, alike=low == high, p=0.01 if beyond else 0.5, significant=beyond,
    )  # fmt: skip
    assert effect_text.effect(one) == text


def test_runs_that_two_comparisons_share_weigh_once(monkeypatch: pytest.MonkeyPatch) -> None:
    state = State(worlds=2, also=("no-review",))
    first = compare_job.ComparisonJob(state, lineup.lined_up(state))
    first.wait()
    each = [cache.weight(run) for run in first.found]
    monkeypatch.setattr(compare_job, "HELD_BYTES", sum(each))
    second = compare_job.ComparisonJob(state, lineup.lined_up(state))
    second.wait()
    assert len(first.found) == len(second.found) == len(each) > 1
