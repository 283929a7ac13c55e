"""What passes from one day to the next: the smoothed signals, and the agreement's state."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.random_streams import Floats
from sim.engine.reductions import clip, total
from sim.engine.situation import Flags, Situation
from sim.inputs.parameters import Group
from sim.schema.series import CONDITIONS

if TYPE_CHECKING:
    from sim.engine.model import PeaceProcess


@dataclass(slots=True)
class Day:
    """The day being lived and what yesterday left; arrays have shape (worlds,)."""

    number: int
    p: Group  # the parameters of the group "agreement"
    violence: Floats
    air_campaign: Floats
    truce: Flags
    truce_broken_days: Floats
    broken: Flags
    shared: Flags
    decisions: dict[str, Any]  # yesterday's, by actor; empty on the eve

    @classmethod
    def eve(cls, model: "PeaceProcess") -> "Day":
        """The eve of the first day."""
        signed = model.signed
        none, zero = np.zeros(model.worlds, bool), model.full(0)
        return cls(
            number=0,
            p=model.parameters.group("agreement"),
            violence=total(model.fronts.intensity * model.fronts.share),
            air_campaign=model.full(1 - model.us.p.restraint_in_truce if signed else 1),
            truce=none | signed,
            truce_broken_days=zero,
            broken=none,
            shared=none,
            decisions={},
        )

    def situation(self, model: "PeaceProcess") -> Situation:
        """Yesterday as everybody sees it this morning."""
        us, ghani = self.decisions.get("us"), self.decisions.get("kabul.ghani")
        zero, none = model.full(0), np.zeros(model.worlds, bool)
        yesterday = self.number - 1
        behind = np.maximum(model.us.troops - model.us.plan.promised(yesterday), 0)
        out, back = model.prisoners.released, model.prisoners.returned
        return Situation(
            day=self.number,
            violence=self.violence,
            air_campaign=self.air_campaign,
            taliban_losses=total(model.fronts.losses * model.fronts.share),
            truce=self.truce,
            us_troops=model.us.troops,
            behind_plan=behind / model.us.p.troops_at_signing if model.signed else zero,
            gone=1 - model.us.troops / model.us.p.troops_at_signing,
            offer=model.ghani.offer,
            pledge_required=none if ghani is None else ghani.pledge_required,
            review=none if ghani is None else ghani.review,
            released=out,
            returned=back,
            return_rate=np.divide(back, np.maximum(out, 1), dtype=np.float32),
            unmet=self._unmet(model, out),
            captives=model.taliban.captives_released,
            cohesion=model.brokers.cohesion,
            ghani_support=model.brokers.support,
            shared=self.shared,
            stage=model.talks.stage,
            waiting=self._waiting(model),
            broken=self.broken,
            pressure_on_ghani=zero if us is None else us.pressure_on_ghani,
            pressure_on_abdullah=zero if us is None else us.pressure_on_abdullah,
            pressure_on_taliban=zero if us is None else us.pressure_on_taliban,
            aid_cut=zero if us is None else us.aid_cut,
            backing=model.council.backing if not self.decisions else self.decisions["council"].backing,
            trust=model.trust.level,
        )

    def _unmet(self, model: "PeaceProcess", out: Floats) -> Floats:
        """Share of the prisoners demanded that is still missing, (worlds,); none without an agreement."""
        if not model.signed:
            return model.full(0)
        taliban = self.decisions.get("taliban")
        demand = model.full(model.taliban.p.demand_made) if taliban is None else taliban.demand
        wanted = model.taliban.p.satisfied_share * demand
        return clip((wanted - out) / np.maximum(wanted, 1), 0, 1)

    def _waiting(self, model: "PeaceProcess") -> Floats:
        """Days since talks were due, while they are not open, (worlds,)."""
        since = max(self.number - model.talks.due, 0)
        return np.where(model.talks.stage == 0, np.float32(since), np.float32(0))

    def close(self, model: "PeaceProcess", d: dict[str, Any], fought: dict[str, Floats]) -> None:
        """Settle the day's accounts: signals, the agreement, and today's series."""
        memory = self.p.memory
        self.violence = self.violence + memory * (fought["attacks"] / model.fronts.p.attacks_2019 - self.violence)
        flown = fought["airstrikes"] / model.security_forces.p.airstrikes_2019
        self.air_campaign = self.air_campaign + memory * (flown - self.air_campaign)
        self.truce = d["taliban"].truce
        self._agreement(model, d)
        self.decisions = d
        model.today = self._series(model, fought)

    def _agreement(self, model: "PeaceProcess", d: dict[str, Any]) -> None:
        """Break the agreement where the truce has stayed broken too long; backing buys time (S13)."""
        if not model.signed:
            return
        self.truce_broken_days = np.where(self.truce, np.float32(0), self.truce_broken_days + 1)
        grace = self.p.broken_after_days * (1 + self.p.backing_grace * d["council"].backing)
        self.broken = self.broken | (self.truce_broken_days > grace)

    def _series(self, model: "PeaceProcess", fought: dict[str, Floats]) -> dict[str, Floats]:
        """Every daily series of today, (worlds,)."""
        levels = dict(
            offensives_and_airstrikes=fought["offensives"] + fought["airstrikes"],
            us_troops=model.us.troops,
            prisoners_released=model.prisoners.released,
            captives_released=model.taliban.captives_released,
            returned_to_fighting=model.prisoners.returned,
            taliban_strength=total(model.fronts.fighters),
            kabul_cohesion=model.brokers.cohesion,
            kabul_bargaining_power=model.bargaining_power(),
            talks_stage=model.talks.stage,
        )
        trust = {f"trust_{pair}": level for pair, level in model.trust.level.items()}
        missing = {f"blocked_by_{c}": no for c, no in zip(CONDITIONS, ~model.talks.ok, strict=True)}
        return fought | levels | trust | missing
