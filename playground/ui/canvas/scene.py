"""The scene: a projection of the document onto items. It holds nothing that the document has; it only keeps up with it.

`show` works out every face, place and course, and touches the items that differ. A preview (cards being dragged) shifts
items until the next `show` puts them where the document says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from playground.document.check import Problem
from playground.document.model import Document, Wire
from playground.ui.canvas import shape
from playground.ui.canvas.bare import drawn_rects
from playground.ui.canvas.card import CardItem
from playground.ui.canvas.courses import Ends, is_docked
from playground.ui.canvas.face import CARDS, Drawn, Face, draw
from playground.ui.canvas.footprints import Footprints
from playground.ui.canvas.hits import Hit, hit
from playground.ui.canvas.note import Note, NoteItem, forget_fonts, note_of
from playground.ui.canvas.note_room import Taken, room_for
from playground.ui.canvas.wires import WiresItem

#: More notes than this are not read; every card with a problem has its mark and its tooltip.
_MOST_NOTES = 24


class CanvasScene(QGraphicsScene):
    """Cards by node id, one item for all wires, notes by node id."""

    def __init__(self) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.document = Document()
        self.problems: tuple[Problem, ...] = ()
        self.manner = CARDS
        self._drawn: Drawn | None = None
        self._places: dict[str, QRectF] = {}
        self._footprints = Footprints()
        self.faces: dict[str, Face] = {}
        self.rects: dict[str, QRectF] = {}
        self._area = QRectF()
        self.cards: dict[str, CardItem] = {}
        self.notes: dict[str, NoteItem] = {}
        self.wires = WiresItem()
        #: Whether notes have gone along with their cards, to where there may be no room for them.
        self._carried = False
        #: Wires between cards that touch; the cards that are touched at their left, and at their right.
        self._docked: set[Wire] = set()
        self._sides: tuple[set[str], set[str]] = set(), set()
        self.addItem(self.wires)

    # --- keeping up --------------------------------------------------------------------------------

    def show(self, document: Document, problems: Iterable[Problem]) -> None:
        """Show a document with its problems; only what differs from what is shown is worked out and touched."""
        before, known_rects, known_problems = self._drawn, self._places, self.problems
        self.document, self.problems = document, tuple(problems)
        drawn = draw(document.network, self.problems, before, self.manner)
        if before is not None and _stand_alike(before, drawn):
            rects = known_rects
        elif self.manner.bare:
            rects = drawn_rects(document.network, drawn.faces, self.manner.bare)
        else:
            rects = self._footprints.rects(document.network, drawn.faces)
        known, faces, stood = self.faces, drawn.faces, rects is self.rects
        gone = [id for id in self.cards if id not in faces]
        for id in gone:
            self.removeItem(self.cards.pop(id))
        changed: set[str] = set()
        for id, face in faces.items():
            card, seen = self.cards.get(id), known.get(id)
            if card is None:
                card = self.cards[id] = CardItem(face)
                self.addItem(card)
            elif face is not seen:
                card.set_face(face)
            if seen is None or not (stood or self.rects[id] is rects[id] or self.rects[id] == rects[id]):
                card.setPos(rects[id].topLeft())
                changed.add(id)
            elif not _alike(seen, face):
                changed.add(id)
        self._drawn, self._places, self.faces = drawn, rects, faces
        self._stand(rects)
        self.wires.show_frozen({id: face.frozen_mask for id, face in faces.items() if face.frozen_mask})
        if changed or before is None or before.network.wires != document.network.wires:
            self._show_wires(changed)
        if changed or gone or self._carried or before is None or known_problems != self.problems:
            self._show_notes()

    def set_bare(self, bare: float) -> None:
        """Show the network as cards (0), as the textbook's drawing (1), or on its way from the one to the other."""
        self.manner = replace(self.manner, bare=bare)
        self.show(self.document, self.problems)

    def toggle_fold(self, id: str) -> None:
        """Unfold a wide layer to a map of each unit, or fold it to a picture of its weights."""
        self.manner = replace(self.manner, unfolded=self.manner.unfolded ^ {id})
        self.show(self.document, self.problems)

    def fold_all(self) -> None:
        """From the next `show` on, fold every wide layer: another document has been opened."""
        self.manner = replace(self.manner, unfolded=frozenset())

    @property
    def widths(self) -> Mapping[str, int | None]:
        """How many values each node gives; the same object for as long as none of them can have changed."""
        return self._drawn.widths if self._drawn is not None else {}

    def _stand(self, rects: dict[str, QRectF]) -> None:
        """Take over where the cards stand."""
        if rects is not self.rects:
            self.rects, self._area = rects, QRectF()
            for rect in rects.values():
                self._area |= rect

    def _show_wires(self, changed: set[str]) -> None:
        wires = [
            wire for wire in self.document.network.wires if wire.source in self.faces and wire.target in self.faces
        ]
        known, present = self.wires.wires, set(wires)
        new, gone = present - known, known - present
        fresh = [
            (wire, self.faces[wire.source], self.rects[wire.source], self.faces[wire.target], self.rects[wire.target])
            for wire in wires
            if wire.source in changed or wire.target in changed or (new and wire in new)
        ]
        self.wires.plain = self.manner.bare >= 0.5
        self.wires.show_ends(fresh, gone, {one[0]: _flow_text(one[1], one[3]) for one in fresh}, self._area)
        self.wires.mark(
            selected=self.wires.selected if self.wires.selected in present else None,
            hovered=self.wires.hovered if self.wires.hovered in present else None,
            target=None,
        )
        self._dock(fresh, gone)

    def _dock(self, fresh: Iterable[Ends], gone: Iterable[Wire]) -> None:
        """Tell the cards that touch each other now, and those that do no longer."""
        self._docked.difference_update(gone)
        for wire, _, source, _, target in fresh:
            (self._docked.add if is_docked(source, target) else self._docked.discard)(wire)
        before = self._sides
        left, right = self._sides = {wire.target for wire in self._docked}, {wire.source for wire in self._docked}
        for id in (left ^ before[0]) | (right ^ before[1]):
            if id in self.cards:
                self.cards[id].set_look(docked_left=id in left, docked_right=id in right)

    def _show_notes(self) -> None:
        self._carried = False
        wanted: dict[str, Note] = {}
        for problem in self.problems:
            if self.manner.bare:
                break
            if problem.node in self.cards and problem.node not in wanted and len(wanted) < _MOST_NOTES:
                wanted[problem.node] = note_of(problem)
        if not wanted and not self.notes:
            return
        taken = Taken(self.rects.values(), len(wanted))
        placed: dict[str, tuple[Note, QRectF]] = {}
        for id in sorted(wanted, key=lambda id: (self.rects[id].bottom(), self.rects[id].left())):
            placed[id] = room_for(wanted[id], self.rects[id], taken)
            taken.add(placed[id][1])
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
                self._carried = True
        changed = {id for id in shifted if rects[id] != self.rects[id]}
        self._stand(rects)
        self._show_wires(changed)

    def restate(self) -> None:
        """Say and measure everything again: the language, the theme or the fonts have changed."""
        shape.forget_fonts()
        forget_fonts()
        self._drawn, self._footprints = None, Footprints()
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
        return hit(self, point, scale)

    def about(self, point: QPointF, reach: float) -> list[tuple[str, CardItem]]:
        """The cards that are no further than `reach` from a point."""
        near = QRectF(point.x() - reach, point.y() - reach, 2.0 * reach, 2.0 * reach)
        return [(id, self.cards[id]) for id, rect in self.rects.items() if rect.intersects(near)]

    def card_at(self, point: QPointF) -> str | None:
        """The uppermost card at a point."""
        under = [(card.zValue(), id) for id, card in self.about(point, 1.0) if card.rect.contains(point)]
        return max(under)[1] if under else None

    def cards_in(self, rect: QRectF) -> list[str]:
        """The cards that a rubber band touches."""
        return [id for id, card in self.cards.items() if card.rect.intersects(rect)]

    def contents(self) -> QRectF:
        """The rectangle that holds all cards and their notes; empty on an empty canvas."""
        whole = QRectF(self._area)
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
            if joint is None or not is_docked(self.rects[at], self.rects[joint]):
                return found
            found.append(joint)
            at = joint


