"""What the program writes it reads back equal: scenarios, plans and settings with any allowed text and number."""

import datetime as dt
from pathlib import Path
from string import ascii_letters
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.exercise.settings import LONGEST_TITLE, ExerciseSettings, read_settings
from sim.files.toml_reader import DEEPEST, LARGEST, parse_toml
from sim.files.toml_writer import write_toml
from sim.inputs.intervention import Intervention
from sim.inputs.scenario import LONGEST, Scenario
from sim.inputs.scenario_reader import parse_scenario
from sim.study.factor import Factor
from sim.study.folder import Folder
from sim.study.plan import MOST_VALUES, Plan
from sim.study.plan_reader import read_plan
from sim.study.plan_writer import write_plan
from tests.unit import studies
from tests.verification.anything import STEADY, interventions, parameters

SOME = settings(STEADY, max_examples=30)
FEW = settings(STEADY, max_examples=20)
OFFER, LEVERAGE, ASK = "kabul.ghani.offer", "taliban.leverage", "kabul.abdullah.ask_base"
HARD = st.sampled_from([*"...\"'`#=[]{}\\,:-_ @ً中🕊", '"""', "'''", "a.b", "\\u0041", "1.5"])
PLAIN = st.characters(exclude_categories=("C", "Z"))
START = dt.date(2020, 3, 1)


def words(longest: int, *more: str) -> st.SearchStrategy[str]:
    """Text of up to so many characters, full of what has a meaning in TOML."""
    piece = st.one_of(HARD, HARD, PLAIN, *(st.just(one) for one in more))
    made = st.lists(piece, min_size=1, max_size=80).map("".join)
    dots = st.integers(min(200, longest), longest).map(lambda size: "." * size)  # more than any table has levels
    return st.one_of(made, made, dots).map(lambda text: text[:longest]).filter(str.strip)


def number(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda value: value + 0.0)


