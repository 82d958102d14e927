"""How large a card is, and where on it values enter and leave. Pure geometry; logical pixels.

A card is symmetrical about its middle line, on which its two ports lie, so that a chain of cards in one row is
joined by straight wires. Rows of values stand around that line, further apart where there are few of them: neighbours
with as many rows line up. Sizes are multiples of 8, so that middles stay on the 4-px grid.

On its way from a card to the textbook's drawing (`Face.bare`) everything goes straight from the one measure to the
other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF

from playground.document.layout import JOINT_GAP, Size, positions
from playground.document.model import Network
from playground.document.shapes import nodes_of, order, sources_of, targets_of
from playground.ui.canvas import fonts
from playground.ui.canvas.face import ACROSS, MOST_UNFOLDED, Face

#: Between two rows of values that have no maps, and the radius of such a value's circle.
PITCH, UNIT = 32.0, 11.0
#: Of the drawing: up to so many rows have circles of that radius, so far apart; below them stands what the layer is.
CIRCLES = ((6, 18.0, 60.0), (16, 11.0, 32.0))
_NAMED = 40.0
#: The box in which the drawing shows the curve of an activation, and how far behind its layer that is.
JOINT, BEHIND = 32.0, 36.0
#: Of the cards: up to so many rows have maps of that side, so far apart.
TILES = ((4, 48.0, 68.0), (8, 36.0, 54.0), (16, 24.0, 30.0))
#: Of a wide layer: the picture of its weights, and the maps of its units when they are unfolded.
MATRIX, SMALL, SMALL_GAP = 72.0, 24.0, 4.0
#: What can be pressed on a card: the fold of a wide layer, a unit less and one more.
BUTTON = 24.0
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


@lru_cache(maxsize=2048)
def size_of(face: Face) -> tuple[float, float]:
    """Width and height of a card."""
    if 0.0 < face.bare < 1.0:
        card, drawn = size_of(replace(face, bare=0.0)), size_of(replace(face, bare=1.0))
        return mixed(card[0], drawn[0], face.bare), mixed(card[1], drawn[1], face.bare)
    if face.bare:
        return _drawn_size(face)
    width = max(_WIDTHS.get(face.kind, _JOIN if face.known else 112.0), _wide(face))
    return _even(width), 2.0 * _even(_half_height(face), 4.0)


def mixed(one: float, other: float, share: float) -> float:
    """From the one (share 0) to the other (1)."""
    return one + (other - one) * share


def _drawn_size(face: Face) -> tuple[float, float]:
    """Circles take the width of one; an activation, whose curve lies over the lines, and the loss take none."""
    radius, pitch = _circles(len(face.rows))
    width = {"activation": 0.0, "loss": 0.0}.get(face.kind, 2.0 * radius)
    return width, _even(max(len(face.rows), 1) * pitch + 2.0 * _NAMED)


def _circles(rows: int) -> tuple[float, float]:
    return next((radius, pitch) for most, radius, pitch in CIRCLES if rows <= most or most == 16)


def _even(length: float, step: float = 8.0) -> float:
    return step * -(-length // step)


def _wide(face: Face) -> float:
    text = text_width(face.title, True) + (16.0 if face.kind == "activation" else 24.0)
    if face.kind == "loss":
        text = max(text, text_width(face.caption) + 20.0)
    if face.kind == "input" and face.rows:
        text = max(text, max(text_width(row) for row in face.rows) + tile_of(face) + 34.0)
    if face.folded is not None:
        text += BUTTON - 8.0
        if not face.folded:
            return max(text, grid_size(face)[0] + 24.0)
    return min(text, WIDEST)


def _half_height(face: Face) -> float:
    rows = max(len(face.rows), 1) * pitch_of(face) / 2.0
    if face.kind == "activation":
        return max(48.0, rows + HEAD - 8.0)
    if face.folded is not None:
        return HEAD + (MATRIX if face.folded else grid_size(face)[1]) / 2.0
    if face.kind in ("input", "dense"):
        return rows + HEAD
    return 40.0 if face.kind == "loss" else 36.0


def tile_of(face: Face) -> float:
    """The side of the map of one unit; of a circle's diameter in the drawing."""
    return _measures(len(face.rows), face.hidden > 0, face.bare)[0]


def pitch_of(face: Face) -> float:
    """How far the rows of a card are apart."""
    return _measures(len(face.rows), face.hidden > 0, face.bare)[1]


@lru_cache(maxsize=256)
def _measures(rows: int, counted: bool, bare: float) -> tuple[float, float]:
    tile, pitch = next((measures for most, *measures in TILES if rows <= most), (SMALL, PITCH))
    if counted:
        tile, pitch = 2.0 * UNIT, PITCH
    radius, apart = _circles(rows)
    return mixed(tile, 2.0 * radius, bare), mixed(pitch, apart, bare)


