"""What is told of a network at work: neither said nor taken back because of one reading, so that no word flickers."""

from __future__ import annotations

from collections.abc import Iterable

from playground.engine.health import UnitState

#: A state is told when it has been found so many times in a row, and gone when it has been missed as often.
READINGS = 2

_Key = tuple[str, str]
_Units = tuple[int, ...] | None


class Lasting:
    """States of nodes by node and kind, as they have lasted."""

    def __init__(self) -> None:
        self._told: dict[_Key, UnitState] = {}
        #: Other units than those that are told (None: no such state any more), and how often they have been found.
        self._differing: dict[_Key, tuple[_Units, int]] = {}

    @property
    def told(self) -> tuple[UnitState, ...]:
        """What has lasted, with the numbers of the last reading."""
        return tuple(self._told.values())

    def read(self, states: Iterable[UnitState], readings: int = READINGS) -> None:
        """Take note of a reading; other units of a state must last as a new state must, its numbers need not."""
        found: dict[_Key, UnitState] = {(state.node, state.kind): state for state in states}
        for key in dict.fromkeys([*found, *self._told, *self._differing]):
            state, told = found.get(key), self._told.get(key)
            units = state.units if state is not None else None
            if units == (told.units if told is not None else None):
                self._differing.pop(key, None)
                if state is not None:
                    self._told[key] = state
                continue
            before, times = self._differing.get(key, (units, 0))
            times = times + 1 if before == units else 1
            if times < readings:
                self._differing[key] = units, times
                continue
            self._differing.pop(key, None)
            if state is not None:
                self._told[key] = state
            else:
                self._told.pop(key, None)

    def forget(self) -> None:
        """Another network."""
        self._told.clear()
        self._differing.clear()
