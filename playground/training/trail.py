"""The way back: the states before each step that was told, so that a learner can take them back one by one."""

from __future__ import annotations

from collections import deque

from playground.engine.state import State

#: States that are kept, and numbers in all of them together.
MOST_STATES, MOST_NUMBERS = 1000, 4_000_000


class Trail:
    """States, the latest last; of large networks fewer."""

    def __init__(self) -> None:
        self._states: deque[State] = deque()

    def __len__(self) -> int:
        return len(self._states)

    def push(self, state: State) -> None:
        """Remember a copy of the state before a step."""
        self._states.append(state.copy())
        size = (1 + len(state.slots)) * max(1, len(state.values))
        most = min(MOST_STATES, max(1, MOST_NUMBERS // size))
        while len(self._states) > most:
            self._states.popleft()

    def pop(self) -> State | None:
        """The state before the last step; None where there is none."""
        return self._states.pop() if self._states else None

    def first(self) -> State | None:
        """The state before the earliest step that is remembered, with which the way back ends."""
        state = self._states[0] if self._states else None
        self._states.clear()
        return state

    def clear(self) -> None:
        """There is no way back from here."""
        self._states.clear()
