"""Moods: hidden, slowly changing influences on an actor's decisions, different in each world."""

from typing import Any

import numpy as np

from sim.engine.base import WorldsModel
from sim.engine.random_streams import Floats, RandomStreams
from sim.inputs.parameters import constant

_HALF = constant(1 / 2)


class Mood:
    """A first-order autoregressive process around zero, shape (worlds,).

    Each day the mood keeps all but 1 / memory of its value and adds a uniform random step, scaled so that its
    standard deviation remains `spread` (Box & Jenkins 1970, AR(1)). Its first value has the same standard deviation,
    so that worlds differ from the first day.
    """

    def __init__(self, streams: RandomStreams, name: str, spread: Any, memory_days: Any) -> None:
        """spread: standard deviation in the units it is added to; memory_days: days, above 1."""
        self._stream = streams.stream(name)
        self._kept: Floats = np.asarray(1 - 1 / memory_days)
        unit_variance = 12**0.5  # a uniform of width one has variance 1/12
        self._step: Floats = np.asarray(spread * unit_variance * (1 - self._kept**2) ** 0.5)
        self.value: Floats = centred(streams.draw_once(f"{name}.start")[0]) * np.float32(unit_variance) * spread

    @classmethod
    def of(cls, model: WorldsModel, name: str) -> "Mood":
        """Return a mood with the spread and the memory that the moods of all leaderships have. name: of its stream."""
        p = model.parameters.group("agreement")
        return cls(model.streams, name, p.mood_spread, p.mood_memory_days)

    def draw(self) -> Floats:
        """Return the next day's mood, shape (worlds,)."""
        self.value = self._kept * self.value + self._step * centred(self._stream.draw()[0])
        return self.value


def centred(u: Floats) -> Floats:
    """Shift a uniform to between -1/2 and 1/2."""
    return u - _HALF
