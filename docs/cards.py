"""The figures on the lesson cards: one function per block, each returns Markdown."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from docs.lesson_runs import (
    BASE,
    OTHER_SEED,
    UNPAIRED,
    as_modelled,
    change,
    changes,
    effect,
    interval_words,
    label,
    level,
    run,
    title,
)
from docs.tables import code, table
from sim.analysis.fact_window import Window
from sim.inputs.parameter import KINDS
from sim.inputs.parameters import catalogue
from sim.results.intervals import mean_interval
from sim.results.running_moments import Moments
from sim.schema.formatting import number

Values = npt.NDArray[Any]


def card_commitment() -> str:
    """The effect of a patron that leaves early, or does not leave."""
    outcomes = ("reached_talks_open", "reached_agreement_broken", "kabul_bargaining_power", "trust_kabul_taliban")
    return changes(("home-before-election", "withdrawal-stopped"), outcomes)


def card_spoilers() -> str:
    """The effect of commanders' autonomy when the leadership orders violence and when it orders quiet."""
    rows = [
        (words, *(level(f"{name}{end}", "attacks") for name in (BASE, "lasting-reduction")))
        for words, end in _autonomy().items()
    ]
    return table(("`fronts.autonomy`", "attacks, leadership as in the baseline", "attacks, low violence ordered"), rows)


def card_two_level() -> str:
    """The effects at home and abroad of two ways to unite Kabul: the camps' own offers, and withheld aid."""
    outcomes = (
        "reached_power_shared", "blocked_days_delegation", "kabul_cohesion", "trust_us_kabul", "prisoners_released",
        "reached_talks_open",
    )  # fmt: skip
    return changes(("power-shared-in-march", "aid-cut-in-march"), outcomes)


def card_evidence() -> str:
    """What changes with another count of attacks, and what does not."""
    counts = {"the text": BASE, "the government": "counted by government", "the Taliban": "counted by taliban"}
    rows = [
        (who, number(float(np.median(Window(run(name)).total("attacks")))), level(name, "reached_talks_open"))
        for who, name in counts.items()
    ]
    return table(("whose count", "attacks, 1 March to 15 April, median", "worlds in which talks open"), rows)


def card_kinds() -> str:
    """The number of parameters of each kind."""
    meant = {
        "stated": "the text says so", "derived": "computed from other numbers",
        "sourced": "another public source, named and dated", "assumed": "judgement, with a reason",
    }  # fmt: skip
    kinds = [one.kind for one in catalogue().values()]
    rows = [(code(kind), meant[kind], str(kinds.count(kind))) for kind in KINDS]
    return table(("kind", "meaning", "numbers"), rows)


def card_luck() -> str:
    """One change measured with the same random numbers, and with different ones."""
    rows = []
    for name in UNPAIRED:
        paired = effect(name, "attacks")
        apart = _apart(run(BASE).outcomes["attacks"].values, run(name, seed=OTHER_SEED).outcomes["attacks"].values)
        rows.append((title(name), interval_words(paired.effect, paired.low, paired.high), interval_words(*apart)))
    return table(("change in attacks", "same luck (seed 0 and 0)", "different luck (seed 0 and 1)"), rows)


def card_uncertainty() -> str:
    """Effects with typical assumptions, and with those that the facts allow."""
    cases = (
        ("all-5000-at-once", "reached_talks_open"), ("no-review", "attacks"),
        ("no-security-council", "reached_agreement_broken"), ("no-security-council", "attacks"),
        ("no-security-council", "trust_us_kabul"),
    )  # fmt: skip
    rows = [
        (f"{title(name)}: {label(outcome)}", change(effect(name, outcome, "point")), change(effect(name, outcome)))
        for name, outcome in cases
    ]
    return table(("change", "typical assumptions", "as the facts allow"), rows)


def card_ripeness() -> str:
    """The effects of losses and of low violence on talks."""
    outcomes = ("reached_talks_open", "security_forces_killed", "taliban_killed")
    return changes(("offensives-as-2019", "lasting-reduction"), outcomes)


def card_stalemate() -> str:
    """The share of worlds with talks, with and without the assumption that losses make the Taliban willing."""
    names = {as_modelled("taliban.attend_stalemate"): BASE, "0: losses have no effect": "no stalemate"}
    rows = [(words, level(name, "reached_talks_open")) for words, name in names.items()]
    return table(("`taliban.attend_stalemate`", "worlds in which talks open"), rows)


def card_agent() -> str:
    """The violence that results from an order for a quarter of the violence of 2019."""
    usual = float(run(BASE).scenario.resolved()["fronts.attacks_2019"])
    rows = []
    for words, end in _autonomy().items():
        found = run(f"lasting-reduction{end}")
        rows.append((words, "0.25", number(float(found.outcomes["attacks"].mean()) / found.days / usual)))
    return table(("`fronts.autonomy`", "ordered", "carried out, mean over the run"), rows)


def _autonomy() -> dict[str, str]:
    """The values of commanders' autonomy on the cards, and how the names of their runs end."""
    return {"0": ", autonomy 0", as_modelled("fronts.autonomy"): "", "0.6": ", autonomy 0.6"}


def _apart(a: Values, b: Values) -> tuple[float, float, float]:
    """Return the difference of the means of two unpaired runs, with its 95 % interval (Zou & Donner 2008)."""
    (low_a, high_a), (low_b, high_b) = (mean_interval(Moments.of(one)) for one in (a, b))
    means = a.mean(), b.mean()
    below, above = np.hypot(means[1] - low_b, high_a - means[0]), np.hypot(high_b - means[1], means[0] - low_a)
    change = float(means[1] - means[0])
    return change, change - float(below), change + float(above)


CARDS: Final[dict[str, Callable[[], str]]] = {
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
}
