"""Every command with streams that are full, closed or gone: an exit code, at most one line, never a traceback."""

import json

import pytest
import typer

from sim.cli.app import app
from tests.app.command import ERROR, process

pytestmark = pytest.mark.slow

Case = tuple[tuple[str, ...], tuple[str, str, str]]

KEPT, FULL, CLOSED = (("kept", out, "kept") for out in ("kept", "full", "closed"))
ALL_CLOSED = ("closed", "closed", "closed")
SILENT = [("kept", "kept", how) for how in ("full", "closed", "gone")]
GOOD = [
    tuple(line.split())
    for line in ("list", "list --json", "show baseline --toml", "check baseline", "outcomes --json", "parameters",
                 "parameters us.aid_cut", "study list", "theories --list")
]  # fmt: skip
BAD = [
    tuple(line.split())
    for line in ("fly", "run", "run nope", "run --flie", "run baseline --worlds 0", "study status nope",
                 "exercise list nope", "class serve --port 0", "dashboard --port 0")
]  # fmt: skip
HELPED = [(name, "--help") for name in typer.main.get_command(app).commands]  # type: ignore[attr-defined]  # a group
CASES: list[Case] = [
    *((words, FULL) for words in HELPED),
    *((words, how) for words in GOOD for how in (KEPT, FULL, CLOSED, ALL_CLOSED)),
    *((words, how) for words in GOOD[:3] for how in SILENT),
    *((words, how) for words in BAD for how in (SILENT[0], ("kept", "full", "full"), ALL_CLOSED)),
]
Found = dict[Case, tuple[int, str, str]]


@pytest.fixture(scope="module")
def found() -> Found:
    """Exit code, stdout and stderr by words and streams."""
    start = "import runpy; runpy.run_module('tests.app.forked_command', run_name='__main__')"
    done = process(code=start, input=json.dumps(CASES))
    assert done.returncode == 0, done.stderr
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


def test_nothing_ends_in_a_traceback(found: Found) -> None:
    wrong = {case: given for case, given in found.items() if given[0] not in {0, ERROR} or "Trace" in str(given)}
    assert not wrong, wrong
    assert not [case for case, (_, _, err) in found.items() if "ignored" in err]


def test_a_full_stdout_is_one_line(found: Found) -> None:
    for words in (*HELPED, *GOOD):
        code, _, err = found[words, FULL]
        assert (code, err.count("\n")) == (ERROR, 1), (words, err)
        assert "No space left on device" in err, words


def test_a_full_closed_or_gone_stderr_ends_no_command(found: Found) -> None:
    for words in GOOD[:3]:
        for how in SILENT:
            assert found[words, how][:2] == found[words, KEPT][:2], (words, how)


def test_closed_streams_are_not_missed(found: Found) -> None:
    for words in GOOD:
        assert [found[words, how][0] for how in (KEPT, CLOSED, ALL_CLOSED)] == [0, 0, 0], words


def test_bad_input_has_its_exit_code_whatever_the_streams(found: Found) -> None:
    tried = {case: given for case, given in found.items() if case[0] in BAD}
    assert len(tried) == 3 * len(BAD)
    assert all(given[0] == ERROR for given in tried.values()), tried
