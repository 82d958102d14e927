"""Dragging cards: the cards themselves, or with Alt copies of them. Both follow the pointer and are drawn to guides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from playground.document import chain
from playground.document.edits import on_grid
from playground.document.model import Wire
from playground.ui.canvas import actions, shape
from playground.ui.canvas.card import CardItem
from playground.ui.canvas.gesture import Gesture, PanGesture
from playground.ui.canvas.guides import Aim, Guides, GuidesItem
from playground.ui.canvas.hits import Hit
from playground.ui.canvas.wires import WiresItem

if TYPE_CHECKING:
    from playground.ui.canvas.commands import CanvasCommands

#: How near a joint must come to the side of its layer to be drawn to it.
_SNAP = 14.0


def alt_drag(view: CanvasCommands, hit: Hit, start: QPointF) -> Gesture:
    """What Alt and a drag do: on a card they drag copies away, beside the cards they move the canvas."""
    return CopyGesture(view, start, hit.node) if hit.node and hit.wire is None else PanGesture(view, start)


class CarryGesture(Gesture):
    """Cards that follow the pointer over the grid, drawn to guides unless Ctrl is held.

    Attributes:
        origins: where each card that comes along stands.
    """

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: CanvasCommands, start: QPointF, grabbed: str, adds: bool = False) -> None:
        super().__init__(view, start)
        self.grabbed, self.adds = grabbed, adds
        self.was_selected = grabbed in view.session.selection
        if not self.was_selected:
            view.session.select({*view.session.selection, grabbed} if adds else [grabbed])
        view.current = grabbed
        self.origins = {id: view.canvas_scene.rects[id].topLeft() for id in self._together()}
        self.dragging = False
        self._wire: Wire | None = None
        self._guides: Guides | None = None
        self._lines = GuidesItem()

    def _together(self) -> list[str]:
        """The cards that come along."""
        return self.view.with_joints(self.view.session.selection)

    def _still(self) -> dict[str, QRectF]:
        """The cards that may be lined up with."""
        return {id: rect for id, rect in self.view.canvas_scene.rects.items() if id not in self.origins}

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the cards where they would be dropped, and why there."""
        if not self.dragging:
            if not self.started(point):
                return
            self.dragging = True
            self._begin()
        places, aim = self.places(point, modifiers)
        self._show(places)
        self._wire = self._wire_under(places)
        self._lines.show_aim(aim if self._wire is None else Aim())
        self.view.mark_wires(target=self._wire)

    def _begin(self) -> None:
        """The drag has begun."""
        scene = self.view.canvas_scene
        wires = scene.document.network.wires
        joined = {wire.target for wire in wires if wire.source in self.origins}
        joined |= {wire.source for wire in wires if wire.target in self.origins}
        self._guides = Guides(self._still(), joined)
        scene.addItem(self._lines)

    def _show(self, places: dict[str, QPointF]) -> None:
        """Show the cards at places."""

    def _wire_under(self, places: dict[str, QPointF]) -> Wire | None:
        """The wire that would take the cards."""
        return None

    def _finish(self) -> None:
        """Take the guides away."""
        self.view.mark_wires(target=None)
        if self._lines.scene() is self.view.canvas_scene:
            self.view.canvas_scene.removeItem(self._lines)

    def click(self) -> None:
        """It was no drag: select, or with Shift or Ctrl take out of the selection again."""
        session = self.view.session
        if not self.adds:
            session.select([self.grabbed])
        elif self.was_selected:
            session.select(session.selection - {self.grabbed})

    def places(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> tuple[dict[str, QPointF], Aim]:
        """Where each card is to stand, and the guides that say so."""
        home, rects = self.origins[self.grabbed], self.view.canvas_scene.rects
        size = rects[self.grabbed].size()
        kept = self.view.kept_in_sight(QRectF(home + point - self.start, size)).topLeft()
        place = QPointF(*on_grid((kept.x(), kept.y())))
        found = Aim()
        if not modifiers & Qt.KeyboardModifier.ControlModifier and self._guides is not None:
            beside = self._beside_its_layer(place)
            if beside is not None:
                place = beside
            else:
                found = self._guides.aim(self._outline(place), self.view.camera.scale)
                place += QPointF(found.dx, found.dy)
        return {id: origin + (place - home) for id, origin in self.origins.items()}, found

    def _outline(self, place: QPointF) -> QRectF:
        """What lines up: as wide as all cards that come along; as high as the grabbed one with what hangs at it."""
        rects, shift = self.view.canvas_scene.rects, place - self.origins[self.grabbed]
        boxes = {id: QRectF(origin, rects[id].size()).translated(shift) for id, origin in self.origins.items()}
        whole, grabbed = QRectF(), boxes[self.grabbed]
        for box in boxes.values():
            whole = whole.united(box)
        if len(self.view.session.selection) > 1:
            return whole
        return QRectF(whole.left(), grabbed.top(), whole.width(), grabbed.height())

    def _beside_its_layer(self, place: QPointF) -> QPointF | None:
        """A joint alone that comes near the side of its layer is drawn to it."""
        scene = self.view.canvas_scene
        source = shape.joints(scene.document.network).get(self.grabbed)
        if source is None or source in self.origins:
            return None
        side = shape.beside(scene.rects[source], scene.rects[self.grabbed].height())
        near = abs(place.x() - side.x()) < _SNAP and abs(place.y() - side.y()) < _SNAP
        return QPointF(*on_grid((side.x(), side.y()))) if near else None


class MoveGesture(CarryGesture):
    """Drag cards; free ones that are dropped on a wire are put on it, one after the other."""

    def __init__(self, view: CanvasCommands, start: QPointF, grabbed: str, adds: bool = False) -> None:
        super().__init__(view, start, grabbed, adds)
        corners = {id: (place.x(), place.y()) for id, place in self.origins.items()}
        self._row = chain.row_of(view.canvas_scene.document.network, self.origins, corners)

    def _show(self, places: dict[str, QPointF]) -> None:
        self.view.canvas_scene.preview(places)

    def _wire_under(self, places: dict[str, QPointF]) -> Wire | None:
        scene = self.view.canvas_scene
        if not self._row:
            return None
        wire = scene.wires.crossing(scene.rects[self.grabbed])
        return wire if wire is not None and not {wire.source, wire.target} & self.origins.keys() else None

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """One undo step: the cards stay where they are. Without a drag it was a click."""
        if not self.dragging:
            self.click()
            return
        view, wire = self.view, self._wire
        shift = self.places(point, modifiers)[0][self.grabbed] - self.origins[self.grabbed]
        places = view.stored_places(self.origins, shift)
        self.cancel()
        shown = view.shown_places()
        if wire is not None and actions.put_on_wire(view.session, self._row, wire, places, shown):
            return
        if not shift.isNull():
            actions.move(view.session, places, shown=shown)

    def cancel(self) -> None:
        """The cards go back."""
        self._finish()
        self.view.canvas_scene.preview(self.origins)


class CopyGesture(CarryGesture):
    """Drag copies of the selected cards away; the originals stay. Nothing is there before the drop."""

    cursor = Qt.CursorShape.DragCopyCursor

    def __init__(self, view: CanvasCommands, start: QPointF, grabbed: str) -> None:
        super().__init__(view, start, grabbed)
        self._ghosts: dict[str, CardItem] = {}
        self._wires = WiresItem()
        network = view.canvas_scene.document.network
        self._inner = [wire for wire in network.wires if {wire.source, wire.target} <= self.origins.keys()]

    def _together(self) -> list[str]:
        """Only what is selected: a copy of a layer is one without its activation, unless that is selected too."""
        return sorted(self.view.session.selection)

    def _still(self) -> dict[str, QRectF]:
        return dict(self.view.canvas_scene.rects)

    def _begin(self) -> None:
        super()._begin()
        scene = self.view.canvas_scene
        self._wires.setZValue(54.0)
        scene.addItem(self._wires)
        for id in self.origins:
            ghost = self._ghosts[id] = CardItem(scene.faces[id])
            ghost.set_look(ghost=True)
            ghost.setZValue(55.0)
            scene.addItem(ghost)

    def _show(self, places: dict[str, QPointF]) -> None:
        scene = self.view.canvas_scene
        rects = {id: QRectF(place, scene.rects[id].size()) for id, place in places.items()}
        for id, ghost in self._ghosts.items():
            ghost.setPos(places[id])
        ends = [
            (wire, scene.faces[wire.source], rects[wire.source], scene.faces[wire.target], rects[wire.target])
            for wire in self._inner
        ]
        area = QRectF()
        for rect in rects.values():
            area |= rect
        self._wires.show_ends(ends, (), {}, area)

    def _wire_under(self, places: dict[str, QPointF]) -> Wire | None:
        scene = self.view.canvas_scene
        kinds = [scene.document.network.node(id).kind for id in self.origins]
        if len(kinds) > 1 or not all(actions.can_insert(kind) for kind in kinds):
            return None
        box = QRectF(places[self.grabbed], scene.rects[self.grabbed].size())
        return None if box.intersects(scene.rects[self.grabbed]) else scene.wires.crossing(box)

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """One undo step: the copies are there, selected, with the wires among them."""
        if not self.dragging:
            self.click()
            return
        place = self.places(point, modifiers)[0][self.grabbed] - self.origins[self.grabbed]
        wire, ids = self._wire, list(self.origins)
        self.cancel()
        actions.duplicate_at(self.view.session, ids, (place.x(), place.y()), wire, self.view.shown_places())

    def cancel(self) -> None:
        """Nothing is copied."""
        self._finish()
        scene = self.view.canvas_scene
        for item in (self._wires, *self._ghosts.values()):
            if item.scene() is scene:
                scene.removeItem(item)
        self._ghosts = {}
