"""The picture of a plane, and the line through it: two items that only ever change their contents.

A picture is a row-major array whose first row is the lowest. Values become rows of a look-up table here, with fixed
levels, so that what is not finite is a colour of its own and never reaches anybody's automatic levels.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from playground.ui.theme import Theme, diverging

#: How far the colours of a picture go towards their full strength: points drawn over it in full colour stand out.
STRENGTH = 0.7

Colors = NDArray[np.uint32]

#: What red, green, blue and alpha count in a pixel.
_PLACES = np.array([1 << 16, 1 << 8, 1, 1 << 24], dtype=np.uint32)


def signed_colors(values: NDArray[np.floating], theme: Theme) -> Colors:
    """Values from −1 (negative, the first class) to 1 as [rows, columns] of 0xffRRGGBB; NaN is the undefined grey."""
    table = diverging(theme, STRENGTH)
    table[0] = (*_rgb(theme.chip), 255)
    index = np.zeros(values.shape, dtype=np.uint8)
    finite = np.isfinite(values)
    index[finite] = np.rint(128.0 + 127.0 * np.clip(values[finite], -1.0, 1.0)).astype(np.uint8)
    return _packed(table)[index]


def class_colors(probabilities: NDArray[np.floating], theme: Theme) -> Colors:
    """The most probable of three or more classes, [rows, columns, classes], stronger the surer it is."""
    classes = probabilities.shape[2]
    undefined = ~np.isfinite(probabilities).all(axis=2)
    known = np.where(undefined[:, :, None], 0.0, probabilities)
    best, sure = known.argmax(axis=2), known.max(axis=2)
    share = np.clip((sure - 1.0 / classes) / (1.0 - 1.0 / classes), 0.0, 1.0) * STRENGTH
    ends = np.array([_rgb(theme.classes[k % len(theme.classes)].color) for k in range(classes)], dtype=np.float64)
    surface = np.array(_rgb(theme.surface), dtype=np.float64)
    table = np.full((*best.shape, 4), 255, dtype=np.uint8)
    table[:, :, :3] = np.rint(surface + (ends[best] - surface) * share[:, :, None])
    table[undefined, :3] = _rgb(theme.chip)
    return _packed(table)


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def _packed(rgba: NDArray[np.uint8]) -> Colors:
    """[…, 4] RGBA bytes as one number a pixel, in the order of QImage's Format_RGB32."""
    wide = rgba.astype(np.uint32)
    return (wide @ _PLACES).astype(np.uint32)


class Picture(pg.GraphicsObject):
    """An image stretched over a rectangle of the plot, with smooth passages between the cells."""

    def __init__(self, rect: QRectF) -> None:
        super().__init__()
        self._rect = rect
        self._colors: Colors | None = None
        self._image: QImage | None = None

    @property
    def colors(self) -> Colors | None:
        """What is shown, None where nothing is."""
        return self._colors

    def set_rect(self, rect: QRectF) -> None:
        """Cover another part of the plot."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
            self.update()

    def set_colors(self, colors: Colors | None) -> None:
        """Show these pixels, or nothing."""
        self._colors = None if colors is None else np.ascontiguousarray(colors)
        if self._colors is None:
            self._image = None
        else:
            rows, columns = self._colors.shape
            # The image looks into the array, which therefore lives as long as it does.
            self._image = QImage(self._colors.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        self.update()

    def boundingRect(self) -> QRectF:
        """The part of the plot that is covered."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the image; the plot's y points upwards, so that the first row comes lowest."""
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(self._rect, self._image)


class ContourLine(pg.GraphicsObject):
    """The pieces of a line, drawn dark on a light rim so that it shows on both colours."""

    def __init__(self, rect: QRectF) -> None:
        super().__init__()
        self._rect = rect
        self._path = QPainterPath()
        self._rim = self._pen = QPen()
        self._live = False
        self.pieces = 0

    def set_colors(self, theme: Theme) -> None:
        """The pens of a theme."""
        self._rim = pg.mkPen(theme.surface, width=3.5)
        self._pen = pg.mkPen(theme.text, width=1.5)
        self.update()

    def set_rect(self, rect: QRectF) -> None:
        """The part of the plot that pieces may lie in."""
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect

    def set_live(self, live: bool) -> None:
        """While it moves: one pen of width 1 and no rim."""
        self._live = live
        self.update()

    def set_pieces(self, pieces: NDArray[np.float64]) -> None:
        """Pieces as [pieces, 2, 2], their ends as (x, y) in the plot's units."""
        self.pieces = len(pieces)
        flat = np.ascontiguousarray(pieces.reshape(-1, 2))
        self._path = pg.arrayToQPath(flat[:, 0], flat[:, 1], connect="pairs") if len(flat) else QPainterPath()
        self.update()

    def boundingRect(self) -> QRectF:
        """The part of the plot that pieces may lie in."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the pieces."""
        if self._live:
            pen = QPen(self._pen)
            pen.setWidth(1)
            painter.setPen(pen)
        else:
            painter.setPen(self._rim)
            painter.drawPath(self._path)
            painter.setPen(self._pen)
        painter.drawPath(self._path)


def rect_of(horizontal: tuple[float, float], vertical: tuple[float, float]) -> QRectF:
    """Two ranges as a rectangle."""
    return QRectF(QPointF(horizontal[0], vertical[0]), QPointF(horizontal[1], vertical[1]))
