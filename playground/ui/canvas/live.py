"""What lives on a card: the map of each unit, its bias, a wide layer's weights. Painted anew with every frame.

It is a child of the card and lies on top of it: the card's own picture stays in its cache meanwhile.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.ui.canvas import shape
from playground.ui.canvas.face import Face
from playground.ui.canvas.tiles import MapImage
from playground.ui.theme import Theme, caption_font, themes

#: Below this scale numbers cannot be read and are not drawn.
_LEGIBLE = 0.55
#: A bias is written below a map of at least this side; beside smaller ones stands a mark.
_WRITTEN = 36.0


class LiveItem(QGraphicsItem):
    """The units of one card.

    Attributes:
        maps: a picture of each unit's output; None before the first: then circles stand for them.
        matrix: a picture of the weights of a folded layer, [inputs, units].
        biases: of each unit, None where the layer has none; `words` are they as text.
        marked: units with something the matter.
        lit: the unit under the pointer.
    """

    def __init__(self, face: Face, size: tuple[float, float], card: QGraphicsItem) -> None:
        super().__init__(card)
        # The card knows this, and this not the card: a ring of items would be left to the garbage collector.
        self.face, self.size = face, size
        self.maps: MapImage | None = None
        self.matrix: QImage | None = None
        self.biases: NDArray[np.float64] | None = None
        self.words: tuple[str, ...] = ()
        self.marked: frozenset[int] = frozenset()
        self.lit: int | None = None
        self.smooth = True
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_face(self, face: Face, size: tuple[float, float]) -> None:
        """Be the units of another face."""
        self.prepareGeometryChange()
        self.face, self.size = face, size
        self.update()

    def boundingRect(self) -> QRectF:
        """The card, and a little more for what stands beside its rows."""
        width, height = self.size
        return QRectF(-2.0, -2.0, width + 4.0, height + 4.0)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment."""
        face, theme = self.face, themes.current()
        if face.kind not in ("input", "dense"):
            return
        rect = QRectF(0.0, 0.0, *self.size)
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.smooth)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        if face.folded:
            self._paint_matrix(painter, rect, theme)
            return
        tiles = shape.tiles_of(face, rect)
        if face.folded is None:
            self._paint_stubs(painter, rect, tiles, theme)
        self._paint_units(painter, tiles, theme)
        if face.bare < 0.5:
            if scale >= _LEGIBLE:
                self._paint_biases(painter, tiles, theme)
            if scale >= 0.4 and face.kind == "input":
                self._paint_labels(painter, rect, tiles, theme)

    # --- parts -------------------------------------------------------------------------------------

    def _paint_stubs(self, painter: QPainter, rect: QRectF, tiles: tuple[QRectF, ...], theme: Theme) -> None:
        """From the card's edges, where wires end, to each unit."""
        painter.setPen(QPen(theme.edge, 1.2))
        for tile in tiles:
            y = tile.center().y()
            if self.face.kind == "dense" and tile.left() > rect.left():
                painter.drawLine(QPointF(rect.left(), y), QPointF(tile.left(), y))
            if tile.right() < rect.right():
                painter.drawLine(QPointF(tile.right(), y), QPointF(rect.right(), y))

    def _paint_units(self, painter: QPainter, tiles: tuple[QRectF, ...], theme: Theme) -> None:
        face, maps = self.face, self.maps
        counted = len(tiles) - 1 if face.hidden else None
        for unit, tile in enumerate(tiles):
            has_map = maps is not None and unit < maps.units and unit != counted and face.bare < 1.0
            if has_map and maps is not None:
                painter.setOpacity(1.0 - face.bare)
                painter.drawImage(tile, maps.image, maps.source(unit))
                painter.setOpacity(1.0)
            round_ = tile.width() / 2.0 if maps is None or unit == counted else face.bare * tile.width() / 2.0
            lit = unit == self.lit
            painter.setPen(QPen(theme.accent if lit else theme.text if round_ else theme.edge, 2.0 if lit else 1.3))
            painter.setBrush(Qt.BrushStyle.NoBrush if has_map and face.bare < 0.5 else theme.surface)
            side = min(tile.width(), 2.0 * shape.UNIT) if round_ and not face.bare else tile.width()
            box = QRectF(tile.center().x() - side / 2.0, tile.center().y() - side / 2.0, side, side)
            if round_ >= tile.width() / 2.0:
                painter.drawEllipse(box)
            else:
                painter.drawRoundedRect(box, round_, round_)
            if unit == counted:
                painter.setFont(caption_font())
                painter.setPen(theme.muted)
                text = f"+{face.hidden}" if not face.bare else "⋮"
                painter.drawText(box.adjusted(-10.0, 0.0, 10.0, 0.0), Qt.AlignmentFlag.AlignCenter, text)
            if unit in self.marked and face.bare < 0.5:
                self._paint_mark(painter, box, theme)

    def _paint_mark(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """A corner of warning: something is the matter with this unit."""
        side = min(12.0, box.width() / 2.0)
        corner = box.topRight()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.warn)
        painter.drawPolygon(QPolygonF([corner, corner - QPointF(side, 0.0), corner + QPointF(0.0, side)]))

    def _paint_biases(self, painter: QPainter, tiles: tuple[QRectF, ...], theme: Theme) -> None:
        """A number below each map, or beside a small one a mark: blue and hollow below 0, orange and filled above."""
        if self.biases is None or self.face.folded is not None:
            return
        written = shape.tile_of(self.face) >= _WRITTEN
        painter.setFont(caption_font())
        for tile, bias, words in zip(tiles, self.biases.tolist(), self.words, strict=False):
            if written:
                painter.setPen(theme.muted)
                box = shape.bias_rect(tile)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            else:
                radius = 1.5 + 2.5 * min(abs(bias), 2.0) / 2.0
                color: QColor = theme.positive if bias >= 0.0 else theme.negative
                painter.setPen(QPen(color, 1.4))
                painter.setBrush(color if bias >= 0.0 else Qt.BrushStyle.NoBrush)
                painter.drawEllipse(shape.bias_rect(tile).center(), radius, radius)

    def _paint_labels(self, painter: QPainter, rect: QRectF, tiles: tuple[QRectF, ...], theme: Theme) -> None:
        painter.setFont(caption_font())
        painter.setPen(theme.text)
        metrics = QFontMetricsF(caption_font())
        for label, tile in zip(self.face.rows, tiles, strict=True):
            box = QRectF(rect.left() + 8.0, tile.center().y() - 9.0, tile.left() - rect.left() - 14.0, 18.0)
            text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, box.width() + 0.5)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_matrix(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        box = shape.matrix_rect(rect)
        if self.matrix is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(box, self.matrix)
        painter.setPen(QPen(theme.edge, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush if self.matrix is not None else theme.surface)
        painter.drawRect(box)
        painter.drawLine(QPointF(rect.left(), box.center().y()), QPointF(box.left(), box.center().y()))
        painter.drawLine(QPointF(box.right(), box.center().y()), QPointF(rect.right(), box.center().y()))
