"""What lies under a point of the canvas: the smallest thing first, cards before wires."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF

from playground.document.model import Wire
from playground.ui.canvas import shape
from playground.ui.canvas.bare import joint_of
from playground.ui.canvas.card import CardItem

if TYPE_CHECKING:
    from playground.ui.canvas.scene import CanvasScene

Part = Literal[
    "nothing", "card", "switch", "in", "out", "wire", "remedy", "unit", "bias", "weight", "plus", "minus", "fold"
]

#: How near a card the loose end of a wire must be to mean it.
_END = 10.0


@dataclass(frozen=True)
class Hit:
    """What lies under a point: a part, and the node or the wire it belongs to.

    `index` is (unit,) of a unit or a bias, and (input, unit) of a weight, whose `node` is its layer.
    """

    part: Part = "nothing"
    node: str = ""
    wire: Wire | None = None
    index: tuple[int, ...] = ()


NOTHING = Hit()


def hit(scene: CanvasScene, point: QPointF, scale: float = 1.0) -> Hit:
    """What a press at a point takes; `scale` is the view's."""
    for note in scene.notes.values():
        if note.button.contains(point):
            return Hit("remedy", note.note.node)
    ordered = sorted(scene.about(point, shape.PORT_REACH), key=lambda pair: pair[1].zValue(), reverse=True)
    for id, card in ordered:
        part = _button_at(card, point)
        if part is not None:
            return Hit(part, id)
    port = None if scene.manner.bare else port_at(scene, point, shape.PORT_REACH / max(min(scale, 1.0), 0.5))
    if port is not None:
        return port
    joint = _joint_at(scene, point)
    if joint is not None:
        return Hit("card", joint)
    card_id = scene.card_at(point)
    if card_id is not None:
        return _within(scene.cards[card_id], point)
    for note in scene.notes.values():
        if note.rect.contains(point):
            return Hit("card", note.note.node)
    weight = None if scene.manner.bare else scene.wires.weight_at(point, scale)
    if weight is not None:
        return Hit("weight", weight[0].target, weight[0], weight[1])
    wire = scene.wires.nearest(point, scale)
    return Hit("wire", wire=wire) if wire is not None else NOTHING


def _button_at(card: CardItem, point: QPointF) -> Part | None:
    face, rect = card.face, card.rect
    if face.bare:
        return None
    if face.kind == "activation" and shape.switch_target(rect).contains(point):
        return "switch"
    if face.kind == "dense":
        if face.folded is not None and shape.fold_rect(rect).contains(point):
            return "fold"
        if shape.fewer_rect(rect).contains(point):
            return "minus"
        if shape.more_rect(rect).contains(point):
            return "plus"
    return None


def _joint_at(scene: CanvasScene, point: QPointF) -> str | None:
    """The activation whose curve is drawn there, in the bare drawing: it stands beside its card's own place."""
    for id, card in scene.cards.items():
        if card.face.bare >= 1.0 and card.face.kind == "activation" and joint_of(card.rect).contains(point):
            return id
    return None


def _within(card: CardItem, point: QPointF) -> Hit:
    """A unit or its bias, else the card."""
    face, rect = card.face, card.rect
    if face.kind in ("input", "dense") and not face.folded:
        for unit, tile in enumerate(shape.tiles_of(face, rect)):
            if face.hidden and unit == len(face.rows) - 1:
                break
            if tile.contains(point):
                return Hit("unit", face.id, index=(unit,))
            has_bias = face.kind == "dense" and card.live.biases is not None and face.folded is None and not face.bare
            if has_bias and shape.bias_rect(tile).contains(point):
                return Hit("bias", face.id, index=(unit,))
    return Hit("card", face.id)


def port_at(scene: CanvasScene, point: QPointF, reach: float) -> Hit | None:
    """The nearest port within reach; of two as near the one where values leave, since most wires begin there."""
    found: list[tuple[float, bool, str]] = []
    for id, card in scene.about(point, reach):
        if card.face.gives:
            found.append((_distance(shape.out_port(card.rect), point), False, id))
        if card.face.takes and not card.look.docked_left:
            found.append((_distance(shape.in_port(card.rect), point), True, id))
    distance, enters, id = min(found, default=(reach, False, ""))
    return Hit("in" if enters else "out", id) if distance < reach else None


def end_at(scene: CanvasScene, point: QPointF, *, start: str, backwards: bool) -> str | None:
    """The card at which a wire from `start` ends when it is dropped at a point: under it, else near it.

    Of several near ones it is the one with the nearest port of the kind that the wire needs.
    """
    found = []
    for id, card in scene.about(point, 2.0 * _END):
        inside = card.rect.contains(point)
        if inside and id == start:
            return None
        port = shape.out_port(card.rect) if backwards else shape.in_port(card.rect)
        if id != start and card.rect.adjusted(-_END, -_END, _END, _END).contains(point):
            found.append((not inside, -card.zValue() if inside else 0.0, _distance(port, point), id))
    return min(found)[3] if found else None


def _distance(port: QPointF, point: QPointF) -> float:
    return math.hypot(port.x() - point.x(), port.y() - point.y())
