"""What the teaching kit asks of the model: one function a block, Markdown out.

Every figure is that of `jirga run` or `jirga compare` with `--worlds 200` and seed 0, so that a class which types the
command beside a table reads the same numbers. All runs of a kind are made in one go, which is quick.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from docs.tables import code, table
from sim.abreast import run_scenarios
from sim.assumptions import Assumptions
from sim.cli.screen import number, share, signed
from sim.comparison import Comparison, Effect, interval
from sim.ensemble import simulate
from sim.milestones import NEVER
from sim.outcomes import OUTCOMES
from sim.parameter import KINDS
from sim.parameters import catalogue
from sim.results import Results
from sim.scenario import Scenario
from sim.scenario_file import load_scenario
from sim.window import Window

WORLDS: Final = 200
SEED: Final = 0
OTHER_SEED: Final = 1  # other luck, to compare two runs that are not paired
PICTURED: Final = 1000  # worlds of the picture in docs/images that a worksheet reads
SOME: Final = 12  # worlds that a worksheet lists
BY_HAND: Final = 8  # worlds that a class adds up itself
BASE: Final = "baseline"

# What is run, by name: a scenario that ships, with or without settings as a command gives them.
SHIPPED: Final = (
    BASE, "all-5000-at-once", "home-before-election", "lasting-reduction", "no-review", "no-security-council",
    "offensives-as-2019", "power-shared-in-march", "share-only-under-aid-cut", "withdrawal-stopped",
    "withdrawal-tied-to-violence",
)  # fmt: skip
CHANGED: Final = {
    "baseline, autonomy 0": (BASE, "fronts.autonomy=0"),
    "baseline, autonomy 0.6": (BASE, "fronts.autonomy=0.6"),
    "lasting-reduction, autonomy 0": ("lasting-reduction", "fronts.autonomy=0"),
    "lasting-reduction, autonomy 0.6": ("lasting-reduction", "fronts.autonomy=0.6"),
    "counted by government": (BASE, "reading.attacks=government"),
    "counted by taliban": (BASE, "reading.attacks=taliban"),
    "no stalemate": (BASE, "taliban.attend_stalemate=0"),
}
RANGES: Final = (BASE, "all-5000-at-once", "no-review", "no-security-council", "offensives-as-2019")
UNPAIRED: Final = ("no-review", "withdrawal-tied-to-violence")

Values = npt.NDArray[Any]


@cache
def _runs(assumptions: Assumptions, seed: int) -> dict[str, Results]:
    names = RANGES if assumptions == "ranges" else UNPAIRED if seed == OTHER_SEED else (*SHIPPED, *CHANGED)
    found = run_scenarios([_scenario(name) for name in names], WORLDS, seed, assumptions=assumptions)
    return dict(zip(names, found, strict=True))


def _scenario(name: str) -> Scenario:
    shipped, *lines = CHANGED.get(name, (name,))
    return load_scenario(shipped).with_settings(lines)


def run(name: str, assumptions: Assumptions = "point", seed: int = SEED) -> Results:
    """One run, by a name of SHIPPED or CHANGED. Raises KeyError for one that is not among them."""
    return _runs(assumptions, seed)[name]


def pair(name: str, assumptions: Assumptions = "point", base: str = BASE) -> Comparison:
    """A run beside the baseline, or beside another base."""
    return Comparison(run(base, assumptions), run(name, assumptions))


def level(name: str, outcome: str, assumptions: Assumptions = "point") -> str:
    """The mean of an outcome over the worlds of a run."""
    return _value(float(run(name, assumptions).outcomes[outcome].mean()), outcome)


def effect(name: str, outcome: str, assumptions: Assumptions = "point") -> Effect:
    """The paired effect of a run on an outcome, against the baseline."""
    return pair(name, assumptions).table([outcome])[0]


# Cards


def card_commitment() -> str:
    """What a patron that leaves early, or does not leave, changes."""
    outcomes = ("reached_talks_open", "reached_agreement_broken", "kabul_bargaining_power", "trust_kabul_taliban")
    return _changes(("home-before-election", "withdrawal-stopped"), outcomes)


def card_spoilers() -> str:
    """What commanders' own will does under an order to fight and under an order to hold still."""
    told = {"0": ", autonomy 0", "0.3, as in the model": "", "0.6": ", autonomy 0.6"}
    rows = [
        (words, *(level(f"{name}{end}", "attacks") for name in (BASE, "lasting-reduction")))
        for words, end in told.items()
    ]
    return table(("`fronts.autonomy`", "attacks, leadership as in the baseline", "attacks, quiet ordered"), rows)


