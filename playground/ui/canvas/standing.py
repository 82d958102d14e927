"""Where cards stand after an edit: those that were placed by hand keep their places, and make room where it is needed.

Pure functions from one document to the next. Cards that nobody has placed are laid out of themselves (see `layout`).
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF

from playground.document import edits, layout
from playground.document.model import Document
from playground.document.shapes import order
from playground.ui.canvas import shape
from playground.ui.canvas.courses import is_docked
from playground.ui.canvas.face import Face, folded

Place = tuple[float, float]
#: No place of any card.
NOWHERE: Mapping[str, Place] = {}


def pinned(document: Document, shown: Mapping[str, Place] = NOWHERE) -> Document:
    """The document with every card placed where it is shown, so that moving one leaves the others alone.

    `shown` are places of cards on the canvas; what it does not say is worked out, as for a canvas of folded cards.
    """
    if all(node.position is not None for node in document.network.nodes):
        return document
    free = [node.id for node in document.network.nodes if node.position is None]
    if shown.keys() >= set(free):
        return edits.move(document, {id: shown[id] for id in free})
    rects = shape.rects_of(document.network, folded(document.network))
    return edits.move(document, {id: (rects[id].x(), rects[id].y()) for id in free})


def settled(before: Document, after: Document) -> Document:
    """The document with cards that were placed by hand and have grown or shrunk still on their middle lines.

    A joint stays at the side of its layer, and what stands to the right, above and below makes room.
    """
    if all(node.position is None for node in after.network.nodes):
        return after
    rects, faces_after = shape.rects_of(before.network, folded(before.network)), folded(after.network)
    belongs = shape.joints(after.network)
    places: dict[str, Place] = {}
    grown: list[str] = []
    for id in order(after.network):
        if id not in rects or after.network.node(id).position is None:
            continue
        width, height = shape.size_of(faces_after[id])
        rect, source = rects[id], belongs.get(id)
        if source in rects and is_docked(rects[source], rect):
            known = places.get(source) or (rects[source].x(), rects[source].y())
            at = shape.beside(QRectF(*known, *shape.size_of(faces_after[source])), height)
            places[id] = (at.x(), at.y())
        elif (width, height) != (rect.width(), rect.height()):
            places[id] = (rect.x(), rect.center().y() - height / 2.0)
            grown.append(id)
    document = edits.move(after, places)
    size = shape.layout_size(document.network, faces_after)
    for id in grown:
        document = layout.make_room(document, id, size)
    return _parted(document, list(places), faces_after) if grown else document


def _parted(document: Document, grown: list[str], faces: dict[str, Face]) -> Document:
    """The document with cards that lie under a grown one moved away from it, up or down, and theirs in turn."""
    rects = shape.rects_of(document.network, faces)
    belongs = shape.joints(document.network)
    fixed, pushing = set(grown), list(grown)
    while pushing:
        at = rects[pushing.pop(0)]
        for id in [id for id, rect in rects.items() if id not in fixed and rect.intersects(at)]:
            rect = rects[id]
            down = rect.center().y() >= at.center().y()
            way = at.bottom() + layout.CARD_GAP - rect.top() if down else at.top() - layout.CARD_GAP - rect.bottom()
            together = [id, *(one for one, source in belongs.items() if source == id and is_docked(rect, rects[one]))]
            for one in together:
                if one not in fixed:
                    rects[one] = rects[one].translated(0.0, way)
            fixed.update(together)
            pushing += together
    return edits.move(document, {id: (rect.x(), rect.y()) for id, rect in rects.items() if id in fixed})


def roomy(document: Document, id: str) -> Document:
    """The document with room made for a card that was put among others; a joint goes to the side of its layer."""
    network = document.network
    if all(node.position is None for node in network.nodes if node.id != id):
        return document
    source, faces = shape.joints(network).get(id), folded(document.network)
    if source is not None and network.node(id).position is None:
        corner = shape.beside(shape.rects_of(network, faces)[source], shape.size_of(faces[id])[1])
        document = edits.move(document, {id: (corner.x(), corner.y())})
    return layout.make_room(document, id, shape.layout_size(document.network, faces))


def bowed(document: Document, ids: tuple[str, ...], source: str) -> Document:
    """The document with cards placed by hand moved below the middle line of `source`, whose wire goes around them.

    Where they would cover another card they stay: then the wire runs behind them.
    """
    if any(document.network.node(id).position is None for id in ids):
        return document
    rects = shape.rects_of(document.network, folded(document.network))
    tallest = max(rects[id].height() for id in ids)
    line = rects[source].center().y() + layout.LANE_GAP + tallest / 2.0
    moved = {id: rects[id].translated(0.0, line - rects[id].center().y()) for id in ids}
    others = [rect for id, rect in rects.items() if id not in ids]
    if any(rect.intersects(other) for rect in moved.values() for other in others):
        return document
    return edits.move(document, {id: (rect.x(), rect.y()) for id, rect in moved.items()})
