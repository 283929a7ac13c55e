"""Arguments in Python: what means the same gives the same, anything else is an InputError that names the argument."""

import datetime as dt
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.exercise import rules
from sim.exercise.events import Injected
from sim.exercise.settings import ExerciseSettings
from sim.export.run_folder import write_run
from sim.inputs.intervention import Intervention
from sim.runs.runner import run_points, run_scenarios
from sim.schema import arguments
from sim.study.factor import Factor
from sim.study.summary import summarise
from tests.unit import odd_arguments as odd
from tests.unit.classroom import lesson
from tests.unit.odd_class_arguments import class_calls
from tests.unit.odd_study_arguments import study_calls
from tests.unit.odd_values import ODD, Call
from tests.unit.studies import filled, grid

FEWEST = 3000  # combinations of function, argument and value
API = Path(__file__).resolve().parents[2] / "docs" / "api.md"
# On the page docs/api.md, but called by the package itself, or not with a caller's values.
INTERNAL = {
    "Amount", "Answer", "JointComparison", "JointComparison.table", "JointEffect", "Reading", "Verdict",
    "Batch", "Batch.empty", "Batch.row_indices", "Batch.store", "Cliffs", "Effect", "Estimate",
    "FactorResult", "InputError.at", "Jump", "MilestoneEffect", "MilestoneSummary", "Obstacle",
    "Observation", "Observations", "ObservationScore", "Scores", "Versus",
    "Box", "Box.inside", "Discovery", "FoundBox", "Tally", "Tally.of", "discover_box",
    "OutcomeView", "Reason", "Reasons", "Theories",
    "PeaceProcess.act", "WorldsModel", "WorldsModel.register_agent", "WorldsModel.filled",
    "Actor.decide", "Factor.quantile", "Folder",
    "Folder.check", "Folder.skip_units", "Plan.scenario", "ExerciseSettings.starts", "ExerciseSettings.ends",
    "ExerciseSettings.from_json", "StudentActions", "TeacherActions",
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> odd.Stage:
    """A run, a study and an exercise."""
    place = tmp_path_factory.mktemp("odd")
    folder, _ = filled(place / "study", grid(series=("attacks",)))
    exercise = lesson(place, (1, "ghani"), (1, "taliban"), (1, "press"), minutes=10, press="groups")
    exercise.open()
    results, other = (sim.simulate(odd.BASE.change({"us.aid_cut": cut}), 2) for cut in (0.0, 1.0))
    return odd.Stage(results, other, folder, exercise, place)


@pytest.fixture(scope="module")
def calls(stage: odd.Stage) -> dict[str, Call]:
    """Every function."""
    return odd.model_calls() | odd.result_calls(stage) | study_calls(stage) | class_calls(stage)


def public() -> set[str]:
    """The functions and methods of docs/api.md that take arguments; a class stands for its constructor."""
    found = set()
    for line in re.findall(r"^::: (.+)$", API.read_text(encoding="utf-8"), re.MULTILINE):
        module, _, name = line.rpartition(".")
        one = getattr(import_module(module), name)
        methods = {} if inspect.isfunction(one) else vars(one)
        made = {f"{name}.{key}": getattr(one, key) for key in methods if not key.startswith("_")}
        own = {name: one} if not (inspect.isclass(one) and issubclass(one, Exception)) else {}
        for key, function in (own | made).items():
            bound = len(key.split(".")) > 1 and not inspect.ismethod(function)  # the first parameter is the object
            if callable(function) and len(inspect.signature(function).parameters) > bound:
                found.add(key)
    return found


@pytest.mark.slow
def test_every_public_function_is_tried(calls: dict[str, Call]) -> None:
    assert public() - set(calls) == INTERNAL


def problem(call: Call, argument: str, value: Any) -> str | None:
    """What is wrong with how an odd value is refused; None for an InputError on one line that names the argument."""
    try:
        call.function(**{**call.valid, argument: value})
    except InputError as error:
        said, named = str(error), call.named.get(argument, argument).rstrip("s")
        itself = isinstance(value, str | dict)  # a wrong word is shown, and the key of a table
        return None if "\n" not in said and (itself or named in said) else f"does not name it: {said}"
    except Exception as error:  # noqa: BLE001  any other is what this test looks for
        return f"{type(error).__name__}: {error}"
    return "is accepted"


@pytest.mark.slow
def test_every_odd_value_is_refused_by_name(
    calls: dict[str, Call], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # an accepted path would be made here
    wrong, tried = [], 0
    for name, call in calls.items():
        for argument in call.kinds:
            for value in call.odd(argument):
                tried += 1
                found = problem(call, argument, ODD[value]())
                if found is not None:
                    wrong.append(f"{name}({argument}={value}): {found}")
    assert not wrong, f"{len(wrong)} of {tried}:\n" + "\n".join(wrong)
    assert tried >= FEWEST, tried
    assert not list(tmp_path.iterdir())


DAY = dt.date(2020, 3, 2)
DAYS: dict[str, Callable[[dt.date], Any]] = {
    "pandas": pd.Timestamp,
    "NumPy": np.datetime64,
    "NumPy, nanoseconds": lambda day: np.datetime64(day, "ns"),
    "NumPy, without axes": lambda day: np.array(day, "datetime64[D]"),
    "midnight": lambda day: dt.datetime(day.year, day.month, day.day),  # noqa: DTZ001  no time zone on purpose
}
NUMBERS: dict[str, Callable[[int], Any]] = {
    "int64": np.int64,
    "int8": np.int8,
    "uint16": np.uint16,
    "without axes": np.array,
}
LISTS: dict[str, Callable[[list[Any]], Any]] = {
    "tuple": tuple,
    "generator": lambda given: (one for one in given),
    "iterator": iter,
    "keys": lambda given: dict.fromkeys(given).keys(),
    "array": lambda given: np.array(given, dtype=object),
    "series": lambda given: pd.Series(given, dtype=object),
}


@pytest.mark.parametrize("make", DAYS.values(), ids=DAYS.keys())
def test_a_date_of_any_kind_is_that_date(stage: odd.Stage, make: Callable[[dt.date], Any]) -> None:
    end = dt.date(2020, 3, 4)
    plain = odd.BASE.with_dates(DAY, end)
    assert odd.BASE.with_dates(make(DAY), make(end)) == plain
    assert sim.Scenario("Own", make(DAY), make(end)) == sim.Scenario("Own", DAY, end)
    assert type(sim.Scenario("Own", make(DAY), make(end)).end) is dt.date
    assert Intervention("us.aid_cut", 1.0, make(DAY)) == Intervention("us.aid_cut", 1.0, DAY)
    assert Factor("us.aid_cut", make(DAY), low=0, high=1) == Factor("us.aid_cut", DAY, low=0, high=1)
    assert odd.BASE.change({"talks.planned_date": make(end)}) == odd.BASE.change({"talks.planned_date": end})
    assert stage.results.index(make(DAY)) == 1
    assert odd.BASE.imposed(make(DAY)) == odd.BASE.imposed(DAY)
    assert sim.PeaceProcess(odd.BASE).day_of(make(DAY)) == 1
    assert ExerciseSettings(start=make(end)) == ExerciseSettings(start=end)


@pytest.mark.slow
@pytest.mark.parametrize("make", NUMBERS.values(), ids=NUMBERS.keys())
def test_a_whole_number_of_any_kind_is_that_number(make: Callable[[int], Any]) -> None:
    plain = sim.simulate(odd.BASE, 3, 2, first=1)
    found = sim.simulate(odd.BASE, make(3), make(2), first=make(1))
    assert (found.worlds, found.seed, found.first) == (3, 2, 1)
    assert {type(found.worlds), type(found.seed), type(found.first)} == {int}
    assert all(np.array_equal(found.arrays[name], plain.arrays[name]) for name in plain.arrays)
    assert sim.PeaceProcess(odd.BASE, make(3), rng=make(2)).seed == 2
    assert len(list(found.day_tables(make(2)))) == 2
    assert ExerciseSettings(rounds=make(4), seed=make(5)) == ExerciseSettings(rounds=4, seed=5)
    assert grid(worlds=make(64), seed=make(7)).hash() == grid(worlds=64, seed=7).hash()
    assert odd.BASE.change({"us.aid_cut": make(1)}) == odd.BASE.change({"us.aid_cut": 1})


@pytest.mark.slow
@pytest.mark.parametrize("make", LISTS.values(), ids=LISTS.keys())
def test_a_list_of_any_kind_is_read_once_and_whole(
    stage: odd.Stage, tmp_path: Path, make: Callable[[list[Any]], Any]
) -> None:
    """One that can be read only once, a generator, gives what a list gives."""
    formats = ["csv", "parquet"]
    write_run(stage.results, tmp_path / "run", make(formats), charts=False)
    assert {f"worlds.{kind}" for kind in formats} <= {file.name for file in (tmp_path / "run").iterdir()}
    other = odd.BASE.change({"us.aid_cut": 1.0})
    assert [run.scenario for run in run_scenarios(make([odd.BASE, other]), 2)] == [odd.BASE, other]
    settings = ["us.aid_cut=1", "taliban.leverage=0.5"]
    assert odd.BASE.with_settings(make(settings)) == odd.BASE.with_settings(settings)
    given = {
        "watch": ["attacks", "talks_open"],
        "rests_on": ["S1", "S2"],
        "interventions": [Intervention("us.aid_cut", 1.0)],
    }
    assert sim.Scenario("Own", **{key: make(some) for key, some in given.items()}) == sim.Scenario("Own", **given)  # type: ignore[arg-type]
    levels = [0.25, 0.75]
    assert stage.results.quantiles("attacks", make(levels)).equals(stage.results.quantiles("attacks", levels))
    both = sim.Comparison(stage.results, stage.other)
    assert both.table(make(["attacks", "airstrikes"])) == both.table(["attacks", "airstrikes"])
    milestones = both.milestones(["talks_open", "ceasefire"])
    assert repr(both.milestones(make(["talks_open", "ceasefire"]))) == repr(milestones)  # NaN is not equal to itself
    points = run_points(odd.BASE, {"us.aid_cut": make(levels)}, 2)
    assert points.number == 2
    assert stage.folder.table(make(["point", "attacks"])).column_names == ["point", "attacks"]
    assert summarise(stage.folder, make(["attacks", "airstrikes"])).outcomes == ("attacks", "airstrikes")
    assert (
        grid(outcomes=make(["attacks"]), series=make(["attacks"])).hash()
        == grid(outcomes=["attacks"], series=["attacks"]).hash()
    )
    assert ExerciseSettings(seats=make(["us", "ghani"])) == ExerciseSettings(seats=("us", "ghani"))


@pytest.mark.slow
def test_an_event_for_some_groups_reaches_only_those(tmp_path: Path) -> None:
    one = lesson(tmp_path, (1, "ghani"), (2, "ghani"), (3, "ghani"), groups=3)
    one.open()
    state = one.room._log.state(one.exercise)
    for make in LISTS.values():
        act = rules.inject(state, "leaked-list", make([3, 1]))
        assert isinstance(act, Injected)
        assert act.groups == (1, 3)
    one.room.inject(one.secret, "leaked-list", (group for group in (3, 1)))
    assert [bool(one.seat(group, "ghani").news) for group in (1, 2, 3)] == [True, False, True]


def test_lists_that_can_be_read_once_are_read_once() -> None:
    """Every kind of list: its own items once, in order, and nothing that only looks like one."""
    assert arguments.items("some", iter([3, 1]), "numbers") == (3, 1)
    endless: Iterator[int] = iter(range(3))
    next(endless)
    assert arguments.items("some", endless, "numbers") == (1, 2)