def card_two_level() -> str:
    """What power sharing in Kabul changes."""
    outcomes = ("reached_power_shared", "blocked_days_delegation", "kabul_cohesion", "reached_talks_open")
    return _changes(("power-shared-in-march", "all-5000-at-once"), outcomes)


def card_evidence() -> str:
    """What another count of attacks changes, and what it leaves."""
    counts = {"the text": BASE, "the government": "counted by government", "the Taliban": "counted by taliban"}
    rows = [
        (who, number(float(np.median(Window(run(name)).total("attacks")))), level(name, "reached_talks_open"))
        for who, name in counts.items()
    ]
    return table(("whose count", "attacks, 1 March to 15 April, median world", "worlds in which talks open"), rows)


def card_kinds() -> str:
    """How many numbers of the model rest on what."""
    meant = {
        "stated": "the text says so", "derived": "a formula on others",
        "sourced": "another public source, named and dated", "assumed": "judgement, with a reason",
    }  # fmt: skip
    kinds = [one.kind for one in catalogue().values()]
    rows = [(code(kind), meant[kind], str(kinds.count(kind))) for kind in KINDS]
    return table(("kind", "it means", "numbers"), rows)


def card_luck() -> str:
    """One change measured with the same luck, and with other luck."""
    rows = []
    for name in UNPAIRED:
        paired = effect(name, "attacks")
        apart = _apart(run(BASE).outcomes["attacks"].values, run(name, seed=OTHER_SEED).outcomes["attacks"].values)
        rows.append((_title(name), _interval(paired.effect, paired.low, paired.high), _interval(*apart)))
    return table(("change in attacks", "same luck (seed 0 and 0)", "other luck (seed 0 and 1)"), rows)


def card_uncertainty() -> str:
    """Effects with every number at its best guess, and with each world drawing its own."""
    cases = (
        ("all-5000-at-once", "reached_talks_open"), ("no-review", "attacks"), ("offensives-as-2019", "attacks"),
        ("no-security-council", "attacks"),
    )  # fmt: skip
    rows = [
        (f"{_title(name)}: {_label(outcome)}", _change(effect(name, outcome)), _change(effect(name, outcome, "ranges")))
        for name, outcome in cases
    ]
    return table(("change", "best guesses", "ranges"), rows)


def card_ripeness() -> str:
    """What pain and what calm do for talks."""
    outcomes = ("reached_talks_open", "security_forces_killed", "taliban_killed")
    return _changes(("offensives-as-2019", "lasting-reduction"), outcomes)


def card_stalemate() -> str:
    """How far talks rest on the assumption that losses make willing."""
    names = {"0.1, as in the model": BASE, "0: losses do not matter": "no stalemate"}
    rows = [(words, level(name, "reached_talks_open")) for words, name in names.items()]
    return table(("`taliban.attend_stalemate`", "worlds in which talks open"), rows)


def card_agent() -> str:
    """What becomes of an order for a quarter of the violence of 2019."""
    told = {"0": ", autonomy 0", "0.3, as in the model": "", "0.6": ", autonomy 0.6"}
    usual = float(run(BASE).scenario.resolved()["fronts.attacks_2019"])
    rows = []
    for words, end in told.items():
        found = run(f"lasting-reduction{end}")
        rows.append((words, "0.25", number(float(found.outcomes["attacks"].mean()) / found.days / usual)))
    return table(("`fronts.autonomy`", "ordered", "done, mean over the run"), rows)


