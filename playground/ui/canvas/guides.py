"""Guides: where cards that are dragged line up with others, or keep the same distance, and the lines that show it.

Sides are drawn to the same sides, middles to middles, and gaps to the gaps beside them. Only places on the grid count,
so that what a guide shows is what the document will hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.document.wiring import GRID
from playground.ui.theme import themes

#: How near (in pixels of the screen) a place must be to draw a card there.
REACH = 6.0
#: A guide goes so far beyond the cards that it joins; half the length of the bars at a gap's ends; in screen pixels.
_BEYOND, _BAR = 8.0, 4.0
#: Gaps further than this from the cards are not measured: they are no neighbours any more.
_NEIGHBOUR = 240.0
_SAME = 0.5


@dataclass(frozen=True)
class Aim:
    """Where a drag ends: how far the cards go beyond where the pointer has them, and what shows why."""

    dx: float = 0.0
    dy: float = 0.0
    lines: tuple[QLineF, ...] = ()
    gaps: tuple[QLineF, ...] = ()


@dataclass(frozen=True)
class _Span:
    """A card along one axis, [low, high], and across it, [near, far]."""

    low: float
    high: float
    near: float
    far: float

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2.0

    def sides(self) -> tuple[float, float, float]:
        """What lines up: the middle first, for ports lie on it."""
        return self.middle, self.low, self.high

    def beside(self, other: _Span) -> bool:
        """Whether one sees the other along the axis."""
        return self.near < other.far and other.near < self.far


class Guides:
    """The cards that stand still during one drag, ready to be lined up with."""

    def __init__(self, still: Mapping[str, QRectF], joined: Iterable[str] = ()) -> None:
        preferred = set(joined)
        # Of two cards as near the one with a wire to what is dragged comes first.
        ordered = sorted(still, key=lambda id: id not in preferred)
        self._across = [_along(still[id]) for id in ordered]
        self._down = [_down(still[id]) for id in ordered]

    def aim(self, rect: QRectF, scale: float) -> Aim:
        """What draws cards in that rectangle, which is on the grid, within `REACH` pixels of the screen."""
        reach = REACH / max(scale, 1e-6)
        dx = _pull(_along(rect), self._across, reach)
        dy = _pull(_down(rect), self._down, reach)
        if dx is None and dy is None:
            return Aim()
        placed = rect.translated(dx or 0.0, dy or 0.0)
        lines: list[QLineF] = []
        gaps: list[QLineF] = []
        beyond = _BEYOND / max(scale, 1e-6)
        if dx is not None:
            span = _along(placed)
            lines += [QLineF(at, low - beyond, at, high + beyond) for at, low, high in _lined(span, self._across)]
            gaps += [QLineF(low, at, high, at) for low, high, at in _spaced(span, self._across)]
        if dy is not None:
            span = _down(placed)
            lines += [QLineF(low - beyond, at, high + beyond, at) for at, low, high in _lined(span, self._down)]
            gaps += [QLineF(at, low, at, high) for low, high, at in _spaced(span, self._down)]
        return Aim(dx or 0.0, dy or 0.0, tuple(lines), tuple(gaps))


def _along(rect: QRectF) -> _Span:
    return _Span(rect.left(), rect.right(), rect.top(), rect.bottom())


def _down(rect: QRectF) -> _Span:
    return _Span(rect.top(), rect.bottom(), rect.left(), rect.right())


def _pull(moved: _Span, others: list[_Span], reach: float) -> float | None:
    """The shortest way to a place where something lines up, or a gap repeats; None where nothing is near."""
    best: float | None = None
    for other in others:
        for one, there in zip(moved.sides(), other.sides(), strict=True):
            best = _nearer(best, there - one, reach)
    for place in _even(moved, others):
        best = _nearer(best, place - moved.low, reach)
    return best


def _nearer(best: float | None, way: float, reach: float) -> float | None:
    fits = abs(way) <= reach and way % GRID == 0.0
    return way if fits and (best is None or abs(way) < abs(best)) else best


def _neighbours(moved: _Span, others: list[_Span]) -> tuple[list[_Span], list[_Span]]:
    """The cards that the moved one sees before it and after it, the nearest first."""
    seen = [other for other in others if moved.beside(other)]
    before = sorted((one for one in seen if one.middle < moved.middle), key=lambda one: -one.high)
    after = sorted((one for one in seen if one.middle > moved.middle), key=lambda one: one.low)
    return before, after


def _even(moved: _Span, others: list[_Span]) -> list[float]:
    """Where the moved card's low side would be for its gaps to be even: between two cards, or after two."""
    before, after = _neighbours(moved, others)
    size = moved.high - moved.low
    places = []
    if before and after:
        places.append((before[0].high + after[0].low - size) / 2.0)
    for near, far in _pairs(before):
        gap = near.low - far.high
        if 0.0 < gap <= _NEIGHBOUR:
            places.append(near.high + gap)
    for near, far in _pairs(after):
        gap = far.low - near.high
        if 0.0 < gap <= _NEIGHBOUR:
            places.append(near.low - gap - size)
    return places


