"""Scores in words: how often the bands cover what was observed, and whether the ensemble beats each naive forecast."""

from typing import Final

from sim.analysis.scoring.scores import Coverage, Scores, Versus
from sim.schema.formatting import interval, number, score, share

_KINDS: Final = {"dates": "Dates", "numbers": "Numbers"}


def sentences(scores: Scores) -> list[str]:
    """Return one sentence per level of the bands, and one per naive forecast."""
    return [*map(_covered, scores.coverage), *map(_better, scores.versus)]


def _covered(one: Coverage) -> str:
    if one.share is None:
        return f"Whether the {one.level} % bands cover what was observed is not known of any observation."
    ends = ""
    if one.low is not None and one.high is not None:
        ends = f", 95 % interval {interval(100 * one.low, 100 * one.high, 0)} %"
    return f"The {one.level} % bands cover {share(one.share)} of {_observations(one.observations)}{ends}."


def _better(one: Versus) -> str:
    """Whether the ensemble or a naive forecast is better, and whether so few observations can say so."""
    means = ""
    if one.ensemble is not None and one.naive is not None:
        means = f" (mean score {score(one.ensemble)} against {score(one.naive)})"
    what = f'{_KINDS[one.kind]}, beside "{one.name}": the ensemble is better in {one.better} of {one.observations}'
    return f"{what}, worse in {one.worse}{means}. {_verdict(one)}"


def _verdict(one: Versus) -> str:
    if one.significant:
        winner = "The ensemble" if one.better > one.worse else "The naive forecast"
        return f"{winner} is significantly better (sign test, p = {number(one.p, 3)})."
    return f"The difference is not significant (sign test, p = {number(one.p, 2)})."


def _observations(number_of: int) -> str:
    return f"{number_of} observation{'' if number_of == 1 else 's'}"
