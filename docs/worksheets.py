"""The tables of the worksheets and of their answers: one function per block, each returns Markdown."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from docs.lesson_runs import BASE, SEED, WORLDS, change, day_words, effect, interval_of, label, run, title, value
from docs.tables import table
from sim.inputs.scenario_reader import load_scenario
from sim.results.results import Results
from sim.runs.runner import simulate
from sim.schema.formatting import number, score, setting, signed
from sim.schema.milestones import NEVER

PICTURED: Final = 1000  # worlds of the picture in docs/images that worksheet 2 uses
SOME: Final = 12  # worlds that a worksheet lists
BY_HAND: Final = 8  # worlds that a class computes itself

Values = npt.NDArray[Any]


def sheet_compare() -> str:
    """Worksheet 1: the table that the class fills in."""
    outcomes = (
        "reached_talks_open", "reached_power_shared", "attacks", "security_forces_killed", "prisoners_released",
        "returned_to_fighting", "kabul_bargaining_power",
    )  # fmt: skip
    rows = []
    for name in outcomes:
        found = effect("all-5000-at-once", name)
        rows.append((label(name), value(found.a_mean, name), value(found.b_mean, name), interval_of(found)))
    return table(("outcome", "baseline", "all 5,000 at once", "change (95 % interval)"), rows)


def sheet_fan() -> str:
    """Worksheet 2: the values in the picture of attacks on three days."""
    found = simulate(load_scenario(BASE), PICTURED, SEED)
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    spread = found.quantiles("attacks", levels).values
    rows = []
    for day in (dt.date(2020, 4, 1), dt.date(2020, 7, 1), dt.date(2020, 12, 1)):
        low, lower, middle, upper, high = (float(x) for x in spread[:, found.index(day)])
        bands = (f"{number(round(a))} to {number(round(b))}" for a, b in ((lower, upper), (low, high)))
        rows.append((day_words(day), number(round(middle)), *bands))
    return table(("day", "median", "half of the worlds", "nine tenths of the worlds"), rows)


def sheet_worlds() -> str:
    """Worksheet 3: when power is shared and when talks open in the first worlds, with and without the deal."""
    both = (BASE, "power-shared-in-march")
    rows = []
    for world in range(SOME):
        days = (_reached(run(name), event, world) for event in ("power_shared", "talks_open") for name in both)
        rows.append((str(world), *days, ""))
    columns = [f"{event}, {name}" for event in ("power shared", "talks open") for name in ("baseline", "deal in March")]
    return table(("world", *columns, "talks earlier, same or later?"), rows)


def sheet_worlds_counted() -> str:
    """Worksheet 3: how many worlds moved, of those listed and of all."""
    a, b = (run(name).milestone_day["talks_open"].astype(float) for name in (BASE, "power-shared-in-march"))
    a, b = np.where(a == NEVER, np.inf, a), np.where(b == NEVER, np.inf, b)
    rows = []
    for words, some in ((f"the first {SOME}", slice(SOME)), (f"all {WORLDS}", slice(None))):
        x, y = a[some], b[some]
        counts = (y < x, x == y, y > x, np.isinf(x) & np.isfinite(y))
        rows.append((words, *(str(int(one.sum())) for one in counts)))
    return table(("worlds", "earlier", "same", "later", "only with the deal"), rows)


def sheet_luck() -> str:
    """Worksheet 4: changes with their intervals, without the answers."""
    return _luck(shown=False)


def sheet_luck_marked() -> str:
    """Worksheet 4: which of them are significant."""
    return _luck(shown=True)


def _luck(*, shown: bool) -> str:
    cases = (
        ("no-review", "reached_talks_open"), ("no-review", "attacks"), ("withdrawal-tied-to-violence", "attacks"),
        ("aid-cut-in-march", "reached_talks_open"), ("no-security-council", "reached_talks_open"),
        ("aid-cut-in-march", "prisoners_released"),
    )  # fmt: skip
    rows = []
    for index, (name, outcome) in enumerate(cases, start=1):
        found = effect(name, outcome)
        last = ("yes" if found.significant else "no") if shown else ""
        rows.append((str(index), title(name), label(outcome), interval_of(found), last))
    return table(("", "scenario", "outcome", "change (95 % interval)", "significant?"), rows)


def sheet_by_hand() -> str:
    """Worksheet 4: attacks in a few worlds, to compute differences by hand."""
    rows = [(str(world), *(number(float(one[world])) for one in _few()), "") for world in range(BY_HAND)]
    return table(("world", "baseline", "releases not put off", "difference"), rows)


def sheet_by_hand_done() -> str:
    """Worksheet 4: the differences, their mean, and the spread of the worlds."""
    a, b = _few()
    change = b - a
    rows = [
        ("differences", ", ".join(signed(float(one)) for one in change)),
        ("their mean", signed(float(round(change.mean())))),
        ("worlds with fewer attacks", f"{int((change < 0).sum())} of {BY_HAND}"),
        ("from the fewest to the most attacks in the baseline", number(float(np.ptp(a)))),
    ]
    return table(("question", "answer"), rows)


def _few() -> tuple[Values, Values]:
    """Attacks in the first worlds, (BY_HAND,), without and with the change."""
    a, b = (run(name).outcomes["attacks"].values[:BY_HAND] for name in (BASE, "no-review"))
    return a, b


BRIER_WORLD: Final = 7
STUDENTS: Final = {
    "Ash": (0.6, 0.6, 0.4, 0.2, 0.5),
    "Birch": (1.0, 1.0, 0.0, 0.0, 1.0),
    "Cedar": (0.5,) * 5,
}  # invented
QUESTIONS: Final[tuple[tuple[str, str, dt.date], ...]] = (
    ("1,500 prisoners are out by 30 April", "released_1500", dt.date(2020, 5, 1)),
    ("Power is shared in Kabul by 31 August", "power_shared", dt.date(2020, 9, 1)),
    ("Talks are open by 31 October", "talks_open", dt.date(2020, 11, 1)),
    ("5,000 prisoners are out by 31 October", "released_5000", dt.date(2020, 11, 1)),
)
MANY_ATTACKS: Final = 33_500  # near the median of the worlds


def asked() -> tuple[list[str], Values]:
    """The questions of worksheet 5, and whether each event happened, (questions, worlds)."""
    found = run(BASE)
    days = {name: found.milestone_day[name] for _, name, _ in QUESTIONS}
    came = [(days[name] != NEVER) & (days[name] < found.index(end)) for _, name, end in QUESTIONS]
    came.append(found.outcomes["attacks"].values > MANY_ATTACKS)
    words = [text for text, _, _ in QUESTIONS]
    return [*words, f"More than {MANY_ATTACKS:,} attacks from March to December"], np.array(came)


def brier(given: Sequence[float] | Values, came: Values) -> float:
    """The mean squared difference between probabilities and events (1 or 0): 0 is best, 1 worst (Brier 1950)."""
    return float(np.mean((np.asarray(given) - came) ** 2))


def sheet_brier() -> str:
    """Worksheet 5: the forecasts of three invented students, and what happened in one world."""
    words, came = asked()
    rows = [
        (text, *(setting(given[i]) for given in STUDENTS.values()), "yes" if came[i, BRIER_WORLD] else "no")
        for i, text in enumerate(words)
    ]
    return table(("question", *STUDENTS, f"world {BRIER_WORLD}"), rows)


def sheet_brier_done() -> str:
    """Worksheet 5: squared differences and scores, also for the share of worlds as forecast."""
    words, came = asked()
    said = {**STUDENTS, "share of worlds": tuple(came.mean(axis=1).round(2).tolist())}
    truth = came[:, BRIER_WORLD].astype(float)
    rows = [(text, *(number((given[i] - truth[i]) ** 2, 2) for given in said.values())) for i, text in enumerate(words)]
    rows.append(("**Brier score** (mean)", *(f"**{number(brier(given, truth), 2)}**" for given in said.values())))
    return table(("squared difference", *said), rows)


def sheet_brier_worlds() -> str:
    """Worksheet 5: the same forecasts scored in all worlds."""
    _, came = asked()
    said = {**STUDENTS, "share of worlds": tuple(came.mean(axis=1).round(2).tolist())}
    scores = [score(float(np.mean([brier(given, one) for one in came.T]))) for given in said.values()]
    return table(("", *said), [(f"mean score over {WORLDS} worlds", *scores)])


def sheet_ranges() -> str:
    """Worksheet 6: five findings with typical assumptions, without the answers."""
    rows = [
        (str(i), title(name), label(outcome), change(effect(name, outcome, "point")), "")
        for i, name, outcome in _doubted()
    ]
    return table(("", "scenario", "outcome", "typical assumptions", "would you trust it?"), rows)


def sheet_ranges_done() -> str:
    """Worksheet 6: the same findings as the facts allow, and whether the sign is the same."""
    rows = []
    for i, name, outcome in _doubted():
        guess, wide = effect(name, outcome, "point"), effect(name, outcome)
        if not wide.significant:
            shown = "no longer significant"
        else:
            shown = "same direction" if (guess.effect > 0) == (wide.effect > 0) else "opposite direction: no finding"
        rows.append((str(i), title(name), label(outcome), change(guess), change(wide), shown))
    return table(("", "scenario", "outcome", "typical assumptions", "as the facts allow", "result"), rows)


def _doubted() -> list[tuple[int, str, str]]:
    cases = (
        ("all-5000-at-once", "reached_talks_open"), ("all-5000-at-once", "returned_to_fighting"),
        ("no-review", "attacks"), ("no-security-council", "attacks"), ("no-security-council", "trust_us_kabul"),
    )  # fmt: skip
    return [(index, name, outcome) for index, (name, outcome) in enumerate(cases, start=1)]


def _reached(found: Results, milestone: str, world: int) -> str:
    day = int(found.milestone_day[milestone][world])
    return "never" if day == NEVER else day_words(found.calendar.date(day))


SHEETS: Final[dict[str, Callable[[], str]]] = {
    "sheet-compare": sheet_compare,
    "sheet-fan": sheet_fan,
    "sheet-worlds": sheet_worlds,
    "sheet-worlds-counted": sheet_worlds_counted,
    "sheet-luck": sheet_luck,
    "sheet-luck-marked": sheet_luck_marked,
    "sheet-by-hand": sheet_by_hand,
    "sheet-by-hand-done": sheet_by_hand_done,
    "sheet-brier": sheet_brier,
    "sheet-brier-done": sheet_brier_done,
    "sheet-brier-worlds": sheet_brier_worlds,
    "sheet-ranges": sheet_ranges,
    "sheet-ranges-done": sheet_ranges_done,
}
