"""Lines of equal height with their heights beside them, and the line through the present place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from playground.data.table import Array
from playground.ui.microscope.heights import MOST
from playground.ui.theme import Theme, caption_font, mix

#: A label keeps this far from the others and from what is marked, and from the frame; pixels.
_APART, _FROM_FRAME = 46.0, (22.0, 12.0)
#: A line with less room than that has no label.
_TIGHT = 24.0


class ContourLines(pg.GraphicsObject):
    """`labels` are items of their own, which whoever adds this one adds too."""

    def __init__(self) -> None:
        super().__init__()
        self._rect = QRectF()
        self._path, self._same = QPainterPath(), QPainterPath()
        self._pen = self._strong = QPen()
        self.labels = [_label() for _ in range(MOST)]

    def set_colors(self, theme: Theme) -> None:
        """The pens of a theme."""
        self._pen = pg.mkPen(mix(theme.surface, theme.text, 0.45), width=1)
        self._strong = pg.mkPen(theme.text, width=1)
        for label in self.labels:
            label.setFont(caption_font())
            label.setColor(theme.text)
            label.fill = pg.mkBrush(veil_of(theme))
            label.update()
        self.update()

    def set_lines(
        self,
        lines: Sequence[tuple[str, Array]],
        same: Array,
        busy: Array,
        view: tuple[tuple[float, float], tuple[float, float]],
        size: tuple[float, float],
    ) -> None:
        """Show lines as (their height, their pieces [pieces, 2, 2]), and that of the present height without a label.

        Labels keep away from the `busy` places, [places, 2]; `view` is what is shown, on `size` pixels.
        """
        self.prepareGeometryChange()
        (left, right), (low, high) = view
        self._rect = QRectF(left, low, right - left, high - low)
        self._path = _path([pieces for _, pieces in lines])
        self._same = _path([same])
        origin = np.array([left, low])
        scale = np.array([size[0] / (right - left), size[1] / (high - low)])
        taken = list((busy - origin) * scale)
        free = iter(self.labels)
        # The lowest first: they are the shortest.
        for text, pieces in lines:
            place = _place((pieces.mean(axis=1) - origin) * scale, taken, np.array(size))
            if place is None:
                continue
            label = next(free)
            taken.append(place)
            label.setPlainText(text)
            label.setPos(*(place / scale + origin).tolist())
            label.show()
        for label in free:
            label.hide()
        self.update()

    def clear_lines(self) -> None:
        """Show nothing."""
        self._path, self._same = QPainterPath(), QPainterPath()
        for label in self.labels:
            label.hide()
        self.update()

    def boundingRect(self) -> QRectF:
        """What was shown when the lines were set."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the lines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(self._pen)
        painter.drawPath(self._path)
        painter.setPen(self._strong)
        painter.drawPath(self._same)


def veil_of(theme: Theme) -> QColor:
    """What lies under words on the surface, so that they can be read."""
    veil = QColor(theme.surface)
    veil.setAlphaF(0.7)
    return veil


def _label() -> pg.TextItem:
    label = pg.TextItem(anchor=(0.5, 0.5))
    label.textItem.document().setDocumentMargin(1.0)
    label.hide()
    return label


def _path(parts: Sequence[Array]) -> QPainterPath:
    flat = np.ascontiguousarray(np.concatenate([np.empty((0, 2)), *(pieces.reshape(-1, 2) for pieces in parts)]))
    return pg.arrayToQPath(flat[:, 0], flat[:, 1], connect="pairs") if len(flat) else QPainterPath()


def _place(points: Array, taken: Sequence[Array], size: Array) -> Array | None:
    """Where a line has its label, in pixels: away from what is taken, then near the middle; None: there is no room."""
    inside = points[((points >= _FROM_FRAME) & (points <= size - _FROM_FRAME)).all(axis=1)]
    if not len(inside):
        return None
    apart = np.min([np.hypot(*(inside - place).T) for place in taken], axis=0) if taken else np.full(len(inside), 1e9)
    if apart.max() < _TIGHT:
        return None
    from_middle = np.hypot(*((inside - 0.5 * size) / size).T)
    best: Array = inside[np.argmax(np.minimum(apart, _APART) - 20.0 * from_middle)]
    return best
