"""What lives on a card: the map of each unit, its bias, a wide layer's weights. Painted anew with every frame.

It is a child of the card and lies on top of it: the card's own picture stays in its cache meanwhile.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.data.table import Array
from playground.engine.program import Picture
from playground.ui.canvas import fonts, shape
from playground.ui.canvas.face import MOST_UNFOLDED, Face
from playground.ui.canvas.matrix import matrix_image
from playground.ui.canvas.tiles import MapImage, map_image, step_for
from playground.ui.theme import CAPTION, Theme, themes

#: Below this scale numbers cannot be read and are not drawn.
_LEGIBLE = 0.55
#: A bias is written below a map of at least this side; beside smaller ones stands a mark.
_WRITTEN = 36.0


class LiveItem(QGraphicsItem):
    """The units of one card.

    Pictures are made of their numbers when they are painted: what is out of sight costs nothing.

    Attributes:
        maps: each unit's output over the plane, [units, MAP_SIDE²]; None: circles stand for them.
        weights: of a folded layer, [inputs, units].
        biases: of each unit, None where the layer has none.
        marked: units with something the matter.
        lit: the unit under the pointer.
        smooth: whether edges and pictures are; not while it trains.
    """

    def __init__(self, face: Face, size: tuple[float, float], card: QGraphicsItem) -> None:
        super().__init__(card)
        # The card knows this, and this not the card: a ring of items would be left to the garbage collector.
        self.face, self.size = face, size
        self.maps: Picture | None = None
        self.weights: Array | None = None
        self.biases: NDArray[np.float64] | None = None
        self.marked: frozenset[int] = frozenset()
        self.lit: int | None = None
        self.smooth = True
        self._words: tuple[str, ...] = ()
        self._pictures: tuple[Theme, int, MapImage] | None = None
        self._matrix: tuple[Theme, QImage] | None = None
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._place()

    # --- what is shown -----------------------------------------------------------------------------

    def show_maps(self, maps: Picture | None) -> None:
        """Other pictures of the units."""
        if maps is not self.maps:
            self.maps, self._pictures = maps, None
            self.update()

    def show_weights(self, weights: Array | None) -> None:
        """Other weights of a folded layer."""
        if weights is not self.weights:
            self.weights, self._matrix = weights, None
            self.update()

    def show_biases(self, biases: NDArray[np.float64] | None, words: tuple[str, ...]) -> None:
        """Other biases, and how each is written."""
        if biases is not None or self.biases is not None:
            self.biases, self._words = biases, words
            self.update()

    def show_marked(self, marked: frozenset[int]) -> None:
        """Other units with something the matter."""
        if marked != self.marked:
            self.marked = marked
            self.update()

    def map_picture(self, theme: Theme, step: int = 1) -> MapImage | None:
        """The maps as one image in a theme's colours, of every `step`-th row and column."""
        if self.maps is None:
            return None
        if self._pictures is None or self._pictures[0] is not theme or self._pictures[1] != step:
            self._pictures = theme, step, map_image(self.maps[:MOST_UNFOLDED], theme, step)
        return self._pictures[2]

    def matrix_picture(self, theme: Theme) -> QImage | None:
        """The weights as an image in a theme's colours."""
        if self.weights is None:
            return None
        if self._matrix is None or self._matrix[0] is not theme:
            mask = self.face.frozen_mask
            self._matrix = theme, matrix_image(self.weights, theme, np.array(mask) if mask else None)
        return self._matrix[1]

    def show_face(self, face: Face, size: tuple[float, float]) -> None:
        """Be the units of another face."""
        self.prepareGeometryChange()
        if face.frozen_mask != self.face.frozen_mask:
            self._matrix = None
        self.face, self.size = face, size
        self._place()
        self.update()

    def _place(self) -> None:
        """Work out where everything stands; a card without units has nothing that lives."""
        face, rect = self.face, QRectF(0.0, 0.0, *self.size)
        self.setVisible(face.kind in ("input", "dense"))
        self._tiles = shape.tiles_of(face, rect)
        self._stubs = _stubs(face, rect, self._tiles) if face.folded is None else []

    def boundingRect(self) -> QRectF:
        """The card, and a little more for what stands beside its rows."""
        width, height = self.size
        return QRectF(-2.0, -2.0, width + 4.0, height + 4.0)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in the theme of this moment."""
        face, theme = self.face, themes.current()
        rect = QRectF(0.0, 0.0, *self.size)
        scale = option.levelOfDetailFromTransform(painter.worldTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.smooth)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        if face.folded:
            self._paint_matrix(painter, rect, theme)
            return
        tiles = self._tiles
        if self._stubs:
            painter.setPen(QPen(theme.edge, 1.2))
            painter.drawLines(self._stubs)
        self._paint_units(painter, tiles, theme, scale)
        more = shape.more_units(face)
        if more:
            painter.setFont(fonts.caption())
            painter.setPen(theme.muted)
            painter.drawText(shape.rest_rect(rect), Qt.AlignmentFlag.AlignCenter, f"+{more}")
        if face.bare < 0.5:
            if scale >= _LEGIBLE:
                self._paint_biases(painter, tiles, theme)
            if scale >= 0.4 and face.kind == "input":
                self._paint_labels(painter, rect, tiles, theme)

    # --- parts -------------------------------------------------------------------------------------

    def _paint_units(self, painter: QPainter, tiles: tuple[QRectF, ...], theme: Theme, scale: float) -> None:
        face = self.face
        device = painter.device()
        pixels = shape.tile_of(face) * scale * (device.devicePixelRatioF() if device is not None else 1.0)
        maps = self.map_picture(theme, step_for(pixels))
        if maps is not None and not face.bare and not face.hidden and len(tiles) <= maps.units:
            self._paint_maps(painter, tiles, maps, theme)
        else:
            self._paint_circles(painter, tiles, maps, theme)
        if face.bare >= 0.5:
            return
        for unit, tile in enumerate(tiles):
            if maps is not None and unit in maps.undefined:
                painter.setFont(fonts.caption())
                painter.setPen(theme.muted)
                painter.drawText(tile.adjusted(-4.0, 0.0, 4.0, 0.0), Qt.AlignmentFlag.AlignCenter, "NaN")
            if unit in self.marked:
                self._paint_mark(painter, tile if maps is not None else _circle(tile, face), theme)

    def _paint_maps(self, painter: QPainter, tiles: tuple[QRectF, ...], maps: MapImage, theme: Theme) -> None:
        """As they are nearly always seen: a map for each unit, and nothing else."""
        for unit, tile in enumerate(tiles):
            painter.drawImage(tile, maps.image, maps.source(unit))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.edge, 1.3))
        painter.drawRects(list(tiles))
        if self.lit is not None and self.lit < len(tiles):
            painter.setPen(QPen(theme.accent, 2.0))
            painter.drawRect(tiles[self.lit])

    def _paint_circles(self, painter: QPainter, tiles: tuple[QRectF, ...], maps: MapImage | None, theme: Theme) -> None:
        """Without maps, on the way to the drawing, or where the last one counts the others."""
        face = self.face
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
            box = _circle(tile, face) if round_ else tile
            if round_ >= tile.width() / 2.0:
                painter.drawEllipse(box)
            else:
                painter.drawRoundedRect(box, round_, round_)
            if unit == counted:
                painter.setFont(fonts.caption())
                painter.setPen(theme.muted)
                text = f"+{face.hidden}" if not face.bare else "⋮"
                painter.drawText(box.adjusted(-10.0, 0.0, 10.0, 0.0), Qt.AlignmentFlag.AlignCenter, text)

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
        painter.setFont(_bias_font())
        for tile, bias, words in zip(tiles, self.biases.tolist(), self._words, strict=False):
            if written:
                painter.setPen(theme.muted)
                box = shape.bias_rect(tile)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            else:
                radius = 1.5 + 2.5 * min(abs(bias), 2.0) / 2.0
                color: QColor = theme.positive if bias >= 0.0 else theme.negative
                painter.setPen(QPen(color, 1.4))
                painter.setBrush(color if bias >= 0.0 else theme.surface)
                painter.drawEllipse(shape.bias_rect(tile).center(), radius, radius)

    def _paint_labels(self, painter: QPainter, rect: QRectF, tiles: tuple[QRectF, ...], theme: Theme) -> None:
        painter.setFont(fonts.caption())
        painter.setPen(theme.text)
        metrics = fonts.caption_metrics()
        for label, tile in zip(self.face.rows, tiles, strict=True):
            box = QRectF(rect.left() + 8.0, tile.center().y() - 9.0, tile.left() - rect.left() - 14.0, 18.0)
            text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, box.width() + 0.5)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_matrix(self, painter: QPainter, rect: QRectF, theme: Theme) -> None:
        box = shape.matrix_rect(rect)
        picture = self.matrix_picture(theme)
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(box, picture)
        painter.setPen(QPen(theme.edge, 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush if picture is not None else theme.surface)
        painter.drawRect(box)
        painter.drawLine(QPointF(rect.left(), box.center().y()), QPointF(box.left(), box.center().y()))
        painter.drawLine(QPointF(box.right(), box.center().y()), QPointF(rect.right(), box.center().y()))


def _stubs(face: Face, rect: QRectF, tiles: tuple[QRectF, ...]) -> list[QLineF]:
    """From the card's edges, where wires end, to each unit."""
    found = []
    for tile in tiles:
        y = tile.center().y()
        if face.kind == "dense" and tile.left() > rect.left():
            found.append(QLineF(rect.left(), y, tile.left(), y))
        if tile.right() < rect.right():
            found.append(QLineF(tile.right(), y, rect.right(), y))
    return found


def _circle(tile: QRectF, face: Face) -> QRectF:
    """The circle that stands for a map; in the drawing it is as large as its place."""
    side = tile.width() if face.bare else min(tile.width(), 2.0 * shape.UNIT)
    return QRectF(tile.center().x() - side / 2.0, tile.center().y() - side / 2.0, side, side)


def _bias_font() -> QFont:
    """Small, with digits of one width: a bias that changes does not dance."""
    return fonts.figure(CAPTION, False)
