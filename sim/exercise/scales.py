"""What a public figure can be compared with, in words: the same weeks of 2019, the list, what was promised."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from sim.schema.formatting import number

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario

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


def scale(scenario: "Scenario", name: str) -> str:
    """Return what a series can be compared with, in words, with the numbers of the scenario; "" for nothing."""
    return _scales(scenario).get(name, "")


@lru_cache(maxsize=160)
def _scales(scenario: "Scenario") -> dict[str, str]:
    values = scenario.resolved()
    return {name: _NAME.sub(lambda found: number(float(values[found[1]])), text) for name, text in SCALES.items()}
