"""What Mesa promises its users, held against Mesa itself: running, seeds, batch runs, agents, data collection."""

import datetime as dt
import gc
import weakref
from typing import Any

import mesa
import numpy as np
import pytest

from sim.engine.base import Actor, WorldsModel
from sim.engine.model import PeaceProcess
from sim.engine.recorder import Record
from sim.engine.situation import Situation
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.schema.series import SERIES
from tests.unit.short_model import ACTORS, DAYS, differing, twenty_days

pytestmark = pytest.mark.slow


@pytest.fixture
def short() -> Scenario:
    """Twenty days of the baseline."""
    return twenty_days()


@pytest.fixture(scope="module")
def longer() -> Scenario:
    """The baseline until August: decrees, reviews, releases and returns get their turn."""
    return load_scenario("baseline").with_dates(end=dt.date(2020, 7, 31))


@pytest.fixture(scope="module")
def plain(longer: Scenario) -> Record:
    """Its record in three worlds of seed 7, as nobody disturbed it."""
    record = PeaceProcess(longer, 3, 7, collect=False).run()
    for name in ("prisoners_released", "returned_to_fighting"):
        assert (record.daily[name][-1] > 0).all(), name
    return record


# Running


def test_run_model_returns_after_the_last_day(short: Scenario) -> None:
    model = PeaceProcess(short, 2, 7)
    model.step()
    running = [model.running]
    model.run_model()
    assert [*running, model.running] == [True, False]
    assert model.steps == model.state.number == short.days == DAYS


def test_stepping_while_it_runs_lives_every_day(short: Scenario) -> None:
    stepped, ran = PeaceProcess(short, 2, 7), PeaceProcess(short, 2, 7)
    while stepped.running:
        stepped.step()
    ran.run_model()
    assert stepped.steps == DAYS
    assert not differing(stepped.record, ran.record)


# Seeds


def test_without_a_seed_each_run_is_another_and_its_seed_gives_it_again(short: Scenario) -> None:
    first, second = PeaceProcess(short, 2), PeaceProcess(short, 2, seed=None)
    assert first.seed != second.seed
    assert differing(first.run(), second.run())
    for model in (first, second):
        assert not differing(PeaceProcess(short, 2, model.seed).run(), model.record)


def test_equal_seeds_give_equal_bits_under_either_name(short: Scenario) -> None:
    by_seed, by_rng = PeaceProcess(short, 2, seed=7), PeaceProcess(short, 2, rng=7)
    assert by_seed.seed == by_rng.seed == 7
    assert not differing(by_seed.run(), by_rng.run())
    assert differing(by_seed.record, PeaceProcess(short, 2, seed=8).run())


def test_a_seed_and_an_rng_are_one_too_many(short: Scenario) -> None:
    with pytest.raises(InputError, match="not both"):
        PeaceProcess(short, 1, seed=7, rng=7)


def test_mesa_s_own_generators_follow_the_seed_and_change_nothing(short: Scenario) -> None:
    plain, disturbed = PeaceProcess(short, 2, 7), PeaceProcess(short, 2, 7)
    assert plain.rng.random() == disturbed.rng.random()
    assert plain.random.random() == disturbed.random.random()
    disturbed.rng.random(100)
    disturbed.random.random()
    assert not differing(plain.run(), disturbed.run())


# Batch runs


# Data collection


def test_the_first_row_is_the_first_day_and_each_day_has_its_row(short: Scenario) -> None:
    model = PeaceProcess(short, 1, 7)
    assert model.datacollector is not None
    assert not any(model.datacollector.model_vars.values()), "the eve is not collected"
    model.step()
    for name, kept in model.datacollector.model_vars.items():
        assert kept == [model.record.daily[name][0, 0].item()], name
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.index) == list(range(DAYS))
    for name in SERIES:
        np.testing.assert_array_equal(frame[name].to_numpy(np.float32), model.record.daily[name][:, 0], name)


# Agents


def test_agents_are_selected_read_and_grouped_as_in_any_model(short: Scenario) -> None:
    model = PeaceProcess(short, 3, 7)
    model.step()
    deciders = model.agents.select(lambda agent: agent.decision is not None)
    assert set(deciders) == set(model.parties.deciders().values())
    (taliban,) = model.agents.select(agent_type=type(model.taliban))
    assert taliban is model.taliban
    assert model.agents_by_type[type(model.taliban)].get("decision") == [taliban.decision]
    assert set(model.agents.get("unique_id")) == set(range(1, ACTORS + 1)) == set(model.agents.map(number))
    assert set(model.agent_types) == {type(agent) for agent in model.agents}
    assert all(agent.model is model for agent in model.agents)


