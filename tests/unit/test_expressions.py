"""Expressions of own outcomes: what is read, what is refused and with which words, and the values that they give."""

import datetime as dt
import math
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.results.expressions.contradiction import IN_ORDER
from sim.results.expressions.expression import AGGREGATES, SIGNS, Comparison, Expression
from sim.results.expressions.reader import LONGEST, read_expression
from sim.results.expressions.series_bounds import series_bounds
from sim.results.expressions.values import expression_values
from sim.schema.milestones import MILESTONES, NEVER
from sim.schema.series import SERIES
from tests.unit import synthetic
from tests.verification.anything import STEADY

START, END = dt.date(2020, 3, 1), dt.date(2021, 1, 1)
FORWARD = [(a, b) for a in MILESTONES for b in MILESTONES if a != b and not any(a in r and b in r for r in IN_ORDER)]

WORDS = [
    *AGGREGATES, *SIGNS, "attacks", "us_troops", "blocked_by_taliban", "150", "1", "and", "where", "before", "after",
    "from", "until", "talks_open", "decree", "2020-06-01", "(", "5%", "\u0664",
]  # fmt: skip

BAD: dict[str, list[str]] = {
    "": ["no such aggregate at character 1: the end", "days, total, mean"],
    "   ": ["no such aggregate at character 4: the end"],
    "attacks": ['no such aggregate at character 1: "attacks"'],
    "sum attacks": ['no such aggregate at character 1: "sum"'],
    "totals attacks": ['"totals"', "did you mean total?"],
    "Days attacks > 150": ['"Days"', "did you mean days?"],
    "total": ["no such daily series at character 6: the end"],
    "total atacks": ['no such daily series at character 7: "atacks"', "did you mean attacks?"],
    "total talks_open": ['is a milestone, not a daily series at character 7: "talks_open"'],
    "total reached_talks_open": ['no such daily series at character 7: "reached_talks_open"'],
    "total us_troops": ['a level has no total at character 7: "us_troops"', "mean, max, min or last"],
    "total blocked_by_violence": ["is yes or no on each day", '"days blocked_by_violence == 1"'],
    "max blocked_by_taliban": ["is yes or no on each day", '"mean blocked_by_taliban"'],
    "days": ["no such daily series at character 5: the end"],
    "days attacks": ["needs a comparison at character 13: the end", "such as"],
    "days before talks_open": ['no such daily series at character 6: "before"'],
    "days attacks = 150": ['needs a comparison at character 14: "="', "one of ==, !=, <=, >=, <, >"],
    "days attacks => 150": ['needs a comparison at character 14: "=>"'],
    "days attacks >": ["attacks is compared with a number at character 15: the end", "or more attacks/day"],
    "days attacks > many": ['attacks is compared with a number at character 16: "many"'],
    "days attacks > 2020-06-01": ['with a number at character 16: "2020-06-01"', "or more attacks/day"],
    "days attacks > nan": ['attacks is compared with a number at character 16: "nan"'],
    "days attacks > 1e999": ['attacks is never this at character 16: "1e999"'],
    "days attacks > -1": ['attacks is never this at character 16: "-1"', "0 or more"],
    "days kabul_cohesion > 60": ['kabul_cohesion is never this at character 23: "60"', "expected 0 to 1)"],
    "days talks_stage > 5": ["talks_stage is never this", "0 to 4"],
    "days blocked_by_violence == 0.5": ["blocked_by_violence is never this", "0 for no, 1 for yes"],
    "days attacks > 150 attacks": ['a unit is not written at character 20: "attacks"', "and, before, after, from"],
    "days attacks > 150/day": ['a unit is not written at character 19: "/day"'],
    "total us_troops troops": ["a level has no total"],
    "mean us_troops troops": ['a unit is not written at character 16: "troops"'],
    "days attacks > 60 %": ['unexpected at character 19: "%"'],
    "days attacks > 1,500": ['unexpected at character 17: ",500"'],
    "days attacks > 150 or us_troops < 5000": ['unexpected at character 20: "or"'],
    "days 100 < attacks": ['no such daily series at character 6: "100"'],
    "total attacks where": ["no such daily series at character 20: the end"],
    "total attacks where us_troops < 8600 where airstrikes > 1": ['unexpected at character 38: "where"'],
    "total attacks and us_troops < 8600": ['unexpected at character 15: "and"', "where, before"],
    "days attacks > 150 befor talks_open": ['unexpected at character 20: "befor"', "did you mean before?"],
    "days attacks > 150 before": ["no such milestone at character 26: the end"],
    "days attacks > 150 before talk_open": ["no such milestone at character 27", "did you mean talks_open?"],
    "days attacks > 150 before 2020-06-01": ["before takes a milestone at character 27", '"until 2020-06-01"'],
    "days attacks > 150 after 2020-06-01": ["after takes a milestone at character 26", '"from 2020-06-01"'],
    "days attacks > 150 until talks_open": ["until takes a date at character 26", '"before talks_open"'],
    "days attacks > 150 from talks_open": ["from takes a date at character 25", '"after talks_open"'],
    "days attacks > 150 from 2020-13-01": ['from takes a date at character 25: "2020-13-01"', "such as 2020-06-01"],
    "days attacks > 150 from 1 June": ['from takes a date at character 25: "1"'],
    "days attacks > 150 from 2019-06-01": ["outside the days of the run at character 25", "2020-03-01 to 2020-12-31"],
    "days attacks > 150 from 2021-01-01": ["outside the days of the run", "2020-03-01 to 2020-12-31"],
    "days attacks > 150 until 2021-01-02": ["outside the days of the run", "2020-03-02 to 2021-01-01"],
    "days attacks > 150 until 2020-03-01": ["outside the days of the run", "2020-03-02 to 2021-01-01"],
    "days attacks > 150 before talks_open before decree": ['given twice at character 38: "before"'],
    "total attacks from 2020-06-01 from 2020-07-01": ["given twice at character 31"],
    "total attacks from 2020-06-01 until 2020-06-01": ["contradictory: no day is from 2020-06-01 until 2020-06-01"],
    "total attacks from 2020-07-01 until 2020-06-01": ["contradictory: no day is from 2020-07-01 until 2020-06-01"],
    "total attacks after decree before decree": ["contradictory: no day is after decree and before decree"],
    "total attacks after ceasefire before talks_open": ["no day is after ceasefire and before talks_open"],
    "days attacks > 150 and attacks < 100": ["contradictory: attacks > 150 and attacks < 100 holds on no day"],
    "days attacks < 0": ["contradictory: attacks < 0 holds on no day"],
    "days us_troops == 5000 and us_troops != 5000": ["contradictory"],
    "total attacks)": ['unexpected at character 14: ")"'],
    "__import__('os').system('true')": ['no such aggregate at character 1: "__import__"'],
    "days attacks > 1 and attacks > 2 and attacks > 3 and attacks > 4 and attacks > 5 and attacks > 6": [
        "has 6 comparisons", "at most 5",
    ],
    f"total attacks {' ' * LONGEST}": ["too long", f"at most {LONGEST} characters"],
}  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_nonsense_gets_one_clear_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_expression(text, START, END)
    message = str(caught.value)
    assert message.isprintable() and message.startswith("expression = "), message  # noqa: PT018  one line
    assert len(message) < 400, f"{len(message)} characters: {message}"
    for part in BAD[text]:
        assert part in message, f"{part!r} is not in {message!r}"


