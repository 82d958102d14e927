"""Dragging cards: the cards themselves, or with Alt copies of them. Both follow the pointer and are drawn to guides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from playground.document.edits import on_grid
from playground.document.model import Wire
from playground.ui.canvas import actions, shape
from playground.ui.canvas.gesture import Gesture, PanGesture
from playground.ui.canvas.scene import Hit

if TYPE_CHECKING:
    from playground.ui.canvas.commands import CanvasCommands

#: How near a joint must come to the side of its layer to be drawn to it.
_SNAP = 14.0


def alt_drag(view: CanvasCommands, hit: Hit, start: QPointF) -> Gesture:
    """What Alt and a drag do: on the empty canvas they move it."""
    return PanGesture(view, start)


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
