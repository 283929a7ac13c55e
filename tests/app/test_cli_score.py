"""`jirga score`: its text, its document, its example, and what it refuses; `jirga calibrate` takes no such file."""

from pathlib import Path

import pytest

from tests.app.command import document, fail, succeed

FEW = ("--worlds", "8")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the command prints."""
    file = tmp_path_factory.mktemp("score") / "invented.toml"
    file.write_text(succeed("score", "--example"), encoding="utf-8")
    return file


@pytest.mark.slow
def test_the_text_has_every_observation_and_a_sentence_for_every_forecast(example: Path) -> None:
    output = succeed("score", example, *FEW)
    words = " ".join(output.split())
    for part in (
        "An example: all numbers are invented", "not a forecast", "talks_open", "not before 1 Dec 2020",
        "500 to 700 people", 'Dates, beside "Lindy": the ensemble is better in',
        'Numbers, beside "the pace goes on": the ensemble is better in', "The 95 % bands cover",
    ):  # fmt: skip
        assert part in words, output
    assert max(len(line) for line in output.splitlines()) <= 80, output


@pytest.mark.slow
def test_the_document_has_the_scores(example: Path) -> None:
    given = document("score", example, "free-run", *FEW, "--seed", "7")
    assert (given["scenario"], given["worlds"], given["seed"]) == ("free-run", 8, 7)
    assert given["note"]
    by_name = {one["outcome"]: one for one in given["observations"]}
    assert list(by_name["talks_open"]["forecasts"]) == ["ensemble", "no change", "the schedule", "Lindy", "uniform"]
    assert set(by_name["attacks"]["bands"]) == {"50", "80", "95"}
    assert by_name["attacks"]["forecasts"]["the pace goes on"]["says"] == 3100
    assert {one["kind"] for one in given["versus"]} == {"dates", "numbers"}
    assert len(given["sentences"]) == 3 + len(given["versus"])


def test_a_wrong_file_is_refused_before_anything_is_run(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "Mine"\n[[observations]]\noutcome = "us_trops"\nsource = "me"\n')
    message = fail("score", file, "--worlds", "100000000000")
    assert 'observations 1.outcome = "us_trops": no such outcome; did you mean us_troops?' in message
    assert "--example prints one" in fail("score")


def test_days_outside_the_run_are_refused(example: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.toml"
    short.write_text('title = "Short"\nbase = "baseline"\nend = 2020-09-01\n')
    assert "observations 3.ceasefire = 2020-11-30: is not within the days of" in fail("score", example, short)
    assert "does not include 2020-04-15" in fail("score", example, "same-window-2019")


def test_calibrate_takes_no_observations(example: Path) -> None:
    """Neither as an argument nor through any option; as other facts they are refused."""
    assert "invented.toml" in fail("calibrate", str(example))
    assert "no such key" in fail("calibrate", "--facts", str(example))
    for option in ("--observations", "--score", "--file"):
        assert option in fail("calibrate", option, str(example))
