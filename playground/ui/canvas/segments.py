"""Straight segments as an array, painted in one call: to make a `QLineF` of each takes longer than to paint them."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QPainter
from shiboken6 import wrapInstance

#: [segments, 4]: x and y of one end, then of the other.
Segments = NDArray[np.float64]

NONE: Segments = np.zeros((0, 4))


def along(curves: NDArray[np.float64]) -> Segments:
    """The segments of curves, [curves, points, 2], one curve after the other."""
    return np.concatenate([curves[:, :-1], curves[:, 1:]], axis=2).reshape(-1, 4)


def draw_segments(painter: QPainter, segments: Segments) -> None:
    """Paint segments with the painter's pen."""
    if len(segments):
        # A `QLineF` is four numbers of this kind in a row, so that the array is one of them. It outlives the call.
        array = np.ascontiguousarray(segments, dtype=np.float64)
        first = cast("QLineF", wrapInstance(array.ctypes.data, QLineF))
        painter.drawLines(first, len(array))
