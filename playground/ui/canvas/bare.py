"""The textbook's drawing of a network: bare circles and lines, where they stand and how a card becomes one."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from playground.document.model import Network
from playground.ui.canvas import fonts, shape
from playground.ui.canvas.face import Face
from playground.ui.curves import SPANS
from playground.ui.icons import curve_path
from playground.ui.theme import CORNER, Theme


def drawn_rects(network: Network, faces: dict[str, Face], bare: float) -> dict[str, QRectF]:
    """Where every card stands on its way to the drawing: cards placed by hand around the middles that they have."""
    cards = shape.rects_of(network, {id: replace(face, bare=0.0) for id, face in faces.items()})
    if all(node.position is not None for node in network.nodes):
        drawn = {id: _around(cards[id], shape.size_of(replace(face, bare=1.0))) for id, face in faces.items()}
    else:
        drawn = shape.rects_of(network, {id: replace(face, bare=1.0) for id, face in faces.items()})
    return {id: _between(cards[id], drawn[id], bare) for id in cards}


def _around(rect: QRectF, size: tuple[float, float]) -> QRectF:
    middle = rect.center()
    return QRectF(middle.x() - size[0] / 2.0, middle.y() - size[1] / 2.0, *size)


def _between(one: QRectF, other: QRectF, share: float) -> QRectF:
    return QRectF(
        shape.mixed(one.left(), other.left(), share),
        shape.mixed(one.top(), other.top(), share),
        shape.mixed(one.width(), other.width(), share),
        shape.mixed(one.height(), other.height(), share),
    )


def joint_of(rect: QRectF) -> QRectF:
    """The box with the curve of an activation, behind the layer that it bends; its card stands at that rectangle."""
    middle = rect.center() + QPointF(shape.BEHIND, 0.0)
    return QRectF(middle.x() - shape.JOINT / 2.0, middle.y() - shape.JOINT / 2.0, shape.JOINT, shape.JOINT)


def paint_bare(painter: QPainter, rect: QRectF, face: Face, theme: Theme, *, selected: bool) -> None:
    """In the drawing a card is nothing but its circles and, small below them, its name."""
    middle = rect.center()
    outline = rect.adjusted(-6.0, 8.0, 6.0, -8.0)
    if face.kind == "activation":
        box = joint_of(rect)
        outline = box.adjusted(-4.0, -4.0, 4.0, 4.0)
        painter.setPen(QPen(theme.accent, 1.4))
        painter.setBrush(theme.surface)
        painter.drawRoundedRect(box, 6.0, 6.0)
        function = face.function if face.enabled else "identity"
        if function in SPANS or function == "softmax":
            pen = QPen(theme.accent, 1.8, c=Qt.PenCapStyle.RoundCap)
            painter.strokePath(curve_path(function, box.adjusted(6.0, 7.0, -6.0, -7.0)), pen)
    elif face.kind not in ("input", "dense", "loss"):
        painter.setPen(QPen(theme.text, 1.3))
        painter.setBrush(theme.surface)
        painter.drawEllipse(middle, shape.UNIT, shape.UNIT)
    if face.kind in ("input", "dense"):
        name = QRectF(middle.x() - 60.0, rect.bottom() - 26.0, 120.0, 18.0)
        painter.setFont(fonts.caption())
        painter.setPen(theme.muted)
        painter.drawText(name, Qt.AlignmentFlag.AlignCenter, face.title)
    if selected and rect.width():
        painter.setPen(QPen(theme.accent, 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(outline, CORNER, CORNER)
