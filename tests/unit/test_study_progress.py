"""Progress as text: one line per minute, with speed and time left."""

import time

import pytest

from sim.cli.study import progress as text
from sim.study.progress_rate import ProgressRate, span


class Clock:
    """A clock that a test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


def test_one_line_a_minute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock(monkeypatch)
    with text.progress() as report:
        for second in range(0, 200, 10):
            clock.now = 1000.0 + second
            report(40_000 + 50 * second, 100_000)
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line[6:] for line in err.splitlines()]
    assert lines == [
        "43,000 of 100,000 worlds (43 %), 50 worlds per second, 19:00 left",
        "46,000 of 100,000 worlds (46 %), 50 worlds per second, 18:00 left",
        "49,000 of 100,000 worlds (49 %), 50 worlds per second, 17:00 left",
    ]


def test_what_was_there_at_the_start_counts_for_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    pace = ProgressRate()
    pace.note(500, 1000)
    assert (pace.rate, pace.words()) == (None, "...")
    clock.now += 10
    pace.note(501, 1000)
    assert pace.words() == "6.0 worlds per minute, 1:23:10 left"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0:00"),
        (42.4, "0:42"),
        (725, "12:05"),
        (11_220, "3:07:00"),
        (180_000, "2 days 2:00:00"),
    ],
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words