# Worksheets


def sheet_compare() -> str:
    """Worksheet 1: the table that the class fills in."""
    outcomes = (
        "reached_talks_open", "reached_power_shared", "attacks", "security_forces_killed", "prisoners_released",
        "returned_to_fighting", "kabul_bargaining_power",
    )  # fmt: skip
    rows = []
    for name in outcomes:
        found = effect("all-5000-at-once", name)
        rows.append((_label(name), _value(found.a_mean, name), _value(found.b_mean, name), _interval_of(found)))
    return table(("outcome", "baseline", "all 5,000 at once", "change (95 % interval)"), rows)


def sheet_fan() -> str:
    """Worksheet 2: what the picture of attacks shows on three days."""
    found = simulate(load_scenario(BASE), PICTURED, SEED)
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    spread = found.quantiles("attacks", levels).values
    rows = []
    for day in (dt.date(2020, 4, 1), dt.date(2020, 7, 1), dt.date(2020, 12, 1)):
        low, lower, middle, upper, high = (float(x) for x in spread[:, found.index(day)])
        bands = (f"{number(round(a))} to {number(round(b))}" for a, b in ((lower, upper), (low, high)))
        rows.append((_day(day), number(round(middle)), *bands))
    return table(("day", "middle world", "half of the worlds", "nine tenths of the worlds"), rows)


def sheet_worlds() -> str:
    """Worksheet 3: the day on which talks open in the first worlds, with and without a deal in March."""
    rows = []
    for world in range(SOME):
        days = [_reached(run(name), "talks_open", world) for name in (BASE, "power-shared-in-march")]
        rows.append((str(world), *days, ""))
    return table(("world", "baseline", "power shared in March", "earlier, same or later?"), rows)


def sheet_worlds_counted() -> str:
    """Worksheet 3: how the worlds moved, of those listed and of all."""
    a, b = (run(name).milestone_day["talks_open"].astype(float) for name in (BASE, "power-shared-in-march"))
    a, b = np.where(a == NEVER, np.inf, a), np.where(b == NEVER, np.inf, b)
    rows = []
    for words, some in ((f"the first {SOME}", slice(SOME)), (f"all {WORLDS}", slice(None))):
        x, y = a[some], b[some]
        counts = (y < x, x == y, y > x, np.isinf(x) & np.isfinite(y))
        rows.append((words, *(str(int(one.sum())) for one in counts)))
    return table(("worlds", "earlier", "same", "later", "only with the deal"), rows)


def sheet_luck() -> str:
    """Worksheet 4: changes with their intervals, to be marked."""
    return _luck(told=False)


def sheet_luck_marked() -> str:
    """Worksheet 4: which of them are beyond luck."""
    return _luck(told=True)


def _luck(*, told: bool) -> str:
    cases = (
        ("no-review", "reached_talks_open"), ("no-review", "attacks"), ("withdrawal-tied-to-violence", "attacks"),
        ("withdrawal-tied-to-violence", "reached_talks_open"), ("no-security-council", "reached_talks_open"),
        ("share-only-under-aid-cut", "prisoners_released"),
    )  # fmt: skip
    rows = []
    for index, (name, outcome) in enumerate(cases, start=1):
        found = effect(name, outcome)
        last = ("yes" if found.beyond_luck else "no") if told else ""
        rows.append((str(index), _title(name), _label(outcome), _interval_of(found), last))
    return table(("", "scenario", "outcome", "change (95 % interval)", "bigger than luck?"), rows)


def sheet_by_hand() -> str:
    """Worksheet 4: attacks in a few worlds, for differences by hand."""
    rows = [(str(world), *(number(float(one[world])) for one in _few()), "") for world in range(BY_HAND)]
    return table(("world", "baseline", "releases not put off", "difference"), rows)


