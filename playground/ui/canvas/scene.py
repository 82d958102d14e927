"""The scene: a projection of the document onto items. It holds nothing that the document has; it only keeps up with it.

`show` works out every face, place and course, and touches the items that differ. A preview (cards being dragged) shifts
items until the next `show` puts them where the document says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from playground.document.check import Problem
from playground.document.model import Document, Wire
from playground.ui.canvas import shape
from playground.ui.canvas.card import CardItem
from playground.ui.canvas.courses import TOUCH, Course, course
from playground.ui.canvas.face import Drawn, Face, draw
from playground.ui.canvas.note import Note, NoteItem, note_of
from playground.ui.canvas.wires import WiresItem

Part = Literal["nothing", "card", "switch", "in", "out", "wire", "remedy"]

#: How near a card the loose end of a wire must be to mean it.
_END = 10.0
#: Between a card and its note.
_NOTE_GAP = 6.0
#: More notes than this are not read; every card with a problem has its mark and its tooltip.
_MOST_NOTES = 24


@dataclass(frozen=True)
class Hit:
    """What lies under a point: a part, and the node or the wire it belongs to."""

    part: Part = "nothing"
    node: str = ""
    wire: Wire | None = None


NOTHING = Hit()


class CanvasScene(QGraphicsScene):
    """Cards by node id, one item for all wires, notes by node id."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.document = Document()
        self.problems: tuple[Problem, ...] = ()
        self._drawn: Drawn | None = None
        self._places: dict[str, QRectF] = {}
        self.faces: dict[str, Face] = {}
        self.rects: dict[str, QRectF] = {}
        self.cards: dict[str, CardItem] = {}
        self.notes: dict[str, NoteItem] = {}
        self.wires = WiresItem()
        self.addItem(self.wires)

    # --- keeping up --------------------------------------------------------------------------------

    def show(self, document: Document, problems: Iterable[Problem]) -> None:
        """Show a document with its problems; only what differs from what is shown is worked out and touched."""
        before, known_rects, known_problems = self._drawn, self._places, self.problems
        self.document, self.problems = document, tuple(problems)
        drawn = draw(document.network, self.problems, before)
        if before is not None and _stand_alike(before, drawn):
            rects = known_rects
        else:
            rects = shape.rects_of(document.network, drawn.faces)
        known, faces = self.faces, drawn.faces
        for id in [id for id in self.cards if id not in faces]:
            self.removeItem(self.cards.pop(id))
        for id, face in faces.items():
            card = self.cards.get(id)
            if card is None:
                card = self.cards[id] = CardItem(face)
                self.addItem(card)
            elif face is not known.get(id):
                card.set_face(face)
            card.setPos(rects[id].topLeft())
        changed = {
            id
            for id, face in faces.items()
            if id not in known or self.rects[id] != rects[id] or not _alike(known[id], face)
        }
        self._drawn, self._places, self.faces, self.rects = drawn, rects, faces, rects
        if changed or before is None or before.network.wires != document.network.wires:
            self._show_wires(changed)
        if changed or before is None or known_problems != self.problems:
            self._show_notes()

    @property
    def widths(self) -> Mapping[str, int | None]:
        """How many values each node gives; the same object for as long as none of them can have changed."""
        return self._drawn.widths if self._drawn is not None else {}

    def _show_wires(self, changed: set[str]) -> None:
        wires = [
            wire for wire in self.document.network.wires if wire.source in self.faces and wire.target in self.faces
        ]
        known = self.wires.courses
        fresh: dict[Wire, Course] = {}
        for wire in wires:
            if wire not in known or wire.source in changed or wire.target in changed:
                fresh[wire] = course(
                    wire, self.faces[wire.source], self.rects[wire.source], self.faces[wire.target],
                    self.rects[wire.target],
                )  # fmt: skip
        gone = set(known) - set(wires)
        captions = {wire: _width_text(self.faces[wire.source]) for wire in wires}
        self.wires.show_courses(fresh, gone, captions)
        self.wires.mark(
            selected=self.wires.selected if self.wires.selected in self.wires.courses else None,
            hovered=self.wires.hovered if self.wires.hovered in self.wires.courses else None,
            target=None,
        )
        left = {wire.target for wire, course in self.wires.courses.items() if course.docked}
        right = {wire.source for wire, course in self.wires.courses.items() if course.docked}
        for id, card in self.cards.items():
            card.set_look(docked_left=id in left, docked_right=id in right)

    def _show_notes(self) -> None:
        wanted: dict[str, Note] = {}
        for problem in self.problems:
            if problem.node in self.cards and problem.node not in wanted and len(wanted) < _MOST_NOTES:
                wanted[problem.node] = note_of(problem)
        taken = list(self.rects.values())
        placed: dict[str, tuple[Note, QRectF]] = {}
        for id in sorted(wanted, key=lambda id: (self.rects[id].bottom(), self.rects[id].left())):
            placed[id] = _room_for(wanted[id], self.rects[id], taken)
            taken.append(placed[id][1])
        for id in [id for id, item in self.notes.items() if id not in placed or placed[id][0] != item.note]:
            self.removeItem(self.notes.pop(id))
        for id, (note, rect) in placed.items():
            if id not in self.notes:
                self.notes[id] = NoteItem(note)
                self.addItem(self.notes[id])
            self.notes[id].setPos(rect.topLeft())

    def preview(self, shifted: Mapping[str, QPointF]) -> None:
        """Show cards at other places for now; wires follow."""
        rects = dict(self.rects)
        for id, place in shifted.items():
            rects[id] = QRectF(place, self.rects[id].size())
            self.cards[id].setPos(place)
            if id in self.notes:
                self.notes[id].moveBy(place.x() - self.rects[id].x(), place.y() - self.rects[id].y())
        changed = {id for id in shifted if rects[id] != self.rects[id]}
        self.rects = rects
        self._show_wires(changed)

    def restate(self) -> None:
        """Say and measure everything again: the language, the theme or the fonts have changed."""
        shape.forget_fonts()
        self._drawn = None
        self.faces = {}
        for note in self.notes.values():
            self.removeItem(note)
        self.notes = {}
        self.show(self.document, self.problems)
        for card in self.cards.values():
            card.remeasure()
        self.wires.update()

    # --- looking -----------------------------------------------------------------------------------

    def hit(self, point: QPointF, scale: float = 1.0) -> Hit:
        """What a press at that point of the scene takes: the smallest thing first, cards before wires."""
        for note in self.notes.values():
            if note.button.contains(point):
                return Hit("remedy", note.note.node)
        ordered = sorted(self.cards.items(), key=lambda pair: pair[1].zValue(), reverse=True)
        for id, card in ordered:
            if card.face.kind == "activation" and shape.switch_target(card.rect).contains(point):
                return Hit("switch", id)
        port = self._port_at(point, shape.PORT_REACH / max(min(scale, 1.0), 0.5))
        if port is not None:
            return port
        card_id = self.card_at(point)
        if card_id is not None:
            return Hit("card", card_id)
        for note in self.notes.values():
            if note.rect.contains(point):
                return Hit("card", note.note.node)
        wire = self.wires.nearest(point, scale)
        return Hit("wire", wire=wire) if wire is not None else NOTHING

    def _port_at(self, point: QPointF, reach: float) -> Hit | None:
        """The nearest port within reach; of two as near the one where values leave, since most wires begin there."""
        found: list[tuple[float, bool, str]] = []
        for id, card in self.cards.items():
            if card.face.gives:
                found.append((_distance(shape.out_port(card.rect), point), False, id))
            if card.face.takes and not card.look.docked_left:
                found.append((_distance(shape.in_port(card.rect), point), True, id))
        distance, enters, id = min(found, default=(reach, False, ""))
        return Hit("in" if enters else "out", id) if distance < reach else None

    def end_at(self, point: QPointF, *, start: str, backwards: bool) -> str | None:
        """The card at which a wire from `start` ends when it is dropped at a point: under it, else near it.

        Of several near ones it is the one with the nearest port of the kind that the wire needs.
        """
        found = []
        for id, card in self.cards.items():
            inside = card.rect.contains(point)
            if inside and id == start:
                return None
            port = shape.out_port(card.rect) if backwards else shape.in_port(card.rect)
            if id != start and card.rect.adjusted(-_END, -_END, _END, _END).contains(point):
                found.append((not inside, -card.zValue() if inside else 0.0, _distance(port, point), id))
        return min(found)[3] if found else None

    def card_at(self, point: QPointF, margin: float = 0.0) -> str | None:
        """The uppermost card at a point; with a margin, near it."""
        under = [
            (card.zValue(), id)
            for id, card in self.cards.items()
            if card.rect.adjusted(-margin, -margin, margin, margin).contains(point)
        ]
        return max(under)[1] if under else None

    def cards_in(self, rect: QRectF) -> list[str]:
        """The cards that a rubber band touches."""
        return [id for id, card in self.cards.items() if card.rect.intersects(rect)]

    def contents(self) -> QRectF:
        """The rectangle that holds all cards and their notes; empty on an empty canvas."""
        whole = QRectF()
        for rect in self.rects.values():
            whole = whole.united(rect)
        for note in self.notes.values():
            whole = whole.united(note.rect)
        return whole

    def touching(self, id: str) -> list[str]:
        """The joints at a card's right side, and theirs: they go along when it is moved."""
        found: list[str] = []
        at = id
        belongs = shape.joints(self.document.network)
        while True:
            joint = next((joint for joint, source in belongs.items() if source == at and joint not in found), None)
            if joint is None or not self._docked(at, joint):
                return found
            found.append(joint)
            at = joint

    def _docked(self, source: str, joint: str) -> bool:
        one, other = self.rects[source], self.rects[joint]
        return abs(one.right() - other.left()) <= TOUCH and abs(one.center().y() - other.center().y()) <= TOUCH


