"""Joining two cards: by a drag from port to port, or by keyboard: C, arrows, Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from playground.document.edits import refusal
from playground.document.model import Wire
from playground.messages import Message
from playground.ui.canvas import actions, shape
from playground.ui.canvas.courses import course
from playground.ui.canvas.face import Face
from playground.ui.canvas.gesture import Gesture
from playground.ui.canvas.hits import end_at
from playground.ui.canvas.loose_wire import LooseWire
from playground.ui.canvas.walking import neighbour
from playground.ui.translation import tr

if TYPE_CHECKING:
    from playground.ui.canvas.commands import CanvasCommands


class ConnectGesture(Gesture):
    """Draw a wire from one card's port; backwards too, from where values enter.

    Ports that may be joined are lit, the others are dimmed; over a refused card the reason is said at the pointer.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: CanvasCommands, start: QPointF, id: str, backwards: bool = False) -> None:
        super().__init__(view, start)
        self.id, self.backwards = id, backwards
        document = view.session.document
        self.refused: dict[str, Message | None] = {
            node.id: refusal(document, *self._ends(node.id)) for node in document.network.nodes if node.id != id
        }
        self.target: str | None = None
        self._wire = LooseWire()
        view.canvas_scene.addItem(self._wire)
        for other, card in view.canvas_scene.cards.items():
            if other != id:
                card.set_look(ports="closed" if self.refused.get(other) is not None else "open")
        self._follow(start)

    def _ends(self, other: str) -> tuple[str, str]:
        return (other, self.id) if self.backwards else (self.id, other)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The loose end follows; over a card it takes its port."""
        self.aim(end_at(self.view.canvas_scene, point, start=self.id, backwards=self.backwards), point)

    def aim(self, target: str | None, point: QPointF) -> None:
        """Let the wire end at that card, or at the point where there is none."""
        self.target = target if target != self.id else None
        reason = self.refused.get(self.target) if self.target is not None else None
        if self.target is not None and reason is None:
            rect = self.view.canvas_scene.rects[self.target]
            point = shape.out_port(rect) if self.backwards else shape.in_port(rect)
        self._follow(point)
        self.view.say(tr(reason) if reason is not None else "", point)

    def end(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Join the cards; where that is refused the session says why."""
        self._clear()
        if self.target is not None:
            actions.connect(self.view.session, *self._ends(self.target))

    def cancel(self) -> None:
        """Nothing is joined."""
        self._clear()

    def _follow(self, point: QPointF) -> None:
        scene = self.view.canvas_scene
        face, rect = scene.faces[self.id], scene.rects[self.id]
        loose = Face("", "loss", "")
        at = QRectF(point.x(), point.y(), 0.0, 0.0)
        ends = (loose, at, face, rect) if self.backwards else (face, rect, loose, at)
        accepted = None if self.target is None else self.refused.get(self.target) is None
        self._wire.show_course(course(Wire(self.id, ""), *ends), point, accepted)

    def _clear(self) -> None:
        scene = self.view.canvas_scene
        if self._wire.scene() is scene:
            scene.removeItem(self._wire)
        for card in scene.cards.values():
            card.set_look(ports="")
        self.view.say("", QPointF())


class KeyConnect(ConnectGesture):
    """The same without a pointer: arrows choose among the cards that can take the wire, Enter joins, Esc cancels."""

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, view: CanvasCommands, id: str) -> None:
        rect = view.canvas_scene.rects[id]
        super().__init__(view, shape.out_port(rect), id)
        self.open = [other for other, reason in self.refused.items() if reason is None]
        free = [other for other in self.open if not view.session.document.network.sources(other)]
        nearest = min(free or self.open, key=self._distance, default=None)
        self._choose(nearest)

    def _distance(self, other: str) -> float:
        rects = self.view.canvas_scene.rects
        between = shape.in_port(rects[other]) - shape.out_port(rects[self.id])
        return float(abs(between.x()) + abs(between.y()) + (1e6 if between.x() < 0.0 else 0.0))

    def _choose(self, target: str | None) -> None:
        if target is None:
            self.view.say(tr("No card can take this wire."), self.start)
            return
        self.aim(target, shape.in_port(self.view.canvas_scene.rects[target]))
        self.view.speak(tr("Connect to {node}? Enter connects.", node=self.view.canvas_scene.faces[target].title))

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """The pointer has no say here."""

    def key(self, key: Qt.Key) -> bool:
        """Arrows and Tab choose, Enter joins."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.view.finish_gesture()
            return True
        if self.target is None:
            return key in ARROWS
        if key in ARROWS:
            rects = {id: self.view.canvas_scene.rects[id] for id in self.open}
            self._choose(neighbour(rects, self.target, key) or self.target)
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = 1 if key == Qt.Key.Key_Tab else -1
            self._choose(self.open[(self.open.index(self.target) + step) % len(self.open)])
            return True
        return False


ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
