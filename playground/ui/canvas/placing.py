"""A row of the palette over the canvas: a ghost shows where it would stand, a wire that would take it lights up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from playground.document.layout import CARD_GAP
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
            rect = clear_of(rect, scene.rects.values())
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


def clear_of(rect: QRectF, others: Iterable[QRectF], gap: float = CARD_GAP) -> QRectF:
    """The nearest place at which a card keeps a gap to the others; its own place where there is none nearby.

    With less room between two cards their ports would be hard to tell apart.
    """
    width, height = rect.width(), rect.height()
    across, down = width + 2.0 * gap, height + 2.0 * gap
    near = [other for other in others if other.intersects(rect.adjusted(-across, -down, across, down))]
    lefts = [rect.left(), *(x for one in near for x in (one.left() - gap - width, one.right() + gap))]
    tops = [rect.top(), *(y for one in near for y in (one.top() - gap - height, one.bottom() + gap))]
    places = [QRectF(left, top, width, height) for left in lefts for top in tops]
    places.sort(key=lambda place: abs(place.left() - rect.left()) + abs(place.top() - rect.top()))

    def free(place: QRectF) -> bool:
        room = place.adjusted(-gap, -gap, gap, gap)
        return not any(other.intersects(room) for other in near)

    return next((place for place in places if free(place)), rect)
