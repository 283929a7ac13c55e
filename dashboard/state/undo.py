"""Undo and redo over states: nothing is ever changed, each step gives another history."""

from dataclasses import dataclass, replace
from typing import Final

from dashboard.state.state import State

LONGEST: Final = 200  # steps back


@dataclass(frozen=True)
class UndoStack:
    """The state shown, those before it (latest last) and those undone (next last)."""

    present: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()

    def push(self, state: State) -> "UndoStack":
        """Move on to a state; what was undone is gone. The same state again is no step."""
        if state == self.present:
            return self
        return UndoStack(state, (*self.past, self.present)[-LONGEST:])

    def replace_view(self, state: State) -> "UndoStack":
        """The same step seen in another way, such as at another week: nothing to undo."""
        return replace(self, present=state)

    def undo(self) -> "UndoStack":
        """One step back, if there is one."""
        if not self.past:
            return self
        return UndoStack(self.past[-1], self.past[:-1], (*self.future, self.present))

    def redo(self) -> "UndoStack":
        """One step forward again, if there is one."""
        if not self.future:
            return self
        return UndoStack(self.future[-1], (*self.past, self.present), self.future[:-1])

    @property
    def before(self) -> State | None:
        """The state before the last change, None at the start."""
        return self.past[-1] if self.past else None
