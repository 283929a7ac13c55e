"""`jirga compare A B --and C`: the four runs, the table and the document, and what is refused."""

from pathlib import Path

import pytest

from sim.analysis.joint_effects import compare_joint
from sim.analysis.joint_words import sentence
from sim.inputs.scenario_reader import load_scenario
from tests.app.command import WORLDS, document, fail, succeed

pytestmark = pytest.mark.slow

FILE = 'title = "{}"\nbase = "{}"\nend = 2020-05-01\n'


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The baseline and two of its changes, over two months."""
    folder, found = tmp_path_factory.mktemp("joint"), []
    for name in ("baseline", "all-5000-at-once", "power-shared-in-march"):
        found.append(folder / f"{name}-short.toml")
        found[-1].write_text(FILE.format(name, name), encoding="utf-8")
    return found


def test_text_and_document_are_those_of_python(files: list[Path]) -> None:
    base, a, b = files
    words = ("compare", base, a, "--and", b, *WORLDS)
    found = compare_joint(load_scenario(base), load_scenario(a), load_scenario(b), 8, 7)
    given = document(*words)
    assert {name: run["hash"] for name, run in given["runs"].items()} == {
        name: getattr(found, name).scenario.hash() for name in ("base", "a", "b", "both")
    }
    rows = {one.outcome: one for one in found.table()}
    assert {name: (row["interaction"], row["low"], row["high"]) for name, row in given["joint"].items()} == {
        name: (one.interaction, one.low, one.high) for name, one in rows.items()
    }
    assert rows["attacks"].both.effect not in (rows["attacks"].a.effect, rows["attacks"].b.effect)
    output = succeed(*words)
    assert sentence(rows["attacks"]) in " ".join(output.split())
    for part in ("B  all-5000-at-once", "C  power-shared-in-march", "8 worlds with the same luck", "not a forecast"):
        assert part in output, output
    assert max(len(line) for line in output.splitlines()) <= 80, output
    assert "US troops at 5,000" not in output, "nothing changes it"


@pytest.mark.parametrize(("words", "problem"), [
    (("all-5000-at-once", "--and", "free-run"), "kabul.ghani.offer: cannot be combined: one sets it to 5,000"),
    (("no-review", "--and", "no-review"), "no-review and no-review do the same"),
    (("no-review", "--and", "same-window-2019"), "only runs over the same days"),
    (("no-review", "--and", "demand-150"), "did you mean demand-1500?"),
    (("-", "--and", "-"), "only one of the scenarios can come from standard input"),
    (("no-review", "--and", "demand-1500", "--adjust", "holm"), '--adjust = "holm": cannot be used with --and'),
    (("no-review", "--and", "no-review", "--on", "attacks", "--until", "interval < 9"), "cannot be used with --until"),
])  # fmt: skip
def test_wrong_input_gets_one_line(words: tuple[str, ...], problem: str) -> None:
    assert problem in fail("compare", "baseline", *words)
