"""The public state at the end of yesterday, which all actors observe, and their hidden moods."""

from dataclasses import dataclass
from random import Random
from typing import Any

CEASEFIRE, SETTLED = 3, 4  # stages of talks, after 0 none, 1 procedure and 2 agenda


@dataclass
class News:
    """Yesterday's public state, which all actors observe before they decide."""

    day: int
    eid: bool
    violence: float  # attacks, smoothed, ratio to 2019
    air_campaign: float  # airstrikes, smoothed, ratio to 2019
    ground_campaign: float  # offensives, smoothed, ratio to 2019
    taliban_losses: float  # smoothed, ratio to 2019
    truce: bool
    pause: bool
    troops: float
    behind: float  # troops above the promised path, share of those at signing
    gone: float  # share of the troops at signing
    offer: float
    review: bool
    released: int
    returned: int
    unmet: float  # share of the demanded prisoners still missing
    captives: float  # share of those held
    answered: float  # share of the captives owed
    cohesion: float
    ghani_support: float  # share of brokers
    shared: bool
    divided: bool  # contested and not shared
    weakness: float  # how far what Kabul can win is below half
    stage: int
    waiting: float  # days since talks were due, while they are not open
    dispute: float  # days since talks were due, while Kabul is divided
    broken: bool
    pressure_on_ghani: float
    pressure_on_abdullah: float
    pressure_on_taliban: float
    aid_cut: float
    aid_felt: float
    backing: float
    trust: dict[str, float]

    @property
    def excess(self) -> float:
        """Return violence above that of 2019."""
        return max(self.violence - 1, 0.0)

    @property
    def return_rate(self) -> float:
        """Return the share of the released who fight again."""
        return self.returned / self.released if self.released else 0.0

    @property
    def in_talks(self) -> bool:
        """Whether talks are open or settled."""
        return self.stage > 0


class Mood:
    """An actor's hidden mood around zero: AR(1) with uniform shocks and a given standard deviation."""

    def __init__(self, random: Random, p: Any) -> None:
        half_width = p.mood_spread * 3**0.5  # of the uniform with that standard deviation
        self.random = random
        self.kept = 1 - 1 / p.mood_memory_days
        self.shock = half_width * (1 - self.kept**2) ** 0.5
        self.value = random.uniform(-half_width, half_width)

    def swing(self) -> float:
        """Return today's mood."""
        self.value = self.kept * self.value + self.random.uniform(-self.shock, self.shock)
        return self.value


def between(low: float, value: float, high: float) -> float:
    """Return the value, limited to bounds."""
    return low if value < low else min(value, high)
