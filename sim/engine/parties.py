"""The actors of the process with the talks and the trust between them, created in one place."""

from dataclasses import dataclass

from sim.engine.actors.brokers import Brokers
from sim.engine.actors.fronts import Fronts
from sim.engine.actors.kabul import Abdullah, Ghani
from sim.engine.actors.prisoners import Prisoners
from sim.engine.actors.security_council import SecurityCouncil
from sim.engine.actors.security_forces import SecurityForces
from sim.engine.actors.taliban import Taliban
from sim.engine.actors.united_states import UnitedStates
from sim.engine.base import Actor, WorldsModel
from sim.engine.random_streams import Floats
from sim.engine.reductions import total
from sim.engine.talks import Talks, bargaining_power
from sim.engine.trust import Trust


@dataclass(frozen=True, slots=True)
class Parties:
    """Every actor, the talks and the trust of one model."""

    us: UnitedStates
    ghani: Ghani
    abdullah: Abdullah
    brokers: Brokers
    taliban: Taliban
    fronts: Fronts
    security_forces: SecurityForces
    prisoners: Prisoners
    council: SecurityCouncil
    talks: Talks
    trust: Trust

    @classmethod
    def create(cls, model: WorldsModel) -> "Parties":
        """Create all actors, talks and trust in their state before the first day."""
        fronts = Fronts(model)
        return cls(
            us=UnitedStates(model),
            ghani=Ghani(model),
            abdullah=Abdullah(model),
            brokers=Brokers(model),
            taliban=Taliban(model),
            fronts=fronts,
            security_forces=SecurityForces(model),
            prisoners=Prisoners(model, fronts=fronts.size),
            council=SecurityCouncil(model),
            talks=Talks(model),
            trust=Trust.at_start(model.parameters.group("trust"), model.filled),
        )

    def deciders(self) -> dict[str, Actor]:
        """The actors that decide, by the prefix of their levers."""
        return {
            "us": self.us,
            "kabul.ghani": self.ghani,
            "kabul.abdullah": self.abdullah,
            "taliban": self.taliban,
            "council": self.council,
        }

    def bargaining_power(self) -> Floats:
        """Return what Kabul can win in talks today, 0 to 1, (worlds,)."""
        strength = total(self.fronts.fighters) / self.fronts.p.fighters
        troops = self.us.troops / self.us.p.troops_at_signing
        return bargaining_power(self.brokers.cohesion, troops, strength, self.talks.p)
