"""`jirga variance`: its tables, its document, and what it refuses."""

from pathlib import Path

import pytest

from tests.app.command import document, fail, succeed

pytestmark = pytest.mark.slow

SHORT = 'title = "The window"\nbase = "baseline"\nend = 2020-04-15\n'
FEW = ("--worlds", "64", "--on", "attacks", "--on", "talks_open")


def test_the_text_and_the_document_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "short.toml"
    file.write_text(SHORT)
    output = succeed("variance", str(file), *FEW)
    for part in ("not a forecast", "64 rows, 256 worlds run, seed 0", "assumptions alone", "only several together"):
        assert part in output, output
    assert "Talks open: reached: the same in every world" in output
    assert max(len(line) for line in output.splitlines()) <= 80, output
    given = document("variance", str(file), *FEW)
    assert given["outcomes"]["reached_talks_open"] is None
    share = given["outcomes"]["attacks"]["alone"]["assumptions"]
    assert 0 <= share["low"] <= share["value"] <= share["high"] <= 1
    assert f"{100 * share['value']:.0f} % (" in output, (share, output)


@pytest.mark.parametrize(("words", "problem"), [
    (("--on", "talks_opne"), "did you mean"),
    (("--assumptions", "point"), "leaves no assumptions open"),
    (("--worlds", "8"), "worlds = 8: out of bounds"),
    (("baseline", "one-president"), "only decisions may differ"),
    (("baseline", "same-window-2019"), "same-window-2019"),
    (("nowhere",), "nowhere"),
])  # fmt: skip
def test_wrong_input_gets_one_line(words: tuple[str, ...], problem: str) -> None:
    assert problem in fail("variance", *words)
