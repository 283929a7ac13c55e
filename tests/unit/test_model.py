"""The model as a Mesa model: steps, agents, the data collector, and the end of the calendar."""

import datetime as dt
import gc
import weakref

import mesa
import numpy as np
import pytest

import sim
from sim.engine.model import PeaceProcess
from sim.errors import InputError
from sim.inputs.parameters import ParameterSet
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_reader import load_scenario
from sim.schema.milestones import NEVER
from sim.schema.series import SERIES


@pytest.fixture
def short() -> Scenario:
    """Return twenty days of the baseline."""
    return load_scenario("baseline").with_dates(end=dt.date(2020, 3, 21))


def test_it_is_a_plain_mesa_model(short: Scenario) -> None:
    model = sim.PeaceProcess(short, worlds=1, seed=7)
    assert isinstance(model, mesa.Model)
    kinds = {type(agent).__name__ for agent in model.agents}
    expected = {"UnitedStates", "Taliban", "Ghani", "Abdullah", "Brokers", "Fronts", "Prisoners", "SecurityForces"}
    assert expected <= kinds, kinds
    model.step()
    assert model.state.number == 1


def test_the_data_collector_keeps_numbers_for_one_world_and_arrays_for_several(short: Scenario) -> None:
    one, three = PeaceProcess(short, 1, 7), PeaceProcess(short, 3, 7)
    for model in (one, three):
        model.run()
        assert model.datacollector is not None
        frame = model.datacollector.get_model_vars_dataframe()
        assert list(frame.columns) == list(SERIES)
        assert len(frame) == 20
    assert one.datacollector is not None
    assert three.datacollector is not None
    kept = one.datacollector.model_vars["attacks"]
    assert kept == one.record.daily["attacks"][:, 0].tolist()
    np.testing.assert_array_equal(np.stack(three.datacollector.model_vars["attacks"]), three.record.daily["attacks"])


def test_nothing_is_collected_by_default(short: Scenario) -> None:
    assert PeaceProcess(short, 1, 7, collect=False).datacollector is None


def test_stepping_and_running_are_the_same(short: Scenario) -> None:
    stepped, ran = PeaceProcess(short, 4, 7, collect=False), PeaceProcess(short, 4, 7, collect=False)
    for _ in range(7):
        stepped.step()
    stepped.run()
    ran.run()
    for name in SERIES:
        np.testing.assert_array_equal(stepped.record.daily[name], ran.record.daily[name], name)


def test_the_calendar_s_end_is_the_run_s_end(short: Scenario) -> None:
    model = PeaceProcess(short, 1, 7, collect=False)
    model.run()
    with pytest.raises(InputError, match="the run is over"):
        model.step()


def test_worlds_that_never_open_talks_record_what_was_missing(short: Scenario) -> None:
    book = PeaceProcess(short, 6, 7, collect=False).run().milestones
    assert (book.day["talks_open"] == NEVER).all()
    assert (book.reason["talks_open"] >= 0).all()


def test_parameters_may_differ_by_world(short: Scenario) -> None:
    own = short.resolved()["taliban.leverage"]
    leverage = np.array([0.0, own, 2.0, own])
    given = ParameterSet.resolve({"taliban.leverage": leverage})
    mixed = PeaceProcess(short, 4, 7, parameters=given, collect=False).run().daily["attacks"]
    usual = PeaceProcess(short, 4, 7, collect=False).run().daily["attacks"]
    np.testing.assert_array_equal(mixed[:, [1, 3]], usual[:, [1, 3]])
    assert mixed[:, 0].sum() < usual[:, 0].sum()
    assert mixed[:, 2].sum() > usual[:, 2].sum()


def test_a_lever_is_imposed_from_its_first_day_until_its_end(short: Scenario) -> None:
    model = PeaceProcess(short.change({"taliban.intensity": "0@2020-03-05..2020-03-08"}), 2, 7, collect=False)
    zero = []
    for _ in range(20):
        model.step()
        zero.append(bool((model.state.decisions["taliban"].intensity == 0).all()))
    assert [day for day, off in enumerate(zero) if off] == [4, 5, 6]


def test_the_first_day_starts_from_the_initial_state_of_the_parameters(short: Scenario) -> None:
    model = PeaceProcess(short, 3, 7, collect=False)
    s = model.state.situation(model, model.parties)
    assert s.day == 0
    np.testing.assert_allclose(s.us_troops, 13000)
    np.testing.assert_allclose(s.violence, 0.25, rtol=1e-5)
    for none in (s.released, s.returned, s.offer, s.stage, s.gone, s.behind_plan, s.captives):
        assert not none.any()
    assert s.truce.all()
    assert not s.broken.any()
    np.testing.assert_array_equal(s.unmet, [1, 1, 1])


@pytest.mark.slow
def test_a_finished_model_is_freed(short: Scenario) -> None:
    model = PeaceProcess(short, 1, 7, collect=False)
    model.run()
    left = weakref.ref(model)
    del model
    gc.collect()
    assert left() is None, "something keeps references to finished models, which would fill the memory in a long study"
