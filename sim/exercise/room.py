"""What all actions of a classroom share: the file, the log, the credentials, and who is present."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sim.errors import InputError
from sim.exercise import rules
from sim.exercise.access import RateLimiter
from sim.exercise.doors import Doors
from sim.exercise.due import is_due
from sim.exercise.event_store import EventStore
from sim.exercise.exercise_log import ExerciseLog
from sim.exercise.joining import Joining
from sim.exercise.presence import Presence
from sim.exercise.state import ExerciseState
from sim.exercise.trials import Trials
from sim.exercise.world_cache import WorldCache
from sim.exercise.worlds import compute_round
from sim.schema import arguments


class Room:
    """The open file. Can be shared by threads, and the file by several processes."""

    def __init__(
        self, path: str | Path, *, clock: Callable[[], float] = time.time, guard: RateLimiter | None = None
    ) -> None:
        """Open the file, created if missing (readable only by its owner). Raises InputError if that is not possible.

        clock: seconds since 1970; guard: counts wrong codes.
        """
        arguments.callback("clock", clock)
        if guard is not None:
            arguments.instance("guard", guard, RateLimiter, "a RateLimiter")
        self._book = EventStore(arguments.path("path", path))
        self._clock, self._engine = clock, WorldCache()
        self._doors = Doors(self._book, RateLimiter() if guard is None else guard)
        self._log = ExerciseLog(self._book, clock)
        self._playing = threading.Lock()
        self._presence, self._trials = Presence(), Trials()
        self._joining = Joining(self._book, self._log, self._doors, self._presence)

    def _current(self, exercise: str) -> ExerciseState:
        """Return the state now: first close a round whose deadline has passed, and play it if the teacher chose so.

        Raises InputError.
        """
        state = self._log.current(exercise)
        if not is_due(state, self._clock()):
            return state
        with self._playing:  # one thread plays it, the others wait for it
            state = self._log.current(exercise)
            if is_due(state, self._clock()):
                compute_round(self._engine, state)
                with suppress(InputError):  # another program has played it meanwhile
                    self._log.act(exercise, lambda now_it_is, _: [rules.play(now_it_is, state.round)])
        return self._log.current(exercise)

    def tick(self) -> None:
        """Say about every second that this computer is awake: time for which it slept does not count for a round."""
        self._log.tick()

    def leave(self) -> None:
        """Close the file; Windows can delete it only after that."""
        self._trials.close()
        self._book.close()
