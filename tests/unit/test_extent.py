"""The y axis of a daily series: it stays as it is while a little more or less is drawn."""

from typing import Any

import numpy as np

from sim.charts.lines import Line, lines

DAYS = np.arange(np.datetime64("2020-03-01"), np.datetime64("2020-06-01")).astype("datetime64[s]")


def test_the_axis_of_lines_grows_in_steps_with_what_is_drawn() -> None:
    """A curve that moves a little leaves the axis of Compare as it is; the band counts, and unknown days do not."""

    def end(*values: Any, unit: str = "people") -> float:
        spec = lines([Line(str(i), value) for i, value in enumerate(values)], DAYS, unit=unit, title="Lines")
        scale = spec["layer"][0]["layer"][-1]["encoding"]["y"]["scale"]
        return float(scale["domain"][1])

    usual = np.linspace(0, 930, len(DAYS))
    assert end(usual, usual * 0.9) == end(usual, usual * 1.05) == end(usual) == 1000
    assert end(usual, usual * 1.2) == 1500
    assert end(np.where(usual > 500, np.nan, usual)) == 500
    assert end(usual / 5000, unit="share of worlds") == 1
    band = lines([Line("a", usual, usual, usual + 600)], DAYS, unit="people", title="Lines")
    assert band["layer"][0]["layer"][0]["encoding"]["y"]["scale"]["domain"][1] == 2000
