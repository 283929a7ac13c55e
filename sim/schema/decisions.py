"""What each actor may decide: one typed Decision per actor, whose fields are the levers.

A lever is a field of a Decision. A scenario file, a slider, a class order and a causal test all act in
the same way: they impose a lever between two dates (see `sim.inputs.intervention.Intervention`). This module
defines each lever's name, unit, bounds and the sentence of the text that it is based on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Lever:
    """One field of one actor's Decision, which a user may impose."""

    name: str  # dotted, "kabul.ghani.offer"
    label: str  # plain words, for display
    unit: str  # "1" for a pure number, "yes/no" for a flag
    low: float  # lowest allowed value (0 for a flag)
    high: float  # highest allowed value (1 for a flag)
    rests_on: str  # sentence numbers of the text, or "agreement", or "assumption"
    about: str  # a longer explanation

    @property
    def flag(self) -> bool:
        """Whether the lever is a yes or no."""
        return self.unit == "yes/no"

    @property
    def actor(self) -> str:
        """The dotted name of the actor that decides it."""
        return self.name.rpartition(".")[0]

    @property
    def field(self) -> str:
        """The name of the Decision's field."""
        return self.name.rpartition(".")[2]


def _lever(label: str, unit: str, low: float, high: float, rests_on: str, about: str) -> Any:
    return field(metadata=dict(label=label, unit=unit, low=low, high=high, rests_on=rests_on, about=about))


def _flag(label: str, rests_on: str, about: str) -> Any:
    return _lever(label, "yes/no", 0, 1, rests_on, about)


@dataclass(frozen=True, slots=True)
class UnitedStatesDecision:
    """The administration's decisions on a day; every field has shape (worlds,)."""

    withdrawal: Array = _lever(
        "Troops withdrawn per day",
        "troops/day",
        0,
        1000,
        "S2, S12",
        "Troops that leave on this day, before violence delays them; the number left never falls below zero.",
    )
    conditionality: Array = _lever(
        "Withdrawal tied to violence",
        "1",
        0,
        1,
        "S1, S7",
        "How far withdrawal waits while violence is above what the US tolerates: 0 not at all, 1 fully.",
    )
    restraint: Array = _lever(
        "Restraint in the air",
        "1",
        0,
        1,
        "S6",
        "Share of the airstrikes of 2019 that the US no longer flies on its own initiative.",
    )
    defensive_strikes: Array = _lever(
        "Defensive strikes",
        "1",
        0,
        1,
        "S8",
        "How often the US flies strikes in defence of attacked Afghan partners: 0 never, 1 whenever asked.",
    )
    pressure_on_ghani: Array = _lever(
        "US pressure on Ghani's camp",
        "1",
        0,
        1,
        "S1, S14",
        "How hard the US presses Ghani's camp to release prisoners and to share power.",
    )
    pressure_on_abdullah: Array = _lever(
        "US pressure on Abdullah's camp",
        "1",
        0,
        1,
        "S15, S17",
        "How hard the US presses Abdullah's camp to accept a share of power.",
    )
    pressure_on_taliban: Array = _lever(
        "US pressure on the Taliban",
        "1",
        0,
        1,
        "S7",
        "How hard the US presses the Taliban leadership to lower violence and attend talks.",
    )
    aid_cut: Array = _lever(
        "US aid withheld from Kabul",
        "bn USD/year",
        0,
        2,
        "assumption",
        "Aid withheld to make the rival camps agree; not in the text: the State Department, 23 March 2020.",
    )


@dataclass(frozen=True, slots=True)
class TalibanDecision:
    """The Taliban leadership's decisions on a day; every field has shape (worlds,)."""

    intensity: Array = _lever(
        "Violence ordered against Afghan forces",
        "ratio to 2019",
        0,
        4,
        "S3, S4",
        "Attacks the leadership orders, relative to the same window of 2019.",
    )
    truce: Array = _flag(
        "Truce with the coalition",
        "S7",
        "Whether the leadership keeps its fighters from attacking coalition forces.",
    )
    pause: Array = _flag(
        "Truce with Kabul's forces",
        "agreement",
        "Whether the leadership orders its fighters not to attack Afghan forces on this day, as over Eid in June 2018.",
    )
    demand: Array = _lever(
        "Prisoners demanded",
        "people",
        0,
        5000,
        "S13",
        "Prisoners the leadership wants released before talks.",
    )
    pledges_acceptable: Array = _lever(
        "Pledges acceptable",
        "1",
        0,
        1,
        "S10, S11, S13",
        "Share of the prisoners who wait for the leadership's leave whom it lets sign a pledge not to fight again.",
    )
    attend: Array = _flag(
        "Willing to attend talks",
        "S9, S17",
        "Whether the leadership would sit down with a Kabul delegation.",
    )
    captives_pace: Array = _lever(
        "Captives released per day",
        "people/day",
        0,
        1000,
        "agreement",
        "Captives of the other side whom the Taliban release on this day (at most 1,000 in total).",
    )


