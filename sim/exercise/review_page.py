"""The review as one HTML page: no network, no script, fit for a printer; every word of a user is escaped."""

import datetime as dt
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Final

from sim.charts import svg
from sim.exercise.decision_effects import DecisionEffect, DecisionImpact
from sim.exercise.divergence import NAMED, Divergence
from sim.exercise.review_charts import dots, over_days
from sim.exercise.review_records import Review
from sim.exercise.seats import SEATS
from sim.schema.disclaimer import NOT_A_FORECAST
from sim.schema.formatting import day, decimals, number, score, share, signed, yes_no
from sim.schema.milestones import MILESTONES
from sim.schema.outcomes import OUTCOMES, REACHED
from sim.schema.series import SERIES

DRAWN: Final = ("attacks", "prisoners_released", "us_troops", "kabul_cohesion")  # over the days
EFFECTS: Final = ("attacks", "prisoners_released")  # of decisions, drawn
TOLD: Final = ("attacks", "security_forces_killed", "prisoners_released", "reached_power_shared", "reached_talks_open")
GROUPS_PER_CHART: Final = 4  # groups in a chart
LONG: Final = 24  # characters: a cell of more gets room

_STYLE: Final = """
:root { color-scheme: light; } * { box-sizing: border-box; }
body { font: 16px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: #1b1b1b; background: #fff;
  max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .4rem; } h3 { font-size: 1.05rem; }
p, li { max-width: 46rem; } .note { color: #595959; } .scroll { overflow-x: auto; }
svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #d9d9d9; }
td.n, th.n { text-align: right; } td.n { white-space: nowrap; } td.w { min-width: 13rem; }
caption { text-align: left; font-weight: bold; padding: .3rem 0; }
small { color: #595959; } td { min-width: 3rem; }
@media print { body { font-size: 11px; max-width: none; padding: 0; } h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; } .scroll { overflow: visible; } }
figure { margin: .5rem 0 1rem; }
"""


def page(review: Review) -> str:
    """The page."""
    title = escape(f"{review.settings.title}: the joint review")
    parts = [_head(review), _worlds(review), _parted(review), _milestones(review), _decisions(review), _aims(review)]
    parts += [_deals(review), _forecasts(review), _text(review)]
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main><footer><p class=note>{NOT_A_FORECAST}</p></footer></body></html>\n"
    )


def _head(review: Review) -> str:
    s = review.settings
    span = f"{day(s.start)} to {day(s.ends(review.played) - dt.timedelta(days=1))}"
    hashes = ", ".join(f"group {g}: {review.own[g].scenario.hash()[:12]}" for g in review.groups)
    return (
        f"<h1>{escape(s.title)}: the joint review</h1><p class=note>{NOT_A_FORECAST}</p>"
        f"<p>{review.played} of {s.rounds} rounds of {s.weeks} weeks, {span}; {s.groups} "
        f"group{'s' * (s.groups > 1)}; on the scenario {escape(s.base)}. Every group lived the same luck, "
        f"world {s.world} of seed {s.seed}: what differs comes from decisions. “Many worlds” are the same decisions "
        f"under {s.worlds} different lucks.</p>"
        f"<p class=note>{escape(hashes)}</p>"
    )


# Worlds


def _worlds(review: Review) -> str:
    some = [review.groups[at : at + GROUPS_PER_CHART] for at in range(0, len(review.groups), GROUPS_PER_CHART)]
    found = "".join(_figure(over_days(review, name, groups)) for name in DRAWN for groups in some)
    return f"<h2>The worlds that were played</h2>{found}"


def _parted(review: Review) -> str:
    """From the baseline by series; from each other by the first day in any."""
    by_pair: dict[tuple[int, int], dict[str, Divergence]] = {}
    for one in review.partings:
        by_pair.setdefault((one.group, one.other), {})[one.series] = one
    rows = [[f"Group {group}", *(_two(by_pair[group, 0][name]) for name in NAMED)] for group in review.groups]
    head = ["", *(SERIES[name].label for name in NAMED)]
    shown = (
        "<p>The first day of a difference from the baseline that lasts two weeks or more: in the world that was "
        "played, and in brackets for the mean over many worlds, where it is beyond luck. A dash: never.</p>"
    )
    return f"<h2>Where the worlds parted</h2>{shown}{_table(head, rows)}{_each_other(by_pair)}"


def _two(one: Divergence) -> str:
    return f"{day(one.world, year=False)} ({day(one.ensemble, year=False)})"


