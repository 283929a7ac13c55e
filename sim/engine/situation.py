"""The situation: yesterday's public state, which every actor observes before it decides."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Situation:
    """Yesterday's public state. Every field except `day` has shape (worlds,)."""

    day: int  # the day for which actors decide, 0 on the first
    violence: Floats  # attacks on Afghan forces, smoothed, ratio to 2019
    air_campaign: Floats  # airstrikes flown, smoothed, ratio to 2019
    taliban_losses: Floats  # Taliban killed, smoothed, ratio to 2019
    truce: Flags  # the leadership kept the truce with the coalition
    us_troops: Floats  # troops
    behind_plan: Floats  # troops above the promised path, share of those at signing
    gone: Floats  # troops withdrawn, share of those at signing
    offer: Floats  # total prisoners whose release the decree in force allows
    pledge_required: Flags
    review: Flags  # the list was under review
    released: Floats  # prisoners released so far
    returned: Floats  # released prisoners who are back at a front
    return_rate: Floats  # share of the released who are back at a front, 0 while nobody is released
    unmet: Floats  # prisoners still missing, share of what the Taliban demand
    captives: Floats  # captives released so far
    cohesion: Floats  # cohesion of Kabul, 0 to 1
    ghani_support: Floats  # share of brokers who lean to Ghani
    shared: Flags  # power is shared
    stage: Floats  # stage of talks, 0 none to 4 settled
    waiting: Floats  # days since talks were due, while they are not open
    broken: Flags  # the agreement is broken
    pressure_on_ghani: Floats  # 0 to 1
    pressure_on_abdullah: Floats  # 0 to 1
    pressure_on_taliban: Floats  # 0 to 1
    aid_cut: Floats  # bn USD per year
    backing: Floats  # backing by the Security Council, 0 to 1
    trust: dict[str, Floats]  # by pair, 0 to 1
