"""Where a weight of a 2-4-1 network is on the canvas."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from playground.document.model import Wire
from playground.ui.canvas.scene import CanvasScene

FIRST, SECOND = Wire("in", "h1"), Wire("a1", "out")


def on_strand(scene: CanvasScene, wire: Wire, index: tuple[int, int]) -> QPointF:
    """A point on the line of one weight, as far as can be from all other lines, where nothing lies on it."""
    course = scene.wires.courses[wire]
    place = index[0] * course.ends[1] + index[1]
    others = np.delete(course.strands, place, axis=0).reshape(-1, 2)
    clear = [
        (np.hypot(*(others - point).T).min(initial=1e3), QPointF(*point))
        for point in course.strands[place]
        if scene.hit(QPointF(*point)).part == "weight"
    ]
    return max(clear, key=lambda pair: pair[0])[1]