def _each_other(by_pair: dict[tuple[int, int], dict[str, Divergence]]) -> str:
    pairs = [pair for pair in by_pair if pair[1]]
    rows = []
    for group, other in pairs:
        dated = [(one.world, one.label) for one in by_pair[group, other].values() if one.world]
        first = min(dated, key=lambda found: found[0]) if dated else None
        rows.append([f"{other} and {group}", *((day(first[0], year=False), first[1]) if first else ("-", "alike"))])
    return _table(["groups", "first day", "in what"], rows, caption="The groups from each other") if rows else ""


def _milestones(review: Review) -> str:
    found = {(one.group, one.milestone): one for one in review.reached}
    numbers = [0, *review.groups]
    rows = [
        [m.label, *(f"{day(found[g, name].date, year=False)} ({share(found[g, name].share)})" for g in numbers)]
        for name, m in MILESTONES.items()
    ]
    shown = "<p>The date in the world that was played, and in brackets the share of many worlds that get there.</p>"
    return f"<h2>Milestones</h2>{shown}{_table(['', 'baseline', *(f'group {g}' for g in review.groups)], rows)}"


# Decisions


def _decisions(review: Review) -> str:
    shown = (
        "<p>Each decision was taken away in turn, everything else left as it was, and the same worlds lived again. The "
        "figures are with the decision minus without it: the mean over many worlds, <b>bold</b> where luck alone would "
        "not do it, its 95 % interval, and the difference in the group's own world. Decisions work through each other, "
        "so their effects do not add up. Where a decision is taken away, what stood before it holds again, or the "
        "model's own actor decides.</p>"
    )
    parts = [_of_group(group, [one for one in review.taken if one.decision.group == group]) for group in review.groups]
    return f"<h2>Which decisions did it</h2>{shown}{''.join(parts)}"


def _of_group(group: int, taken: Sequence[DecisionImpact]) -> str:
    if not taken:
        return f"<h3>Group {group}</h3><p>No decisions: the model's own actors played every seat.</p>"
    head = ["round", "decision", *(_brief(name) for name in TOLD)]
    some = [one for one in taken if _matters(one)]
    rows = [[one.decision.span, _worded(one), *_cells(one)] for one in some]
    idle = "; ".join(f"{_worded(one)} (round {one.decision.span})" for one in taken if not _matters(one))
    rest = f"<p>No difference in any of these: {escape(idle)}.</p>" if idle else ""
    drawn = "".join(_figure(dots(group, name, some)) for name in EFFECTS if _moves(name, some))
    return f"<h3>Group {group}, over {taken[0].worlds} worlds</h3>{_table(head, rows, right=len(TOLD))}{rest}{drawn}"


def _matters(one: DecisionImpact) -> bool:
    """Whether a decision made any difference that the table would show."""
    return any(effect.effect or effect.own for effect in one.effects if effect.outcome in TOLD)


def _worded(one: DecisionImpact) -> str:
    return f"{one.decision.who}: {one.decision.text}"


def _brief(name: str) -> str:
    label = OUTCOMES[name].label.removesuffix(", total").removesuffix(", at the end").removesuffix(": reached")
    return f"{label}, % points" if name.startswith(REACHED) else label


def _cells(one: DecisionImpact) -> list[str]:
    """An outcome each, as HTML."""
    by_name = {effect.outcome: effect for effect in one.effects}
    return [_cell(by_name[name]) for name in TOLD]


class _Html(str):
    """Text that is markup already."""

    __slots__ = ()


def _cell(effect: DecisionEffect) -> str:
    """The mean effect, its interval, and the group's own world, on three lines; 0 where nothing moves anywhere."""
    if not effect.effect and not effect.own and effect.low == effect.high:
        return "0"
    shares = effect.outcome.startswith(REACHED)
    parts = [part * (100 if shares else 1) for part in (effect.effect, effect.low, effect.high)]
    mean, low, high = (signed(part, decimals(*parts)) for part in parts)
    own = _turned(effect.own) if shares else signed(effect.own)
    strong = f"<b>{mean}</b>" if effect.significant else mean
    return _Html(f"{strong}<br><small>{low} to {high}<br>own world: {own}</small>")


def _turned(own: float) -> str:
    """What a decision did to whether something is reached at all."""
    return "brought it" if own > 0 else "stopped it" if own < 0 else "0"


def _moves(name: str, taken: Sequence[DecisionImpact]) -> bool:
    return any(effect.effect for one in taken for effect in one.effects if effect.outcome == name)


# Aims, deals, forecasts, the text


