"""The curve of each activation function, computed by the engine's own operation, and the marker of each class."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from playground.engine.ops import OPS

Corners = list[tuple[float, float]]

# --- curves of activation functions -----------------------------------------------------------------

#: The part of each curve that shows its character: z from … to …
SPANS: Mapping[str, tuple[float, float]] = {
    "identity": (-1.0, 1.0),
    "relu": (-2.0, 2.0),
    "leaky_relu": (-2.0, 2.0),
    "elu": (-3.0, 2.0),
    "sigmoid": (-6.0, 6.0),
    "tanh": (-3.0, 3.0),
    "softplus": (-4.0, 4.0),
    "gelu": (-3.0, 2.0),
    "swish": (-5.0, 3.0),
    "sin": (-math.pi, math.pi),
}
# 0.01 cannot be seen at the size of an icon: the leak is drawn with this slope.
_SEEN_LEAK = 0.15


def curve_path(function: str, rect: QRectF, coarse: bool = False) -> QPainterPath:
    """The curve of an activation, fitted into `rect`; softmax, which joins all units, as three shares of one whole.

    A coarse one has every fourth point: for curves so small that nobody sees a difference.

    Raises KeyError for a name that is no activation.
    """
    # A copy of what is kept: whoever asked may change it.
    return QPainterPath(_curve(function, 4 if coarse else 1, rect.x(), rect.y(), rect.width(), rect.height()))


@lru_cache(maxsize=256)
def _curve(function: str, step: int, *box: float) -> QPainterPath:
    rect = QRectF(*box)
    if function == "softmax":
        return _shares(rect)
    z, values = _samples(function)
    low, high = float(values.min()), float(values.max())
    x = rect.left() + (z - z[0]) / (z[-1] - z[0]) * rect.width()
    y = rect.bottom() - (values - low) / (high - low) * rect.height()
    path, points = QPainterPath(), zip(x[::step].tolist(), y[::step].tolist(), strict=True)
    path.addPolygon(QPolygonF([QPointF(a, b) for a, b in points]))
    return path


def axes_path(function: str, rect: QRectF) -> QPainterPath:
    """Where the input and the output of `curve_path` are zero: what tells tanh from sigmoid. Empty for softmax."""
    path = QPainterPath()
    if function == "softmax":
        return path
    z, values = _samples(function)
    low, high = float(values.min()), float(values.max())
    x = rect.left() - z[0] / (z[-1] - z[0]) * rect.width()
    y = rect.bottom() + low / (high - low) * rect.height()
    path.moveTo(x, rect.top())
    path.lineTo(x, rect.bottom())
    path.moveTo(rect.left(), y)
    path.lineTo(rect.right(), y)
    return path


@cache
def _samples(function: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    z = np.linspace(*SPANS[function], 57)
    if function == "leaky_relu":
        return z, np.where(z > 0.0, z, _SEEN_LEAK * z)
    rule = OPS[function].function
    assert rule is not None, "the spans hold element-wise operations only"
    return z, rule(z)


def _shares(rect: QRectF) -> QPainterPath:
    shares = OPS["softmax"].forward([np.array([[0.6, 1.4, 0.0]])], [])[0]
    path = QPainterPath(rect.bottomLeft())
    path.lineTo(rect.bottomRight())
    width = rect.width() / 3.0
    for place, share in enumerate((shares / shares.max()).tolist()):
        left, top = rect.left() + (place + 0.14) * width, rect.bottom() - share * rect.height()
        path.moveTo(left, rect.bottom())
        path.lineTo(left, top)
        path.lineTo(left + 0.72 * width, top)
        path.lineTo(left + 0.72 * width, rect.bottom())
    return path


# --- markers of classes -----------------------------------------------------------------------------


def marker_path(marker: str, size: float = 1.0) -> QPainterPath:
    """The filled shape of a class's marker around the origin, of equal visual weight; `size` is its height.

    With size 1 it serves as a symbol of pyqtgraph. Raises KeyError for a name that is no marker.
    """
    path = QPainterPath()
    if marker == "circle":
        path.addEllipse(QPointF(0.0, 0.0), 0.5 * size, 0.5 * size)
        return path
    path.addPolygon(QPolygonF([QPointF(x * size, y * size) for x, y in _MARKERS[marker]()]))
    path.closeSubpath()
    return path


def _ring(count: int, *, turn: float = 0.0, radius: float = 0.55, inner: float | None = None) -> Corners:
    """Corners on a circle, the first at the top; with `inner`, every second one lies on that smaller circle."""
    corners = []
    for k in range(count):
        r = inner if inner is not None and k % 2 else radius
        angle = 2.0 * math.pi * (k + turn) / count - math.pi / 2.0
        corners.append((r * math.cos(angle), r * math.sin(angle)))
    return corners


def _plus(turn: float = 0.0) -> Corners:
    arm, half = 0.54, 0.19
    corners = [(-half, -arm), (half, -arm), (half, -half), (arm, -half), (arm, half), (half, half)]
    corners += [(-x, -y) for x, y in corners]
    c, s = math.cos(turn), math.sin(turn)
    return [(c * x - s * y, s * x + c * y) for x, y in corners]


_MARKERS: Mapping[str, Callable[[], Corners]] = {
    "square": lambda: [(-0.44, -0.44), (0.44, -0.44), (0.44, 0.44), (-0.44, 0.44)],
    "triangle": lambda: _ring(3, radius=0.62),
    "triangle_down": lambda: _ring(3, turn=0.5, radius=0.62),
    "diamond": lambda: _ring(4, radius=0.6),
    "plus": _plus,
    "cross": lambda: _plus(math.pi / 4.0),
    "star": lambda: _ring(10, radius=0.64, inner=0.27),
    "pentagon": lambda: _ring(5),
    "hexagon": lambda: _ring(6, turn=0.5),
}