def grid_size(face: Face) -> tuple[float, float]:
    """Width and height of the unfolded units of a wide layer."""
    shown = min(face.width or 0, MOST_UNFOLDED)
    across = min(shown, ACROSS)
    return across * (SMALL + SMALL_GAP) - SMALL_GAP, -(-shown // ACROSS) * (SMALL + SMALL_GAP) - SMALL_GAP


def tiles_of(face: Face, rect: QRectF) -> tuple[QRectF, ...]:
    """Where the map of each unit (of an input: each feature) is drawn; `rect` is the card's."""
    middle = rect.center()
    if face.kind not in ("input", "dense"):
        return ()
    if face.folded is False:
        width, height = grid_size(face)
        step = SMALL + SMALL_GAP
        return tuple(
            QRectF(middle.x() - width / 2.0 + k % ACROSS * step, middle.y() - height / 2.0 + k // ACROSS * step,
                   SMALL, SMALL)
            for k in range(min(face.width or 0, MOST_UNFOLDED))
        )  # fmt: skip
    side = tile_of(face)
    x = middle.x() - side / 2.0
    if face.kind == "input":
        x = mixed(rect.right() - 12.0 - side, x, face.bare)
    return tuple(QRectF(x, middle.y() + offset - side / 2.0, side, side) for offset in row_offsets(face))


def more_units(face: Face) -> int:
    """How many units of an unfolded layer have no map."""
    return max((face.width or 0) - MOST_UNFOLDED, 0) if face.folded is False else 0


def rest_rect(rect: QRectF) -> QRectF:
    """Where an unfolded layer says how many units more there are: at its foot, between the buttons and the middle."""
    return QRectF(rect.center().x() + 24.0, rect.bottom() - 26.0, rect.width() / 2.0 - 24.0 - BUTTON - 8.0, 18.0)


def bias_rect(tile: QRectF) -> QRectF:
    """Where a unit's bias is written, below its map, or beside a small one the mark for it."""
    if tile.width() >= 36.0:
        return QRectF(tile.left() - 12.0, tile.bottom() + 1.0, tile.width() + 24.0, 15.0)
    return QRectF(tile.right() + 2.0, tile.top(), 14.0, tile.height())


def matrix_rect(rect: QRectF) -> QRectF:
    """Where the picture of a wide layer's weights is drawn."""
    middle = rect.center()
    return QRectF(middle.x() - MATRIX / 2.0, middle.y() - MATRIX / 2.0, MATRIX, MATRIX)


def fold_rect(rect: QRectF) -> QRectF:
    """The button that unfolds a wide layer, and folds it."""
    return QRectF(rect.right() - BUTTON - 4.0, rect.top() + 4.0, BUTTON, BUTTON)


def fewer_rect(rect: QRectF) -> QRectF:
    """The button that takes a unit away."""
    return QRectF(rect.left() + 3.0, rect.bottom() - BUTTON - 3.0, BUTTON, BUTTON)


def more_rect(rect: QRectF) -> QRectF:
    """The button that adds a unit."""
    return QRectF(rect.right() - BUTTON - 3.0, rect.bottom() - BUTTON - 3.0, BUTTON, BUTTON)


def text_width(text: str, bold: bool = False) -> float:
    """How wide a text is in the card's own fonts."""
    return (fonts.title_metrics() if bold else fonts.caption_metrics()).horizontalAdvance(text)


def forget_fonts() -> None:
    """Measure again: the application's font has changed."""
    fonts.forget()
    size_of.cache_clear()


def row_offsets(face: Face) -> tuple[float, ...]:
    """The height of each row's middle relative to the card's."""
    return _offsets(len(face.rows), pitch_of(face))


@lru_cache(maxsize=256)
def _offsets(count: int, pitch: float) -> tuple[float, ...]:
    return tuple((index - (count - 1) / 2.0) * pitch for index in range(count))


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
    nodes, sources, targets = nodes_of(network), sources_of(network), targets_of(network)
    return {
        id: feeding[0]
        for id, feeding in sources.items()
        if len(feeding) == 1
        and nodes[id].kind == "activation"
        and nodes[feeding[0]].kind in ("dense", "activation")
        and len(targets[feeding[0]]) == 1
    }


def layout_size(network: Network, faces: dict[str, Face]) -> Size:
    """Sizes for `document.layout`: a card with a joint at its side leaves no gap before it."""
    return _with_gaps(faces, {id: size_of(face) for id, face in faces.items()}, joints(network))


def _with_gaps(faces: dict[str, Face], sizes: Mapping[str, tuple[float, float]], joined: Mapping[str, str]) -> Size:
    docked = set(joined.values())

    def size(id: str) -> tuple[float, float]:
        width, height = sizes[id]
        return width - JOINT_GAP if id in docked else width + _fan_room(faces[id]), height

    return size


def _fan_room(face: Face) -> float:
    """More room to the next layer where many wires cross in it."""
    return 4.0 * max(len(face.rows) - 2, 0)


#: Left, top, width and height of a card.
Box = tuple[float, float, float, float]


def rects_of(network: Network, faces: dict[str, Face]) -> dict[str, QRectF]:
    """Where every card stands: its own place, or for cards that nobody has placed the one that the layout gives it."""
    sizes = {id: size_of(face) for id, face in faces.items()}
    return {id: QRectF(*box) for id, box in boxes_of(network, faces, sizes).items()}


def boxes_of(network: Network, faces: dict[str, Face], sizes: Mapping[str, tuple[float, float]]) -> dict[str, Box]:
    """The rectangles of `rects_of` as numbers, for cards of these sizes."""
    placed = {node.id: node.position for node in network.nodes if node.position is not None}
    if len(placed) == len(faces):
        return {id: (*place, *sizes[id]) for id, place in placed.items()}
    belongs = joints(network)
    places = positions(network, _with_gaps(faces, sizes, belongs))
    for id in order(network):
        source = belongs.get(id)
        if source is not None and id not in placed and source not in placed:
            (x, y), (width, height) = places[source], sizes[source]
            places[id] = x + width, y + height / 2.0 - sizes[id][1] / 2.0
    return {id: (*places[id], *size) for id, size in sizes.items()}


def beside(rect: QRectF, height: float) -> QPointF:
    """The top left corner of a joint of that height at the side of its layer."""
    return QPointF(rect.right(), rect.center().y() - height / 2.0)
