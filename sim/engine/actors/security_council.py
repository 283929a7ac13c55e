"""The UN Security Council: its backing of the agreement is a condition, not a decision."""

from sim.engine.base import Actor, WorldsModel
from sim.engine.situation import Situation
from sim.schema.decisions import CouncilDecision


class SecurityCouncil(Actor):
    """Backs the agreement, unanimously unless the scenario says otherwise (S13)."""

    def __init__(self, model: WorldsModel) -> None:
        """Initialise with the backing of the parameters."""
        super().__init__(model)
        backing = model.parameters.group("council").backing_given
        self.backing = model.filled(backing if model.signed else 0)

    def decide(self, s: Situation) -> CouncilDecision:  # noqa: ARG002 - the signature of every actor
        """Return the same backing every day, 0 to 1, (worlds,)."""
        return CouncilDecision(backing=self.backing)
