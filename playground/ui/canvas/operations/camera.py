"""What part of the operations is seen: the canvas' own camera, with room for the strip at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGraphicsView

from playground.ui.canvas.camera import BOTTOM, SIDE, SMALLEST, Camera
from playground.ui.canvas.operations.header import HEIGHT
from playground.ui.projector import NUMBERS, projector

if TYPE_CHECKING:
    from playground.ui.canvas.operations.scene import OperationsScene
    from playground.ui.canvas.scene import CanvasScene

#: A graph is not blown up beyond this to fill the view.
_FITTED = 1.5


class OperationsCamera(Camera):
    """Moves the view over a graph."""

    def __init__(self, view: QGraphicsView, scene: OperationsScene) -> None:
        # All that a camera asks of a scene is its contents.
        super().__init__(view, cast("CanvasScene", scene))
        self._operations = scene

    def fit(self) -> None:
        """Show the whole graph, and keep it so until the user looks elsewhere."""
        self.following = True
        contents, size = self._scene.contents(), self._view.viewport().size()
        if contents.isEmpty():
            self._view.setTransform(QTransform())
            self.limit()
            return
        top = HEIGHT + 4.0
        room_x, room_y = max(size.width() - SIDE, 40.0), max(size.height() - top - BOTTOM + 8.0, 40.0)
        scale = max(min(room_x / contents.width(), room_y / contents.height(), _FITTED), self._least())
        self._view.setTransform(QTransform.fromScale(scale, scale))
        self.limit()
        self._view.centerOn(contents.center() + QPointF(0.0, (BOTTOM - 8.0 - top) / 2.0 / scale))

    def _least(self) -> float:
        """The smallest scale at which numbers can be read, from the last row where they are projected."""
        layout = self._operations.layout
        return NUMBERS / layout.measures.number if projector.on and layout is not None else SMALLEST

    def reveal(self, rect: QRectF) -> None:
        """Move as far as needed to see it; of a graph that is larger than the view, with most of what is around it."""
        if not projector.on:
            super().reveal(rect)
            return
        contents, visible = self._scene.contents(), self.visible()
        middle = QPointF(
            _middle(rect.center().x(), visible.width(), contents.left(), contents.right()),
            _middle(rect.center().y(), visible.height(), contents.top() - HEIGHT, contents.bottom() + BOTTOM),
        )
        self._view.centerOn(middle)


def _middle(wanted: float, room: float, low: float, high: float) -> float:
    """The middle of what is shown, so that nothing is shown of what lies beyond; of what has room all is."""
    if high - low <= room:
        return (low + high) / 2.0
    return min(max(wanted, low + room / 2.0), high - room / 2.0)
