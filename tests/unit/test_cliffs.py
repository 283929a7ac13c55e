"""The search for cliffs: planted thresholds are found where they are, and what does nothing changes exactly nothing."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis import cliff_summary
from sim.analysis.cliff_results import Cliffs, Jump, jumps_of
from sim.analysis.cliff_summary import read_summary, summarised, summary_toml
from sim.analysis.cliff_sweeps import (
    PARTS,
    STEPS,
    Sweep,
    lever_sweep,
    lever_sweeps,
    parameter_sweep,
    parameter_sweeps,
)
from sim.analysis.cliffs import check_values, find_cliffs, measure
from sim.errors import InputError
from sim.export.cliff_folder import cliff_charts, cliff_page, csv_text
from sim.inputs.parameter import Parameter
from sim.inputs.parameters import catalogue
from sim.inputs.scenario import Scenario
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES

SHORT = sim.load_scenario("baseline").with_dates(end=dt.date(2020, 4, 1))
OFFER = "kabul.ghani.offer"
TRUST = "taliban.pledge_trust"
WORLDS = 400


def parameter(low: float, high: float, *, kind: str = "float") -> Parameter:
    """A made-up parameter with a range."""
    return Parameter("made.up", "Made up", low, kind, "1", (-1e3, 1e3), (low, high), (), "assumed", "", "", "", "")


def value(scenario: Scenario, name: str) -> float:
    """What a scenario sets a parameter or a lever to."""
    imposed = {one.lever: one.value for one in scenario.interventions}
    return float(imposed[name] if name in imposed else scenario.resolved()[name])


def worlds_below(share: float) -> Any:
    """A plain model: exactly this share of the worlds reach its one milestone, always the same ones first."""
    return (np.arange(WORLDS)[None, :] + 0.5) / WORLDS < share


def found_in(sweeps: Sequence[Sweep], model: Any) -> list[Jump]:
    """The jumps of a plain model, which returns whether each world reaches the one milestone."""
    run = lambda scenarios: [model(one) for one in scenarios]  # noqa: E731
    return measure(SHORT, sweeps, ("talks_open",), run, together=3)[1]


@pytest.mark.parametrize("threshold", [0.0, 1100.0, 2500.0, 4990.0])
def test_a_planted_threshold_of_a_lever_is_found_where_it_is(threshold: float) -> None:
    """The share is 10 % up to the threshold and 80 % above it; no other step changes anything."""
    jumps = found_in(lever_sweeps([OFFER]), lambda one: worlds_below(0.8 if value(one, OFFER) > threshold else 0.1))
    largest = max(jumps, key=lambda one: abs(one.change))
    assert largest.start <= threshold < largest.end
    assert largest.end - largest.start == pytest.approx(5000 / STEPS)
    assert largest.change == pytest.approx(70)
    assert largest.low < 70 < largest.high
    assert largest.crosses
    assert largest.certain
    others = [one for one in jumps if one is not largest]
    assert {(one.change, one.significant) for one in others} == {(0.0, False)}
    assert all(one.low == -one.high < 0 for one in others)
    assert len(jumps) == STEPS


def test_a_planted_threshold_of_a_parameter_is_found_on_its_side() -> None:
    (sweep,) = parameter_sweeps(SHORT, [TRUST])
    edge = sweep.base + 0.01 * (sweep.high - sweep.low)  # type: ignore[operator]
    down, up = found_in([sweep], lambda one: worlds_below(0.3 if value(one, TRUST) > edge else 0.7))
    assert (down.change, down.crosses, down.significant) == (0, False, False)
    assert up.change == pytest.approx(-40)
    assert up.crosses
    assert up.start == sweep.base
    assert up.part == pytest.approx(1 / PARTS)


def test_a_smooth_effect_is_no_cliff() -> None:
    """A share that rises evenly from 0 to 100 % over a lever changes by about 5 points per step."""
    jumps = found_in(lever_sweeps([OFFER]), lambda one: worlds_below(value(one, OFFER) / 5000))
    assert sum(one.change for one in jumps) == pytest.approx(100)
    assert not [one for one in jumps if one.crosses]


def test_the_interval_covers_the_true_change() -> None:
    """In about 95 of 100 repetitions with other draws."""
    (sweep,) = parameter_sweeps(SHORT, [TRUST])
    inside = 0
    for seed in range(200):
        before, after = np.random.default_rng(seed).random((2, WORLDS))
        reached = np.stack([before < 0.4, after < 0.55])[:, None, :]
        _, up = jumps_of(sweep, reached, (before < 0.4)[None, :], ("talks_open",))
        inside += up.low <= 15 <= up.high
    assert 0.90 <= inside / 200 <= 0.99, inside / 200


@pytest.mark.slow
def test_a_parameter_that_does_nothing_changes_exactly_nothing() -> None:
    """In the engine, with the same luck: no world has a ceasefire within a month, so its length does not matter."""
    found = find_cliffs(SHORT, 64, 0, parameters=["talks.ceasefire_days"], levers=[])
    assert {(one.change, one.significant) for one in found.jumps} == {(0.0, False)}
    assert {one.before - one.after for one in found.jumps} == {0.0}


@pytest.mark.slow
def test_the_engine_gives_the_same_shares_as_runs_of_their_own() -> None:
    """Each point, run with others in one model, has the worlds of its own scenario."""
    found = find_cliffs(SHORT, 16, 3, parameters=["taliban.restraint"], levers=[OFFER], on=["decree", "released_1000"])
    assert list(found.base) == ["decree", "released_1000"]
    for one in (*found.jumps[:3], *found.jumps[5::17]):
        for setting, share in ((one.start, one.before), (one.end, one.after)):
            run = sim.simulate(SHORT.change({one.name: setting}), 16, 3)
            assert share == (run.milestone_day[one.milestone] >= 0).mean(), (one, setting)


def test_a_lever_is_imposed_on_every_day_of_the_run() -> None:
    """Also on those on which the scenario imposes another value."""
    sweep = lever_sweep(levers()[OFFER])
    assert (sweep.values[0], sweep.values[-1], len(sweep.values)) == (0, 5000, STEPS + 1)
    changed = SHORT.change({OFFER: sweep.values[3]})
    assert {changed.imposed(SHORT.start + dt.timedelta(days=day))[OFFER] for day in range(SHORT.days)} == {750.0}


@pytest.mark.parametrize(
    ("low", "high", "base", "values", "parts"),
    [
        (0, 10, 5, (4, 6), (0.1, 0.1)),
        (0, 10, 0, (1,), (0.1,)),
        (0, 10, 10, (9,), (0.1,)),
        (0, 10, 9.5, (8.5, 10), (0.1, 0.05)),
        (0, 10, 0.25, (0, 1.25), (0.025, 0.1)),
        (0, 10, -3, (-2,), (0.1,)),
    ],
)
def test_a_parameter_moves_by_a_tenth_of_its_range_or_to_its_end(
    low: float, high: float, base: float, values: tuple[float, ...], parts: tuple[float, ...]
) -> None:
    sweep = parameter_sweep(parameter(low, high), base)
    assert sweep.values == pytest.approx(values)
    assert [sweep.part(base, one) for one in sweep.values] == pytest.approx(list(parts))


def test_a_whole_number_moves_by_at_least_one() -> None:
    assert parameter_sweep(parameter(2, 6, kind="int"), 4).values == (3, 5)
    assert parameter_sweep(parameter(0, 40, kind="int"), 4).values == (0, 8)
    assert all(isinstance(one, int) for one in parameter_sweep(parameter(2, 6, kind="int"), 4).values)


def test_every_uncertain_parameter_and_every_lever_with_steps_is_tried() -> None:
    movable = [n for n, one in catalogue().items() if one.uncertain and one.range and one.range[0] < one.range[1]]
    assert [one.name for one in parameter_sweeps(SHORT)] == movable
    assert [one.name for one in lever_sweeps()] == [n for n, one in levers().items() if not one.flag]
    assert {one.name for one in lever_sweeps(["us"])} == {one.name for one in lever_sweeps() if one.name[:3] == "us."}
    assert parameter_sweeps(SHORT, []) == []
    for sweep in parameter_sweeps(SHORT):
        assert 1 <= len(sweep.values) <= 2, sweep
        assert all(0 < sweep.part(sweep.base, one) <= 0.1 + 1e-9 for one in sweep.values), sweep  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"parameters": ["taliban.restrain"]},
            r"no such uncertain parameter or group; did you mean taliban\.restraint",
        ),
        ({"parameters": [OFFER]}, "is a lever, not a parameter"),
        ({"parameters": ["reading.attacks"]}, "no plausible range"),
        ({"parameters": "taliban"}, "parameters = .* must be a list"),
        ({"parameters": [3]}, "parameters = 3"),
        ({"levers": ["taliban.leverage"]}, "is a parameter, not a lever"),
        ({"levers": ["kabul.ghani.review"]}, "yes or no lever"),
        ({"levers": ["kabul.ghani.offr"]}, r"no such lever or group; did you mean kabul\.ghani\.offer"),
        ({"on": ["talk_open"]}, "no such milestone; did you mean talks_open"),
        ({"on": []}, "at least one milestone"),
        ({"parameters": [], "levers": []}, "nothing to change"),
        ({"worlds": 0}, "out of bounds"),
        ({"seed": -1}, "out of bounds"),
        ({"progress": 3}, "must be a function"),
    ],
)
def test_a_wrong_argument_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        find_cliffs(SHORT, **{"worlds": 1, **given})


def test_a_value_that_the_scenario_cannot_have_is_left_out_with_its_reason() -> None:
    sweep = Sweep("parameter", "taliban.restraint", "", "1", 0.0, 1.0, 0.5, (0.4, 1e9))
    found, left_out = check_values(SHORT, [sweep])
    assert [one.values for one in found] == [(0.4,)]
    assert len(left_out) == 1
    assert left_out[0].startswith("taliban.restraint = 1e+09: ")


@pytest.fixture(scope="module")
def few() -> Cliffs:
    """A search of a few settings over a month."""
    reports: list[tuple[int, int]] = []
    names = {"parameters": ["taliban"], "levers": [OFFER, "us.aid_cut"]}
    found = find_cliffs(SHORT, 8, 7, **names, progress=lambda done, total: reports.append((done, total)))
    assert reports[-1][0] == reports[-1][1], reports[-1]
    assert reports == sorted(reports)
    return found


@pytest.mark.slow
def test_the_table_is_sorted_by_the_largest_jump(few: Cliffs) -> None:
    table = few.table()
    sizes = table["change_points"].abs().to_list()
    assert sizes == sorted(sizes, reverse=True)
    assert table["name"].is_unique
    assert set(table["name"]) == {one.name for one in few.jumps}
    assert [one.name for one in few.crossing] == table.loc[table["crosses"], "name"].to_list()
    everything = few.all_jumps()
    assert everything.groupby("name")["change_points"].apply(lambda c: c.abs().max()).max() == sizes[0]
    assert set(everything["milestone"]) == set(MILESTONES)
    for one in few.jumps:
        assert one.change == pytest.approx(100 * (one.after - one.before))


def test_a_curve_has_every_value_of_a_lever(few: Cliffs) -> None:
    curves = few.curves()
    assert set(curves["name"]) == {OFFER, "us.aid_cut"}
    assert len(curves) == 2 * (STEPS + 1) * len(MILESTONES)
    for name, milestone, share, change in curves[["name", "milestone", "share", "change_points"]].itertuples(
        index=False
    ):
        assert change == pytest.approx(100 * (share - few.base[milestone])), name


@pytest.mark.slow
def test_a_search_of_one_world_has_no_interval() -> None:
    found = find_cliffs(SHORT, 1, 0, parameters=[], levers=[OFFER], on=["released_1000"])
    text = csv_text(found.all_jumps())
    for one in found.jumps:
        assert np.isnan(one.low)
        assert not one.significant
        assert not one.certain
    assert "nan" not in text.lower()


@pytest.mark.slow
def test_the_charts_and_the_page_show_what_was_found(few: Cliffs) -> None:
    charts = cliff_charts(few)
    assert list(charts) == ["cliffs", "levers"]
    page = cliff_page(few)
    assert "not a forecast" in page
    assert few.largest[0].name in page
    assert few.scenario.hash()[:12] in page
    alone = find_cliffs(SHORT, 2, 0, parameters=["taliban.restraint"], levers=[])
    assert list(cliff_charts(alone)) == ["cliffs"]


def test_a_summary_is_read_back_as_it_was_written(few: Cliffs, tmp_path: Path) -> None:
    path = tmp_path / "cliffs.toml"
    made = summarised(few, "0" * 64)
    path.write_text(summary_toml(made), encoding="utf-8")
    assert read_summary(path) == made
    assert made.parameters + made.levers == len(few.largest)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("worlds = 8", "worlds = -8"), "worlds = -8: out of bounds"),
        (lambda text: text.replace("worlds = 8", "world = 8"), "no such key; did you mean worlds"),
        (lambda text: text.replace("seed = 7\n", ""), "has no seed"),
        (lambda text: text.replace('kind = "lever"', 'kind = "levr"'), "kind"),
        (lambda text: text.replace("significant = ", "significant = 3#"), "significant"),
        (lambda text: text[: text.index("[[jumps]]")] + "jumps = 3\n", "jumps"),
        (lambda text: text.replace("before = ", "before = 1"), "before"),
    ],
)
def test_a_wrong_summary_is_refused_with_its_file(few: Cliffs, tmp_path: Path, change: Any, message: str) -> None:
    path = tmp_path / "cliffs.toml"
    path.write_text(change(summary_toml(summarised(few, "x"))), encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_summary(path)
    assert "cliffs.toml" in str(caught.value)


def test_the_saved_summary_is_of_the_baseline_and_sorted() -> None:
    """Whatever its figures are: those are of the model whose hash it names."""
    saved = read_summary()
    assert saved.scenario == "baseline"
    assert len(saved.model) == len(saved.hash) == 64
    assert 10 <= len(saved.jumps) <= cliff_summary.ROWS
    sizes = [abs(one.change) for one in saved.jumps]
    assert sizes == sorted(sizes, reverse=True)
