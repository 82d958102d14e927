"""The wire that a user is drawing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.ui.canvas.courses import Course
from playground.ui.canvas.segments import NONE, draw_segments
from playground.ui.theme import themes


class LooseWire(QGraphicsItem):
    """The curve that follows the pointer while two cards are being joined."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(50.0)
        self._lines = NONE
        self._end = QPointF()
        self._bounds = QRectF()
        self._accepted: bool | None = None

    def show_course(self, course: Course, end: QPointF, accepted: bool | None) -> None:
        """Run along `course`; `end` is the loose end, `accepted` whether it may be dropped (None: nothing there)."""
        self.prepareGeometryChange()
        self._lines = course.segments(False)
        self._end, self._accepted = end, accepted
        left, top, right, bottom = course.limits
        self._bounds = QRectF(left, top, right - left, bottom - top).adjusted(-8.0, -8.0, 8.0, 8.0)
        self.update()

    def boundingRect(self) -> QRectF:
        """Room for the curve and its end."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Accent while it is on its way, green where it may be dropped, red and dashed where not."""
        theme = themes.current()
        color = {None: theme.accent, True: theme.ok, False: theme.error}[self._accepted]
        style = Qt.PenStyle.DashLine if self._accepted is False else Qt.PenStyle.SolidLine
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 2.0, style, Qt.PenCapStyle.RoundCap))
        draw_segments(painter, self._lines)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(self._end, 4.0, 4.0)
