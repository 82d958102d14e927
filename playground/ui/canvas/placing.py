"""A row of the palette over the canvas: a ghost shows where it would stand, a wire that would take it lights up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from playground.document.model import Node, Wire
from playground.ui.canvas import actions, shape
from playground.ui.canvas.card import CardItem
from playground.ui.canvas.face import Face, face_of
from playground.ui.canvas.gesture import Gesture, place_of
from playground.ui.canvas.placeable import Row, Template
from playground.ui.translation import tr

if TYPE_CHECKING:
    from playground.ui.canvas.commands import CanvasCommands


class PlaceGesture(Gesture):
    """A drag from the palette, from where it enters the canvas to where it is dropped or leaves."""

    cursor = Qt.CursorShape.DragCopyCursor

    def __init__(self, view: CanvasCommands, start: QPointF, row: Row) -> None:
        super().__init__(view, start)
        self.row = row
        face = _face(view, row)
        self.size = shape.size_of(face)
        self.wire: Wire | None = None
        self.place = (0.0, 0.0)
        self._ghost = CardItem(face)
        self._ghost.set_look(ghost=True)
        self._ghost.setZValue(55.0)
        view.canvas_scene.addItem(self._ghost)
        self.move(start, Qt.KeyboardModifier.NoModifier)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The ghost stands where the card would: clear of other cards, or on a wire, which lights up."""
        rect = QRectF(*place_of(self.view, point, self.size), *self.size)
        scene = self.view.canvas_scene
        self.wire = self._wire_under(rect)
        if self.wire is None:
            rect = shape.clear_of(rect, scene.rects.values())
            self.wire = self._wire_under(rect)
        self.place = rect.x(), rect.y()
        self._ghost.setPos(*self.place)
        self.view.mark_wires(target=self.wire)

    def _wire_under(self, rect: QRectF) -> Wire | None:
        whole = isinstance(self.row, Template) and self.row.hidden is not None
        return self.view.canvas_scene.wires.crossing(rect) if actions.can_insert(self.row.kind) and not whole else None

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Add the card where it was dropped, or on the wire."""
        self.move(point, modifiers)
        wire = self.wire
        self.cancel()
        if isinstance(self.row, Template):
            self.view.use(self.row, wire)
        elif wire is not None:
            actions.insert(self.view.session, self.row, wire, self.place)
        else:
            self.view.place(self.row, self.place)

    def cancel(self) -> None:
        """The drag left, or Esc was pressed."""
        if self._ghost.scene() is self.view.canvas_scene:
            self.view.canvas_scene.removeItem(self._ghost)
        self.view.mark_wires(target=None)


def _face(view: CanvasCommands, row: Row) -> Face:
    """What the row will look like; a template is a card with its name."""
    if isinstance(row, Template):
        return face_of(Node("", "add", name=tr(row.label)), None)
    fields = actions.starting_fields(view.session, row)
    width = len(fields["features"]) if "features" in fields else fields.get("units", 4)
    return face_of(Node("", row.kind, fields), width if row.kind in ("input", "dense") else None)
