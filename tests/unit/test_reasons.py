"""The record of reasons of one world: it changes no bit, names what the rules read, and is whole in words."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.analysis.reasons.record import Reason, Reasons, reasons
from sim.analysis.reasons.rules import FILE, read_rules, rule_book
from sim.analysis.reasons.words import input_words, reason_words
from sim.engine.model import PeaceProcess
from sim.errors import InputError
from sim.schema.decisions import levers
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import PAIRS

BASE = sim.load_scenario("baseline")
OWN = {"mood_taliban", "mood_ghani", "mood_abdullah", "patience", "us_troops"}  # what an actor knows of itself


@pytest.fixture(scope="module")
def record() -> Reasons:
    return reasons(BASE, 0, 3)


@pytest.mark.slow
def test_a_world_on_record_is_the_same_world(record: Reasons) -> None:
    plain = sim.simulate(BASE, 1, 3)
    for name, values in plain.arrays.items():
        assert np.array_equal(values[0], record.history.daily[name]), name
    for name, day in plain.milestone_day.items():
        assert day[0] == record.milestone_day[name], name
        assert plain.milestone_reason[name][0] == record.milestone_reason[name], name


@pytest.mark.slow
def test_a_sampled_world_is_the_same_world_too() -> None:
    short = BASE.with_dates(end=dt.date(2020, 4, 1))
    plain = sim.simulate(short, 1, 3, first=70, assumptions="ranges")
    found = reasons(short, 70, 3, assumptions="ranges")
    assert all(np.array_equal(values[0], found.history.daily[name]) for name, values in plain.arrays.items())


def test_what_was_read_is_what_was_known_the_day_before(record: Reasons) -> None:
    pairs = {"released": "prisoners_released", "cohesion": "kabul_cohesion", "us_troops": "us_troops"}
    pairs |= {f"trust_{pair}": f"trust_{pair}" for pair in PAIRS} | {"stage": "talks_stage"}
    for measure, series in pairs.items():
        assert np.array_equal(record.days[measure][1:].astype(np.float32), record.history.daily[series][:-1]), measure


class Watched:
    """A situation that notes which of its fields are read."""

    def __init__(self, situation: Any) -> None:
        self.__dict__["seen"] = set()
        self.__dict__["situation"] = situation

    def __getattr__(self, name: str) -> Any:
        """Note the field and return its value."""
        value = getattr(self.situation, name)
        if name == "trust":
            return _Trust(value, self.seen)
        self.seen.add(name)
        return value


class _Trust(dict[str, Any]):
    """Trust by pair that notes which pairs are read."""

    def __init__(self, levels: dict[str, Any], seen: set[str]) -> None:
        super().__init__(levels)
        self.seen = seen

    def __getitem__(self, pair: str) -> Any:
        """Note the pair and return its trust."""
        self.seen.add(f"trust_{pair}")
        return super().__getitem__(pair)


def test_the_inputs_of_decisions_are_what_the_actors_read() -> None:
    """All that the rules of an actor's levers name is read by it, and nothing else."""
    model = PeaceProcess(BASE, 2, 1, collect=False)
    for _ in range(20):
        model.step()
    for actor, party in model.parties.deciders().items():
        watched: Any = Watched(model.situation)
        party.decide(watched)
        rules = [one for one in rule_book().decisions.values() if one.actor == actor]
        named = {name for one in rules for name in one.inputs} - OWN
        assert named == watched.seen, f"{actor}: {named ^ watched.seen}"


def test_every_draw_is_a_stream_of_the_model_and_a_uniform(record: Reasons) -> None:
    book = rule_book()
    for one in (*book.decisions.values(), *book.milestones.values()):
        for stream in one.draws:
            assert len(record.draws[stream]) == BASE.days
            assert 0 < record.draws[stream].min() < record.draws[stream].max() < 1


@pytest.mark.slow
def test_a_draw_decides_a_milestone(record: Reasons) -> None:
    """Talks open on the first day on which the draw is below the chance that the degrees of the conditions give."""
    days = record.days
    names = ("prisoners", "delegation", "taliban", "tolerable", "guarantee")
    product = np.prod([days[name].astype(np.float64) for name in names], axis=0)
    chance = 1 - np.exp(-product / record.history.parameter("talks.opening_days"))
    due = record.calendar.index(dt.date(2020, 3, 10))
    below = [day for day in range(due, BASE.days) if record.draws["talks.open"][day] < chance[day]]
    assert (below[0] if below else NEVER) == record.milestone_day["talks_open"]
    other = reasons(BASE, 1, 3)
    assert {record.milestone_day["talks_open"], other.milestone_day["talks_open"]} != {NEVER}, "one of them opens"


