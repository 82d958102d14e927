"""The weights between two layers as lines: width and colour by size and sign, the negative ones dashed as well.

Lines are worked out once for each course; a frame only sorts them into a few pens. Sixteen pens draw any number. Frozen
weights have a padlock on their line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import is_

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from playground.data.table import Array
from playground.document.frozen import Mask
from playground.document.model import Wire
from playground.ui.canvas.courses import Course
from playground.ui.canvas.locks import NOWHERE, Places
from playground.ui.canvas.segments import NONE, Segments
from playground.ui.theme import Theme, mix

#: A weight of this size, or larger, has the widest line.
FULL = 3.0
#: Widths of lines; and how far the colour of each goes from the surface to the full one.
WIDTHS = (0.8, 1.2, 1.7, 2.3, 3.0, 3.8, 4.7, 5.6)
_STRENGTHS = (0.35, 0.55, 0.7, 0.8, 0.88, 0.94, 1.0, 1.0)
#: Of the segments of a negative line every third is left out.
_GAP = 3

#: Where on a line its padlock is, of SEGMENTS + 1 points; nearer to the unit where the caption would cover it, and
#: where one stands for all lines of a unit.
_LOCKED, _LOCKED_LATE = 9, 12
#: Half the room of a caption, logical pixels.
_CAPTION = np.array([34.0, 14.0])

#: Lines of a wire, [strands, segments, 4].
Strands = NDArray[np.float64]


class WeightLines:
    """Sorts the strands of wires into layers by the weights that they stand for."""

    def __init__(self) -> None:
        self._weights: Mapping[Wire, Array | None] = {}
        #: Of each wire [strands, segments, 4].
        self._strands: dict[Wire, Strands] = {}
        self._buckets: list[Segments] | None = None
        self._sorted = _Sorted()
        self._frozen: Mapping[str, Mask] = {}
        self._locks: Places | None = NOWHERE

    def show_frozen(self, frozen: Mapping[str, Mask]) -> bool:
        """Which weights of which layers are frozen one by one, other layers left out; whether others than before."""
        differs = frozen != self._frozen
        if differs:
            self._frozen, self._locks = frozen, None
        return differs

    def show(self, weights: Mapping[Wire, Array | None]) -> None:
        """Take over weights, [inputs, units] by wire; wires without any are plain."""
        if self._frozen and _shapes(weights) != _shapes(self._weights):
            self._locks = None
        self._weights = weights
        self._buckets = None

    def forget(self, wires: Iterator[Wire] | list[Wire]) -> None:
        """Their courses have changed."""
        for wire in wires:
            self._strands.pop(wire, None)
        self._buckets = None
        self._locks = None if self._frozen else NOWHERE

    def knows(self, wire: Wire) -> bool:
        """Whether this wire is drawn by its weights."""
        return self._weights.get(wire) is not None

    def weights(self, wire: Wire) -> Array | None:
        """Its weights, [inputs, units]."""
        return self._weights.get(wire)

    def buckets(self, courses: Mapping[Wire, Course], fanned: bool) -> list[Segments]:
        """Lines by pen: for each width the negative ones, then the positive ones."""
        if self._buckets is None:
            found, values = [], [np.zeros(0)]
            for wire, weights in self._weights.items():
                course = courses.get(wire)
                if weights is None or course is None or course.docked:
                    continue
                rows, columns = course.ends if fanned else (1, 1)
                values.append(shown(weights, rows, columns).reshape(-1))
                found.append(self._strands_of(wire, course, fanned))
            self._buckets = self._sorted.by_pen(found, bucket_of(np.concatenate(values)))
        return self._buckets

    def locks(self, courses: Mapping[Wire, Course], fanned: bool) -> Places:
        """Where padlocks are: on each line of frozen weights alone, one for all where a unit has no others."""
        if self._locks is None:
            found = [NOWHERE]
            for wire, weights in self._weights.items() if self._frozen else ():
                mask, course = self._frozen.get(wire.target, ()), courses.get(wire)
                if weights is None or course is None or course.docked:
                    continue
                if mask and weights.shape == (len(mask), len(mask[0])):
                    rows, columns = course.ends if fanned else (1, 1)
                    frozen = _all_frozen(np.array(mask), rows, columns)
                    lines = course.strands if fanned else course.trunk[None]
                    found.append(_lock_places(lines.reshape(rows, columns, *lines.shape[1:]), frozen, course))
            self._locks = np.concatenate(found)
        return self._locks

    def _strands_of(self, wire: Wire, course: Course, fanned: bool) -> Strands:
        """The lines of each strand of a wire, made when they are first drawn."""
        strands = self._strands.get(wire)
        if strands is None:
            rows, columns = course.ends if fanned else (1, 1)
            strands = self._strands[wire] = course.segments(fanned).reshape(rows * columns, -1, 4)
        return strands

    def strand(self, wire: Wire, course: Course, index: tuple[int, int]) -> tuple[Segments, Segments, int] | None:
        """One weight: its whole line, what is drawn of it, and its pen; None where it has no line of its own."""
        weights = self.weights(wire)
        strand = index[0] * course.ends[1] + index[1]
        strands = self._strands.get(wire)
        if weights is None or strands is None or strand >= len(strands):
            return None
        if own_line(weights, course, strand) != index:
            return None
        bucket, whole = int(bucket_of(weights[index])), strands[strand]
        return whole, whole if bucket % 2 else _dashed(whole), bucket


class _Sorted:
    """The strands that were last sorted, one below the other: from frame to frame only their pens change."""

    def __init__(self) -> None:
        self._found: list[Strands] = []
        self._whole = self._dashed = NONE.reshape(0, 1, 4)
        self._pens: NDArray[np.int64] | None = None
        self._buckets: list[Segments] = []

    def by_pen(self, found: list[Strands], pens: NDArray[np.int64]) -> list[Segments]:
        """The lines of all strands by pen, whose places are given in the same order."""
        same = len(found) == len(self._found) and all(map(is_, found, self._found))
        if not same:
            self._found = found
            self._whole = np.concatenate(found) if found else self._whole[:0]
            self._dashed = np.ascontiguousarray(_dashed(self._whole))
        if not same or self._pens is None or not np.array_equal(self._pens, pens):
            self._pens = pens
            self._buckets = [
                (self._whole if pen % 2 else self._dashed)[pens == pen].reshape(-1, 4) for pen in range(2 * len(WIDTHS))
            ]
        return self._buckets


def _dashed(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without every third of the segments, the last axis but one."""
    kept: NDArray[np.float64] = segments[..., np.arange(segments.shape[-2]) % _GAP != _GAP - 1, :]
    return kept


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


