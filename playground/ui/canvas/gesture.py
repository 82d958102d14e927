"""A gesture is one object: it starts with a press, follows the pointer, and ends in an edit, or is cancelled by Esc.

Nothing of the document changes before the end, so a cancelled gesture leaves nothing behind, not even an undo step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem

from playground.document.edits import on_grid
from playground.messages import UserError
from playground.ui.canvas import actions
from playground.ui.theme import themes

if TYPE_CHECKING:
    from playground.ui.canvas.commands import CanvasCommands

#: How far the pointer must go (in pixels of the screen) before a press becomes a drag.
START_DISTANCE = 4


class Gesture:
    """What a press has begun. `cursor` is what the pointer looks like meanwhile."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, view: CanvasCommands, start: QPointF) -> None:
        self.view = view
        self.start = start

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer is at this point of the scene."""

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The button was let go: do it."""

    def cancel(self) -> None:
        """Leave everything as it was."""

    def key(self, key: Qt.Key) -> bool:
        """Whether the gesture answers that key; Esc is the view's."""
        return False

    def started(self, point: QPointF) -> bool:
        """Whether the pointer has left the place of the press far enough."""
        scale = self.view.transform().m11()
        return (point - self.start).manhattanLength() * scale >= START_DISTANCE


class BandGesture(Gesture):
    """Draw a rectangle; what it touches is selected, with Shift or Ctrl in addition."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: CanvasCommands, start: QPointF, adds: bool) -> None:
        super().__init__(view, start)
        self.before = view.session.selection
        self.kept = self.before if adds else frozenset()
        self._band: QGraphicsRectItem | None = None

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Select what the rectangle touches now."""
        if self._band is None:
            if not self.started(point):
                return
            self._band = QGraphicsRectItem()
            self._band.setZValue(60.0)
            accent = themes.current().accent
            fill = accent.lighter()
            fill.setAlphaF(0.12)
            self._band.setPen(accent)
            self._band.setBrush(fill)
            self.view.canvas_scene.addItem(self._band)
        rect = QRectF(self.start, point).normalized()
        self._band.setRect(rect)
        self.view.session.select(self.kept | set(self.view.canvas_scene.cards_in(rect)))

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The selection stands; a mere click on nothing clears it."""
        if self._band is None:
            self.view.session.select(self.kept)
        self._remove()

    def cancel(self) -> None:
        """The selection is what it was."""
        self.view.session.select(self.before)
        self._remove()

    def _remove(self) -> None:
        if self._band is not None:
            self.view.canvas_scene.removeItem(self._band)
            self._band = None


class PanGesture(Gesture):
    """Drag the canvas itself."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: CanvasCommands, start: QPointF) -> None:
        super().__init__(view, start)
        self._last = view.mapFromScene(start)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The point of the canvas that was taken stays under the pointer."""
        now: QPoint = self.view.mapFromScene(point)
        self.view.camera.pan(now - self._last)
        self._last = now


class SwitchGesture(Gesture):
    """Press an activation's switch: it acts when let go on it, as every button does."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, view: CanvasCommands, start: QPointF, id: str) -> None:
        super().__init__(view, start)
        self.id = id

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Switch, if the pointer is still there."""
        hit = self.view.canvas_scene.hit(point)
        if hit.part == "switch" and hit.node == self.id:
            actions.toggle(self.view.session, self.id)


class RemedyGesture(Gesture):
    """Press the button under a card that mends its problem."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, view: CanvasCommands, start: QPointF, id: str) -> None:
        super().__init__(view, start)
        self.id = id

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Mend it, if the pointer is still there."""
        hit = self.view.canvas_scene.hit(point)
        problem = next((one for one in self.view.session.problems if one.node == self.id), None)
        if hit.part == "remedy" and hit.node == self.id and problem is not None and problem.remedy is not None:
            self.view.session.edit(problem.remedy.label, problem.remedy.apply)


class UnitsGesture(Gesture):
    """Press + or − on a layer: one unit more or less."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, view: CanvasCommands, start: QPointF, id: str, step: int) -> None:
        super().__init__(view, start)
        self.id, self.step = id, step

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Change it, if the pointer is still there."""
        hit = self.view.canvas_scene.hit(point, self.view.camera.scale)
        if hit.part == ("plus" if self.step > 0 else "minus") and hit.node == self.id:
            actions.change_units(self.view.session, self.id, self.step)


class FoldGesture(Gesture):
    """Press the corner of a wide layer that folds its units to one picture, or unfolds them."""

    cursor = Qt.CursorShape.PointingHandCursor

    def __init__(self, view: CanvasCommands, start: QPointF, id: str) -> None:
        super().__init__(view, start)
        self.id = id

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Fold or unfold it, if the pointer is still there."""
        hit = self.view.canvas_scene.hit(point, self.view.camera.scale)
        if hit.part == "fold" and hit.node == self.id:
            self.view.toggle_fold(self.id)


def place_of(view: CanvasCommands, point: QPointF, size: tuple[float, float]) -> tuple[float, float]:
    """The top left corner for a card dropped with its middle at `point`: on the grid, and in sight."""
    rect = QRectF(point.x() - size[0] / 2.0, point.y() - size[1] / 2.0, *size)
    kept = view.kept_in_sight(rect)
    try:
        return on_grid((kept.x(), kept.y()))
    except UserError:
        return (0.0, 0.0)
