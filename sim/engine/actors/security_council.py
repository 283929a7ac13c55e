"""The UN Security Council: backing for the agreement, a condition that nobody here decides."""

from sim.engine.base import Actor, WorldsModel
from sim.engine.situation import Situation
from sim.schema.decisions import CouncilDecision


class SecurityCouncil(Actor):
    """Backs the agreement, unanimously unless the scenario says otherwise (S13)."""

    def __init__(self, model: WorldsModel) -> None:
        """Take the seat."""
        super().__init__(model)
        backing = model.parameters.group("council").backing_given
        self.backing = model.filled(backing if model.signed else 0)

    def decide(self, s: Situation) -> CouncilDecision:  # noqa: ARG002 - asked like every actor
        """The same backing every day, 0 to 1, (worlds,)."""
        return CouncilDecision(backing=self.backing)
