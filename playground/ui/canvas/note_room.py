"""Where a note finds room: near its card, and on nothing else that is shown."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QRectF

from playground.ui.canvas.note import Note

#: Between a card and its note.
_GAP = 6.0


class Taken:
    """Rectangles that are in use, with room for some more."""

    def __init__(self, rects: Iterable[QRectF], more: int) -> None:
        found = [(rect.left(), rect.top(), rect.right(), rect.bottom()) for rect in rects]
        self._count = len(found)
        self._limits = np.empty((self._count + more, 4))
        self._limits[: self._count] = np.array(found).reshape(-1, 4)

    def add(self, rect: QRectF) -> None:
        """One more is in use."""
        self._limits[self._count] = rect.left(), rect.top(), rect.right(), rect.bottom()
        self._count += 1

    def between(self, left: float, right: float) -> list[tuple[float, float]]:
        """The upper and the lower edge of each one that stands, in part at least, between two verticals."""
        lefts, _, rights, _ = self._limits[: self._count].T
        edges: list[tuple[float, float]] = self._limits[: self._count][(lefts < right) & (left < rights), 1::2].tolist()
        return edges


def room_for(note: Note, card: QRectF, taken: Taken) -> tuple[Note, QRectF]:
    """A note and its place: below its card, without its button or above where that is too narrow, else further down."""
    # No form is lower than its words in their full width: often there is no room even for these.
    beside = taken.between(card.left(), card.left() + 1.0)
    tops = card.bottom() + _GAP, card.top() - _GAP - note.least_height
    crowded = all(_covered(beside, top, note.least_height) is not None for top in tops)
    for shown in () if crowded else note.variants():
        width, height = shown.size
        edges = taken.between(card.left(), card.left() + width)
        for top in (card.bottom() + _GAP, card.top() - _GAP - height):
            if _covered(edges, top, height) is None:
                return shown, QRectF(card.left(), top, width, height)
    width, height = note.size
    edges, top = taken.between(card.left(), card.left() + width), card.bottom() + _GAP
    while (edge := _covered(edges, top, height)) is not None:
        top = edge + _GAP
    return note, QRectF(card.left(), top, width, height)


def _covered(edges: list[tuple[float, float]], top: float, height: float) -> float | None:
    """The lower edge of the first one that a rectangle there would cover in part; None where it is free."""
    return next((lower for upper, lower in edges if upper < top + height and top < lower), None)
