"""Compare: all worlds follow the first answer, once, whatever the shelf holds; or it is said why not."""

import html
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import comparing, runs
from dashboard.pages import compare
from dashboard.state import State
from sim.ensemble import simulate
from sim.errors import InputError
from tests.app.screen import opened, sound, texts

QUERY: dict[str, str | list[str]] = {"worlds": "100", "also": ["no-review"]}
SHORT = "64 of 100 worlds"


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    """Nothing is kept from one test to the next."""
    runs.SHELF.clear()
    yield
    runs.SHELF.clear()


@pytest.fixture
def waiting() -> Iterator[None]:
    """All turns are taken by other visitors."""
    for _ in range(runs.ABREAST):
        runs._TURNS.acquire()
    yield
    for _ in range(runs.ABREAST):
        runs._TURNS.release()


def work(app: AppTest) -> comparing.Several:
    """The work that the page has begun."""
    found: comparing.Several = app.session_state[comparing._WORK]
    return found


def over(app: AppTest) -> AppTest:
    """The page, drawn anew once its work is over."""
    work(app).wait()
    return sound(app.run())


def test_more_worlds_follow_the_first() -> None:
    app = over(opened("compare", **QUERY))
    assert ": 100 worlds, seed 0" in texts(app)
    assert "64" not in texts(app).split("Not a forecast")[0]


def test_runs_that_do_not_fit_on_the_shelf_together_are_run_once_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.SHELF, "most", 1)
    app = opened("compare", **QUERY)
    first = work(app)
    app = over(app)
    assert not all(runs.kept(one, 0, 100) for one in first.scenarios)
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
    sound(app.multiselect(key="also").set_value(["free-run"]).run())
    assert first.dropped
    assert work(app) is not first
    work(app).drop()


@pytest.mark.parametrize(
    ("error", "said"),
    [(MemoryError(), "not enough memory"), (InputError("no such thing", path="a.b"), "a.b: no such thing")],
)
def test_what_went_wrong_is_said_and_does_not_begin_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def failing(scenario: object, worlds: int, *given: object, **more: object) -> object:
        if worlds > runs.FIRST:
            raise error
        return simulate(scenario, worlds, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "simulate", failing)
    app = opened("compare", **QUERY)
    first = work(app)
    app = over(app)
    assert f"{SHORT} ({said}" in texts(app)
    assert work(app) is first


def test_what_cannot_be_run_at_all_is_said_and_the_sidebar_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> object:
        raise InputError("<b>no</b>", path="a.b")

    monkeypatch.setattr(runs, "simulate", failing)
    app = opened("compare", **QUERY)
    [error] = app.error
    assert "<b>" not in error.value
    assert "a.b: <b>no</b>" in html.unescape(error.value)
    assert app.selectbox(key="scenario").value == "baseline"


def test_other_visitors_runs_are_let_go_where_all_weigh_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_BYTES", 1)
    state = State(worlds=2, also=("no-review",))
    first, second = (comparing.Several(state, compare.lined_up(state)) for _ in range(2))
    first.wait()
    second.wait()
    assert sorted(map(bool, (first.found, second.found))) == [False, True]
    assert {first.error, second.error} == {"", comparing.NEEDED}
