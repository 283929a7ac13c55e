"""Trust between the actors: it slowly follows their actions."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.random_streams import Floats
from sim.engine.reductions import ONE, ZERO, clip_unit, positive_part
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.schema.series import PAIRS


@dataclass(slots=True)
class Trust:
    """Trust of each pair, 0 to 1, shape (worlds,)."""

    p: Group  # the parameters of the group "trust"
    level: dict[str, Floats]

    @classmethod
    def at_start(cls, p: Group, full: Any) -> "Trust":
        """Return trust before the first day. full: makes a (worlds,) array of a value."""
        return cls(p, {pair: full(getattr(p, f"{pair}_start")) for pair in PAIRS})

    def step(self, s: Situation, truce: Flags, joins: Flags, broke_down: Flags) -> None:
        """Move trust one step towards what yesterday's actions earn (partial adjustment; tit for tat, Axelrod 1984).

        Changes `level`. truce: kept today; joins: Abdullah's camp joins one delegation; broke_down: talks broke
        down today; all (worlds,).
        """
        earned = {
            "us_taliban": us_taliban(s, truce, self.p),
            "us_kabul": us_kabul(s, self.p),
            "kabul_taliban": kabul_taliban(s, self.p),
            "ghani_abdullah": ghani_abdullah(s, joins, self.p),
        }
        deserved = clip_unit(np.array(list(earned.values())))  # (pairs, worlds)
        level = np.array([self.level[pair] for pair in earned])
        self.level = dict(zip(earned, level + self.p.speed * (deserved - level), strict=True))
        between = self.level["kabul_taliban"]
        self.level["kabul_taliban"] = np.where(broke_down, between * self.p.after_breakdown, between)


def us_taliban(s: Situation, truce: Flags, p: Group) -> Floats:
    """Earned by the truce and released prisoners, lost by airstrikes and delayed withdrawal (S7, S8, S12, S13)."""
    earned = p.us_taliban_base + p.us_taliban_truce * truce + p.us_taliban_releases * (ONE - s.unmet)
    return earned - p.us_taliban_strikes * s.air_campaign - p.us_taliban_behind * s.behind_plan


def us_kabul(s: Situation, p: Group) -> Floats:
    """Lost by pressure, withheld aid, a fast exit and a divided Kabul (patron and client)."""
    lost = p.us_kabul_pressure * s.pressure_on_ghani + p.us_kabul_gone * s.gone
    return p.us_kabul_base - lost - p.us_kabul_aid * s.aid_cut - p.us_kabul_split * (ONE - s.cohesion)


def kabul_taliban(s: Situation, p: Group) -> Floats:
    """Earned by prisoners, captives, talks and truces, lost by violence of both, reviews and returns (S3, S6, S13)."""
    earned = p.kabul_taliban_releases * (ONE - s.unmet) + p.kabul_taliban_captives * s.captives
    lost = p.kabul_taliban_violence * positive_part(s.violence - ONE) + p.kabul_taliban_review * s.review
    lost = lost + p.kabul_taliban_offensives * s.ground_campaign
    in_talks = p.kabul_taliban_talks * (s.stage > ZERO) + p.kabul_taliban_pause * s.pause
    return p.kabul_taliban_base + earned + in_talks - lost - p.kabul_taliban_returns * s.return_rate


def ghani_abdullah(s: Situation, joins: Flags, p: Group) -> Floats:
    """Earned by sharing power and by joining one delegation (S15, S16)."""
    return p.ghani_abdullah_base + p.ghani_abdullah_shared * s.shared + p.ghani_abdullah_joint * joins
