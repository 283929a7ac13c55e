"""Six questions that readers ask, clicked from the opened dashboard in a real browser: few actions, right answers.

Whoever changes the clicks changes the table of docs/dashboard.md too.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pytest

from dashboard.pages import what_matters
from dashboard.runs import ranking
from dashboard.state.state import shipped
from sim.analysis.causes.spoken import spoken
from sim.analysis.causes.why import answered, check_question
from sim.analysis.joint_effects import JointComparison
from sim.analysis.joint_scenario import together
from sim.analysis.joint_words import sentence
from sim.analysis.world_history import typical_world
from sim.inputs.parameters import catalogue
from sim.results.comparison import Comparison
from sim.results.results import Results
from sim.runs.runner import run_scenarios
from sim.schema.milestones import NEVER
from tests.app.browser import WAIT, complaints, idle, tiles, until, visit

pytestmark = pytest.mark.browser

MOST: Final = 4  # actions to an answer
WORLDS: Final = 16  # in the link, so that answers come soon; that many are run on every page
COMPLETE: Final = "Share and export this page"
PAIR: Final = ("all-5000-at-once", "power-shared-in-march")
STRIKES: Final = "no-defensive-strikes"


class Reader:
    """Somebody at the opened dashboard, whose actions are counted: a click, or a text typed and sent off."""

    def __init__(self, page: Any) -> None:
        self.page, self.actions = page, 0

    def click(self, target: Any) -> None:
        """Click once what can be seen."""
        target.click()
        self.actions += 1
        idle(self.page)

    def open(self, name: str) -> None:
        """Open a page by its link at the top."""
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def send(self, target: Any, text: str) -> None:
        """Type a text and send it off."""
        target.fill(text)
        target.press("Enter")
        self.actions += 1
        idle(self.page)

    def sees(self, text: str) -> None:
        """Wait until a text is on the page."""
        self.page.get_by_text(text).first.wait_for(timeout=WAIT)


@pytest.fixture
def reader(browser: Any, address: str) -> Iterator[Reader]:
    """A reader at Begin here, in a session with few worlds; afterwards, that it took few actions without complaints."""
    page = visit(browser, f"{address}/evidence?worlds={WORLDS}", own=False)
    found = Reader(page)
    page.get_by_text(COMPLETE).wait_for(timeout=WAIT)
    found.open("Begin here")
    page.get_by_role("heading", name="Begin here").wait_for()
    found.actions = 0
    yield found
    assert 0 < found.actions <= MOST, f"{found.actions} actions"
    assert complaints(page) == []


@cache
def runs() -> tuple[Results, ...]:
    """The engine's own runs: the baseline, the two scenarios, both together, and no defensive strikes."""
    base, a, b = (shipped(name) for name in ("baseline", *PAIR))
    return tuple(run_scenarios([base, a, b, together(base, a, b), shipped(STRIKES)], WORLDS, 0))


def test_which_single_decision_most_changes_whether_talks_open(reader: Reader) -> None:
    reader.open("What matters")
    found = reader.page.get_by_text("changes it most")
    found.wait_for(timeout=WAIT)
    names = ranking.what_ifs()
    base, *others = run_scenarios([shipped("baseline"), *map(shipped, names)], WORLDS, 0)
    effects = {n: Comparison(base, run).table(["reached_talks_open"])[0] for n, run in zip(names, others, strict=True)}
    expected = what_matters.largest(what_matters.ranked(effects))
    until(reader.page, lambda: found.inner_text() == expected, expected)
    singles = [name for name in names if ranking.single(name)]
    best = max((effects[name] for name in singles if effects[name].significant), key=lambda one: abs(one.effect))
    assert any(shipped(name).title in found.inner_text() for name in singles if effects[name] == best)


def test_why_talks_did_not_open_in_one_world(reader: Reader) -> None:
    base = shipped("baseline")
    world = int((runs()[0].milestone_day["talks_open"] == NEVER).argmax())
    reader.open("One world")
    reader.sees(COMPLETE)
    idle(reader.page)
    reader.send(reader.page.get_by_role("spinbutton", name="Number"), str(world))
    reader.click(reader.page.get_by_role("button", name=f"Why do talks never open in world {world}?"))
    summary = reader.page.locator(".st-key-why-panel .summary")
    summary.wait_for(timeout=WAIT)
    asked = check_question(base, "talks_open", world, None, None, None, 0, "facts")
    first, blocked = spoken(answered(asked, None, alone=True)).split(". ")[:2]
    assert f"In world {world} talks never open" in first
    assert f"{first}. {blocked}" in summary.inner_text()


def test_whether_the_effect_of_no_defensive_strikes_is_beyond_chance(reader: Reader) -> None:
    reader.open("Explore")
    reader.sees(COMPLETE)
    idle(reader.page)
    scenario = reader.page.get_by_role("combobox", name="Scenario")
    reader.click(scenario)
    reader.send(scenario, shipped(STRIKES).title)
    reader.page.get_by_role("heading", name=shipped(STRIKES).title).wait_for(timeout=WAIT)
    [killed] = Comparison(runs()[0], runs()[4]).table(["security_forces_killed"])
    tile = reader.page.locator(".tile", has_text="forces killed")
    until(reader.page, lambda: f"{killed.b_mean:,.0f}" in tile.inner_text(), "the tile of the scenario")
    assert ("not significant" in tile.inner_text().lower()) == (not killed.significant), tiles(reader.page)


def test_which_numbers_are_guesses(reader: Reader) -> None:
    reader.open("Evidence")
    reader.sees(COMPLETE)
    idle(reader.page)
    kind = reader.page.get_by_role("combobox", name="Kind")
    reader.click(kind)
    reader.send(kind, "assumed")
    assumed = [one for one in catalogue().values() if one.kind == "assumed"]
    assert all(one.range and one.reason for one in assumed)
    reader.sees(f"{len(assumed)} of {len(catalogue())} shown")


def test_whether_releasing_all_and_sharing_power_are_additive(reader: Reader) -> None:
    reader.open("Compare")
    reader.sees(COMPLETE)
    idle(reader.page)
    reader.click(reader.page.get_by_role("button", name="Do they add up?"))
    [talks] = JointComparison(*runs()[:4]).table(["reached_talks_open"])
    reader.sees(sentence(talks))
    until(reader.page, lambda: "&both=all-5000-at-once&both=power-shared-in-march" in reader.page.url, "the link")


def test_what_a_typical_world_looks_like(reader: Reader) -> None:
    reader.open("One world")
    world = typical_world(runs()[0]).world
    reader.sees(f"World {world} of “Baseline: what the text records, then free” is closest to the middle")
    reader.page.get_by_role("heading", name="What happened, and why").wait_for()
