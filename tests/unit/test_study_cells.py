"""The table of a study's cells: every outcome at every point, with null for unknown values."""

import csv
import io
from typing import Any

import numpy as np
import pytest

from sim.results.intervals import mean_interval
from sim.results.running_moments import Moments
from sim.study.cells import cells, cells_csv
from sim.study.factor import Factor
from sim.study.summary import Summary, summarise
from tests.unit.made_up import BASE, LEVERAGE, OTHER, Array, MadeUp, luck, plan

OUTCOMES = ("attacks", "day_talks_open")
TRIED = (0.2, 0.8)
WORLDS = 80


def attacks(scenario: int, points: Array, worlds: Array) -> Array:
    return 4000 + 100 * points * luck(worlds) + 30 * scenario + 10 * luck(worlds, 2)


def rows(scenario: int, _: object, points: Array, worlds: Array) -> dict[str, Array]:
    """Talks open only at the second point, and there in every second world."""
    days = np.where((points == 1) & (worlds % 2 == 0), 50.0 + worlds, np.nan)
    return {"attacks": attacks(scenario, points, worlds), "day_talks_open": days}


@pytest.fixture(scope="module")
def summary() -> Summary:
    scenarios: dict[str, Any] = {"scenarios": (BASE, OTHER), "outcomes": OUTCOMES}
    return summarise(MadeUp(plan(Factor(LEVERAGE, values=TRIED), worlds=WORLDS, **scenarios), rows))


def test_a_row_for_each_scenario_point_and_outcome(summary: Summary) -> None:
    table = cells(summary).to_pylist()
    places = [(row["scenario"], row["point"], row["outcome"], row[LEVERAGE]) for row in table]
    assert places == [
        (scenario.name, point, outcome, TRIED[point])
        for scenario in (BASE, OTHER)
        for point in (0, 1)
        for outcome in OUTCOMES
    ]
    assert {row["outcome"]: row["unit"] for row in table} == {
        "attacks": "attacks",
        "day_talks_open": "days from the start",
    }
    assert [row["worlds"] for row in table] == [WORLDS, 0, WORLDS, WORLDS // 2] * 2


def test_means_and_effects_with_their_intervals(summary: Summary) -> None:
    found = {(row["scenario"], row["point"], row["outcome"]): row for row in cells(summary).to_pylist()}
    worlds = np.arange(WORLDS)
    base, other = (attacks(scenario, np.array(1), worlds) for scenario in (0, 1))
    row = found[OTHER.name, 1, "attacks"]
    for what, values in (("", other), ("effect_", other - base)):
        known = [row[f"{what}{name}"] for name in ("mean", "low", "high")]
        ends = (float(end) for end in mean_interval(Moments.of(values)))
        assert known == pytest.approx([float(values.mean()), *ends], rel=1e-5)


def test_nothing_stands_where_nothing_is_known(summary: Summary) -> None:
    names = ("mean", "low", "high", "effect_mean", "effect_low", "effect_high")
    first, never = cells(summary).to_pylist()[:2]
    assert [first[name] for name in names[3:]] == [None] * 3  # the reference is not compared with anything
    assert [never[name] for name in names] == [None] * 6
    text = list(csv.DictReader(io.StringIO(cells_csv(summary))))
    assert [text[1][name] for name in names] == [""] * 6
    assert float(text[0]["mean"]) == pytest.approx(first["mean"])


def test_columns_carry_unit_and_label(summary: Summary) -> None:
    field = cells(summary).schema.field(LEVERAGE)
    assert field.metadata is not None
    assert field.metadata[b"label"].decode() == Factor(LEVERAGE, values=TRIED).label
