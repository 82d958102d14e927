"""For each part of the canvas: what a press on it begins, what the pointer looks like there, what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from playground.ui.canvas.connecting import ConnectGesture
from playground.ui.canvas.face import Face
from playground.ui.canvas.gesture import (
    BandGesture,
    FoldGesture,
    Gesture,
    RemedyGesture,
    SwitchGesture,
    UnitsGesture,
)
from playground.ui.canvas.hits import Hit
from playground.ui.canvas.moving import MoveGesture
from playground.ui.canvas.touch import NumberGesture
from playground.ui.translation import tr

if TYPE_CHECKING:
    from playground.ui.canvas.view import CanvasView

_Modifier, _Cursor = Qt.KeyboardModifier, Qt.CursorShape
CURSORS = {
    "nothing": _Cursor.ArrowCursor,
    "card": _Cursor.OpenHandCursor,
    "switch": _Cursor.PointingHandCursor,
    "remedy": _Cursor.PointingHandCursor,
    "in": _Cursor.CrossCursor,
    "out": _Cursor.CrossCursor,
    "wire": _Cursor.PointingHandCursor,
    "unit": _Cursor.OpenHandCursor,
    "bias": _Cursor.SizeVerCursor,
    "weight": _Cursor.SizeVerCursor,
    "plus": _Cursor.PointingHandCursor,
    "minus": _Cursor.PointingHandCursor,
    "fold": _Cursor.PointingHandCursor,
}


def gesture_of(view: CanvasView, hit: Hit, point: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture:
    """The gesture that a press of the left button begins."""
    adds = bool(modifiers & (_Modifier.ShiftModifier | _Modifier.ControlModifier))
    match hit.part:
        case "switch":
            return SwitchGesture(view, point, hit.node)
        case "remedy":
            return RemedyGesture(view, point, hit.node)
        case "out" | "in":
            return ConnectGesture(view, point, hit.node, backwards=hit.part == "in")
        case "plus" | "minus":
            return UnitsGesture(view, point, hit.node, 1 if hit.part == "plus" else -1)
        case "fold":
            return FoldGesture(view, point, hit.node)
        case "weight" | "bias":
            return NumberGesture(view, point, hit)
        case "card" | "unit":
            return MoveGesture(view, point, hit.node, adds)
        case _:
            view.select_wire(hit.wire)
            return BandGesture(view, point, adds)


def tip(hit: Hit, faces: Mapping[str, Face]) -> str:
    """What is said of a part that the pointer rests on."""
    if hit.part in ("weight", "bias", "unit"):
        # The card at the pointer says it.
        return ""
    if hit.wire is not None:
        source, target = faces[hit.wire.source], faces[hit.wire.target]
        width = tr("1 value") if source.width == 1 else tr("{count} values", count=source.width or "?")
        return tr("{source} → {target}: {width}", source=source.title, target=target.title, width=width)
    if hit.part == "switch":
        return tr("Off: values pass through unchanged, and the weights stay.")
    if hit.part in ("out", "in"):
        return tr("Drag to another card to connect")
    return faces[hit.node].tooltip if hit.node in faces else ""