def sheet_by_hand_done() -> str:
    """Worksheet 4: the differences, their mean, and how far the worlds themselves lie apart."""
    a, b = _few()
    change = b - a
    rows = [
        ("differences", ", ".join(signed(float(one)) for one in change)),
        ("their mean", signed(float(round(change.mean())))),
        ("worlds with fewer attacks", f"{int((change < 0).sum())} of {BY_HAND}"),
        ("from the calmest to the most violent baseline world", number(float(np.ptp(a)))),
    ]
    return table(("", ""), rows)


def _few() -> tuple[Values, Values]:
    """Attacks of the first worlds, without and with the change."""
    a, b = (run(name).outcomes["attacks"].values[:BY_HAND] for name in (BASE, "no-review"))
    return a, b


BRIER_WORLD: Final = 7
STUDENTS: Final = {
    "Ash": (0.9, 0.6, 0.4, 0.2, 0.5),
    "Birch": (1.0, 1.0, 0.0, 0.0, 1.0),
    "Cedar": (0.5,) * 5,
}  # invented
QUESTIONS: Final[tuple[tuple[str, str, dt.date], ...]] = (
    ("1,500 prisoners are out by 30 April", "released_1500", dt.date(2020, 5, 1)),
    ("Power is shared in Kabul by 31 August", "power_shared", dt.date(2020, 9, 1)),
    ("Talks are open by 31 October", "talks_open", dt.date(2020, 11, 1)),
    ("5,000 prisoners are out by 31 October", "released_5000", dt.date(2020, 11, 1)),
)
MANY_ATTACKS: Final = 23_500


def asked() -> tuple[list[str], Values]:
    """The questions of worksheet 5, and whether each came true, (questions, worlds)."""
    found = run(BASE)
    days = {name: found.milestone_day[name] for _, name, _ in QUESTIONS}
    came = [(days[name] != NEVER) & (days[name] < found.index(end)) for _, name, end in QUESTIONS]
    came.append(found.outcomes["attacks"].values > MANY_ATTACKS)
    words = [text for text, _, _ in QUESTIONS]
    return [*words, f"More than {MANY_ATTACKS:,} attacks from March to December"], np.array(came)


def brier(given: Sequence[float] | Values, came: Values) -> float:
    """The mean squared difference of probabilities and what came (1 or 0): 0 the best, 1 the worst (Brier 1950)."""
    return float(np.mean((np.asarray(given) - came) ** 2))


def sheet_brier() -> str:
    """Worksheet 5: what three invented students said, and what came in one world."""
    words, came = asked()
    rows = [
        (text, *(f"{given[i]:g}" for given in STUDENTS.values()), "yes" if came[i, BRIER_WORLD] else "no")
        for i, text in enumerate(words)
    ]
    return table(("question", *STUDENTS, f"world {BRIER_WORLD}"), rows)


def sheet_brier_done() -> str:
    """Worksheet 5: squares and scores, and the ensemble's own."""
    words, came = asked()
    said = {**STUDENTS, "share of worlds": tuple(came.mean(axis=1).round(2).tolist())}
    truth = came[:, BRIER_WORLD].astype(float)
    rows = [(text, *(f"{(given[i] - truth[i]) ** 2:.2f}" for given in said.values())) for i, text in enumerate(words)]
    rows.append(("**Brier score** (mean)", *(f"**{brier(given, truth):.2f}**" for given in said.values())))
    return table(("squared difference", *said), rows)


def sheet_brier_worlds() -> str:
    """Worksheet 5: the same forecasts scored in all worlds."""
    _, came = asked()
    said = {**STUDENTS, "share of worlds": tuple(came.mean(axis=1).round(2).tolist())}
    scores = [f"{np.mean([brier(given, one) for one in came.T]):.2f}" for given in said.values()]
    return table(("", *said), [(f"mean score over {WORLDS} worlds", *scores)])


def sheet_ranges() -> str:
    """Worksheet 6: five findings under best guesses, to be judged."""
    rows = [
        (str(i), _title(name), _label(outcome), _change(effect(name, outcome)), "") for i, name, outcome in _doubted()
    ]
    return table(("", "scenario", "outcome", "best guesses", "would you trust it?"), rows)


