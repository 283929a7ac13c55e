"""The daily series: their names, units and kinds. The names are part of the interface."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["count", "level", "flag"]

PAIRS = ("us_taliban", "us_kabul", "kabul_taliban", "ghani_abdullah")
STAGES = ("none", "procedure", "agenda", "ceasefire", "settlement")  # stages of talks
AGENDA, CEASEFIRE, SETTLED = 2, 3, 4  # indices of the later stages
CONDITIONS = ("prisoners", "delegation", "taliban", "violence", "guarantee")


@dataclass(frozen=True, slots=True)
class Series:
    """One number per world and day."""

    name: str
    label: str  # plain words, for display and axes
    unit: str
    kind: Kind  # count: events on the day; level: the state at the end of the day; flag: 0 or 1


# What a condition that is missing is called, by its name in CONDITIONS.
BLOCKED_BY: dict[str, str] = {
    "prisoners": "too few prisoners released",
    "delegation": "no single Kabul delegation",
    "taliban": "the Taliban unwilling",
    "violence": "violence too high",
    "guarantee": "US guarantee in doubt",
}


def _all() -> list[Series]:
    named = {
        "us_taliban": "the US and the Taliban",
        "us_kabul": "the US and Kabul",
        "kabul_taliban": "Kabul and the Taliban",
        "ghani_abdullah": "Ghani's and Abdullah's camps",
    }
    return [
        Series("attacks", "Taliban attacks", "attacks/day", "count"),
        Series("attacks_on_coalition", "Attacks on the coalition", "attacks/day", "count"),
        Series("security_forces_killed", "Afghan security forces killed", "people/day", "count"),
        Series("taliban_killed", "Taliban killed", "people/day", "count"),
        Series("offensives", "Offensives by Afghan forces", "operations/day", "count"),
        Series("airstrikes", "US airstrikes", "operations/day", "count"),
        Series("offensives_and_airstrikes", "Offensives and airstrikes", "operations/day", "count"),
        Series("us_troops", "US troops in Afghanistan", "troops", "level"),
        Series("prisoners_released", "Prisoners released so far", "people", "level"),
        Series("captives_released", "Captives released by the Taliban so far", "people", "level"),
        Series("returned_to_fighting", "Released prisoners back at a front so far", "people", "level"),
        Series("taliban_strength", "Taliban fighters", "fighters", "level"),
        Series("kabul_cohesion", "Cohesion of Kabul", "0 to 1", "level"),
        Series("kabul_bargaining_power", "What Kabul can win in talks", "0 to 1", "level"),
        *(Series(f"trust_{pair}", f"Trust between {named[pair]}", "0 to 1", "level") for pair in PAIRS),
        Series("talks_stage", "Stage of talks", "stage, 0 none to 4 settled", "level"),
        *(Series(f"blocked_by_{c}", f"Talks blocked: {BLOCKED_BY[c]}", "yes/no", "flag") for c in CONDITIONS),
    ]


SERIES: dict[str, Series] = {s.name: s for s in _all()}
