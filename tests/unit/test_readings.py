"""Readings: the aims of the file are sound, verdicts agree with the run, and wrong files are refused in one line."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.readings.readers import EVENT, FILE, read_readers, readers
from sim.analysis.readings.readings import read_run
from sim.analysis.readings.words import came, wanted
from sim.analysis.world_history import history
from sim.errors import InputError
from sim.export.world_story import story_page
from sim.inputs.scenario_reader import load_scenario
from sim.runs.runner import simulate
from sim.schema.milestones import MILESTONES, NEVER

WORLDS = 8


def test_there_are_five_readers_with_dated_aims_in_units() -> None:
    assert list(readers()) == ["us", "taliban", "ghani", "abdullah", "people"]
    base = load_scenario("baseline")
    for reader in readers().values():
        assert len(reader.aims) >= 3
        for aim in reader.aims:
            assert base.start <= aim.by < base.end
            assert (aim.value is None) == (aim.want in EVENT) == (aim.measure in MILESTONES)
            assert aim.value is None or aim.unit


@pytest.mark.slow
def test_the_verdicts_are_those_of_the_run() -> None:
    run = simulate(load_scenario("baseline"), WORLDS, 3)
    found = {(one.reader.name, verdict.aim.measure): verdict for one in read_run(run) for verdict in one.verdicts}
    troops = found["us", "us_troops"]
    level = run.arrays["us_troops"][:, run.calendar.index(troops.aim.by)]
    assert troops.met.value == (level <= 5000).mean()
    assert troops.value == np.median(level)
    attacks = found["people", "attacks"]
    total = run.arrays["attacks"][:, : run.calendar.index(attacks.aim.by) + 1].sum(axis=1)
    assert attacks.met.value == (total <= 2647).mean()
    shared = found["abdullah", "power_shared"]
    day = run.milestone_day["power_shared"]
    assert shared.met.value == ((day != NEVER) & (day <= run.calendar.index(shared.aim.by))).mean()
    assert came(troops).startswith("met in ")
    assert wanted(troops) == "at most 5,000 troops by 1 Nov 2020"
    assert wanted(shared) == "the rival camps share power by 31 May 2020"


def test_an_aim_after_the_run_is_not_asked() -> None:
    base = load_scenario("baseline")
    run = simulate(base.with_dates(base.start, base.start.replace(month=4)), 2)
    for one in read_run(run):
        for verdict in one.verdicts:
            assert not verdict.asked
            assert "outside this run" in came(verdict)


@pytest.mark.slow
def test_one_world_prints_as_a_page_without_a_winner() -> None:
    past = history(load_scenario("baseline"), 3)
    found = story_page(past, "Why?", "Because.")
    for one in read_run(past.results):
        assert one.reader.label.replace("'", "&#39;") in found
    assert "Because." in found
    assert "not a forecast" in found
    assert "<script" not in found


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('want = "reached"', 'want = "reachd"', "did you mean reached?"),
        ('measure = "us_troops"', 'measure = "us_troop"', "did you mean us_troops?"),
        ("value = 5000", "value = nan", "must be a finite number"),
        ("by = 2020-11-01", 'by = "soon"', "must be a date"),
        ('measure = "talks_open"\nwant = "reached"', 'measure = "talks_open"\nwant = "at most"', "not a valid choice"),
        ('want = "reached"', 'want = "reached"\nvalue = 3', "a milestone has no value"),
        ("value = 5000\n", "", "an amount needs a value"),
        ('about = "Its soldiers', 'abut = "Its soldiers', "did you mean about?"),
    ],
)  # fmt: skip
def test_a_wrong_file_gets_one_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "readers.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=problem.replace("?", r"\?")) as caught:
        read_readers(path)
    assert "readers.toml" in str(caught.value)
    assert "\n" not in str(caught.value)
