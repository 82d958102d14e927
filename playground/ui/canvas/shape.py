"""How large a card is, and where on it values enter and leave. Pure geometry; logical pixels.

A card is symmetrical about its middle line, on which its two ports lie, so that a chain of cards in one row is
joined by straight wires. Rows of values are `PITCH` apart around that line: neighbours with as many rows line up. Sizes
are multiples of 8, so that middles stay on the 4-px grid.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from playground.document.layout import CARD_GAP, JOINT_GAP, Size, positions
from playground.document.model import Network
from playground.document.shapes import order
from playground.ui.canvas.face import Face
from playground.ui.theme import caption_font, title_font

#: Between two rows of values, and the radius of a unit's circle.
PITCH, UNIT = 32.0, 11.0
#: Above and below the rows: the title, and the caption.
HEAD = 32.0
#: How near to a port's middle a press takes it; a port is drawn smaller.
PORT_REACH = 12.0
PORT = 4.5
#: The switch of an activation card, as it is drawn, and as it can be pressed.
SWITCH_WIDTH, SWITCH_HEIGHT = 28.0, 16.0
SWITCH_TARGET = 28.0
#: The longest title that is shown in full.
WIDEST = 176.0

_WIDTHS = {"input": 80.0, "dense": 88.0, "activation": 56.0, "loss": 120.0}
_JOIN = 72.0


def size_of(face: Face) -> tuple[float, float]:
    """Width and height of a card."""
    width = max(_WIDTHS.get(face.kind, _JOIN if face.known else 112.0), _wide(face))
    return _even(width), 2.0 * _even(_half_height(face), 4.0)


def _even(length: float, step: float = 8.0) -> float:
    return step * -(-length // step)


def _wide(face: Face) -> float:
    text = text_width(face.title, True) + (16.0 if face.kind == "activation" else 24.0)
    if face.kind == "loss":
        text = max(text, text_width(face.caption) + 20.0)
    if face.kind == "input" and face.rows:
        text = max(text, max(text_width(row) for row in face.rows) + 2.0 * UNIT + 34.0)
    return min(text, WIDEST)


def _half_height(face: Face) -> float:
    rows = max(len(face.rows), 1) * PITCH / 2.0
    if face.kind == "activation":
        return max(48.0, rows + HEAD - 8.0)
    if face.kind in ("input", "dense"):
        return rows + HEAD
    return 40.0 if face.kind == "loss" else 36.0


def text_width(text: str, bold: bool = False) -> float:
    """How wide a text is in the card's own fonts."""
    return _metrics(bold).horizontalAdvance(text)


@cache
def _metrics(bold: bool) -> QFontMetricsF:
    return QFontMetricsF(title_font() if bold else caption_font())


def forget_fonts() -> None:
    """Measure again: the application's font has changed."""
    _metrics.cache_clear()


def row_offsets(face: Face) -> tuple[float, ...]:
    """The height of each row's middle relative to the card's."""
    count = len(face.rows)
    return tuple((index - (count - 1) / 2.0) * PITCH for index in range(count))


def switch_rect(rect: QRectF) -> QRectF:
    """Where the switch of an activation card is drawn; `rect` is the card's."""
    middle = rect.center()
    return QRectF(middle.x() - SWITCH_WIDTH / 2.0, middle.y() + 20.0, SWITCH_WIDTH, SWITCH_HEIGHT)


def switch_target(rect: QRectF) -> QRectF:
    """Where a press takes the switch: larger than it looks."""
    margin_x, margin_y = (SWITCH_TARGET + 8.0 - SWITCH_WIDTH) / 2.0, (SWITCH_TARGET - SWITCH_HEIGHT) / 2.0
    return switch_rect(rect).adjusted(-margin_x, -margin_y, margin_x, margin_y)


def in_port(rect: QRectF) -> QPointF:
    """Where values enter a card."""
    return QPointF(rect.left(), rect.center().y())


def out_port(rect: QRectF) -> QPointF:
    """Where values leave a card."""
    return QPointF(rect.right(), rect.center().y())


def joints(network: Network) -> dict[str, str]:
    """For each activation that is the only one to take its source's values: that source, to whose side it belongs."""
    kinds = {node.id: node.kind for node in network.nodes}
    feeding: dict[str, list[str]] = {}
    fed: dict[str, list[str]] = {}
    for wire in network.wires:
        feeding.setdefault(wire.target, []).append(wire.source)
        fed.setdefault(wire.source, []).append(wire.target)
    return {
        id: sources[0]
        for id, sources in feeding.items()
        if kinds.get(id) == "activation"
        and len(sources) == 1
        and kinds.get(sources[0]) in ("dense", "activation")
        and len(fed[sources[0]]) == 1
    }


def layout_size(network: Network, faces: dict[str, Face]) -> Size:
    """Sizes for `document.layout`: a card with a joint at its side leaves no gap before it."""
    docked = set(joints(network).values())

    def size(id: str) -> tuple[float, float]:
        width, height = size_of(faces[id])
        return width - JOINT_GAP if id in docked else width + _fan_room(faces[id]), height

    return size


def _fan_room(face: Face) -> float:
    """More room to the next layer where many wires cross in it."""
    return 4.0 * max(len(face.rows) - 2, 0)


def rects_of(network: Network, faces: dict[str, Face]) -> dict[str, QRectF]:
    """Where every card stands: its own place, or for cards that nobody has placed the one that the layout gives it."""
    placed = {node.id: node.position for node in network.nodes if node.position is not None}
    if len(placed) == len(faces):
        return {id: QRectF(*place, *size_of(faces[id])) for id, place in placed.items()}
    places = positions(network, layout_size(network, faces))
    rects = {id: QRectF(*places[id], *size_of(face)) for id, face in faces.items()}
    belongs = joints(network)
    for id in order(network):
        if id in belongs and not {id, belongs[id]} & placed.keys():
            rects[id].moveTopLeft(beside(rects[belongs[id]], rects[id].height()))
    return rects


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


def beside(rect: QRectF, height: float) -> QPointF:
    """The top left corner of a joint of that height at the side of its layer."""
    return QPointF(rect.right(), rect.center().y() - height / 2.0)