def _alike(one: Face, other: Face) -> bool:
    """Whether wires run alike at two faces of one node, and carry as much."""
    return one is other or (one.kind, one.rows, one.width) == (other.kind, other.rows, other.width)


def _stand_alike(one: Drawn, other: Drawn) -> bool:
    """Whether all cards of the other stand where those of the one do, and are as large."""
    return (
        one.network.wires == other.network.wires
        and len(one.network.nodes) == len(other.network.nodes)
        and all(
            before is after or (before.id, before.kind, before.position) == (after.id, after.kind, after.position)
            for before, after in zip(one.network.nodes, other.network.nodes, strict=True)
        )
        and all(
            face is one.faces[id] or shape.size_of(face) == shape.size_of(one.faces[id])
            for id, face in other.faces.items()
        )
    )


def _room_for(note: Note, card: QRectF, taken: list[QRectF]) -> tuple[Note, QRectF]:
    """A note and its place: below its card, without its button or above where that is too narrow, else further down."""
    for shown in note.variants():
        width, height = shown.size
        for top in (card.bottom() + _NOTE_GAP, card.top() - _NOTE_GAP - height):
            place = QRectF(card.left(), top, width, height)
            if not any(rect.intersects(place) for rect in taken):
                return shown, place
    place = QRectF(card.left(), card.bottom() + _NOTE_GAP, *note.size)
    while (other := next((rect for rect in taken if rect.intersects(place)), None)) is not None:
        place.moveTop(other.bottom() + _NOTE_GAP)
    return note, place


def _distance(port: QPointF, point: QPointF) -> float:
    return math.hypot(port.x() - point.x(), port.y() - point.y())


def _width_text(face: Face) -> str:
    return "" if face.width is None else str(face.width)
