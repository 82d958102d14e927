"""The course of a wire: where its strands run, as points worked out once, and how far a press is from it.

Between two layers a wire fans out: one strand for each pair of values that a weight joins (dense), one for each value
that is handed on (activation). Where that would be too many to tell apart, the wire is one line, its trunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF

from playground.document.model import Wire
from playground.ui.canvas.face import Face
from playground.ui.canvas.shape import row_offsets

Points = NDArray[np.float64]

#: Segments of one curve; straight ones have one.
SEGMENTS = 14
#: How near two cards' edges count as touching.
TOUCH = 2.0


@dataclass(frozen=True, eq=False)
class Course:
    """Where one wire runs.

    Attributes:
        trunk: [points, 2], from port to port.
        strands: [strands, points, 2]; the trunk alone where it is not fanned out.
        docked: whether the cards touch, so that nothing is seen of it.
        ends: how many rows strands leave, and how many they enter; every pair of them where a layer is entered.
    """

    wire: Wire
    trunk: Points
    strands: Points
    docked: bool
    ends: tuple[int, int] = (1, 1)

    @property
    def middle(self) -> QPointF:
        """Half way along the trunk."""
        low, high = self.trunk[(len(self.trunk) - 1) // 2], self.trunk[len(self.trunk) // 2]
        return QPointF((low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0)

    def lines(self, fanned: bool = True) -> list[QLineF]:
        """Its segments, for `QPainter.drawLines`."""
        if self.docked:
            return []
        # One line of many on the canvas, or seen from afar, needs half as many segments.
        curves = self.strands if fanned else self.trunk[None, ::2]
        pairs = np.concatenate([curves[:, :-1], curves[:, 1:]], axis=2).reshape(-1, 4).tolist()
        return [QLineF(*pair) for pair in pairs]

    @cached_property
    def limits(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the rectangle that holds it."""
        points = np.concatenate([self.strands.reshape(-1, 2), self.trunk])
        left, top, right, bottom = np.concatenate([points.min(axis=0), points.max(axis=0)]).tolist()
        return left, top, right, bottom


def courses_distance(courses: Sequence[Course], x: float, y: float, fanned: bool = True) -> Points:
    """How far a point is from each course: [courses]; from its strands, or only from its trunk."""
    curves = [np.concatenate([one.strands, one.trunk[None]]) if fanned else one.trunk[None] for one in courses]
    start = np.concatenate([curve[:, :-1].reshape(-1, 2) for curve in curves])
    along = np.concatenate([curve[:, 1:].reshape(-1, 2) for curve in curves]) - start
    away = np.array([x, y]) - start
    length = np.maximum((along * along).sum(axis=1), 1e-12)
    share = np.clip((away * along).sum(axis=1) / length, 0.0, 1.0)
    squares = ((away - share[:, None] * along) ** 2).sum(axis=1)
    counts = [curve.shape[0] * (curve.shape[1] - 1) for curve in curves]
    distances: Points = np.sqrt(np.minimum.reduceat(squares, np.cumsum([0, *counts[:-1]])))
    return distances


def nearest_strand(one: Course, x: float, y: float) -> tuple[int, float]:
    """The strand of a course that is nearest to a point, and how far that is."""
    start = one.strands[:, :-1]
    along = one.strands[:, 1:] - start
    away = np.array([x, y]) - start
    length = np.maximum((along * along).sum(axis=2), 1e-12)
    share = np.clip((away * along).sum(axis=2) / length, 0.0, 1.0)
    squares = ((away - share[:, :, None] * along) ** 2).sum(axis=2).min(axis=1)
    index = int(squares.argmin())
    return index, float(np.sqrt(squares[index]))


def course(wire: Wire, source: Face, source_rect: QRectF, target: Face, target_rect: QRectF) -> Course:
    """The course of a wire between two cards."""
    x1, y1 = source_rect.right(), source_rect.center().y()
    x2, y2 = target_rect.left(), target_rect.center().y()
    trunk = bezier(np.array([[x1, y1]]), np.array([[x2, y2]]))[0]
    docked = abs(x2 - x1) <= TOUCH and abs(y2 - y1) <= TOUCH
    starts, ends = _ends(source, target)
    counts = max(len(source.rows), 1), max(len(target.rows), 1)
    left = np.column_stack([np.full(len(starts), x1), y1 + np.array(starts)])
    right = np.column_stack([np.full(len(ends), x2), y2 + np.array(ends)])
    return Course(wire, trunk, bezier(left, right, 1.0 - source.bare), docked, counts)


def _ends(source: Face, target: Face) -> tuple[list[float], list[float]]:
    """The offsets from the middle line at which each strand starts and ends."""
    leaving = list(row_offsets(source)) or [0.0]
    entering = list(row_offsets(target)) or [0.0]
    if target.kind == "dense":
        pairs = [(start, end) for start in leaving for end in entering]
    elif target.kind == "activation" and len(entering) == len(leaving):
        pairs = list(zip(leaving, entering, strict=True))
    else:
        pairs = [(start, 0.0) for start in leaving]
    return [start for start, _ in pairs], [end for _, end in pairs]


def bezier(start: Points, end: Points, bent: float = 1.0) -> Points:
    """Curves that leave and arrive level, or straight ones (`bent` 0): [curves, 2] × 2 → [curves, points, 2].

    Cubic, with handles of half the way (more where the target lies to the left, so that the loop can be seen).
    """
    across = end[:, :1] - start[:, :1]
    handle = np.where(across >= 0.0, np.maximum(across * 0.5, np.minimum(across, 24.0)), 40.0 - across * 0.25)
    level = np.concatenate([handle, np.zeros_like(handle)], axis=1)
    t = np.linspace(0.0, 1.0, SEGMENTS + 1)[None, :, None]
    s = 1.0 - t
    p0, p1, p2, p3 = (part[:, None, :] for part in (start, start + level, end - level, end))
    curves: Points = s**3 * p0 + 3.0 * s**2 * t * p1 + 3.0 * s * t**2 * p2 + t**3 * p3
    if bent < 1.0:
        curves = bent * curves + (1.0 - bent) * (s * p0 + t * p3)
    return curves
