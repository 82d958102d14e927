"""The weights and biases of a layer by keyboard: Alt and the arrows go from one to the next, Enter types a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from playground.document.model import Wire
from playground.messages import message
from playground.ui.canvas import shape
from playground.ui.canvas.hits import Hit

if TYPE_CHECKING:
    from playground.ui.canvas.scene import CanvasScene
    from playground.ui.canvas.view import CanvasView

#: Kept in sight around a number: room for the card that tells it.
_AROUND = 48.0


def numbers_of(scene: CanvasScene, id: str) -> list[Hit]:
    """The weights and biases of a layer that are seen one by one: unit by unit, first what enters it, then its bias."""
    if id not in scene.cards:
        return []
    face, live = scene.faces[id], scene.cards[id].live
    wires = [Wire(source, id) for source in dict.fromkeys(scene.document.network.sources(id))]
    weights = [(wire, index) for wire in wires for index in scene.wires.own_lines(wire)]
    biased = not face.bare and face.folded is None and live.biases is not None
    found = []
    for unit in range(len(face.rows)):
        found += [Hit("weight", id, wire, index) for wire, index in weights if index[1] == unit]
        if biased and live.biases is not None and unit < len(live.biases):
            found.append(Hit("bias", id, index=(unit,)))
    return found


def place_of(scene: CanvasScene, number: Hit) -> QPointF:
    """Where a number is seen, in the scene."""
    if number.wire is not None:
        course = scene.wires.courses[number.wire]
        strand = course.strands[number.index[0] * course.ends[1] + number.index[1]]
        # Nearer to its unit than to where all lines of an input begin, and clear of the caption in the middle.
        return QPointF(*strand[3 * len(strand) // 4])
    tiles = shape.tiles_of(scene.faces[number.node], scene.rects[number.node])
    return shape.bias_rect(tiles[number.index[0]]).center()


def step(view: CanvasView, direction: int) -> None:
    """Go to the next number (1) or the one before (−1) of the layer that the keyboard is at; round and round."""
    scene, id = view.canvas_scene, view.current
    if id is None or scene.faces[id].kind != "dense":
        view.session.noticed.emit(message("Select a dense layer to go over its weights."))
        return
    numbers = numbers_of(scene, id)
    if not numbers:
        view.session.noticed.emit(
            message("The weights of this layer are not seen one by one here; the outline lists each of them.")
        )
        return
    held = view.pointed.held
    at = (numbers.index(held) + direction) % len(numbers) if held in numbers else (0 if direction > 0 else -1)
    place = place_of(scene, numbers[at])
    view.camera.reveal(QRectF(place.x() - _AROUND, place.y() - _AROUND, 2.0 * _AROUND, 2.0 * _AROUND))
    view.pointed.hold(numbers[at], place)