@pytest.mark.parametrize("given", [None, 5, b"total attacks", ["total attacks"], True, math.nan])
def test_only_text_is_an_expression(given: Any) -> None:
    with pytest.raises(InputError, match="must be such as"):
        read_expression(given)


@st.composite
def expressions(draw: st.DrawFn) -> Expression:
    """Any expression that leaves some day."""
    aggregate = draw(st.sampled_from(AGGREGATES))
    allowed = {"total": ("count",), "mean": ("count", "level", "flag")}.get(aggregate, ("count", "level"))
    names = [name for name, one in SERIES.items() if one.kind in allowed]
    series = None if aggregate == "days" else draw(st.sampled_from(names))
    compared = draw(st.lists(st.sampled_from(list(SERIES)), min_size=int(series is None), max_size=5, unique=True))
    ends = draw(
        st.sampled_from([(None, None), *((a, None) for a in MILESTONES), *((None, b) for b in MILESTONES), *FORWARD])
    )
    first, last = sorted(draw(st.tuples(st.integers(0, 305), st.integers(0, 305))))
    start = draw(st.sampled_from([None, START + dt.timedelta(first)]))
    until = draw(st.sampled_from([None, START + dt.timedelta(last + 1)]))
    return Expression(aggregate, series, tuple(draw(comparison(name)) for name in compared), *ends, start, until)


@st.composite
def comparison(draw: st.DrawFn, name: str) -> Comparison:
    """A comparison that some value of a series fulfils."""
    low, high = series_bounds(name)
    if SERIES[name].kind == "flag":
        return Comparison(name, "==", draw(st.sampled_from([low, high])))
    value = draw(st.floats(low, high, exclude_min=True, exclude_max=True, allow_subnormal=False))
    return Comparison(name, draw(st.sampled_from(list(SIGNS))), value)


