"""Undo and redo over states. Histories are immutable: each step returns a new one."""

from dataclasses import dataclass, replace
from typing import Final

from dashboard.state.state import State

LONGEST: Final = 200  # steps back


@dataclass(frozen=True)
class UndoStack:
    """The current state, the states before it (latest last) and the undone states (next last)."""

    present: State
    past: tuple[State, ...] = ()
    future: tuple[State, ...] = ()

    def push(self, state: State) -> "UndoStack":
        """Return the history after a new state, without the undone states; unchanged if the state is the same."""
        if state == self.present:
            return self
        return UndoStack(state, (*self.past, self.present)[-LONGEST:])

    def replace_view(self, state: State) -> "UndoStack":
        """Return the history with the current state replaced, such as for another week: no undo step."""
        return replace(self, present=state)

    def undo(self) -> "UndoStack":
        """Return the history one step back, if there is one."""
        if not self.past:
            return self
        return UndoStack(self.past[-1], self.past[:-1], (*self.future, self.present))

    def redo(self) -> "UndoStack":
        """Return the history one step forward, if there is one."""
        if not self.future:
            return self
        return UndoStack(self.future[-1], (*self.past, self.present), self.future[:-1])

    @property
    def before(self) -> State | None:
        """The state before the last change, None at the start."""
        return self.past[-1] if self.past else None
