"""Data points of one look, drawn from one stamp: a cloud of thousands is made in no time and painted once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.data.table import Array
from playground.ui.icons import marker_path
from playground.ui.theme import themes

#: The height of a hollow marker in that of a filled one, and the widths of their outlines.
HOLLOW = 0.8
RIM, OUTLINE = 1.2, 1.6
#: A point may lie this share of the picture outside of it and is still drawn, over the frame.
BEYOND = 0.02


@dataclass(frozen=True)
class Points:
    """Points of one look.

    Attributes:
        at: [points, 2] in the plot's units.
        marker: see `icons.marker_path`.
        color: of the fill, or of the outline where they are `hollow`.
        rim: the outline of a filled one; None: the surface's colour.
    """

    at: Array
    marker: str
    color: QColor
    hollow: bool = False
    rim: QColor | None = None


class PointCloud(pg.GraphicsObject):
    """Points in markers of a fixed size, `size` logical pixels high; those outside of `rect` are left out.

    It is cached in the pixels of the screen: a picture that moves behind it costs one copy and no drawing.
    """

    def __init__(self, points: Points, size: float, rect: QRectF) -> None:
        super().__init__()
        inside = np.ones(len(points.at), dtype=bool)
        for place, low, span in ((0, rect.left(), rect.width()), (1, rect.top(), rect.height())):
            share = (points.at[:, place] - low) / span
            inside &= (share >= -BEYOND) & (share <= 1.0 + BEYOND)
        self.points = points
        self.at: Array = np.ascontiguousarray(points.at[inside])
        self._size = HOLLOW * size if points.hollow else size
        self._rect = rect
        self._bounds: QRectF | None = None
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def boundingRect(self) -> QRectF:
        """The plot's range, and around it the room of half a marker."""
        if self._bounds is None:
            width, height = self.pixelVectors()
            reach = 0.5 * self._size + 2.0
            if width is None or height is None:
                return self._rect
            x, y = reach * abs(width.x()), reach * abs(height.y())
            self._bounds = self._rect.adjusted(-x, -y, x, y)
        return self._bounds

    def viewTransformChanged(self) -> None:
        """Another size of the window: the room around the range is another one."""
        self.prepareGeometryChange()
        self._bounds = None

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Put the stamp at every point."""
        world = painter.worldTransform()
        stamp = self._stamp(painter.device().devicePixelRatio())
        half = stamp.deviceIndependentSize().width() / 2.0
        x = (self.at[:, 0] * world.m11() + world.dx() - half).tolist()
        y = (self.at[:, 1] * world.m22() + world.dy() - half).tolist()
        painter.setWorldTransform(QTransform())
        for place in map(QPointF, x, y):
            painter.drawPixmap(place, stamp)
        painter.setWorldTransform(world)

    def _stamp(self, ratio: float) -> QPixmap:
        side = math.ceil(self._size + 4.0)
        stamp = QPixmap(round(side * ratio), round(side * ratio))
        stamp.setDevicePixelRatio(ratio)
        stamp.fill(Qt.GlobalColor.transparent)
        painter = QPainter(stamp)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / 2.0, side / 2.0)
        surface, look = themes.current().surface, self.points
        painter.setBrush(surface if look.hollow else look.color)
        painter.setPen(QPen(look.color, OUTLINE) if look.hollow else QPen(look.rim or surface, RIM))
        painter.drawPath(marker_path(look.marker, self._size))
        painter.end()
        return stamp
