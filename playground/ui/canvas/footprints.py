"""Where the cards that are shown stand: what an edit leaves as it was is taken over from the one before."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from playground.document.model import Network
from playground.ui.canvas import shape
from playground.ui.canvas.face import Face


class Footprints:
    """Sizes and rectangles of the faces that were asked about last. Nobody changes a rectangle that was given out."""

    def __init__(self) -> None:
        self._faces: dict[str, Face] = {}
        self._sizes: dict[str, tuple[float, float]] = {}
        self._boxes: dict[str, shape.Box] = {}
        self._rects: dict[str, QRectF] = {}

    def rects(self, network: Network, faces: dict[str, Face]) -> dict[str, QRectF]:
        """Where every card stands, as `shape.rects_of` says; the same object where that is the same place."""
        known, sizes = self._faces, self._sizes
        sizes = {id: sizes[id] if face is known.get(id) else shape.size_of(face) for id, face in faces.items()}
        boxes = shape.boxes_of(network, faces, sizes)
        before, rects = self._boxes, self._rects
        rects = {id: rects[id] if before.get(id) == box else QRectF(*box) for id, box in boxes.items()}
        self._faces, self._sizes, self._boxes, self._rects = faces, sizes, boxes, rects
        return rects