def _all_frozen(mask: NDArray[np.bool_], rows: int, columns: int) -> NDArray[np.bool_]:
    """Which of so many rows and columns of lines stand for frozen weights alone; one that is not there yet does not."""
    fewer = [min(shown, there) for shown, there in zip((rows, columns), mask.shape, strict=True)]
    starts = [np.arange(count) for count in fewer]
    whole = np.logical_and.reduceat(np.logical_and.reduceat(mask, starts[0], axis=0), starts[1], axis=1)
    return np.pad(whole, ((0, rows - fewer[0]), (0, columns - fewer[1])))


def _lock_places(lines: NDArray[np.float64], frozen: NDArray[np.bool_], course: Course) -> Places:
    """Places on lines, [rows, columns, points, 2], that the wire's caption does not cover."""
    units = frozen.all(axis=0)
    single = lines[frozen & ~units]
    places = single[:, _LOCKED].copy()
    covered = (np.abs(places - (course.middle.x(), course.middle.y())) < _CAPTION).all(axis=1)
    places[covered] = single[covered, _LOCKED_LATE]
    return np.concatenate([places, lines[:, units, _LOCKED_LATE].mean(axis=0)])


def _shapes(weights: Mapping[Wire, Array | None]) -> dict[Wire, tuple[int, ...] | None]:
    return {wire: None if one is None else one.shape for wire, one in weights.items()}


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