@st.composite
def scenarios(draw: st.DrawFn, name: str = "") -> Scenario:
    """Any scenario over twenty days."""
    days = 20
    imposed = draw(interventions(START, days))
    texts = [(draw(words(1000)), draw(words(200))) for _ in imposed]
    return Scenario(
        draw(words(LONGEST["title"])),
        START,
        START + dt.timedelta(days),
        interventions=tuple(
            Intervention(one.lever, one.value, one.start, one.until, *text)
            for one, text in zip(imposed, texts, strict=True)
        ),
        question=draw(words(LONGEST["question"])),
        notes=draw(words(LONGEST["notes"], "\n", "\r", "\r\n", "\t", "\n\n")),
        rests_on=("S10", "S2"),
        run=draw(st.fixed_dictionaries({"worlds": st.integers(1, 10**6), "seed": st.integers(0, 2**63 - 1)})),
        name=name,
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Any plan of two scenarios: a list, a grid, or sampled settings."""
    letters = st.text(ascii_letters + "._+- 0é中", max_size=20)
    names = draw(st.lists(letters, min_size=2, max_size=2, unique_by=str.lower))
    chosen = tuple(draw(scenarios(f"s{name}x".replace(" .", "_"))) for name in names)
    size = draw(st.sampled_from([1, 2, 60, 280]))
    day = st.one_of(st.none(), st.integers(0, 9).map(lambda shift: START + dt.timedelta(shift)))
    until = draw(st.one_of(st.none(), st.just(dt.date(2020, 3, 15))))
    step, first = draw(number(0.1, 10)), draw(number(0, 2))  # many numbers of many digits from two that are drawn
    offers = [first + step * place for place in range(size)]
    shares = [one / 5000 for one in offers]
    tried = (Factor(OFFER, draw(day), until, tuple(offers)), Factor(LEVERAGE, values=tuple(shares)))
    sampled = (Factor(OFFER, draw(day), until, low=min(offers) / 2, high=5000.0), Factor(ASK, low=0.1, high=0.5))
    method = draw(st.sampled_from(["list", "grid", "latin-hypercube", "one-at-a-time"]))
    vary = {"list": tried, "grid": tried[:1]}.get(method, sampled)
    return Plan(
        draw(words(200)), chosen, chosen[0].name, draw(st.integers(1, 50)), draw(st.integers(0, 2**63 - 1)),
        method=method, vary=vary, samples=8 if method == "latin-hypercube" else 0, question=draw(words(1000)),
        outcomes=("attacks",), series=draw(st.sampled_from([(), ("attacks", "us_troops")])),
    )  # fmt: skip


@pytest.mark.slow
@SOME
@given(scenarios())
def test_a_scenario(scenario: Scenario) -> None:
    again = parse_scenario(scenario.to_toml())
    assert again == scenario
    assert again.to_toml() == scenario.to_toml()


@pytest.mark.slow
@SOME
@given(parameters())
def test_the_parameters_of_a_scenario(changed: dict[str, Any]) -> None:
    try:
        scenario = Scenario("Any", parameters=changed)
    except InputError:  # a derived parameter out of its bounds
        return
    assert parse_scenario(scenario.to_toml()) == scenario


@pytest.mark.slow
@FEW
@given(plan=plans())
def test_a_plan_and_its_scenarios(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("plan")
    for name, text in write_plan(plan).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    again = read_plan(folder / "study.toml")
    assert again == plan
    assert again.hash() == plan.hash()


@pytest.mark.slow
@SOME
@given(words(LONGEST_TITLE), number(0.5, 120), st.integers(0, 2**63 - 1))
def test_the_settings_of_an_exercise(title: str, minutes: float, seed: int) -> None:
    chosen = ExerciseSettings(title=title, minutes=minutes, seed=seed, seats=("us", "taliban"), rounds=3)
    assert ExerciseSettings.from_json(chosen.to_json()) == chosen
    written = {"title": title, "minutes": minutes, "seed": seed, "seats": ["us", "taliban"], "rounds": 3}
    assert read_settings(parse_toml(write_toml(written), file="settings.toml")) == chosen


@pytest.mark.parametrize("steps", [2, 255, 256, 257, 300, 1000])
def test_a_study_over_many_steps_opens_again(steps: int, tmp_path: Path) -> None:
    plan = studies.grid(vary=(Factor(LEVERAGE, values=tuple(step / steps for step in range(steps))),))
    Folder.create(tmp_path / "study", plan)
    assert Folder.open(tmp_path / "study").plan == plan


@pytest.mark.slow
def test_the_largest_plan_opens_again(tmp_path: Path) -> None:
    values = tuple((step + 0.123456789) / (3 * MOST_VALUES) for step in range(MOST_VALUES))
    plan = studies.grid(vary=(Factor(LEVERAGE, values=values),), worlds=1, question="." * 1000)
    Folder.create(tmp_path / "study", plan)
    assert Folder.open(tmp_path / "study").plan == plan


def test_a_scenario_too_large_for_a_file_is_refused_when_it_is_written(tmp_path: Path) -> None:
    """A chain of bases may have more texts than one file holds."""
    imposed = tuple(
        Intervention(OFFER, 1500, START + dt.timedelta(day), START + dt.timedelta(day + 1), why="🕊" * 1000)
        for day in range(80)
    )
    long = Scenario("Long", interventions=imposed, end=dt.date(2020, 6, 1), name="long")
    with pytest.raises(InputError, match="too large to be written as a file"):
        long.to_toml()
    with pytest.raises(InputError, match="too large"):
        Folder.create(tmp_path / "study", Plan("Long", (long,), "long", 1))
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="too large"):
        parse_toml("#" * (LARGEST + 1), file="x")


MANY = 100_000
DOTTED = {
    "a bare key": "a" + ".a" * MANY + " = 1",
    "a heading": "[a" + ".a" * MANY + "]",
    "a heading of an array": "[[a" + ".a" * MANY + "]]",
    "a quoted key": '"a"' + ' . "a"' * 30_000 + " = 1",
    "a literal key": "'a'" + "\t.\t'a'" * 30_000 + " = 1",
    "an inline table": "x = {a" + ".a" * MANY + " = 1}",
    "a key after strings": 'x = ["""a""""", \'\'\'b\'\'\'\', "\\"#", \'\\\']\na' + ".a" * MANY + " = 1",
    "a key after a comment": "# '\"\na" + ".a" * MANY + " = 1",
    "one part too many": "a." * DEEPEST + "a = 1",
    "many parts with a heading": "[" + "a." * 8 + "a]\n" + "a." * 8 + "a = 1",
}
HOSTILE = {
    "a bare word": "a" * 250_000 + " = 1",
    "spaces": "a" + " " * 250_000 + ". = 1",
    "words": "a " * 120_000,
    "quotes": '"' * 250_000,
    "apostrophes": "'" * 250_000,
    "escapes": '"""\\' * 60_000,
    "an endless string": 'x = """' + '""\\"' * 60_000,
    "lines of strings without end": '"a\n' * 80_000,
    "dots": "." * 250_000,
}
FINE = {
    "dots in a string": f'x = "{"a." * 300}"',
    "dots in a literal string": f"x = '{'a.' * 300}'",
    "dots in lines": 'x = """' + "a.\n." * 300 + '"""""',
    "dots in literal lines": "x = '''" + "a." * 300 + "'''''",
    "dots after a string that ends in quotes": 'x = ["""a"""", "' + "a." * 300 + '"]',
    "dots after escapes": 'x = "\\\\\\"' + "a." * 300 + '"',
    "dots in a comment": "x = 1 # it's " + "a." * 300,
    "numbers in a list": "x = [" + "0.5, " * 8000 + "]",
    "numbers in a list of lines": "x = [\n" + "0.5,\n" * 8000 + "]",
    "the longest key": "a." * (DEEPEST - 1) + "a = 1",
}


@pytest.mark.parametrize("text", DOTTED.values(), ids=DOTTED)
def test_an_endless_key_is_refused_without_being_parsed(text: str) -> None:
    with pytest.raises(InputError, match="nested too deeply"):
        parse_toml(text, file="x.toml")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_time_in_proportion(text: str) -> None:
    """Text on which a careless pattern would run for hours; the parser says what is wrong with it."""
    with pytest.raises(InputError, match="not valid TOML"):
        parse_toml(text if text[0] != "a" or text[1] != "a" else text + "=", file="x.toml")


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_dots_that_nest_nothing_are_allowed(text: str) -> None:
    assert parse_toml(text, file="x.toml")
