"""The padlock of what training leaves as it is: on the lines of frozen weights, on a frozen layer, in the legend.

Any number of them takes four calls: their bodies are short thick segments, their shackles thin ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from playground.ui.canvas.segments import Segments, draw_segments

#: Middles of padlocks, [locks, 2].
Places = NDArray[np.float64]

NOWHERE: Places = np.zeros((0, 2))

#: Width and height of the body, in logical pixels, and how far the shackle stands out above it.
WIDTH, BODY, SHACKLE = 8.0, 5.5, 4.5
#: A padlock is no smaller than this on the screen, whatever the scale, so that it is told from a dot.
_LEAST = 0.75
_RIM = 1.5


def draw_locks(painter: QPainter, places: Places, color: QColor, ground: QColor, scale: float = 1.0) -> None:
    """Paint padlocks with a rim of the ground around each, so that a line ends at it; `scale` is the painter's."""
    if not len(places):
        return
    size = max(1.0, _LEAST / max(scale, 0.05))
    body, shackle = _bodies(places, size), _shackles(places, size)
    thin = 1.3 * size
    for paint, rim in ((ground, 2.0 * _RIM * size), (color, 0.0)):
        painter.setPen(QPen(paint, thin + rim, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
        draw_segments(painter, shackle)
        painter.setPen(QPen(paint, BODY * size + rim, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        draw_segments(painter, _longer(body, rim / 2.0))


def _bodies(places: Places, size: float) -> Segments:
    """One level segment for each, as long as a body is wide; a pen as wide as it is high fills it."""
    x, y = places[:, 0], places[:, 1] + size * SHACKLE / 2.0
    return np.stack([x - size * WIDTH / 2.0, y, x + size * WIDTH / 2.0, y], axis=1)


def _longer(segments: Segments, by: float) -> Segments:
    """Level segments, longer by so much at either end."""
    return segments + np.array([-by, 0.0, by, 0.0])


def _shackles(places: Places, size: float) -> Segments:
    """Up, across and down again: three segments for each."""
    x, top = places[:, 0], places[:, 1] - size * (BODY + SHACKLE) / 2.0 + size * 0.65
    left, right, foot = x - size * WIDTH * 0.26, x + size * WIDTH * 0.26, top + size * SHACKLE
    sides = [(left, foot, left, top), (left, top, right, top), (right, top, right, foot)]
    return np.concatenate([np.stack(side, axis=1) for side in sides])