def each(record: Reasons) -> Iterator[Reason]:
    """Every milestone, and every change of every lever."""
    yield from record.milestones()
    for lever in levers():
        yield from record.changes(lever)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "world"), [("free-run", 11), ("truce-broken", 5), ("as-recorded", 64)])
def test_every_milestone_and_decision_has_its_reason_in_words(name: str, world: int) -> None:
    scenario = sim.load_scenario(name).with_dates(end=dt.date(2020, 7, 1))
    found = reasons(scenario, world, 9)
    reached = {milestone for milestone, day in found.milestone_day.items() if day != NEVER}
    assert {one.name for one in found.milestones()} == reached
    for one in each(found):
        words, read = reason_words(one), input_words(one)
        assert words.endswith("."), words
        assert one.rule
        assert not {"nan", "None", ""} & set(f"{words} {read}".replace(";", "").split(" ")) - {""}, words
        assert all(isinstance(part.value, int | float) for part in one.inputs)
        for part in one.inputs:
            assert part.unit, part
            assert part.label in read
        if one.kind == "decision":
            assert one.imposed == (one.name in scenario.imposed(one.date)), (one.name, one.date)
            assert one.imposed == ("as the scenario imposes" in words)
            assert one.before != one.value or one.before is None


def test_a_decision_is_explained_on_any_day(record: Reasons) -> None:
    offer = record.decision("kabul.ghani.offer", dt.date(2020, 3, 10))
    assert (offer.value, offer.before, offer.imposed, offer.inputs) == (1500, 0, True, ())
    assert reason_words(offer) == (
        "Ghani's camp, as the scenario imposes: Prisoners offered, 1,500 people, before 0 people."
    )
    own = record.decision("taliban.attend", dt.date(2020, 5, 1))
    assert not own.imposed
    assert {one.name for one in own.inputs} == set(rule_book().decisions["taliban.attend"].inputs)
    rejection = record.milestone("rejection")
    assert rejection is not None
    assert [(one.name, one.value) for one in rejection.inputs][:2] == [
        ("kabul.ghani.offer", 1500.0),
        ("taliban.demand", 5000.0),
    ]


def test_wrong_questions_get_one_clear_line(record: Reasons) -> None:
    for ask, problem in (
        (lambda: record.decision("kabul.ghani.ofer", dt.date(2020, 3, 10)), "did you mean kabul.ghani.offer"),
        (lambda: record.decision("us.aid_cut", dt.date(2021, 1, 1)), "date = 2021-01-01: outside the run"),
        (lambda: record.changes("us.aid"), "no such lever"),
        (lambda: record.milestone("talks"), "no such milestone"),
        (lambda: reasons(BASE, -1), "world = -1: out of bounds"),
        (lambda: reasons(BASE, 0, -1), "seed = -1"),
        (lambda: reasons(BASE, 0, assumptions="x"), "must be facts, ranges or point"),  # type: ignore[arg-type]
        (lambda: reasons("baseline"), "must be a Scenario"),  # type: ignore[arg-type]
    ):
        with pytest.raises(InputError, match=problem):
            ask()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('[decisions."us.aid_cut"]', '[decisions."us.aid_cuts"]'), "did you mean us.aid_cut"),
        (('inputs = ["day"]', 'inputs = ["days"]'), "no such name"),
        (('draws = ["kabul.deal"]', 'draws = "kabul.deal"'), "must be a list of streams"),
        (('actor = "us"', 'actor = "usa"'), "not a valid choice"),
        (('rule = "Pressure for', 'rules = "Pressure for'), "no such key"),
        (('[milestones.decree]\nactor = "kabul.ghani"\n', "[milestones.decree]\n"), "has no actor"),
        (("[inputs]\n", "[input]\n"), "no such key"),
        (('day = { label = "Days since the run began", unit = "days" }', 'day = { label = "Days" }'), "has no unit"),
    ],
)
def test_a_wrong_rule_gets_one_clear_line(change: tuple[str, str], message: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / FILE.name
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_rules(path)
    assert str(caught.value).startswith("rules.toml: "), caught.value


def test_every_milestone_has_a_rule() -> None:
    assert set(rule_book().milestones) == set(MILESTONES)
    assert set(rule_book().decisions) == set(levers())
