"""The provinces: sourced figures, mutual borders, shares and lists that add up, and errors for a damaged file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.errors import InputError
from sim.inputs.facts import facts
from sim.inputs.gazetteer import read_gazetteer
from sim.inputs.provinces import (
    FILE,
    attack_shares,
    attack_weights,
    gazetteer,
    largest_remainder,
    neighbours,
    prisoner_counts,
    prisoner_homes,
    provinces,
)

INDEX = gazetteer().index()


def test_order_is_alphabetical_and_complete() -> None:
    names = [p.name for p in provinces()]
    assert names == sorted(names), "the order is the index of every array of members and must not move"
    assert len(set(names)) == facts()["provinces"].value == 34
    assert len({p.region for p in provinces()}) == 8


def test_sourced_figures() -> None:
    by_name = {p.name: p for p in provinces()}
    assert by_name["Kabul"].population == 5380
    assert by_name["Nuristan"].population == 166
    casualties = {p.name: p.civilian_casualties_2019 for p in provinces() if p.civilian_casualties_2019}
    assert casualties == {
        "Kabul": 1563,
        "Nangarhar": 1070,
        "Helmand": 675,
        "Ghazni": 673,
        "Faryab": 665,
        "Kandahar": 529,
        "Kunduz": 492,
    }
    listed = {p.name: p.listed_prisoners for p in provinces() if p.listed_prisoners}
    assert listed == {"Kandahar": 750, "Helmand": 730, "Nangarhar": 280}


def test_tiles_are_unique_and_neighbours_are_close() -> None:
    tiles = {p.name: np.array(p.tile) for p in provinces()}
    assert len({p.tile for p in provinces()}) == len(provinces())
    far = [
        (p.name, other) for p in provinces() for other in p.neighbours if np.abs(tiles[p.name] - tiles[other]).max() > 2
    ]
    assert not far, f"bordering provinces more than two tiles apart: {far}"


def test_all_provinces_are_connected() -> None:
    by_name = {p.name: p for p in provinces()}
    reached, front = {"Kabul"}, ["Kabul"]
    while front:
        new = set(by_name[front.pop()].neighbours) - reached
        reached |= new
        front += sorted(new)
    assert reached == set(by_name)


def test_attack_shares_sum_to_one_and_helmand_is_worst() -> None:
    shares = attack_shares()
    assert shares.dtype == np.float32
    assert shares.shape == (34,)
    assert float(shares.sum()) == pytest.approx(1, abs=1e-6)
    assert shares.min() > 0
    assert provinces()[int(shares.argmax())].name == "Helmand", f"shares: {shares}"


def test_no_province_outside_the_worst_seven_weighs_more_than_them() -> None:
    weights = attack_weights(gazetteer())
    rural = [INDEX[p.name] for p in provinces() if p.civilian_casualties_2019 and p.name != "Kabul"]
    others = [INDEX[p.name] for p in provinces() if not p.civilian_casualties_2019]
    assert weights[others].max() < weights[rural].min(), f"{weights[others].max()} against {weights[rural].min()}"


def test_prisoner_counts_keep_the_given_figures_and_their_order() -> None:
    counts = prisoner_counts(gazetteer(), 5000)
    assert int(counts.sum()) == 5000
    assert [int(counts[INDEX[n]]) for n in ("Kandahar", "Helmand", "Nangarhar")] == [750, 730, 280]
    assumed = gazetteer().listed_prisoners["Farah"].value
    assert counts[INDEX["Farah"]] == assumed < 280
    rest = np.delete(counts, [INDEX[n] for n in ("Kandahar", "Helmand", "Nangarhar", "Farah")])
    assert 0 < rest.min() <= rest.max() < assumed, f"the source names the four largest homes; rest up to {rest.max()}"


@pytest.mark.parametrize("total", [0, 2019, 200_000])
def test_prisoner_counts_reject_a_list_that_is_too_short(total: int) -> None:
    with pytest.raises(InputError, match="do not fit"):
        prisoner_counts(gazetteer(), total)


def test_prisoner_homes_are_mixed_in_every_part_of_the_list() -> None:
    homes = prisoner_homes()
    assert homes.dtype == np.int16
    assert homes.shape == (5000,)
    counts = prisoner_counts(gazetteer(), 5000)
    assert (np.bincount(homes, minlength=34) == counts).all()
    for start in range(0, 5000, 250):
        stretch = np.bincount(homes[start : start + 250], minlength=34)
        gap = np.abs(stretch - counts / 20).max()
        assert gap <= 2, f"places {start} to {start + 250} are off by {gap} people"


def test_neighbours_are_padded_with_the_province_itself() -> None:
    indices, weights = neighbours()
    assert indices.dtype == np.int16
    assert weights.dtype == np.float32
    assert indices.shape == weights.shape == (34, max(len(p.neighbours) for p in provinces()))
    for i, p in enumerate(provinces()):
        degree = len(p.neighbours)
        assert [provinces()[j].name for j in indices[i, :degree]] == list(p.neighbours)
        assert (indices[i, degree:] == i).all()
        assert (weights[i, :degree] == np.float32(1 / degree)).all()
        assert (weights[i, degree:] == 0).all()


@pytest.mark.parametrize("array", [attack_shares(), prisoner_homes(), *neighbours()])
def test_shared_arrays_cannot_be_written(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0


def test_largest_remainder_adds_missing_units_to_the_largest_remainders() -> None:
    assert largest_remainder(np.array([1.2, 2.7, 3.1]), 7).tolist() == [1, 3, 3]
    assert largest_remainder(np.array([0.5, 0.5]), 1).tolist() == [1, 0]


# Each damage is a replacement in the real file, and a pattern for the error message.
DAMAGE = {
    "unknown key": ("[sources.population]\n", "[sources.population]\nodd = 1\n", r"sources\.population\.odd = 1"),
    "missing key": (
        'region = "Central"\npopulation = 5380\n',
        'region = "Central"\n',
        r"provinces\.\d+: has no population",
    ),
    "missing table": ("[sources.neighbours]", "[sources.neighbors]", r"sources\.neighbors.*did you mean neighbours"),
    "text for a list": ('["Farah", "Helmand"]', '"Farah"', r'neighbours = "Farah": must be a list, not text'),
    "no neighbours": ('["Farah", "Helmand"]', "[]", r"neighbours.*at least 1 entry"),
    "number for a name": ('name = "Nimroz"', "name = 7", r"name = 7: must be text"),
    "tile of three": ("tile = [0, 4]", "tile = [0, 4, 1]", r"tile.*2 entries"),
    "tile left of the map": ("tile = [0, 4]", "tile = [-1, 4]", r"tile = -1: out of bounds"),
    "wrong kind": ('kind = "sourced"', 'kind = "stated"', r'population\.kind = "stated".*sourced'),
    "wrong type": ("population = 5380", 'population = "5380"', r'population = "5380"'),
    "yes or no for a number": ("population = 5380", "population = true", r"population = true"),
    "negative": ("population = 5380", "population = -5380", r"population = -5380"),
    "not a number": ("value = 260", "value = nan", r"Farah\.value = nan"),
    "outside its range": ("value = 260", "value = 300", r"Farah = 300.*200 to 279 people"),
    "misspelt neighbour": (
        '["Farah", "Helmand"]',
        '["Farah", "Helmland"]',
        r'Nimroz.*"Helmland".*did you mean Helmand',
    ),
    "one-sided border": ('["Farah", "Helmand"]', '["Farah"]', r"Helmand\.neighbours.*mutual"),
    "border with itself": ('["Farah", "Helmand"]', '["Farah", "Helmand", "Nimroz"]', r"Nimroz\.neighbours.*another"),
    "misspelt region": ('region = "West"', 'region = "Vest"', r'"Vest".*did you mean West'),
    "misspelt weight": ("attack_weight.Herat]", "attack_weight.Heart]", r"attack_weight.*Heart.*Herat"),
    "same name twice": ('name = "Nimroz"', 'name = "Nuristan"', r'name = "Nuristan".*two provinces'),
    "same tile twice": ("tile = [0, 4]", "tile = [1, 4]", r"tile.*two provinces"),
    "duplicate key": ("population = 5380", "population = 5380\npopulation = 5380", r"TOML"),
    "not TOML": ("[sources.population]", "[sources.population", r"TOML"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_rejected(damage: str, tmp_path: Path) -> None:
    old, new, says = DAMAGE[damage]
    original = FILE.read_text(encoding="utf-8")
    assert old in original
    file = tmp_path / "provinces.toml"
    file.write_text(original.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=says) as caught:
        read_gazetteer(file)
    assert str(caught.value).startswith(str(file))
    assert "\n" not in str(caught.value)


def test_a_missing_province_is_rejected(tmp_path: Path) -> None:
    start, _, last = FILE.read_text(encoding="utf-8").rpartition("[[provinces]]")
    assert "Zabul" in last
    file = tmp_path / "provinces.toml"
    file.write_text(start, encoding="utf-8")
    with pytest.raises(InputError, match="exactly 34"):
        read_gazetteer(file)


@pytest.mark.parametrize("make", [lambda p: p / "absent.toml", lambda p: p], ids=["absent", "folder"])
def test_a_missing_file_is_rejected(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_gazetteer(make(tmp_path))