def number(agent: mesa.Agent) -> int:
    """An agent's number."""
    found: int = agent.unique_id
    return found


def test_the_order_in_which_agents_step_changes_no_bit(
    longer: Scenario, plain: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, orders = PeaceProcess(longer, 3, 7, collect=False), []

    def shuffled(agents: Any, verb: str) -> None:
        order: list[int] = []

        def step(agent: Any) -> None:
            order.append(agent.unique_id)
            getattr(agent, verb)()

        agents.shuffle_do(step)
        orders.append(tuple(order))

    monkeypatch.setattr(type(model.agents), "do", shuffled)
    assert not differing(model.run(), plain)
    assert len(orders) == longer.days
    assert len(set(orders)) > longer.days / 2, "hardly any day had an order of its own"
    assert {len(order) for order in orders} == {ACTORS}


class Observer(Actor):
    """An actor of a user's own, with luck of its own: it notes what it sees and draws."""

    def __init__(self, model: WorldsModel) -> None:
        super().__init__(model)
        self.luck = model.streams.stream("observer")
        self.days: list[int] = []

    def decide(self, s: Situation) -> Any:
        """Which worlds it would visit."""
        self.days.append(s.day)
        return (self.luck.draw()[0] < 0.5) & s.truce


def test_an_actor_of_one_s_own_steps_every_day_and_changes_no_bit(longer: Scenario, plain: Record) -> None:
    model = PeaceProcess(longer, 3, 7, collect=False)
    observer = Observer(model)
    assert not differing(model.run(), plain)
    assert observer.days == list(range(longer.days))
    assert observer.decision.shape == (3,)
    assert observer.unique_id == ACTORS + 1
    assert model.agents_by_type[Observer].get("days") == [observer.days]


def test_an_actor_that_is_removed_steps_no_more_and_its_number_is_not_given_again(short: Scenario) -> None:
    model = PeaceProcess(short, 1, 7)
    observer = Observer(model)
    model.step()
    observer.remove()
    model.run_model()
    assert observer.days == [0]
    assert mesa.Agent(model).unique_id == ACTORS + 2


class Mediated(PeaceProcess):
    """A user's actor acts: where it would visit, Kabul and the Taliban trust each other fully."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.observer = Observer(self)
        self.seen: list[Any] = []

    def act(self, d: dict[str, Any], s: Situation) -> None:
        """All act, then the observer."""
        super().act(d, s)
        before = s.trust["kabul_taliban"].copy()
        trust = np.where(self.observer.decision, np.float32(1), before)
        self.trust.level = self.trust.level | {"kabul_taliban": trust}
        self.seen.append((s.day, sorted(d), (s.trust["kabul_taliban"] == before).all()))


def test_a_subclass_acts_on_its_own_actor_s_decision_on_the_same_day(short: Scenario) -> None:
    model, plain = Mediated(short, 8, 7), PeaceProcess(short, 8, 7)
    model.step()
    plain.step()
    visited = model.observer.decision
    assert visited.any()
    assert not visited.all(), "the test needs a world that is not visited"
    raised = model.today["trust_kabul_taliban"] > plain.today["trust_kabul_taliban"]
    np.testing.assert_array_equal(raised, visited)
    model.run_model()
    assert model.seen == [(day, sorted(model.parties.deciders()), True) for day in range(DAYS)]


# Memory


def test_a_model_with_an_actor_of_a_user_s_own_can_be_forgotten(short: Scenario) -> None:
    model = PeaceProcess(short, 1, 7)
    Observer(model)
    model.run_model()
    left = weakref.ref(model)
    del model
    gc.collect()
    assert left() is None, "something holds on to models that are done"


def test_dispose_frees_agents_and_their_arrays_at_once(short: Scenario) -> None:
    model = PeaceProcess(short, 2, 7, collect=False)
    model.run_model()
    agents = [weakref.ref(agent) for agent in model.agents]
    assert len(agents) == ACTORS
    gc.disable()
    try:
        model.dispose()
        kept = [type(agent).__name__ for ref in agents if (agent := ref()) is not None]
    finally:
        gc.enable()
    assert not kept, f"still there without a collection of garbage: {kept}"
