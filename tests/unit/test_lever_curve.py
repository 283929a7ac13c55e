"""The curves below levers: points in their places, one scale for all, and the finding in words."""

import re

import pytest

from dashboard.render import lever_curve
from dashboard.runs.lever_responses import Response
from sim.schema.decisions import levers

OFFER, REVIEW = levers()["kabul.ghani.offer"], levers()["kabul.ghani.review"]
TALKS, ATTACKS = "reached_talks_open", "attacks"
VALUES = (0.0, 1250.0, 2500.0, 3750.0, 5000.0)


def response(*means: float, outcome: str = TALKS) -> Response:
    return Response(VALUES if len(means) == len(VALUES) else (0.0, 1.0), {outcome: means})


def corners(body: str) -> list[tuple[float, float, float]]:
    """The corners of the line: per cent from the left, and per cent and pixels from the top."""
    number = r"(-?[\d.]+)"
    found = re.findall(rf"{number}% calc\({number}% \+ {number}px\)", body)
    return [(float(x), float(y), float(more)) for x, y, more in found]


def test_the_line_goes_through_the_means() -> None:
    """The highest mean of all is at the top, the lowest at the bottom, and the line has the same width everywhere."""
    found = response(0.2, 0.4, 0.6, 0.8, 0.6)
    every = corners(lever_curve.draw(OFFER, found, TALKS, (0.2, 0.8), None, old=False))
    upper, lower = every[:5], every[:4:-1]
    assert [x for x, _, _ in upper] == [0, 25, 50, 75, 100] == [x for x, _, _ in lower]
    assert [y for _, y, _ in upper] == [100, 66.67, 33.33, 0, 33.33]
    assert {round(under - over, 2) for (_, _, over), (_, _, under) in zip(upper, lower, strict=True)} == {2.0}


def test_the_dot_is_on_the_line_at_the_value_of_the_slider() -> None:
    found = response(0.0, 0.5, 0.5, 0.5, 1.0)
    body = lever_curve.draw(OFFER, found, TALKS, (0.0, 1.0), 625.0, old=False)
    assert 'class="dot" style="left:12.5%;top:calc(75.00% + -1.00px)"' in body
    assert 'class="dot"' not in lever_curve.draw(OFFER, found, TALKS, (0.0, 1.0), None, old=False)


def test_the_scale_is_common_and_no_finer_than_what_counts_as_little() -> None:
    wide, flat = response(0.1, 0.3, 0.5, 0.7, 0.9), response(0.5, 0.5, 0.5, 0.5, 0.5)
    assert lever_curve.scale_of([flat, wide], TALKS) == (0.1, 0.9)
    low, high = lever_curve.scale_of([flat], TALKS)
    assert high - low == pytest.approx(lever_curve.LEAST)
    assert lever_curve.height(0.5, (low, high)) == pytest.approx(0.5)
    many = response(1000.0, 1000.0, 1000.0, 1000.0, 1010.0, outcome=ATTACKS)
    low, high = lever_curve.scale_of([many], ATTACKS)
    assert high - low == pytest.approx(lever_curve.LEAST * 1005)
    assert lever_curve.scale_of([], TALKS)[0] < lever_curve.scale_of([], TALKS)[1]


@pytest.mark.parametrize(("means", "text"), [
    ((0.2, 0.3, 0.5, 0.7, 0.94), "From 0 to 5,000 people: talks open in 20 % to 94 % of worlds"),
    ((0.2, 0.3, 0.97, 0.7, 0.94),
     "From 0 to 5,000 people: talks open in 20 % to 94 % of worlds; between, as many as 97 %"),
    ((0.2, 0.1, 0.97, 0.7, 0.94),
     "From 0 to 5,000 people: talks open in 20 % to 94 % of worlds; between, as few as 10 % and as many as 97 %"),
])  # fmt: skip
def test_a_curve_is_said_in_words(means: tuple[float, ...], text: str) -> None:
    found = response(*means)
    assert lever_curve.words(OFFER, found, TALKS) == text
    body = lever_curve.draw(OFFER, found, TALKS, (0.0, 1.0), 0.0, old=False)
    assert f'role="img" aria-label="{text}"' in body
    assert '<div class="ends"><span>20 %</span><span>94 %</span></div>' in body


def test_other_outcomes_have_their_unit() -> None:
    found = response(32000.4, 31000.0, 31000.0, 31000.0, 30500.0, outcome=ATTACKS)
    assert lever_curve.words(OFFER, found, ATTACKS) == (
        "From 0 to 5,000 people: Taliban attacks, total, 32,000 to 30,500 attacks"
    )


def test_a_yes_or_no_has_both_values_in_words() -> None:
    body = lever_curve.draw(REVIEW, response(0.36, 0.0), TALKS, (0.0, 1.0), None, old=False)
    assert ">36 % if no, 0 % if yes</div>" in body
    assert 'aria-label="Talks open: 36 % of worlds if no, 0 % of worlds if yes"' in body


@pytest.mark.parametrize("lever", [OFFER, REVIEW])
def test_its_place_is_kept_free_and_a_curve_of_before_has_no_numbers(lever: object) -> None:
    """The same boxes before, while and after it is computed; nothing is said until it is."""
    one = OFFER if lever is OFFER else REVIEW
    found = response(*((0.2,) * 5 if one is OFFER else (0.2, 0.4)))
    free = lever_curve.draw(one, None, TALKS, (0.0, 1.0), None, old=True)
    old = lever_curve.draw(one, found, TALKS, (0.0, 1.0), None, old=True)
    for body in (free, old):
        assert "%<" not in body
        assert "aria-label" not in body
    if one is OFFER:
        assert all('<div class="plot">' in body and '<div class="ends">' in body for body in (free, old))
    else:
        assert free == old == '<div class="response flag">&nbsp;</div>'
