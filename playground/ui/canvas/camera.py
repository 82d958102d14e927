"""What part of the canvas is seen: zoom at the pointer, pan, fit, and limits so that nothing is ever lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGraphicsView

from playground.ui.canvas.scene import CanvasScene

#: The least and the largest scale; a network that is larger yet may be seen whole, down to the third.
SMALLEST, LARGEST = 0.1, 4.0
_WHOLE = 0.005
#: A network is not blown up beyond this to fill the view; the bare drawing, which has less to read, beyond the other.
FITTED, FITTED_BARE = 1.2, 1.5
#: One press of a zoom button.
STEP = 1.25
#: Kept free around a fitted network: the chip and the buttons lie in the lower margin.
SIDE, TOP, BOTTOM = 28.0, 24.0, 56.0
#: At least so many pixels of the network stay in the view.
_KEPT = 96.0


class Camera:
    """Moves a view over its scene.

    Attributes:
        following: the user has chosen no part, so the whole network is kept in view.
        fitted: the scale beyond which a small network is not blown up to fill the view.
    """

    def __init__(self, view: QGraphicsView, scene: CanvasScene) -> None:
        self._view, self._scene = view, scene
        self.following = True
        self.fitted = FITTED
        self._still = False

    @contextmanager
    def still(self) -> Iterator[None]:
        """Whatever is shown meanwhile, the view stays as it is, and the user is taken to have chosen it."""
        self.following, self._still = False, True
        try:
            yield
        finally:
            self._still = False

    @property
    def scale(self) -> float:
        """Pixels for one unit of the scene."""
        return self._view.transform().m11()

    def visible(self) -> QRectF:
        """The part of the scene that is seen."""
        return self._view.mapToScene(self._view.viewport().rect()).boundingRect()

    def limit(self) -> None:
        """Let the view go no further than where some of the network is still seen."""
        size = self._view.viewport().size()
        across, down = size.width() / self.scale, size.height() / self.scale
        kept = _KEPT / self.scale
        contents = self._scene.contents()
        if contents.isEmpty():
            contents = QRectF(-across / 2.0, -down / 2.0, across, down)
        side, over = max(across - kept, 0.0), max(down - kept, 0.0)
        self._view.setSceneRect(contents.adjusted(-side, -over, side, over))

    def fit(self) -> None:
        """Show the whole network, and keep it so until the user looks elsewhere."""
        self.following = True
        contents = self._scene.contents()
        if contents.isEmpty():
            self._set_scale(1.0)
            self._view.centerOn(0.0, 0.0)
            return
        self._set_scale(self._fitting(contents))
        self._view.centerOn(contents.center() + QPointF(0.0, (BOTTOM - TOP) / 2.0 / self.scale))

    def _fitting(self, contents: QRectF) -> float:
        """The scale at which all contents are seen."""
        size = self._view.viewport().size()
        room_x, room_y = max(size.width() - 2.0 * SIDE, 40.0), max(size.height() - TOP - BOTTOM, 40.0)
        return max(min(room_x / contents.width(), room_y / contents.height(), self.fitted), _WHOLE)

    def follow(self) -> None:
        """Show the whole network, as a new document or a card out of sight asks for; not while the view is still."""
        if not self._still:
            self.fit()

    def fits(self) -> bool:
        """Whether the whole network is in view."""
        margin = 12.0 / self.scale
        visible = self.visible().adjusted(margin, margin, -margin, -BOTTOM / 2.0 / self.scale)
        return visible.contains(self._scene.contents())

    def zoom(self, factor: float, at: QPoint | None = None) -> None:
        """Change the scale; what lies under `at` (a point of the viewport; its middle) stays there."""
        self.following = False
        point = at if at is not None else self._view.viewport().rect().center()
        before = self._view.mapToScene(point)
        contents = self._scene.contents()
        smallest = SMALLEST if contents.isEmpty() else min(self._fitting(contents), SMALLEST)
        self._set_scale(min(max(self.scale * factor, smallest), LARGEST))
        shift = self._view.mapFromScene(before) - point
        self.scroll(-shift)

    def reset(self) -> None:
        """Real size, around the middle."""
        self.zoom(1.0 / self.scale)

    def pan(self, by: QPoint) -> None:
        """Move the canvas by pixels."""
        self.following = False
        self.scroll(by)

    def scroll(self, by: QPoint) -> None:
        """Move the canvas by pixels, without it being the user's choice."""
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() - by.x())
        down.setValue(down.value() - by.y())

    def reveal(self, rect: QRectF) -> None:
        """Move just as far as needed to see that part of the scene."""
        visible = self.visible().adjusted(8.0, 8.0, -8.0, -8.0)
        if not visible.contains(rect):
            self._view.ensureVisible(rect, 24, 24)

    def kept(self, rect: QRectF) -> QRectF:
        """The rectangle moved into sight: a card that is dropped far outside is not lost."""
        visible = self.visible().adjusted(8.0, 8.0, -8.0, -8.0)
        left = min(max(rect.left(), visible.left()), max(visible.right() - rect.width(), visible.left()))
        top = min(max(rect.top(), visible.top()), max(visible.bottom() - rect.height(), visible.top()))
        return QRectF(QPointF(left, top), rect.size())

    def _set_scale(self, scale: float) -> None:
        self._view.setTransform(QTransform.fromScale(scale, scale))
        self.limit()
