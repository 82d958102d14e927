"""The shapes of our icons, in a box of 24 × 24 units: lines to stroke and areas to fill, without colour or size."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform

from playground.ui.curves import SPANS, axes_path, curve_path

BOX = 24.0


@dataclass(frozen=True, eq=False)
class Glyph:
    """What is stroked, what is filled, and what is drawn faintly behind both where there is room."""

    lines: QPainterPath = field(default_factory=QPainterPath)
    areas: QPainterPath = field(default_factory=QPainterPath)
    behind: QPainterPath = field(default_factory=QPainterPath)


# --- icons ------------------------------------------------------------------------------------------


def _strokes(*lines: tuple[tuple[float, float], ...], circles: tuple[tuple[float, float, float], ...] = ()) -> Glyph:
    path = QPainterPath()
    for line in lines:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in line]))
    for x, y, radius in circles:
        path.addEllipse(QPointF(x, y), radius, radius)
    return Glyph(lines=path)


def _polygon(*corners: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()
    return path


def _dots(radius: float, *centres: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    for x, y in centres:
        path.addEllipse(QPointF(x, y), radius, radius)
    return path


def _play() -> Glyph:
    return Glyph(areas=_polygon((7.0, 4.5), (19.5, 12.0), (7.0, 19.5)))


def _pause() -> Glyph:
    path = QPainterPath()
    path.addRoundedRect(QRectF(6.5, 5.0, 3.8, 14.0), 1.0, 1.0)
    path.addRoundedRect(QRectF(13.7, 5.0, 3.8, 14.0), 1.0, 1.0)
    return Glyph(areas=path)


def _step() -> Glyph:
    path = _polygon((5.5, 5.0), (15.0, 12.0), (5.5, 19.0))
    path.addRoundedRect(QRectF(16.0, 5.0, 2.8, 14.0), 1.0, 1.0)
    return Glyph(areas=path)


def _rewind() -> Glyph:
    path = _polygon((12.0, 5.0), (4.5, 12.0), (12.0, 19.0))
    path.addPath(_polygon((20.0, 5.0), (12.5, 12.0), (20.0, 19.0)))
    return Glyph(areas=path)


def _arc_arrow(start: float, sweep: float, head: tuple[tuple[float, float], ...]) -> Glyph:
    path = QPainterPath()
    box = QRectF(4.8, 4.8, 14.4, 14.4)
    path.arcMoveTo(box, start)
    path.arcTo(box, start, sweep)
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in head]))
    return Glyph(lines=path)


def _reset() -> Glyph:
    return _arc_arrow(150.0, -310.0 + 600.0, ((4.4, 4.4), (5.2, 9.0), (9.8, 8.2)))


def _undo() -> Glyph:
    path = QPainterPath(QPointF(4.5, 9.0))
    path.lineTo(14.5, 9.0)
    path.arcTo(QRectF(9.3, 9.0, 10.4, 10.4), 90.0, -180.0)
    path.lineTo(8.5, 19.4)
    path.addPolygon(QPolygonF([QPointF(8.7, 4.8), QPointF(4.5, 9.0), QPointF(8.7, 13.2)]))
    return Glyph(lines=path)


def _mirrored(glyph: Glyph) -> Glyph:
    flip = QTransform(-1.0, 0.0, 0.0, 1.0, BOX, 0.0)
    return Glyph(lines=flip.map(glyph.lines), areas=flip.map(glyph.areas))


def _dice() -> Glyph:
    path = QPainterPath()
    path.addRoundedRect(QRectF(4.0, 4.0, 16.0, 16.0), 3.5, 3.5)
    return Glyph(lines=path, areas=_dots(1.5, (8.5, 8.5), (15.5, 8.5), (12.0, 12.0), (8.5, 15.5), (15.5, 15.5)))


def _fit() -> Glyph:
    corner = ((4.5, 9.0), (4.5, 4.5), (9.0, 4.5))
    corners = [
        tuple((x if not right else BOX - x, y if not low else BOX - y) for x, y in corner)
        for right in (0, 1)
        for low in (0, 1)
    ]
    path = _strokes(*corners).lines
    path.addRoundedRect(QRectF(9.0, 9.0, 6.0, 6.0), 1.0, 1.0)
    return Glyph(lines=path)


def _export() -> Glyph:
    return _strokes(
        ((12.0, 15.0), (12.0, 3.8)),
        ((7.6, 8.0), (12.0, 3.8), (16.4, 8.0)),
        ((4.5, 14.0), (4.5, 20.0), (19.5, 20.0), (19.5, 14.0)),
    )


def _open() -> Glyph:
    return _strokes(
        ((3.8, 19.0), (3.8, 5.5), (9.6, 5.5), (11.6, 8.0), (18.2, 8.0), (18.2, 11.0)),
        ((3.8, 19.0), (6.6, 11.0), (21.4, 11.0), (18.6, 19.0), (3.8, 19.0)),
    )


def _trash() -> Glyph:
    return _strokes(
        ((4.5, 6.8), (19.5, 6.8)),
        ((9.2, 6.8), (9.2, 4.2), (14.8, 4.2), (14.8, 6.8)),
        ((6.4, 6.8), (7.4, 20.0), (16.6, 20.0), (17.6, 6.8)),
        ((10.2, 10.4), (10.5, 16.4)),
        ((13.8, 10.4), (13.5, 16.4)),
    )


def _moon() -> Glyph:
    whole, bite = _dots(8.2, (12.0, 12.0)), _dots(7.2, (16.0, 8.8))
    return Glyph(lines=whole.subtracted(bite).simplified())


def _sun() -> Glyph:
    rays = []
    for k in range(8):
        c, s = math.cos(k * math.pi / 4.0), math.sin(k * math.pi / 4.0)
        rays.append(((12.0 + 7.2 * c, 12.0 + 7.2 * s), (12.0 + 9.4 * c, 12.0 + 9.4 * s)))
    return _strokes(*rays, circles=((12.0, 12.0, 4.0),))


def _mesh() -> Glyph:
    """A little dense layer: every input reaches every unit."""
    left, right = (7.0, 17.0), (4.5, 12.0, 19.5)
    lines = [((5.0, a), (19.0, b)) for a in left for b in right]
    return Glyph(
        lines=_strokes(*lines).lines,
        areas=_dots(2.1, *((5.0, a) for a in left), *((19.0, b) for b in right)),
    )


def _input() -> Glyph:
    return _strokes(
        ((3.5, 12.0), (14.0, 12.0)),
        ((10.2, 8.0), (14.2, 12.0), (10.2, 16.0)),
        ((11.5, 4.5), (19.5, 4.5), (19.5, 19.5), (11.5, 19.5)),
    )


def _multiply() -> Glyph:
    return _strokes(((8.8, 8.8), (15.2, 15.2)), ((15.2, 8.8), (8.8, 15.2)), circles=((12.0, 12.0, 8.2),))


def _concat() -> Glyph:
    path = QPainterPath()
    path.addRoundedRect(QRectF(9.5, 3.8, 5.0, 7.2), 1.2, 1.2)
    path.addRoundedRect(QRectF(9.5, 13.0, 5.0, 7.2), 1.2, 1.2)
    path.addPolygon(QPolygonF([QPointF(3.8, 7.4), QPointF(9.5, 7.4)]))
    path.addPolygon(QPolygonF([QPointF(3.8, 16.6), QPointF(9.5, 16.6)]))
    path.addPolygon(QPolygonF([QPointF(16.5, 4.0), QPointF(18.2, 4.0), QPointF(18.2, 20.0), QPointF(16.5, 20.0)]))
    path.addPolygon(QPolygonF([QPointF(18.2, 12.0), QPointF(21.0, 12.0)]))
    return Glyph(lines=path)


def _dropout() -> Glyph:
    """Four units, two of them left out."""
    crosses = [((x - 2.8, y - s * 2.8), (x + 2.8, y + s * 2.8)) for x, y in ((17.2, 6.8), (6.8, 17.2)) for s in (1, -1)]
    return Glyph(lines=_strokes(*crosses).lines, areas=_dots(4.0, (6.8, 6.8), (17.2, 17.2)))


def _columns(*columns: tuple[float, ...]) -> Glyph:
    """A whole network: units in columns, each joined to all of the next."""
    step = 18.0 / (len(columns) - 1)
    places = [[(3.0 + step * index, y) for y in column] for index, column in enumerate(columns)]
    lines = [(a, b) for here, there in pairwise(places) for a in here for b in there]
    return Glyph(lines=_strokes(*lines).lines, areas=_dots(1.9, *(dot for column in places for dot in column)))


def _residual() -> Glyph:
    """A way through, and one around it, into a sum."""
    path = _strokes(((2.0, 15.5), (6.0, 15.5)), ((11.0, 15.5), (15.0, 15.5)), circles=((18.2, 15.5, 3.2),)).lines
    path.addRoundedRect(QRectF(6.0, 12.5, 5.0, 6.0), 1.2, 1.2)
    path.moveTo(3.6, 15.5)
    path.cubicTo(QPointF(4.2, 5.0), QPointF(17.6, 5.0), QPointF(18.2, 12.3))
    path.addPolygon(QPolygonF([QPointF(16.7, 15.5), QPointF(19.7, 15.5)]))
    path.addPolygon(QPolygonF([QPointF(18.2, 14.0), QPointF(18.2, 17.0)]))
    return Glyph(lines=path)


def _loss() -> Glyph:
    """A loss that falls and levels out over its axes."""
    path = _strokes(((4.0, 4.0), (4.0, 20.0), (20.5, 20.0))).lines
    path.moveTo(7.0, 5.5)
    path.cubicTo(QPointF(8.4, 14.5), QPointF(11.5, 16.4), QPointF(20.0, 16.8))
    return Glyph(lines=path)


def _warn() -> Glyph:
    path = _polygon((12.0, 4.2), (21.0, 19.6), (3.0, 19.6))
    path.addPolygon(QPolygonF([QPointF(12.0, 10.2), QPointF(12.0, 14.0)]))
    return Glyph(lines=path, areas=_dots(1.2, (12.0, 16.8)))


def _error() -> Glyph:
    return Glyph(
        lines=_strokes(((12.0, 7.4), (12.0, 12.8)), circles=((12.0, 12.0, 8.6),)).lines,
        areas=_dots(1.25, (12.0, 16.2)),
    )


def _info() -> Glyph:
    return Glyph(
        lines=_strokes(((12.0, 11.4), (12.0, 16.8)), circles=((12.0, 12.0, 8.6),)).lines,
        areas=_dots(1.25, (12.0, 7.8)),
    )


def _curve(function: str) -> Callable[[], Glyph]:
    rect = QRectF(3.0, 5.0, 18.0, 14.0)
    return lambda: Glyph(lines=curve_path(function, rect), behind=axes_path(function, rect))


GLYPHS: Mapping[str, Callable[[], Glyph]] = {
    "play": _play,
    "pause": _pause,
    "step": _step,
    "back": lambda: _mirrored(_step()),
    "rewind": _rewind,
    "reset": _reset,
    "dice": _dice,
    "undo": _undo,
    "redo": lambda: _mirrored(_undo()),
    "fit": _fit,
    "plus": lambda: _strokes(((12.0, 5.0), (12.0, 19.0)), ((5.0, 12.0), (19.0, 12.0))),
    "minus": lambda: _strokes(((5.0, 12.0), (19.0, 12.0))),
    "close": lambda: _strokes(((6.5, 6.5), (17.5, 17.5)), ((17.5, 6.5), (6.5, 17.5))),
    "check": lambda: _strokes(((5.0, 12.6), (10.0, 17.4), (19.0, 7.0))),
    "down": lambda: _strokes(((6.5, 9.5), (12.0, 15.0), (17.5, 9.5))),
    "right": lambda: _strokes(((9.5, 6.5), (15.0, 12.0), (9.5, 17.5))),
    "left": lambda: _strokes(((14.5, 6.5), (9.0, 12.0), (14.5, 17.5))),
    "export": _export,
    "open": _open,
    "more": lambda: Glyph(areas=_dots(1.9, (5.5, 12.0), (12.0, 12.0), (18.5, 12.0))),
    "trash": _trash,
    "moon": _moon,
    "sun": _sun,
    "info": _info,
    "warn": _warn,
    "error": _error,
    "input": _input,
    "dense": _mesh,
    "add": lambda: _strokes(((12.0, 7.6), (12.0, 16.4)), ((7.6, 12.0), (16.4, 12.0)), circles=((12.0, 12.0, 8.2),)),
    "multiply": _multiply,
    "concat": _concat,
    "dropout": _dropout,
    "loss": _loss,
    "linear": lambda: _columns((7.5, 16.5), (12.0,)),
    "hidden": lambda: _columns((7.5, 16.5), (4.5, 12.0, 19.5), (12.0,)),
    "deep": lambda: _columns((12.0,), (7.0, 17.0), (7.0, 17.0), (7.0, 17.0), (12.0,)),
    "residual": _residual,
    **{function: _curve(function) for function in (*SPANS, "softmax")},
}
