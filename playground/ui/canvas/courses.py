"""The course of a wire: where its strands run, as points worked out once, and how far a press is from it.

Between two layers a wire fans out: one strand for each pair of values that a weight joins (dense), one for each value
that is handed on (activation). Where that would be too many to tell apart, the wire is one line, its trunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from playground.document.model import Wire
from playground.ui.canvas.face import Face
from playground.ui.canvas.segments import NONE, Segments, along
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
        limits: left, top, right and bottom of the rectangle that holds it.
        straight: whether its strands are: one segment each, in which there are no seams.
    """

    wire: Wire
    trunk: Points
    strands: Points
    docked: bool
    ends: tuple[int, int]
    limits: tuple[float, float, float, float]
    straight: bool = False

    @property
    def middle(self) -> QPointF:
        """Half way along the trunk."""
        low, high = self.trunk[(len(self.trunk) - 1) // 2], self.trunk[len(self.trunk) // 2]
        return QPointF((low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0)

    def segments(self, fanned: bool = True) -> Segments:
        """Its segments, strand by strand."""
        if self.docked:
            return NONE
        if self.straight and fanned:
            return along(self.strands[:, [0, -1]])
        # One line of many on the canvas, or seen from afar, needs half as many segments.
        return along(self.strands if fanned else self.trunk[None, ::2])


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


#: A wire, and at either end the card: its face and its rectangle.
Ends = tuple[Wire, Face, QRectF, Face, QRectF]


def is_docked(source: QRectF, target: QRectF) -> bool:
    """Whether a card touches the one before it, so that nothing is seen of the wire between them."""
    return abs(target.left() - source.right()) <= TOUCH and abs(target.center().y() - source.center().y()) <= TOUCH


def course(wire: Wire, source: Face, source_rect: QRectF, target: Face, target_rect: QRectF) -> Course:
    """The course of a wire between two cards."""
    return courses([(wire, source, source_rect, target, target_rect)])[0]


def courses(wires: Sequence[Ends]) -> list[Course]:
    """The courses of several wires; their curves are worked out together, which takes little longer than one alone."""
    if not wires:
        return []
    ports = np.array([(a.right(), a.center().y(), b.left(), b.center().y()) for _, _, a, _, b in wires])
    offsets = [_ends(source, target) for _, source, _, target, _ in wires]
    sizes = [len(one) for one in offsets]
    ends = np.repeat(ports, sizes, axis=0)
    ends[:, 1::2] += np.concatenate(offsets)
    left, right = ends[:, :2], ends[:, 2:]
    bent = 1.0 - wires[0][1].bare
    curves = bezier(left, right, bent)
    straight = bezier(left, right) if bent < 1.0 else curves
    firsts = np.cumsum([0, *sizes[:-1]])
    limits = _limits(ends, straight[firsts], firsts).tolist()
    found, at = [], 0
    for (wire, source, source_rect, target, target_rect), size, limit in zip(wires, sizes, limits, strict=True):
        counts = max(len(source.rows), 1), max(len(target.rows), 1)
        docked = is_docked(source_rect, target_rect)
        strands = curves[at + 1 : at + size]
        found.append(Course(wire, straight[at], strands, docked, counts, tuple(limit), straight=not bent))
        at += size
    return found


def _limits(ends: Points, trunks: Points, firsts: NDArray[np.int64]) -> Points:
    """Left, top, right and bottom of each course: no strand goes further to a side than its trunk, or past its ends."""
    across, ups, downs = trunks[:, :, 0], ends[:, 1::2].min(axis=1), ends[:, 1::2].max(axis=1)
    tops, bottoms = np.minimum.reduceat(ups, firsts), np.maximum.reduceat(downs, firsts)
    return np.stack([across.min(axis=1), tops, across.max(axis=1), bottoms], axis=1)


def _ends(source: Face, target: Face) -> Points:
    """How far from the middle line the trunk and each strand start and end: [1 + strands, 2]."""
    return _offsets(row_offsets(source), row_offsets(target), target.kind)


@lru_cache(maxsize=256)
def _offsets(leaving: tuple[float, ...], entering: tuple[float, ...], kind: str) -> Points:
    leaving, entering = leaving or (0.0,), entering or (0.0,)
    if kind == "dense":
        pairs = [(start, end) for start in leaving for end in entering]
    elif kind == "activation" and len(entering) == len(leaving):
        pairs = list(zip(leaving, entering, strict=True))
    else:
        pairs = [(start, 0.0) for start in leaving]
    return np.array([(0.0, 0.0), *pairs])


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