def _aims(review: Review) -> str:
    shown = (
        "<p>What came of each party by its own aims: in the world played, and in brackets the mean of many worlds; the "
        "baseline's beside it. These are readings, not grades: parties want different things, and some of it at "
        "others' expense.</p>"
    )
    parts = []
    for seat in SEATS.values():
        aims = [one for one in review.aims if one.seat == seat.name]
        head = ["aim", "read off", "baseline", *(f"group {g}" for g in review.groups), "why it is theirs"]
        rows = []
        for first in [one for one in aims if one.group == 1]:
            same = {one.group: one for one in aims if one.outcome == first.outcome}
            figures = [_pair(first.base_own, first.base_mean, first.outcome)]
            figures += [_pair(same[g].own, same[g].mean, first.outcome) for g in review.groups]
            rows.append([first.text, f"{first.label} ({first.wants})", *figures, f"{first.why} ({first.rests_on})"])
        parts.append(_table(head, rows, caption=seat.label))
    return f"<h2>What each party got</h2>{shown}{''.join(parts)}"


def _pair(own: float, mean: float, outcome: str) -> str:
    if outcome.startswith(REACHED):
        return f"{yes_no(bool(own))} ({share(mean)})"
    places = decimals(own, mean)
    return f"{number(own, places)} ({number(mean, places)})"


def _deals(review: Review) -> str:
    if not review.deals:
        return "<h2>Deals</h2><p>No deal was made.</p>"
    rows = []
    for deal in review.deals:
        sides = f"{SEATS[deal.sender].label} and {SEATS[deal.receiver].label}"
        kept = "; ".join(f"broken in round {b.round} by {SEATS[b.seat].label}" for b in deal.breaches) or "kept"
        rows.append([str(deal.group), f"{deal.first} to {deal.last}", sides, deal.terms, kept])
    head = ["group", "rounds", "between", "terms", "kept or broken"]
    return f"<h2>Deals</h2>{_table(head, rows)}"


def _forecasts(review: Review) -> str:
    asked = [one for one in review.forecasts if one.happened is not None]
    if not asked:
        return "<h2>Predictions</h2><p>No question was asked.</p>"
    rows = [
        [
            str(one.round), str(one.group), one.text, str(one.count), share(one.mean),
            share(one.ensemble), yes_no(one.happened),
            score(one.brier), score(one.ensemble_brier),
        ]
        for one in reversed(asked)
    ]  # fmt: skip
    head = ["round", "group", "question", "answers", "class", "ensemble", "happened", "Brier, class", "Brier, ensemble"]
    bins = [
        [f"{share(b.low)} to {share(b.high)}", str(b.count), share(b.mean), share(b.happened)]
        for b in review.score.calibration
    ]
    shown = (
        "<p>A Brier score is the mean of (forecast minus what came, 0 or 1) squared: 0 is the best, always saying 50 % "
        f"gives 0.25. The class: {score(review.score.brier)} over {review.score.count} forecasts; the ensemble on the "
        f"same questions: {score(review.score.ensemble_brier)}. The ensemble knows every order; students do not.</p>"
    )
    table = _table(["forecasts of", "how many", "mean forecast", "came true"], bins, caption="Calibration of the class")
    return f"<h2>Predictions</h2>{shown}{_table(head, rows)}{table}"


def _text(review: Review) -> str:
    nothing = [""] * len(review.groups)
    rows = [
        [one.sentence, one.states, one.value, *([number(figure) for figure in one.groups] or nothing)]
        for one in review.recorded
    ]
    head = ["sentence", "what the text records", "figure", *(f"group {g}" for g in review.groups)]
    shown = "<p>Up to 15 April 2020, in our own words; where the model counts the same, each group's own world too.</p>"
    return f"<h2>What the text records</h2>{shown}{_table(head, rows)}"


# Small parts


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", right: int = 0) -> str:
    """A table; right: how many of the last columns hold figures."""
    classes = [""] * (len(head) - right) + [" class=n"] * right
    top = "".join(f"<th scope=col{c}>{_safe(cell)}</th>" for c, cell in zip(classes, head, strict=True))
    body = "".join(
        "<tr>"
        + "".join(f"<td{c or _wide(cell)}>{_safe(cell)}</td>" for c, cell in zip(classes, row, strict=True))
        + "</tr>"
        for row in rows
    )
    said_of = f"<caption>{escape(caption)}</caption>" if caption else ""
    inside = f"{said_of}<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f'<div class=scroll tabindex="0"><table>{inside}</table></div>'


def _wide(cell: str) -> str:
    return " class=w" if len(cell) > LONG else ""


def _safe(cell: str) -> str:
    return cell if isinstance(cell, _Html) else escape(cell)


def _figure(spec: dict[str, Any]) -> str:
    return f"<figure>{svg(spec)}</figure>"