def sheet_ranges_done() -> str:
    """Worksheet 6: the same under ranges, and whether the sign holds."""
    rows = []
    for i, name, outcome in _doubted():
        guess, wide = effect(name, outcome), effect(name, outcome, "ranges")
        if not wide.beyond_luck:
            told = "can no longer be told from luck"
        else:
            told = "same direction" if (guess.effect > 0) == (wide.effect > 0) else "turns round: no finding"
        rows.append((str(i), _title(name), _label(outcome), _change(guess), _change(wide), told))
    return table(("", "scenario", "outcome", "best guesses", "ranges", "so"), rows)


def _doubted() -> list[tuple[int, str, str]]:
    cases = (
        ("all-5000-at-once", "reached_talks_open"), ("all-5000-at-once", "returned_to_fighting"),
        ("no-review", "attacks"), ("no-security-council", "attacks"), ("offensives-as-2019", "attacks"),
    )  # fmt: skip
    return [(index, name, outcome) for index, (name, outcome) in enumerate(cases, start=1)]


# Words


def _changes(names: Sequence[str], outcomes: Sequence[str]) -> str:
    """Outcomes in the baseline, and what each scenario changes."""
    rows = []
    for outcome in outcomes:
        found = [effect(name, outcome) for name in names]
        rows.append((_label(outcome), _value(found[0].a_mean, outcome), *(_change(one) for one in found)))
    return table((f"outcome, mean of {WORLDS} worlds", "baseline", *(_title(name) for name in names)), rows)


def _change(found: Effect) -> str:
    """A value with its change and interval."""
    if not found.effect and found.same == 1:
        return f"{_value(found.b_mean, found.outcome)}, no change"
    luck = "" if found.beyond_luck else ", could be luck"
    return f"{_value(found.b_mean, found.outcome)}: {_interval_of(found)}{luck}"


def _interval_of(found: Effect) -> str:
    unit = " points" if _shared(found.outcome) else ""
    parts = [f"{100 * x:+.1f}" if unit else signed(x) for x in (found.effect, found.low, found.high)]
    return f"{parts[0]}{unit} ({parts[1]} to {parts[2]})"


def _interval(change: float, low: float, high: float) -> str:
    return f"{signed(change)} ({signed(low)} to {signed(high)})"


def _apart(a: Values, b: Values) -> tuple[float, float, float]:
    """The difference of the means of two runs that are not paired, with its 95 % interval."""
    half = np.hypot(*((interval(one)[2] - interval(one)[0]) for one in (a, b)))
    change = float(b.mean() - a.mean())
    return change, change - float(half), change + float(half)


def _shared(outcome: str) -> bool:
    return OUTCOMES[outcome].kind == "share"


def _value(value: float, outcome: str) -> str:
    return share(value) if _shared(outcome) else number(value)


def _label(outcome: str) -> str:
    """An outcome's name as the terminal prints it."""
    label = OUTCOMES[outcome].label
    for part in (", total", ", at the end", ", days", ": reached"):
        label = label.removesuffix(part)
    return label.replace("Talks blocked: ", "Days blocked: ")


def _title(name: str) -> str:
    return load_scenario(name).title


def _reached(found: Results, milestone: str, world: int) -> str:
    day = int(found.milestone_day[milestone][world])
    return "never" if day == NEVER else _day(found.calendar.date(day))


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b}"


ANSWERS: Final[dict[str, Callable[[], str]]] = {
    "card-commitment": card_commitment,
    "card-spoilers": card_spoilers,
    "card-two-level": card_two_level,
    "card-evidence": card_evidence,
    "card-kinds": card_kinds,
    "card-luck": card_luck,
    "card-uncertainty": card_uncertainty,
    "card-ripeness": card_ripeness,
    "card-stalemate": card_stalemate,
    "card-agent": card_agent,
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
