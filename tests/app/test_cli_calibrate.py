"""`jirga calibrate`: its text, its document, its file, and what it refuses."""

from pathlib import Path

import pytest

from sim.inputs import posterior
from sim.inputs.posterior import read_posterior
from tests.app.command import document, fail, jirga, succeed

pytestmark = pytest.mark.slow

FEW = ("--kept", "2", "--worlds", "2")


def test_the_document_is_what_is_written(tmp_path: Path) -> None:
    file = tmp_path / "sets.npz"
    given = document("calibrate", *FEW, "--out", str(file))
    written = read_posterior(file)
    assert given["kept"] == written.draws == 2
    assert given["made"]["met"] == written.made.met
    assert {one["name"] for one in given["parameters"]} == set(written.names)


def test_the_text_says_how_many_draws_meet_each_fact() -> None:
    output = succeed("calibrate", *FEW)
    for part in ("2 sets kept of 128 draws", "baseline: attacks", "The facts moved", "not a forecast"):
        assert part in output, output
    assert max(len(line) for line in output.splitlines()) <= 80, output


def test_what_replaces_the_sets_is_read_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posterior, "FILE", tmp_path / "posterior.npz")
    assert "posterior.npz" in "".join(succeed("calibrate", *FEW, "--replace").split())  # a long path is wrapped
    assert read_posterior(tmp_path / "posterior.npz").draws == 2


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "notes.npz"
    file.write_text("mine")
    assert "there is a file already" in fail("calibrate", *FEW, "--out", str(file))
    assert file.read_text() == "mine"
    assert "either --out or --replace" in fail("calibrate", *FEW, "--out", str(file), "--replace")


@pytest.mark.parametrize("words", [("--kept", "0"), ("--worlds", "0"), ("--seed", "-1"), ("--processes", "0")])
def test_numbers_out_of_bounds_are_refused(words: tuple[str, str]) -> None:
    assert words[0].removeprefix("--") in fail("calibrate", *words)


OWN = 'title = "Mine"\n[facts.coalition_spared]\nshare = [0.5, 1.0]\nsource = "invented"\n'


def test_sets_of_other_facts_name_them_and_never_replace_those_of_the_text(tmp_path: Path) -> None:
    own, file = tmp_path / "own.toml", tmp_path / "sets.npz"
    own.write_text(OWN)
    assert "facts own.toml" in succeed("calibrate", *FEW, "--facts", str(own), "--out", str(file))
    assert read_posterior(file).made.facts == "own.toml"
    assert "use --out FILE" in fail("calibrate", *FEW, "--facts", str(own), "--replace")
    assert "--facts" in fail("calibrate", "--truths", "2", "--facts", "s6-killed")


def test_wrong_facts_are_refused_before_a_file_is_claimed(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(OWN.replace("0.5", "5"))
    message = fail("calibrate", "--facts", str(tmp_path / "bad.toml"), "--out", str(tmp_path / "sets.npz"))
    assert "facts.coalition_spared.share = 5: out of bounds" in message
    assert [path.name for path in tmp_path.iterdir()] == ["bad.toml"]


def test_facts_are_checked_against_another_reading() -> None:
    done = jirga("facts", "--facts", "s6-killed", "--worlds", "8")
    assert done.exit_code in (0, 1), done.stderr
    for part in ("s6-killed: The 1,660 of S6 read as Taliban killed", "Taliban killed, 2019", "Facts s6-killed"):
        assert part in done.stdout, done.stdout
    assert "did you mean s6-killed?" in fail("facts", "--facts", "s6-kiled")