@pytest.mark.slow
@settings(STEADY, max_examples=100)
@given(expressions())
def test_whatever_is_written_is_read_back(given: Expression) -> None:
    text = given.text
    if len(text) <= LONGEST:
        assert read_expression(text, START, END) == given, text


@settings(STEADY, max_examples=100)
@given(st.lists(st.sampled_from(WORDS), max_size=9))
def test_words_in_any_order_are_read_or_refused_in_one_line(words: list[str]) -> None:
    text = " ".join(words)
    found: Any = None
    with suppress(InputError):
        found = read_expression(text, START, END)
    if found is None:
        with pytest.raises(InputError) as caught:
            read_expression(text, START, END)
        assert str(caught.value).isprintable(), text
    else:
        assert read_expression(found.text, START, END) == found, text


@pytest.mark.slow
@settings(STEADY, max_examples=100)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_expression(text)
    assert len(str(caught.value).splitlines()) == 1


def value_of_one_world(one: Expression, run: Any, world: int) -> float:
    """The value in a world, day by day as a reader would compute it."""
    after, before = (
        None if name is None or run.milestone_day[name][world] == NEVER else int(run.milestone_day[name][world])
        for name in (one.after, one.before)
    )
    kept = []
    for day in range(run.days):
        date = START + dt.timedelta(day)
        if (one.start and date < one.start) or (one.until and date >= one.until):
            continue
        if one.after and (after is None or day < after):
            continue
        if before is not None and day >= before:
            continue
        if all(SIGNS[c.sign](float(run.arrays[c.series][world, day]), c.value) for c in one.where):
            kept.append(float(run.arrays[one.series][world, day]) if one.series else 1.0)
    if one.aggregate in ("days", "total"):
        return sum(kept)
    if not kept:
        return math.nan
    return {"mean": sum(kept) / len(kept), "max": max(kept), "min": min(kept), "last": kept[-1]}[one.aggregate]


DAYS = {"talks_open": [NEVER, 0, 7, 19, 30], "decree": [3, NEVER, 0, 19, 5], "power_shared": [0, 1, 2, NEVER, 29]}


@pytest.mark.parametrize(
    "text",
    [
        "days attacks > 5 before talks_open",
        "days attacks >= 5 and offensives < 5 after decree",
        "days blocked_by_violence == 1",
        "total attacks",
        "total attacks where blocked_by_violence == 0 and offensives != 4",
        "total attacks from 2020-03-05 until 2020-03-20 before talks_open after decree",
        "mean attacks after talks_open",
        "mean blocked_by_taliban before talks_open",
        "max us_troops before talks_open",
        "min attacks where attacks > 2 after decree before talks_open",
        "last us_troops before talks_open",
        "last attacks where attacks >= 5 until 2020-03-10",
        "last us_troops after power_shared",
    ],
)
def test_values_are_those_of_each_world_day_by_day(text: str) -> None:
    run = synthetic.results(5, run=synthetic.scenario(START + dt.timedelta(30)), day=DAYS)
    one = read_expression(text, run.scenario.start, run.scenario.end)
    found = expression_values(one, run.arrays, run.milestone_day, START)
    wanted = [value_of_one_world(one, run, world) for world in range(5)]
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, wanted, rtol=1e-12, err_msg=text)
    assert len({str(value) for value in wanted}) > 1, "the example is the same in every world"


def test_before_and_after_make_up_the_run() -> None:
    run = synthetic.results(5, run=synthetic.scenario(START + dt.timedelta(30)), day=DAYS)
    before, after, whole = (
        expression_values(read_expression(f"total attacks {words}"), run.arrays, run.milestone_day, START)
        for words in ("before talks_open", "after talks_open", "")
    )
    assert (before + after).tolist() == whole.tolist()


@pytest.mark.parametrize(
    ("text", "unit", "kind"),
    [
        ("days attacks > 150", "days", "days"),
        ("total attacks", "attacks", "total"),
        ("max attacks", "attacks/day", "level"),
        ("last us_troops", "troops", "level"),
        ("mean blocked_by_violence", "0 to 1", "level"),
        ("min kabul_cohesion", "0 to 1", "level"),
    ],
)
def test_units_follow_from_the_series(text: str, unit: str, kind: str) -> None:
    found = read_expression(text)
    assert (found.unit, found.kind) == (unit, kind)


def test_one_form_for_the_same_expression() -> None:
    loose = read_expression("days   attacks>150.0 and us_troops<=8.6e3  before talks_open after decree")
    assert loose.text == "days attacks > 150 and us_troops <= 8600 after decree before talks_open"
