"""Larger type for a projector: numbers that somebody in the last row can read, in the microscope and beside operations.

Everything that writes such numbers asks here how large they are, and listens to `changed`.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

#: The least heights of type for somebody in the last row, logical pixels: of numbers, and of words beside them.
NUMBERS, WORDS = 24, 20


class Projector(QObject):
    """Whether the type is that large."""

    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.on = False

    def switch(self, on: bool) -> None:
        """From now on, or no longer."""
        if on != self.on:
            self.on = on
            self.changed.emit(on)


#: The one that everything asks.
projector = Projector()


def number_size(size: int) -> int:
    """How large numbers are that are so large otherwise."""
    return max(size, NUMBERS) if projector.on else size


def word_size(size: int) -> int:
    """How large words are that are so large otherwise."""
    return max(size, WORDS) if projector.on else size


def row_height(height: int) -> int:
    """How high a row of numbers is that is so high otherwise."""
    return max(height, NUMBERS + 10) if projector.on else height
