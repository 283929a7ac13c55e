"""The page Explore in Streamlit's own test driver: opened, checked, and read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache as once
from typing import Any, cast

from streamlit.testing.v1 import AppTest

from dashboard.render import tiles
from dashboard.runs import background_job, cache
from dashboard.server.app_server import SCRIPT as START
from dashboard.state.state import State, read_query
from dashboard.widgets import state_input
from sim.inputs.scenario_reader import parse_scenario
from sim.runs.runner import run_scenarios
from tests.app.screen import PATIENCE

WORLDS = "6"


def opened(**query: Any) -> AppTest:
    """The app at a link."""
    found = AppTest.from_file(str(START), default_timeout=PATIENCE)
    for key, value in ({"worlds": WORLDS} | query).items():
        found.query_params[key] = value
    return checked(found.run())


@once
def two_months() -> str:
    """The baseline's first two months as the form of a link, for what does not depend on the length of a run."""
    return State().adopt(parse_scenario('title = "Two months"\nbase = "baseline"\nend = 2020-05-01\n')).form


@contextmanager
def no_turn() -> Iterator[None]:
    """Within it all turns are taken by other visitors: what runs in the background has begun and goes no further."""
    for _ in range(background_job.REFINEMENTS):
        background_job.TURNS.acquire()
    try:
        yield
    finally:
        for _ in range(background_job.REFINEMENTS):
            background_job.TURNS.release()


def input_key(found: AppTest, name: str) -> str:
    """The key that an input has now: see `dashboard.widgets.state_input`."""
    inputs = found.session_state[state_input.INPUTS]
    return state_input.input_key(name, inputs[name].generation)


def move(found: AppTest, lever: str, value: float) -> AppTest:
    """The app after its reader has moved a lever's slider."""
    return checked(found.slider(key=input_key(found, f"lever:{lever}")).set_value(value).run())


def checked(found: AppTest) -> AppTest:
    """The app, which must not have failed."""
    assert not found.exception, found.exception
    return found


def pieces(found: AppTest) -> list[str]:
    """Every piece of HTML that the page puts there itself."""
    return [str(cast("Any", one).body) for one in found.get("html")]


def strip(found: AppTest) -> str:
    """The tiles as they stand on the page."""
    return next(body for body in pieces(found) if 'class="tiles"' in body)


def state_of(found: AppTest) -> State:
    """The state that the address says."""
    said = found.query_params.items()
    return read_query({key: value if isinstance(value, list) else [value] for key, value in said})


def expected(state: State, worlds: int) -> str:
    """The tiles of a state, over so many worlds: compared with the baseline, or for the baseline itself alone."""
    return tiles.grid(tiles.tiles(cache.pair(state, worlds), alone=state.unchanged))


def agreed(found: AppTest) -> None:
    """The tiles are those of the state in the address, and the engine's own by an independent run."""
    agree([(state_of(found), strip(found))])


def agree(seen: Sequence[tuple[State, str]]) -> None:
    """Each state's tiles are its own, and the engine's by independent runs: all in one model, so of the same worlds."""
    (worlds, seed) = {(state.worlds, state.seed) for state, _ in seen}.pop()
    runs = run_scenarios([state.scenario() for state, _ in seen], worlds, seed)
    for (state, shown), run in zip(seen, runs, strict=True):
        assert (state.worlds, state.seed) == (worlds, seed)
        assert shown == expected(state, worlds), state.changes
        assert f">{run.outcomes['attacks'].values.mean():,.0f}<" in shown, state.changes
