"""A plan's own points from a CSV file: what is read, what is refused and with which words, and what is written."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.results.csv_table import read_csv_table
from sim.schema.decisions import levers
from sim.study import plan as plans
from sim.study.factor import UNCHANGED, Factor
from sim.study.plan import MOST_VALUES, Plan
from sim.study.plan_reader import read_plan
from sim.study.plan_writer import POINTS, write_plan
from sim.study.points_reader import MOST_CELLS, read_points, write_points
from tests.unit import studies
from tests.unit.test_study_plan import copied
from tests.verification.anything import STEADY, lever_value

OFFER, TRUCE, LEVERAGE, NUMBER = "kabul.ghani.offer", "taliban.truce", "taliban.leverage", "kabul.brokers.number"
PLAN = 'title = "x"\nscenarios = ["baseline"]\nworlds = 64\n[vary]\n'
DATED = f"{OFFER}@2020-03-10..2020-06-10"

BAD: dict[str, tuple[bytes, list[str]]] = {
    "empty": (b"", ["empty"]),
    "blank": (b" \n\n \n", ["empty"]),
    "only a mark": (b"\xef\xbb\xbf", ["empty"]),
    "only a head": (f"{OFFER}\n".encode(), ["line 2: has no points"]),
    "blank lines below the head": (f"{OFFER}\n\n  \n".encode(), ["line 2: has no points"]),
    "no head": (b"1500\n3000\n", ['line 1, column 1 = "1500"', "no such lever or parameter"]),
    "an empty name": (f"{OFFER},\n1500,1\n".encode(), ['line 1, column 2 = ""', "has no name"]),
    "a misspelt lever": (b"kabul.ghani.ofer\n1500\n", ['column 1 = "kabul.ghani.ofer"', f"did you mean {OFFER}?"]),
    "a misspelt parameter": (b"taliban.leverge\n0.5\n", [f"did you mean {LEVERAGE}?"]),
    "a name in capitals": (b"Taliban.Leverage\n0.5\n", [f"did you mean {LEVERAGE}?"]),
    "an outcome": (b"attacks\n5\n", ['line 1, column 1 = "attacks"', "no such lever or parameter"]),
    "a group": (b"kabul.ghani\n5\n", ["no such lever or parameter"]),
    "a date": (b"talks.planned_date\n2020-03-10\n", ["line 1, column 1", "is a date: only numbers"]),
    "a choice": (b"reading.attacks\nall\n", ["line 1, column 1", "is a choice: only numbers"]),
    "a name twice": (f"{OFFER},{OFFER}\n1,2\n".encode(), [f'line 1 = "{OFFER}"', "names a column twice"]),
    "days of a parameter": (f"{LEVERAGE}@2020-03-10..\n1\n".encode(), ["line 1", "only levers can have dates"]),
    "a day that is none": (f"{OFFER}@2020-02-31..\n1\n".encode(), ["line 1, column 1", "not a lever with dates"]),
    "days reversed": (f"{OFFER}@2020-06-10..2020-03-10\n1\n".encode(), ["line 1, column 1"]),
    "days before the run": (f"{OFFER}@2019-06-10..2019-07-10\n1\n".encode(), [OFFER]),
    "days that overlap": (f"{OFFER}@2020-03-10..2020-06-10,{OFFER}@2020-05-10..\n1,2\n".encode(), [OFFER]),
    "an empty cell": (f"{OFFER},{LEVERAGE}\n1500,\n".encode(), [f'line 2, column 2, {LEVERAGE} = ""', "empty"]),
    "a word": (f"{OFFER}\n1500\nmany\n".encode(), [f'line 3, column 1, {OFFER} = "many"', "0 to 5000 people"]),
    "out of bounds": (f"{OFFER}\n7000\n".encode(), [f'line 2, column 1, {OFFER} = "7000"', "0 to 5000 people"]),
    "negative": (f"{OFFER}\n-1\n".encode(), ["line 2, column 1", "out of bounds"]),
    "nan": (f"{LEVERAGE}\n0.5\nnan\n".encode(), [f'line 3, column 1, {LEVERAGE} = "nan"', "must be a finite number"]),
    "infinite": (f"{LEVERAGE}\ninf\n".encode(), ["must be a finite number"]),
    "too large": (f"{LEVERAGE}\n1e999\n".encode(), ["must be a finite number"]),
    "not whole": (f"{NUMBER}\n60.5\n".encode(), [f"column 1, {NUMBER}", "must be a whole number"]),
    "a number for a switch": (f"{TRUCE}\n2\n".encode(), [f'{TRUCE} = "2"', 'expected yes, no or "unchanged"']),
    "a word for a switch": (f"{TRUCE}\nyess\n".encode(), [f'{TRUCE} = "yess"', "expected yes, no"]),
    "yes for a number": (f"{OFFER}\nyes\n".encode(), [f'{OFFER} = "yes"', "must be a number"]),
    "a misspelt word": (f"{OFFER}\n1\nunchangd\n".encode(), [f'{OFFER} = "unchangd"', "did you mean unchanged?"]),
    "a unit": (f"{OFFER}\n1500 people\n".encode(), ['"1500 people"', "must be a number"]),
    "thousands": (f'{OFFER}\n"1,500"\n'.encode(), ['"1,500"', "must be a number"]),
    "per cent": (f"{LEVERAGE}\n50%\n".encode(), ['"50%"', "must be a number"]),
    "a formula": (f"{OFFER}\n=A1\n".encode(), ['"=A1"', "must be a number"]),
    "a missing cell": (f"{OFFER},{LEVERAGE}\n1500\n".encode(), ["line 2", "has 1 cells, but line 1 has 2 columns"]),
    "a cell too many": (f"{OFFER}\n1500,3\n".encode(), ["line 2", "has 2 cells, but line 1 has 1 columns"]),
    "tabs": (f"{OFFER}\t{LEVERAGE}\n1500\t0.5\n".encode(), ["line 1, column 1", "no such lever or parameter"]),
    "an open quote": (f'{OFFER}\n"1500\n'.encode(), ["line 2", "not valid CSV"]),
    "all unchanged": (f"{OFFER}\nunchanged\n".encode(), [f"column 1, {OFFER}", "changes nothing at any point"]),
    "latin-1": (f"{OFFER}\nfünf\n".encode("latin-1"), ["not UTF-8 text"]),
    "utf-16": (f"{OFFER}\n1500\n".encode("utf-16"), ["not UTF-8 text"]),
    "binary": (f"{OFFER}\n\0\n".encode(), ["binary, not CSV text"]),
    "too many": (f"{OFFER}\n".encode() + b"1\n" * (MOST_CELLS + 1), ["too many points", f"{MOST_CELLS:,} values"]),
}  # fmt: skip

BAD_PLANS = {
    "points = 5": ["vary.points = 5", "must be the name of a file"],
    'points = "points.txt"': ["vary.points", ".csv file from the plan's folder"],
    'points = "nowhere.csv"': ['vary.points = "nowhere.csv"', "no such file"],
    'points = "points.csv"\nsamples = 5': ["vary.samples = 5", "cannot be used together with points"],
    f'points = "points.csv"\n[vary.settings]\n"{OFFER}".values = [5]': ["vary.settings", "together with points"],
    'method = "grid"\npoints = "points.csv"': ['vary.method = "grid"', "points are a list"],
    'point = "points.csv"': ["vary.point", "no such key", "did you mean points?"],
}  # fmt: skip


def points(folder: Path, content: bytes) -> Plan:
    """A plan with the points of a file."""
    (folder / "points.csv").write_bytes(content)
    (folder / "study.toml").write_text(f'{PLAN}points = "points.csv"\n')
    return read_plan(folder / "study.toml")


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_file_of_points_gets_one_clear_line(name: str, tmp_path: Path) -> None:
    content, parts = BAD[name]
    with pytest.raises(InputError) as caught:
        points(tmp_path, content)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path}"), message
    assert message.isprintable(), message
    assert len(message) < 600, message
    for part in parts:
        assert part in message, f"{part!r} is not in {message!r}"


@pytest.mark.parametrize("text", BAD_PLANS)
def test_a_wrong_plan_of_points_gets_one_clear_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text(f"{OFFER}\n1500\n")
    (tmp_path / "study.toml").write_text(PLAN + text)
    with pytest.raises(InputError) as caught:
        read_plan(tmp_path / "study.toml")
    for part in BAD_PLANS[text]:
        assert part in str(caught.value), f"{part!r} is not in {str(caught.value)!r}"


def test_points_are_a_list(tmp_path: Path) -> None:
    content = (
        f"{DATED},{LEVERAGE},{TRUCE},{NUMBER}\n1500,0.5,yes,60\n\nunchanged,1e-1,FALSE,unchanged\n 3000 ,.5,0,61\n"
    )
    found = points(tmp_path, content.encode())
    days = dt.date(2020, 3, 10), dt.date(2020, 6, 10)
    assert (found.method, found.points) == ("list", 3)
    assert found.vary == (
        Factor(OFFER, *days, (1500, UNCHANGED, 3000)),
        Factor(LEVERAGE, values=(0.5, 0.1, 0.5)),
        Factor(TRUCE, values=(True, False, False)),
        Factor(NUMBER, values=(60, UNCHANGED, 61)),
    )
    (tmp_path / "list.toml").write_text(
        f'{PLAN}method = "list"\n[vary.settings]\n"{DATED}".values = [1500, "unchanged", 3000]\n'
        f'"{LEVERAGE}".values = [0.5, 0.1, 0.5]\n"{TRUCE}".values = [true, false, false]\n'
        f'"{NUMBER}".values = [60, "unchanged", 61]\n'
    )
    assert found.hash() == read_plan(tmp_path / "list.toml").hash(), "the same points, however they are written"
    assert copied(found) == found


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{OFFER};{LEVERAGE}\r\n1500;0,5\r\n3000;0,75\r\n",
        f'"{OFFER}","{LEVERAGE}"\n"1500","0.5"\n3000,0.75',
        f"\ufeff{OFFER} , {LEVERAGE}\n1500 , 0.5\n3000 , 0.75\n\n",
        f"{OFFER};{LEVERAGE}\n1500;0.5\n3000;0.75\n",
    ],
)
def test_spreadsheets_write_points_in_several_ways(content: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_bytes(content.encode())
    assert [one.values for one in read_points(tmp_path / "points.csv")] == [(1500, 3000), (0.5, 0.75)]


@pytest.mark.slow
def test_a_long_list_is_a_file_beside_the_copy_of_its_plan() -> None:
    values = tuple(k / (MOST_VALUES + 7) for k in range(MOST_VALUES + 1))
    long = studies.plan(method="list", vary=(Factor(LEVERAGE, values=values),), worlds=1)
    assert POINTS in write_plan(long)
    assert copied(long).hash() == long.hash()
    assert POINTS not in write_plan(studies.plan(method="list", vary=(Factor(LEVERAGE, values=values[:9]),)))
    with pytest.raises(InputError, match="at most 200,000"):
        studies.plan(method="list", vary=(Factor(LEVERAGE, values=(0.5,) * (plans.MOST_LISTED + 1)),), worlds=1)


def test_points_of_a_study_are_run(tmp_path: Path) -> None:
    listed = studies.plan(
        method="list", vary=(Factor(LEVERAGE, values=(0.2, UNCHANGED)),), worlds=2, outcomes=("attacks",)
    )
    (tmp_path / "points.csv").write_text(write_points(listed.vary))
    own = studies.plan(method="list", vary=read_points(tmp_path / "points.csv"), worlds=2, outcomes=("attacks",))
    assert own == listed
    folder, summary = studies.filled(tmp_path / "study", own)
    assert summary.rows == 4
    assert folder.design.values[LEVERAGE].tolist()[0] == 0.2


@st.composite
def factors(draw: st.DrawFn) -> tuple[Factor, ...]:
    """Levers with values of any kind."""
    names = draw(st.lists(st.sampled_from(list(levers())), min_size=1, max_size=4, unique=True))
    size = draw(st.integers(1, 5))
    made = []
    for name in names:
        first = draw(lever_value(levers()[name]))
        others = st.one_of(st.just(UNCHANGED), lever_value(levers()[name]))
        made.append(Factor(name, values=(first, *draw(st.lists(others, min_size=size, max_size=size)))))
    return tuple(made)


@pytest.mark.slow
@settings(STEADY, max_examples=60)
@given(factors())
def test_points_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, given: tuple[Factor, ...]
) -> None:
    file = tmp_path_factory.getbasetemp() / "any-points.csv"
    file.write_text(write_points(given), encoding="utf-8")
    assert read_points(file) == given


def test_a_table_says_whether_its_numbers_have_commas(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x;y\n1,5;2\n")
    table = read_csv_table(tmp_path / "a.csv", 1000)
    assert (table.columns, table.rows, table.decimal_comma) == (("x", "y"), ((2, ("1,5", "2")),), True)
    assert [table.number(cell) for cell in ("1,5", "2", "a,b")] == [1.5, 2, "a,b"]
    with pytest.raises(InputError, match="too large"):
        read_csv_table(tmp_path / "a.csv", 5)
