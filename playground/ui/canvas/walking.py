"""Walking over the cards by keyboard: where an arrow leads, and the order of Tab."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt

from playground.document.model import Network
from playground.document.shapes import order

_STEPS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}


def neighbour(rects: Mapping[str, QRectF], at: str, key: Qt.Key) -> str | None:
    """The nearest card in the direction of an arrow key; what lies straight ahead is nearer than what lies aside."""
    along_x, along_y = _STEPS[key]
    middle = rects[at].center()
    best, best_cost = None, float("inf")
    for id, rect in rects.items():
        way = rect.center() - middle
        ahead = way.x() * along_x + way.y() * along_y
        aside = abs(way.x() * along_y) + abs(way.y() * along_x)
        cost = ahead + 2.0 * aside
        if id != at and ahead > 0.0 and cost < best_cost:
            best, best_cost = id, cost
    return best


def step(network: Network, rects: Mapping[str, QRectF], at: str, key: Qt.Key) -> str | None:
    """Where an arrow leads from a card: left and right along its wires where there are any, else to what lies there."""
    linked = network.targets(at) if key == Qt.Key.Key_Right else network.sources(at) if key == Qt.Key.Key_Left else ()
    known = [id for id in linked if id in rects]
    if known:
        return min(known, key=lambda id: abs(rects[id].center().y() - rects[at].center().y()))
    return neighbour(rects, at, key)


def tab_order(network: Network) -> tuple[str, ...]:
    """All cards as values flow; those on a cycle last."""
    flowing = order(network)
    known = set(flowing)
    return (*flowing, *(node.id for node in network.nodes if node.id not in known))
