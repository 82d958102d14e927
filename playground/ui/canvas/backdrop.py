"""The ground of the canvas: the surface, with a dot at every sixth step of the grid."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.ui.theme import mix, themes

#: Between two dots, in units of the scene; doubled until they are so many pixels apart.
_STEP, _APART = 24.0, 24.0


def draw(painter: QPainter, rect: QRectF, scale: float) -> None:
    """Fill a part of the scene."""
    theme = themes.current()
    painter.fillRect(rect, theme.surface)
    step = _STEP
    while step * scale < _APART:
        step *= 2.0
    left, top = math.floor(rect.left() / step) * step, math.floor(rect.top() / step) * step
    columns, rows = int(rect.width() / step) + 2, int(rect.height() / step) + 2
    pen = QPen(mix(theme.surface, theme.line, 0.75), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.drawPoints(
        [QPointF(left + column * step, top + row * step) for column in range(columns) for row in range(rows)]
    )
