"""The situation: yesterday's public state, which every actor observes before it decides."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Situation:
    """Yesterday's public state. Every field except `day` and `eid` has shape (worlds,)."""

    day: int  # the day for which actors decide, 0 on the first
    eid: bool  # whether that day is one of the days of Eid
    violence: Floats  # attacks on Afghan forces, smoothed, ratio to 2019 at the same time of year
    air_campaign: Floats  # airstrikes flown, smoothed, ratio to 2019
    ground_campaign: Floats  # offensives of the security forces, smoothed, ratio to 2019
    taliban_losses: Floats  # Taliban killed, smoothed, ratio to 2019
    truce: Flags  # the leadership kept the truce with the coalition
    pause: Flags  # the leadership ordered a truce with Kabul's forces
    us_troops: Floats  # troops
    behind_plan: Floats  # troops above the promised path, share of those at signing
    gone: Floats  # troops withdrawn, share of those at signing
    offer: Floats  # total prisoners whose release the decree in force allows
    pledge_required: Flags
    review: Flags  # the list was under review
    released: Floats  # prisoners released so far
    returned: Floats  # released prisoners who are back at a front
    return_rate: Floats  # share of the released who are back at a front, 0 while nobody is released
    unmet: Floats  # what the Taliban do not count as met, share of the prisoners they demand
    captives: Floats  # captives released so far, share of those held at the start
    answered: Floats  # captives released, share of those owed for the prisoners released; 1 while none is owed
    cohesion: Floats  # cohesion of Kabul, 0 to 1
    ghani_support: Floats  # share of brokers who lean to Ghani
    shared: Flags  # power is shared
    divided: Flags  # two camps claim the presidency and do not share power
    weakness: Floats  # how far what Kabul can win in talks is below half; below 0 where it is more than half
    stage: Floats  # stage of talks, 0 none to 4 settled
    waiting: Floats  # days since talks were due, while they are not open
    dispute: Floats  # days since talks were due, while Kabul is divided
    broken: Flags  # the agreement is broken
    pressure_on_ghani: Floats  # 0 to 1
    pressure_on_abdullah: Floats  # 0 to 1
    pressure_on_taliban: Floats  # 0 to 1
    aid_cut: Floats  # bn USD per year
    aid_felt: Floats  # the part of it that is felt in Kabul by now, bn USD per year
    backing: Floats  # backing by the Security Council, 0 to 1
    trust: dict[str, Floats]  # by pair, 0 to 1
