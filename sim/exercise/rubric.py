"""The rubric for the debrief: what good looks like, by criteria. It looks at how students think, never at who won."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion. look: where it shows; begins, good, strong: what students say or write at each level."""

    name: str
    look: str
    begins: str
    good: str
    strong: str


LEVELS: Final = ("begins", "good", "strong")
RUBRIC: Final = (
    Criterion(
        "Causes",
        "the debrief; “What each decision changed”; the first question of looking back",
        "Tells what happened, in order.",
        "Names a decision that mattered, and compares with the same world without it.",
        "Says what would have been enough without it, and how certain that is; names a decision that did not matter.",
    ),
    Criterion(
        "The other side",
        "offers, notes and answers; the story of the group as two seats see it",
        "Explains others by their character, or not at all.",
        "Says what another seat wanted and could not do, and made offers that it could accept.",
        "Saw a limit of the other side (its rivals, its commanders, its voters) and used or eased it in a deal.",
    ),
    Criterion(
        "Promises",
        "“Deals”: what became of each promise",
        "Trusts or distrusts in general.",
        "Says why a promise was kept or broken, and which of them would still have been kept after it was paid for.",
        "Made promises that are worth keeping: in steps, in return, or visible to others; tells broken from not "
        "carried out.",
    ),
    Criterion(
        "Forecasts",
        "reasons beside forecasts; calibration; “Predictions”",
        "Gives a hope, 0 % or 100 %, or always 50 %.",
        "Gives a chance with a reason that could turn out wrong, and compares it with the outcome afterwards.",
        "Changes the next forecast for a stated reason; tells a bad forecast from bad luck.",
    ),
    Criterion(
        "Limits of the model",
        "the debrief, questions 8 to 10; the second question of looking back",
        "Takes the model for what happened, or rejects it whole.",
        "Names something that the model leaves out, and tells a statement about the model from one about Afghanistan.",
        "Says which finding would change if that were in the model, and what one would have to read to find out.",
    ),
)
