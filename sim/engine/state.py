"""The state that is carried from one day to the next: smoothed signals, and the state of the agreement."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.actors.kabul import deal_hazard
from sim.engine.base import WorldsModel
from sim.engine.hazard import chance
from sim.engine.parties import Parties
from sim.engine.random_streams import Floats, Stream
from sim.engine.reductions import ONE, ZERO, clip_unit, positive_part, total
from sim.engine.season import Season
from sim.engine.situation import Flags, Situation
from sim.engine.talks import Talks
from sim.inputs.parameters import Group
from sim.schema.series import CONDITIONS


@dataclass(slots=True)
class ProcessState:
    """The current day and the state at the end of yesterday; arrays have shape (worlds,)."""

    number: int
    season: Season
    p: Group  # the parameters of the group "agreement"
    violence: Floats
    air_campaign: Floats
    ground_campaign: Floats
    aid_felt: Floats
    truce: Flags
    truce_broken_days: Floats
    broken: Flags
    shared: Flags
    deal: Group  # the parameters of the group "kabul"
    deal_luck: Stream
    decisions: dict[str, Any]  # yesterday's, by actor; empty before the first day
    power: Floats  # what Kabul could win in talks yesterday, 0 to 1
    zero: Floats  # of what has not been decided
    none: Flags  # of what holds in no world

    @classmethod
    def eve(cls, model: WorldsModel, parties: Parties) -> "ProcessState":
        """Return the state before the first day."""
        signed = model.signed
        none, zero = np.zeros(model.worlds, bool), model.filled(0)
        return cls(
            number=0,
            season=Season(model),
            p=model.parameters.group("agreement"),
            violence=total(parties.fronts.intensity * parties.fronts.share),
            air_campaign=model.filled(1 - parties.us.p.restraint_in_truce if signed else 1),
            ground_campaign=model.filled(parties.ghani.p.posture_defence if signed else 1),
            aid_felt=zero,
            truce=none | signed,
            truce_broken_days=zero,
            broken=none,
            shared=none,
            deal=model.parameters.group("kabul"),
            deal_luck=model.streams.stream("kabul.deal"),
            decisions={},
            power=parties.bargaining_power(),
            zero=zero,
            none=none,
        )

    def situation(self, model: WorldsModel, parties: Parties) -> Situation:
        """Return yesterday's public state, as all actors observe it today."""
        us, ghani, taliban = (self.decisions.get(actor) for actor in ("us", "kabul.ghani", "taliban"))
        zero, none = self.zero, self.none
        yesterday = self.number - 1
        behind = positive_part(parties.us.troops - parties.us.plan.promised(yesterday))
        out, back = parties.prisoners.released, parties.prisoners.returned
        divided = ~self.shared & (model.signed and model.contested)
        return Situation(
            day=self.number,
            eid=self.season.eid(self.number),
            violence=self.violence,
            air_campaign=self.air_campaign,
            ground_campaign=self.ground_campaign,
            taliban_losses=total(parties.fronts.losses * parties.fronts.share),
            truce=self.truce,
            pause=none if taliban is None else taliban.pause,
            us_troops=parties.us.troops,
            behind_plan=behind / parties.us.p.troops_at_signing if model.signed else zero,
            gone=ONE - parties.us.troops / parties.us.p.troops_at_signing,
            offer=parties.ghani.offer,
            pledge_required=none if ghani is None else ghani.pledge_required,
            review=none if ghani is None else ghani.review,
            released=out,
            returned=back,
            return_rate=np.divide(back, np.maximum(out, ONE), dtype=np.float32),
            unmet=self._unmet(model, parties),
            captives=parties.taliban.captives_released / np.maximum(parties.taliban.p.captives_held, ONE),
            answered=parties.taliban.answered(out),
            cohesion=parties.brokers.cohesion,
            ghani_support=parties.brokers.support,
            shared=self.shared,
            divided=divided,
            weakness=parties.talks.p.even_power - self.power,
            stage=parties.talks.stage,
            waiting=self._since_due(parties.talks, parties.talks.stage == ZERO),
            dispute=self._since_due(parties.talks, divided),
            broken=self.broken,
            pressure_on_ghani=zero if us is None else us.pressure_on_ghani,
            pressure_on_abdullah=zero if us is None else us.pressure_on_abdullah,
            pressure_on_taliban=zero if us is None else us.pressure_on_taliban,
            aid_cut=zero if us is None else us.aid_cut,
            aid_felt=self.aid_felt,
            backing=parties.council.backing if not self.decisions else self.decisions["council"].backing,
            trust=parties.trust.level,
        )

    def share_power(self, offered: Floats, asked: Floats, *, possible: bool) -> None:
        """Share power for good where the camps agree today. offered, asked: shares of power, (worlds,)."""
        agreed = self.deal_luck.draw()[0] < chance(deal_hazard(offered, asked, self.deal))
        self.shared = self.shared | (agreed & possible)

    def _unmet(self, model: WorldsModel, parties: Parties) -> Floats:
        """Return the share of the demand that the Taliban do not count as met, (worlds,); 0 without an agreement."""
        if not model.signed:
            return self.zero
        taliban = self.decisions.get("taliban")
        demand = model.filled(parties.taliban.p.demand_made) if taliban is None else taliban.demand
        return clip_unit((demand - parties.taliban.counted) / np.maximum(demand, ONE))

    def _since_due(self, talks: Talks, where: Flags) -> Floats:
        """Return the days since talks were due in some worlds, and 0 elsewhere, (worlds,)."""
        return where * np.float32(max(self.number - talks.due, 0))

    def close(
        self, parties: Parties, d: dict[str, Any], counts: dict[str, Floats], *, signed: bool
    ) -> dict[str, Floats]:
        """End the day: update the signals and the agreement, and return every series of today, (worlds,).

        d: today's decisions by actor; counts: attacks, operations and losses of the day; signed: whether there is an
        agreement.
        """
        memory = self.p.memory
        usual = parties.fronts.p.attacks_2019 * self.season.factor(self.number)
        self.violence = self.violence + memory * (counts["attacks"] / usual - self.violence)
        flown = counts["airstrikes"] / parties.security_forces.p.airstrikes_2019
        self.air_campaign = self.air_campaign + memory * (flown - self.air_campaign)
        fought = counts["offensives"] / parties.security_forces.p.offensives_2019
        self.ground_campaign = self.ground_campaign + memory * (fought - self.ground_campaign)
        self.aid_felt = self.aid_felt + (d["us"].aid_cut - self.aid_felt) / parties.us.p.aid_bite_days
        self.truce = d["taliban"].truce
        self._agreement(d, signed=signed)
        self.decisions = d
        self.power = parties.bargaining_power()
        return _series(parties, counts, self.power)

    def _agreement(self, d: dict[str, Any], *, signed: bool) -> None:
        """Break the agreement where the truce has been broken for too long; backing extends that time (S13)."""
        if not signed:
            return
        self.truce_broken_days = ~self.truce * (self.truce_broken_days + ONE)
        grace = self.p.broken_after_days * (ONE + self.p.backing_grace * d["council"].backing)
        self.broken = self.broken | (self.truce_broken_days > grace)


def _series(parties: Parties, counts: dict[str, Floats], power: Floats) -> dict[str, Floats]:
    """Return every daily series of today, (worlds,). counts: of the day; power: what Kabul can win in talks."""
    levels = dict(
        offensives_and_airstrikes=counts["offensives"] + counts["airstrikes"],
        us_troops=parties.us.troops,
        prisoners_released=parties.prisoners.released,
        captives_released=parties.taliban.captives_released,
        returned_to_fighting=parties.prisoners.returned,
        taliban_strength=total(parties.fronts.fighters),
        kabul_cohesion=parties.brokers.cohesion,
        kabul_bargaining_power=power,
        talks_stage=parties.talks.stage,
    )
    trust = {f"trust_{pair}": level for pair, level in parties.trust.level.items()}
    missing = {f"blocked_by_{c}": no for c, no in zip(CONDITIONS, ~parties.talks.ok, strict=True)}
    return counts | levels | trust | missing
