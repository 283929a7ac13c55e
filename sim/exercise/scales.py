"""What a public figure can be compared with, in words: the same weeks of 2019, the list, what was promised."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sim.schema.formatting import number

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario
    from sim.results.results import Results

SCALES: Final = {
    "attacks": "in the same weeks of 2019: {fronts.attacks_2019}",
    "attacks_on_coalition": "as agreed: none",
    "taliban_killed": "in the same weeks of 2019: {security_forces.taliban_killed_2019}",
    "airstrikes": "in the same weeks of 2019: {security_forces.airstrikes_2019}",
    "us_troops": "{us.troops_at_signing} at the signing, {us.troops_first_phase} promised by mid-July",
    "prisoners_released": "of {prisoners.listed} on the list",
    "captives_released": "of {taliban.captives_held} that they hold",
    "kabul_cohesion": "100 % would be one government",
    "kabul_bargaining_power": "100 % would be all that is at stake",
}
_NAME: Final = re.compile(r"{([\w.]+)}")
_NAMES: Final = tuple(sorted({name for text in SCALES.values() for name in _NAME.findall(text)}))


def scale(world: "Results", name: str) -> str:
    """Return what a series can be compared with, in words, with the numbers of a single world; "" for nothing."""
    own = tuple((name, float(world.drawn[name][0])) for name in _NAMES if name in world.drawn)
    return _scales(world.scenario, own).get(name, "")


@lru_cache(maxsize=160)
def _scales(scenario: "Scenario", own: tuple[tuple[str, float], ...]) -> dict[str, str]:
    values = {**scenario.resolved().values, **dict(own)}
    return {name: _NAME.sub(lambda found: number(float(values[found[1]])), text) for name, text in SCALES.items()}
