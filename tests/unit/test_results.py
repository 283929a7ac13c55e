"""Results: labels are right, nothing is copied, and invalid arrays are rejected."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from sim.errors import InputError
from sim.inputs.scenario_reader import load_scenario
from sim.results.milestone_summary import share_by_day
from sim.results.results import Results
from sim.runs.runner import simulate
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.outcomes import OUTCOMES
from sim.schema.series import CONDITIONS, SERIES
from tests.unit.synthetic import arrays, results, scenario


def test_daily_is_labelled_and_shares_the_engines_memory() -> None:
    made = results(5, first=100)
    assert dict(made.daily.sizes) == {"world": 5, "day": 306}
    assert made.daily["world"].values.tolist() == [100, 101, 102, 103, 104]
    assert made.daily["day"].values[[0, -1]].astype("datetime64[D]").astype(str).tolist() == [
        "2020-03-01",
        "2020-12-31",
    ]
    for s in SERIES.values():
        variable = made.daily[s.name]
        assert (variable.attrs["unit"], variable.attrs["label"], variable.attrs["kind"]) == (s.unit, s.label, s.kind)
        assert variable.dtype == np.float32
        assert np.shares_memory(variable.values, made.arrays[s.name])


@pytest.mark.parametrize("order", ["C", "F"])
def test_the_given_arrays_are_neither_copied_nor_changed(order: str) -> None:
    run = scenario(dt.date(2020, 4, 15))
    given = {name: np.asarray(v, order=order) for name, v in arrays(6, 45).items()}  # type: ignore[call-overload]
    day = {name: np.full(6, NEVER, np.int32) for name in MILESTONES}
    reason = {name: np.full(6, -1, np.int8) for name in MILESTONES}
    made = Results(run, 0, 6, 0, "point", given, day, reason)
    assert np.shares_memory(made.arrays["attacks"], given["attacks"])
    assert given["attacks"].flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        made.daily["attacks"].values[0, 0] = 1
    with pytest.raises(TypeError):
        made.arrays["attacks"] = given["attacks"]  # type: ignore[index]


def test_milestones_are_dates_or_not_a_time() -> None:
    made = results(3, day={"decree": [9, NEVER, 0]})
    found = made.milestones["decree"].values
    assert np.isnat(found[1])
    assert found[[0, 2]].astype("datetime64[D]").astype(str).tolist() == ["2020-03-10", "2020-03-01"]
    assert set(made.milestones.data_vars) == set(MILESTONES)


def test_reasons_name_the_cause_or_what_is_missing() -> None:
    made = results(
        4,
        day={"talks_open": [9, NEVER, NEVER, 8]},
        reason={"talks_open": [1, 1, -1, -1]},
    )
    text = MILESTONES["talks_open"].reasons[1]
    assert made.reasons["talks_open"].values.tolist() == [text, f"missing: {text}", "", ""]


def test_quantiles_are_labelled_and_right() -> None:
    values = np.arange(11.0)[:, None] * np.ones(306)
    made = results(11, daily={"attacks": values})
    found = made.quantiles("attacks", [0.05, 0.5, 0.95])
    assert found.dims == ("quantile", "day")
    assert found.sel(quantile=0.5).values.tolist() == [5.0] * 306
    np.testing.assert_allclose(found.sel(quantile=0.05).values, 0.5)
    assert found.attrs["unit"] == "attacks/day"


@pytest.mark.parametrize(("name", "probabilities", "said"), [
    ("atacks", [0.5], "did you mean attacks"),
    ("attacks", [1.5], "0 to 1"),
    ("attacks", [-0.1], "0 to 1"),
    ("attacks", [float("nan")], "0 to 1"),
    ("attacks", [], "0 to 1"),
])  # fmt: skip
def test_wrong_quantiles_are_rejected(name: str, probabilities: list[float], said: str) -> None:
    with pytest.raises(InputError, match=said):
        results(2).quantiles(name, probabilities)


def test_blocked_is_the_share_of_worlds_kept_from_talks_by_condition_and_day() -> None:
    flags, stage = np.zeros((4, 306)), np.zeros((4, 306))
    flags[:3, 10:12] = 1
    stage[2, 11] = 1  # talks are open: a missing condition keeps nobody from them
    found = results(4, daily={"blocked_by_violence": flags, "talks_stage": stage}).blocked()
    assert found.dims == ("condition", "day")
    assert found["condition"].values.tolist() == list(CONDITIONS)
    assert found.sel(condition="violence").values[[9, 10, 11, 12]].tolist() == [0, 0.75, 0.5, 0]


def test_the_milestone_table_uses_the_dates_of_worlds_that_reach_it() -> None:
    made = results(
        5,
        day={"talks_open": [10, 20, 30, NEVER, NEVER]},
        reason={"talks_open": [0, 1, 1, 2, -1]},
    )
    row = next(m for m in made.milestone_table() if m.name == "talks_open")
    assert row.share == 0.6
    assert (row.q05, row.median, row.q95) == (dt.date(2020, 3, 11), dt.date(2020, 3, 21), dt.date(2020, 3, 31))
    reasons = MILESTONES["talks_open"].reasons
    assert list(row.reasons) == [reasons[1], reasons[0]], "most frequent first"
    assert list(row.reasons.values()) == pytest.approx([2 / 3, 1 / 3])


def test_a_milestone_nobody_reaches_has_no_dates() -> None:
    row = results(3).milestone_table()[0]
    assert (row.share, row.median, row.q05, row.q95, dict(row.reasons)) == (0, None, None, None, {})


def test_outcomes_are_one_number_per_world_with_unit_and_label() -> None:
    made = results(3)
    assert list(made.outcomes.data_vars) == list(OUTCOMES)
    assert made.outcomes["attacks"].values.tolist() == made.arrays["attacks"].sum(axis=1).tolist()
    assert made.outcomes["attacks"].attrs["unit"] == "attacks"


def test_index_rejects_a_day_outside_the_run() -> None:
    made = results(1)
    assert made.index(dt.date(2020, 12, 31)) == 305
    for day in (dt.date(2020, 2, 29), dt.date(2021, 1, 1)):
        with pytest.raises(InputError, match="2020-03-01 to 2020-12-31"):
            made.index(day)


def test_missing_unknown_and_misshapen_arrays_are_rejected() -> None:
    run = scenario(dt.date(2020, 3, 11))
    day = {name: np.full(2, NEVER, np.int32) for name in MILESTONES}
    reason = {name: np.full(2, -1, np.int8) for name in MILESTONES}
    good = arrays(2, 10)
    for daily, said in (
        ({k: v for k, v in good.items() if k != "attacks"}, "missing \\['attacks'\\]"),
        (good | {"atacks": good["attacks"]}, "unknown \\['atacks'\\]"),
        (good | {"attacks": good["attacks"].T}, "expected \\(2, 10\\)"),
    ):
        with pytest.raises(ValueError, match=said):
            Results(run, 0, 2, 0, "point", daily, day, reason)


def test_the_world_table_has_one_row_per_world_and_nulls_for_never() -> None:
    made = results(3, first=7, day={"talks_open": [9, NEVER, 11]}, reason={"talks_open": [1, -1, -1]})
    table = made.to_world_table()
    assert table.num_rows == 3
    assert table["world"].to_pylist() == [7, 8, 9]
    assert table["talks_open"].to_pylist() == [dt.date(2020, 3, 10), None, dt.date(2020, 3, 12)]
    assert table["talks_open_reason"].to_pylist() == [MILESTONES["talks_open"].reasons[1], None, None]
    assert table["day_talks_open"].to_pylist() == [9, None, 11]
    assert table["reached_talks_open"].to_pylist() == [True, False, True]
    assert table["attacks"].to_pylist() == made.outcomes["attacks"].values.tolist()
    assert table.schema.field("attacks").metadata[b"unit"] == b"attacks"
    assert table.schema.metadata[b"jirga.hash"].decode() == made.scenario.hash()


def test_the_day_table_has_one_row_per_world_and_day_and_copies_nothing() -> None:
    made = results(4, first=2)
    table = made.to_day_table()
    assert table.num_rows == 4 * 306
    assert table["world"].to_pylist()[305:307] == [2, 3]
    assert table["day"].to_pylist()[305:307] == [dt.date(2020, 12, 31), dt.date(2020, 3, 1)]
    assert np.shares_memory(table["attacks"].chunk(0).to_numpy(), made.arrays["attacks"])
    np.testing.assert_array_equal(table["us_troops"].to_numpy().reshape(4, 306), made.arrays["us_troops"])


def test_the_parts_of_the_day_table_make_the_whole() -> None:
    made = results(7)
    pieces = list(made.day_tables(3))
    assert [p.num_rows for p in pieces] == [3 * 306, 3 * 306, 306]
    assert pa.concat_tables(pieces).equals(made.to_day_table())


@pytest.mark.slow
def test_a_world_of_the_engine_is_the_same_alone_and_among_others() -> None:
    run = load_scenario("baseline")
    many, alone = simulate(run, 40, seed=3), simulate(run, 1, seed=3, first=33)
    assert alone.outcomes["world"].values.tolist() == [33]
    for name in OUTCOMES:
        assert many.outcomes[name].values[33].tobytes() == alone.outcomes[name].values[0].tobytes(), name
    table = many.to_day_table(slice(33, 34))
    assert table.equals(alone.to_day_table())


@pytest.mark.slow
def test_a_run_of_the_engine_has_no_gap() -> None:
    made = simulate(load_scenario("baseline"), 8)
    for name, values in made.arrays.items():
        assert np.isfinite(values).all(), name
    opened = made.milestone_day["talks_open"]
    assert np.array_equal(np.isnat(made.milestones["talks_open"].values), opened == NEVER)


def test_repr_is_one_line() -> None:
    assert repr(results(2)) == "<Results of made-up: 2 worlds, 306 days, seed 7>"


@pytest.mark.parametrize(
    ("days", "half", "mean"),
    [
        ([10, 20, 30, 40], 20, 25.0),
        ([10, 20, NEVER, NEVER], 20, (30 + 2 * 306) / 4),
        ([10, NEVER, NEVER, NEVER], None, (10 + 3 * 306) / 4),
        ([NEVER] * 4, None, 306.0),
        ([305], 305, 305.0),
    ],
)
def test_dates_of_all_worlds_count_those_that_never_get_there(days: list[int], half: int | None, mean: float) -> None:
    """Half of all worlds by a day, and the area under the Kaplan-Meier curve, here the share not there yet, summed."""
    run = results(len(days), day={"talks_open": days})
    row = next(one for one in run.milestone_table() if one.name == "talks_open")
    assert row.half_by == (None if half is None else run.calendar.date(half))
    assert row.mean_days == pytest.approx(mean)
    known = np.array([306 if day == NEVER else day for day in days])
    survival = [(known > day).mean() for day in range(306)]
    assert row.mean_days == pytest.approx(sum(survival))
    assert run.outcomes["days_until_talks_open"].values.mean() == pytest.approx(mean)


def test_the_share_by_day_counts_worlds_that_never_get_there() -> None:
    run = results(4, day={"talks_open": [0, 9, 20, NEVER]})
    share = share_by_day(run.milestone_day["talks_open"], run.calendar)
    assert share.shape == (run.days,)
    assert share[[0, 8, 9, 20, -1]].tolist() == [0.25, 0.25, 0.5, 0.75, 0.75]
