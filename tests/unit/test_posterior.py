"""The sets that the facts allow: what is written is read, damage is refused, and world k carries draw k."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.calibration import CHUNK, calibrate
from sim.analysis.learned import learned
from sim.errors import InputError
from sim.inputs import posterior
from sim.inputs.parameters import catalogue
from sim.inputs.posterior import Posterior, read_posterior, rules_hash, shipped, write_posterior
from sim.inputs.scenario_reader import load_scenario
from sim.runs.parameter_sampling import world_parameters
from sim.runs.runner import run_points, simulate

pytestmark = pytest.mark.slow

FEW = 6


@pytest.fixture(scope="module")
def found() -> Posterior:
    """Few sets, each tried in few worlds."""
    return calibrate(FEW, worlds=4, seed=3)


def test_what_ships_is_of_this_model() -> None:
    """If not: `jirga calibrate --processes 2 --replace`."""
    kept = shipped()
    assert kept.made.rules == rules_hash(), posterior.REMAKE
    assert kept.draws == 1000
    uncertain = {
        name for name, one in catalogue().items() if one.uncertain and one.range and one.range[0] < one.range[1]
    }
    assert set(kept.names) == uncertain
    for name, values in zip(kept.names, kept.values, strict=True):
        low, high = catalogue()[name].range or (0, 0)
        assert (np.float32(low) <= values).all(), name
        assert (values <= np.float32(high)).all(), name


def test_the_result_does_not_depend_on_the_number_of_processes(found: Posterior) -> None:
    again = calibrate(FEW, worlds=4, seed=3, processes=2)
    assert (again.made, again.names, again.seal) == (found.made, found.names, found.seal)
    assert found.draws == FEW
    assert found.made.tried % CHUNK == 0
    assert all(FEW <= met <= found.made.tried for met in found.made.met.values())


def test_another_seed_gives_other_sets(found: Posterior) -> None:
    assert calibrate(1, worlds=4, seed=4).seal != found.seal


@pytest.mark.parametrize("given", [{"kept": 0}, {"kept": 1.5}, {"worlds": 0}, {"seed": -1}, {"processes": 0}])
def test_arguments_out_of_bounds_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        calibrate(**given)
    assert next(iter(given)) in str(error.value)


def test_what_is_written_is_read(found: Posterior, tmp_path: Path) -> None:
    path = tmp_path / "sets.npz"
    write_posterior(found, path)
    again = read_posterior(path)
    assert (again.made, again.names) == (found.made, found.names)
    np.testing.assert_array_equal(again.values, found.values)


def test_no_bit_flip_goes_unnoticed(found: Posterior, tmp_path: Path) -> None:
    """Sixty flips of one bit each: refused with one line, or nothing that is read has changed."""
    path = tmp_path / "sets.npz"
    write_posterior(found, path)
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    refused = 0
    for _ in range(60):
        torn = bytearray(whole)
        torn[rng.integers(len(whole))] ^= 1 << int(rng.integers(8))
        path.write_bytes(bytes(torn))
        said = refusal(path)
        assert said or read_posterior(path).seal == found.seal
        assert "\n" not in said
        refused += bool(said)
    assert refused > 30


def refusal(path: Path) -> str:
    """Return why a file is refused, or nothing."""
    try:
        read_posterior(path)
    except InputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", b"[made]\nrules = 1\n"])
def test_a_file_that_is_none_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "sets.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"sets\.npz.*jirga calibrate --replace"):
        read_posterior(path)


def test_sets_of_another_model_are_refused_with_the_command_that_remakes_them(
    found: Posterior, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sets.npz"
    write_posterior(replace(found, made=replace(found.made, rules="0" * 64)), path)
    with pytest.raises(InputError, match="another version of the model; run: jirga calibrate --replace"):
        read_posterior(path)
    monkeypatch.setattr(posterior, "FILE", path)
    monkeypatch.setattr(posterior, "shipped", lambda: read_posterior(path))
    with pytest.raises(InputError, match="another version of the model"):
        simulate(load_scenario("baseline"), 1, assumptions="facts")


def test_world_k_carries_draw_k_under_every_seed_and_scenario() -> None:
    base, sets = load_scenario("baseline"), shipped()
    for seed, first, worlds in ((0, 0, 3), (7, 998, 4)):
        parameters = world_parameters(base, "facts", seed, worlds, first).values
        for row, name in enumerate(sets.names):
            places = (first + np.arange(worlds)) % sets.draws
            np.testing.assert_array_equal(parameters[name], sets.values[row, places], err_msg=name)
    fixed = base.change({"taliban.pledge_trust": 0.31})
    assert world_parameters(fixed, "facts", 0, 3).values["taliban.pledge_trust"] == pytest.approx(0.31)


def test_points_of_a_design_have_the_bits_of_a_run() -> None:
    """World 5 is the same alone, with others, and at a point of a design."""
    base = load_scenario("baseline")
    alone = simulate(base, 1, 2, first=5, assumptions="facts")
    points = run_points(base, {"taliban.pledge_trust": np.array([0.3, 0.4])}, 2, 2, first=5, assumptions="facts")
    with_set = simulate(base.change({"taliban.pledge_trust": 0.4}), 2, 2, first=5, assumptions="facts")
    many = simulate(base, 8, 2, assumptions="facts")
    for name, values in alone.arrays.items():
        np.testing.assert_array_equal(values[0], many.arrays[name][5], err_msg=name)
        np.testing.assert_array_equal(
            points.results(1, base, 2, "facts").arrays[name], with_set.arrays[name], err_msg=name
        )


def test_a_parameter_that_a_fact_decides_has_moved_and_an_even_one_has_not() -> None:
    sets = shipped()
    rng = np.random.default_rng(5)
    even, half = rng.random((2, sets.draws))
    ranges = [catalogue()[name].range for name in sets.names[:2]]
    rows = [low + (high - low) * u for (low, high), u in zip(ranges, (even, half / 2), strict=True)]  # type: ignore[misc]
    made = Posterior(sets.made, sets.names[:2], np.array(rows, np.float32))
    moved = {one.name: one.moved for one in learned(made)}
    assert moved == {sets.names[0]: False, sets.names[1]: True}
    assert learned(made)[0].name == sets.names[1]