@dataclass(frozen=True, slots=True)
class GhaniDecision:
    """The decisions of Ghani's camp on a day; every field has shape (worlds,)."""

    offer: Array = _lever(
        "Prisoners offered",
        "people",
        0,
        5000,
        "S10",
        "Total prisoners whose release the decree in force allows; releases stop when it is used up.",
    )
    pace: Array = _lever(
        "Releases per day",
        "people/day",
        0,
        5000,
        "S10",
        "Prisoners to be released on a day; a divided government achieves less.",
    )
    pledge_required: Array = _flag(
        "Pledge required",
        "S10, S11",
        "Whether only those who sign a pledge not to fight again are released.",
    )
    review: Array = _flag(
        "Review of the list",
        "S14",
        "Whether the list is under review, which stops all releases.",
    )
    monitoring: Array = _lever(
        "Released prisoners monitored",
        "1",
        0,
        1,
        "assumption",
        "Share of the released whom the government keeps in touch with, which keeps some of them home.",
    )
    share_offered: Array = _lever(
        "Share of power offered",
        "1",
        0,
        1,
        "S15, S16",
        "Share of the cabinet and of appointments that Ghani's camp would give to Abdullah's.",
    )
    posture: Array = _lever(
        "Offensive posture of Afghan forces",
        "ratio to 2019",
        0,
        2,
        "S6",
        "Offensives ordered, relative to the same window of 2019.",
    )


@dataclass(frozen=True, slots=True)
class AbdullahDecision:
    """The decisions of Abdullah's camp on a day; every field has shape (worlds,)."""

    share_asked: Array = _lever(
        "Share of power asked",
        "1",
        0,
        1,
        "S15, S16",
        "Smallest share of power that Abdullah's camp would accept.",
    )
    joins_delegation: Array = _flag(
        "Joins one delegation",
        "S17",
        "Whether Abdullah's camp joins one delegation without sharing power.",
    )


@dataclass(frozen=True, slots=True)
class CouncilDecision:
    """The UN Security Council's backing: a condition, not a decision; shape (worlds,)."""

    backing: Array = _lever(
        "Security Council backing",
        "1",
        0,
        1,
        "S13",
        "How firmly the Security Council supports the agreement: support makes it costlier to break.",
    )


DECISIONS: dict[str, type[Any]] = {
    "us": UnitedStatesDecision,
    "taliban": TalibanDecision,
    "kabul.ghani": GhaniDecision,
    "kabul.abdullah": AbdullahDecision,
    "council": CouncilDecision,
}


@lru_cache(maxsize=1)
def levers() -> dict[str, Lever]:
    """Return every lever by its dotted name, in the order of the actors."""
    return {
        f"{actor}.{f.name}": Lever(name=f"{actor}.{f.name}", **f.metadata)
        for actor, kind in DECISIONS.items()
        for f in fields(kind)
    }


@dataclass(frozen=True, slots=True)
class Imposed:
    """The value that replaces one field of a Decision on a day."""

    value: Any  # scalar or (worlds,)
    where: Any = True  # in which worlds: all of them, or a mask (worlds,)


D = TypeVar("D")


def impose(decision: D, imposed: Mapping[str, Imposed]) -> D:
    """Return the decision with some of its fields replaced, each in the field's own shape and type.

    decision: a Decision; imposed: by the field's name. Raises TypeError for a field that the Decision does
    not have.
    """
    if not imposed:
        return decision
    changed = {}
    for name, order in imposed.items():
        if not hasattr(decision, name):
            raise TypeError(f"{type(decision).__name__} has no field {name}")
        own = getattr(decision, name)
        value = np.broadcast_to(np.asarray(order.value, dtype=own.dtype), own.shape)
        changed[name] = value if order.where is True else np.where(order.where, value, own)
    return replace(decision, **changed)  # type: ignore[type-var]


def shaped(decision: D, worlds: int) -> D:
    """Return the decision with every field as a (worlds,) array, flags as booleans and the rest as float32."""
    changed, shape = {}, (worlds,)
    for name, kind in _kinds(type(decision)):  # type: ignore[arg-type]
        own = getattr(decision, name)
        if type(own) is not np.ndarray or own.dtype is not kind or own.shape != shape:
            changed[name] = np.full(worlds, own, kind)
    return replace(decision, **changed) if changed else decision  # type: ignore[type-var]


@lru_cache
def _kinds(decision: type[Any]) -> tuple[tuple[str, np.dtype[Any]], ...]:
    """Return the fields of a Decision and the types of their arrays."""
    flag, number = np.dtype(np.bool_), np.dtype(np.float32)
    return tuple((f.name, flag if f.metadata["unit"] == "yes/no" else number) for f in fields(decision))
