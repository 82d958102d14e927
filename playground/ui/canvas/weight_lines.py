"""The weights between two layers as lines: width and colour by size and sign, the negative ones dashed as well.

Lines are worked out once for each course; a frame only sorts them into a few pens. Sixteen pens draw any number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor

from playground.data.table import Array
from playground.document.model import Wire
from playground.ui.canvas.courses import SEGMENTS, Course
from playground.ui.theme import Theme, mix

#: A weight of this size, or larger, has the widest line.
FULL = 3.0
#: Widths of lines; and how far the colour of each goes from the surface to the full one.
WIDTHS = (0.8, 1.2, 1.7, 2.3, 3.0, 3.8, 4.7, 5.6)
_STRENGTHS = (0.35, 0.55, 0.7, 0.8, 0.88, 0.94, 1.0, 1.0)
#: Of the segments of a negative line every third is left out.
_GAP = 3


class WeightLines:
    """Sorts the strands of wires into layers by the weights that they stand for."""

    def __init__(self) -> None:
        self._weights: Mapping[Wire, Array | None] = {}
        self._solid: dict[Wire, list[QLineF]] = {}
        self._dashed: dict[Wire, list[QLineF]] = {}
        self._buckets: list[list[QLineF]] | None = None

    def show(self, weights: Mapping[Wire, Array | None]) -> None:
        """Take over weights, [inputs, units] by wire; wires without any are plain."""
        self._weights = weights
        self._buckets = None

    def forget(self, wires: Iterator[Wire] | list[Wire]) -> None:
        """Their courses have changed."""
        for wire in wires:
            self._solid.pop(wire, None)
            self._dashed.pop(wire, None)
        self._buckets = None

    def knows(self, wire: Wire) -> bool:
        """Whether this wire is drawn by its weights."""
        return self._weights.get(wire) is not None

    def weights(self, wire: Wire) -> Array | None:
        """Its weights, [inputs, units]."""
        return self._weights.get(wire)

    def buckets(self, courses: Mapping[Wire, Course], fanned: bool) -> list[list[QLineF]]:
        """Lines by pen: for each width the negative ones, then the positive ones."""
        if self._buckets is None:
            self._buckets = [[] for _ in range(2 * len(WIDTHS))]
            for wire, weights in self._weights.items():
                course = courses.get(wire)
                if weights is not None and course is not None and not course.docked:
                    self._sort(wire, course, weights, fanned)
        return self._buckets

    def _sort(self, wire: Wire, course: Course, weights: Array, fanned: bool) -> None:
        if wire not in self._solid:
            lines = course.lines(fanned)
            self._solid[wire] = lines
            self._dashed[wire] = [line for k, line in enumerate(lines) if k % SEGMENTS % _GAP != _GAP - 1]
        rows, columns = course.ends if fanned else (1, 1)
        values = shown(weights, rows, columns).reshape(-1)
        buckets = bucket_of(values).tolist()
        assert self._buckets is not None
        strands = rows * columns
        solid, dashed = self._solid[wire], self._dashed[wire]
        for strand, bucket in enumerate(buckets):
            self._buckets[bucket] += _part(solid if bucket % 2 else dashed, strand, strands)

    def strand(
        self, wire: Wire, course: Course, index: tuple[int, int]
    ) -> tuple[list[QLineF], list[QLineF], int] | None:
        """One weight: its whole line, what is drawn of it, and its pen; None where it has no line of its own."""
        weights = self.weights(wire)
        rows, columns = course.ends
        strand = index[0] * columns + index[1]
        if weights is None or wire not in self._solid or own_line(weights, course, strand) != index:
            return None
        bucket = int(bucket_of(weights[index]))
        whole = _part(self._solid[wire], strand, rows * columns)
        return whole, whole if bucket % 2 else _part(self._dashed[wire], strand, rows * columns), bucket


def _part(lines: list[QLineF], strand: int, strands: int) -> list[QLineF]:
    """The lines of one of so many strands."""
    length = len(lines) // strands
    return lines[strand * length : (strand + 1) * length]


def bucket_of(values: Array) -> NDArray[np.int64]:
    """The pen of each weight: twice its place among the widths, and one more where it is not negative."""
    size = np.nan_to_num(np.minimum(np.abs(values) / FULL, 1.0))
    level = np.minimum((size * len(WIDTHS)).astype(np.int64), len(WIDTHS) - 1)
    return 2 * level + (values >= 0.0)


def pen_of(bucket: int, theme: Theme) -> tuple[QColor, float]:
    """Colour and width of a pen."""
    level = bucket // 2
    color = theme.positive if bucket % 2 else theme.negative
    return mix(theme.surface, color, _STRENGTHS[level]), WIDTHS[level]


def shown(weights: Array, rows: int, columns: int) -> Array:
    """Weights as so many rows and columns of lines: the last of fewer stands for all the others, by their mean square.

    It has the sign of their sum. Lines of weights that are not there yet (a unit was just added) are those of 0.
    """
    found = _gathered(_gathered(weights, rows).T, columns).T
    missing = rows - found.shape[0], columns - found.shape[1]
    return np.pad(found, ((0, missing[0]), (0, missing[1]))) if any(missing) else found


def _gathered(values: Array, rows: int) -> Array:
    if len(values) <= rows:
        return values
    rest = values[rows - 1 :]
    signed = np.where(rest.sum(axis=0) < 0.0, -1.0, 1.0) * np.sqrt((rest * rest).mean(axis=0))
    gathered: Array = np.concatenate([values[: rows - 1], signed[None]])
    return gathered


def own_line(weights: Array, course: Course, strand: int) -> tuple[int, int] | None:
    """The weight (input, unit) that a strand stands for alone; None where it gathers several, or has none yet."""
    rows, columns = course.ends
    row, column = divmod(strand, columns)
    (inputs, units) = weights.shape
    if (rows < inputs and row == rows - 1) or (columns < units and column == columns - 1):
        return None
    return (row, column) if row < inputs and column < units else None
