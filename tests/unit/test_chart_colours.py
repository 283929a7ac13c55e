"""Colours of charts: distinct without colour vision, and on paper."""

from sim.charts.theme import INNER, MEDIAN, OUTER, ROWS


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0 black to 1 white (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_are_distinct_in_grey() -> None:
    """The bands and the median differ in lightness; rows have a contrast of 3 to 1 on white (WCAG 1.4.11)."""
    outer, inner, median = (luminance(c) for c in (OUTER, INNER, MEDIAN))
    assert (outer + 0.05) / (inner + 0.05) > 1.5
    assert (inner + 0.05) / (median + 0.05) > 3
    for colour in ROWS:
        contrast = 1.05 / (luminance(colour) + 0.05)
        assert contrast >= 3, f"{colour} has a contrast of {contrast:.2f} on white"
