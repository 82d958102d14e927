"""A gesture is one object: it starts with a press, follows the pointer, and ends in an edit, or is cancelled by Esc.

Nothing of the document changes before the end, so a cancelled gesture leaves nothing behind, not even an undo step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsRectItem

from playground.document.edits import on_grid
from playground.document.model import Wire
from playground.messages import UserError
from playground.ui.canvas import actions, shape
from playground.ui.theme import themes

if TYPE_CHECKING:
    from playground.ui.canvas.commands import CanvasCommands

#: How far the pointer must go (in pixels of the screen) before a press becomes a drag.
START_DISTANCE = 4
#: How near a joint must come to the side of its layer to be drawn to it.
_SNAP = 14.0


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


class MoveGesture(Gesture):
    """Drag cards over the grid; a free one that is dropped on a wire is put on it."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: CanvasCommands, start: QPointF, grabbed: str, adds: bool = False) -> None:
        super().__init__(view, start)
        self.grabbed, self.adds = grabbed, adds
        self.was_selected = grabbed in view.session.selection
        if not self.was_selected:
            view.session.select({*view.session.selection, grabbed} if adds else [grabbed])
        view.current = grabbed
        scene, chosen = view.canvas_scene, sorted(view.session.selection)
        together = dict.fromkeys(chosen)
        for id in chosen:
            together.update(dict.fromkeys(scene.touching(id)))
        self.origins = {id: scene.rects[id].topLeft() for id in together}
        self.dragging = False
        self._wire: Wire | None = None
        network = scene.document.network
        free = len(chosen) == 1 and not network.sources(grabbed) and not network.targets(grabbed)
        self._insertable = free and actions.can_insert(network.node(grabbed).kind)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the cards where they would be dropped."""
        if not self.dragging and not self.started(point):
            return
        self.dragging = True
        scene = self.view.canvas_scene
        scene.preview(self._places(point))
        if self._insertable:
            self._wire = scene.wires.crossing(scene.rects[self.grabbed])
            self.view.mark_wires(target=self._wire)

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """One undo step: the cards stay where they are. Without a drag it was a click."""
        if not self.dragging:
            self._click()
            return
        places = {id: (place.x(), place.y()) for id, place in self._places(point).items()}
        wire, session = self._wire, self.view.session
        self.view.mark_wires(target=None)
        moved = {id: place for id, place in places.items() if QPointF(*place) != self.origins[id]}
        if wire is not None and actions.put_on_wire(session, self.grabbed, wire, places):
            return
        if not moved or not actions.move(session, moved):
            self.cancel()

    def _click(self) -> None:
        session = self.view.session
        if not self.adds:
            session.select([self.grabbed])
        elif self.was_selected:
            session.select(session.selection - {self.grabbed})

    def cancel(self) -> None:
        """The cards go back."""
        self.view.mark_wires(target=None)
        self.view.canvas_scene.preview(self.origins)

    def _places(self, point: QPointF) -> dict[str, QPointF]:
        home = self.origins[self.grabbed]
        size = self.view.canvas_scene.rects[self.grabbed].size()
        aim = self.view.kept_in_sight(QRectF(home + point - self.start, size)).topLeft()
        aim = self._snapped(QPointF(*on_grid((aim.x(), aim.y()))))
        return {id: origin + (aim - home) for id, origin in self.origins.items()}

    def _snapped(self, aim: QPointF) -> QPointF:
        """A joint alone that comes near the side of its layer is drawn to it."""
        scene = self.view.canvas_scene
        source = shape.joints(scene.document.network).get(self.grabbed)
        if source is None or source in self.origins:
            return aim
        side = shape.beside(scene.rects[source], scene.rects[self.grabbed].height())
        near = abs(aim.x() - side.x()) < _SNAP and abs(aim.y() - side.y()) < _SNAP
        return QPointF(*on_grid((side.x(), side.y()))) if near else aim


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


def place_of(view: CanvasCommands, point: QPointF, size: tuple[float, float]) -> tuple[float, float]:
    """The top left corner for a card dropped with its middle at `point`: on the grid, and in sight."""
    rect = QRectF(point.x() - size[0] / 2.0, point.y() - size[1] / 2.0, *size)
    kept = view.kept_in_sight(rect)
    try:
        return on_grid((kept.x(), kept.y()))
    except UserError:
        return (0.0, 0.0)