def _alike(one: Face, other: Face) -> bool:
    """Whether wires run alike at two faces of one node, and carry as much."""
    return one is other or (one.kind, one.rows, one.width, one.bare, one.folded) == (
        other.kind,
        other.rows,
        other.width,
        other.bare,
        other.folded,
    )


def _stand_alike(one: Drawn, other: Drawn) -> bool:
    """Whether all cards of the other stand where those of the one do, and are as large."""
    return (
        one.manner == other.manner
        and one.network.wires == other.network.wires
        and len(one.network.nodes) == len(other.network.nodes)
        and all(
            before is after or (before.id, before.kind, before.position) == (after.id, after.kind, after.position)
            for before, after in zip(one.network.nodes, other.network.nodes, strict=True)
        )
        and all(face is one.faces[id] or _as_large(face, one.faces[id]) for id, face in other.faces.items())
    )


def _as_large(one: Face, other: Face) -> bool:
    """Whether two faces take as much room: the more rows, the more of it there is beside them for wires.

    The drawing stands around the middles of the cards, so that their size counts there too.
    """
    pairs = {(one, other), (replace(one, bare=0.0), replace(other, bare=0.0))}
    return len(one.rows) == len(other.rows) and all(shape.size_of(a) == shape.size_of(b) for a, b in pairs)


def _flow_text(source: Face, target: Face) -> str:
    """How many values flow along a wire, and into a layer how many it makes of them."""
    if source.width is None:
        return ""
    if target.kind == "dense" and target.width is not None:
        return f"{source.width} → {target.width}"
    return str(source.width)