def _pairs(cards: list[_Span]) -> list[tuple[_Span, _Span]]:
    """The nearest card and the next one beyond it that it also sees."""
    return [(cards[0], other) for other in cards[1:2] if cards[0].beside(other)] if cards else []


def _lined(moved: _Span, others: list[_Span]) -> list[tuple[float, float, float]]:
    """The lines on which the moved card now stands with others: where, from, to."""
    found: dict[float, tuple[float, float]] = {}
    for other in others:
        for one, there in zip(moved.sides(), other.sides(), strict=True):
            if abs(one - there) < _SAME:
                low, high = found.get(there, (moved.near, moved.far))
                found[there] = (min(low, other.near), max(high, other.far))
    return [(at, low, high) for at, (low, high) in found.items()]


def _spaced(moved: _Span, others: list[_Span]) -> list[tuple[float, float, float]]:
    """The gaps beside the moved card that are now even, as lines along the axis: from, to, and how far across."""
    before, after = _neighbours(moved, others)
    gaps: list[tuple[_Span, _Span]] = []
    if before and after and abs((moved.low - before[0].high) - (after[0].low - moved.high)) < _SAME:
        gaps += [(before[0], moved), (moved, after[0])]
    for near, far in _pairs(before):
        if abs((moved.low - near.high) - (near.low - far.high)) < _SAME:
            gaps += [(far, near), (near, moved)]
    for near, far in _pairs(after):
        if abs((near.low - moved.high) - (far.low - near.high)) < _SAME:
            gaps += [(moved, near), (near, far)]
    drawn = {}
    for one, other in gaps:
        if other.low > one.high:
            across = (max(one.near, other.near) + min(one.far, other.far)) / 2.0
            drawn[one.high, other.low] = across
    return [(low, high, across) for (low, high), across in drawn.items()]


class GuidesItem(QGraphicsItem):
    """All guides of a drag as one item: thin lines in the accent colour, gaps with a bar at either end."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(58.0)
        self.lines: tuple[QLineF, ...] = ()
        self.gaps: tuple[QLineF, ...] = ()
        self._bounds = QRectF()

    def show_aim(self, aim: Aim) -> None:
        """Show why cards stand where they do; nothing where nothing lines up."""
        if (aim.lines, aim.gaps) == (self.lines, self.gaps):
            return
        self.prepareGeometryChange()
        self.lines, self.gaps = aim.lines, aim.gaps
        bounds = QRectF()
        for line in (*aim.lines, *aim.gaps):
            bounds = bounds.united(QRectF(line.p1(), line.p2()).normalized().adjusted(-1.0, -1.0, 1.0, 1.0))
        margin = 64.0
        self._bounds = bounds.adjusted(-margin, -margin, margin, margin) if not bounds.isEmpty() else QRectF()
        self.update()

    def boundingRect(self) -> QRectF:
        """Room for the lines and the bars."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """One pixel wide at any scale."""
        theme = themes.current()
        pen = QPen(theme.accent, 1.0)
        pen.setCosmetic(True)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(pen)
        painter.drawLines(list(self.lines))
        bar = _BAR / max(option.levelOfDetailFromTransform(painter.worldTransform()), 0.05)
        for gap in self.gaps:
            normal = gap.normalVector().unitVector()
            across = QLineF(0.0, 0.0, normal.dx() * bar, normal.dy() * bar).p2()
            painter.drawLine(gap)
            for end in (gap.p1(), gap.p2()):
                painter.drawLine(QLineF(end - across, end + across))
