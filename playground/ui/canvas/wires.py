"""All wires of the canvas as one item: thousands of segments in a few calls, one pen for each bucket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from playground.data.table import Array
from playground.document.frozen import Mask
from playground.document.model import Wire
from playground.ui.canvas import fonts
from playground.ui.canvas.courses import Course, Ends, Points, courses, courses_distance, nearest_strand
from playground.ui.canvas.locks import draw_locks
from playground.ui.canvas.segments import NONE, Segments, draw_segments
from playground.ui.canvas.shape import text_width
from playground.ui.canvas.weight_lines import WeightLines, own_line, pen_of
from playground.ui.theme import CAPTION, themes

#: More strands than this cannot be told apart, and cost time: then every wire is one line.
MOST_STRANDS = 2500
#: How near a press must be to take a wire, at a scale of 1.
REACH = 7.0
#: Up to so many segments there is time to round their ends, while nothing moves.
_SEAMLESS = 6000
#: More plain strands than these are drawn fainter, so that one still sees each where they cross.
_CROWDED, _FAINT = 120, 110
#: A wire shorter than this has no room for its caption.
_CAPTIONED = 44.0


class WiresItem(QGraphicsItem):
    """Draws courses; knows which wire is hovered, selected, or would take a dropped card."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._courses: dict[Wire, Course] = {}
        #: Where wires run now that have not been needed since: an edit notes it, the next painting works it out.
        self._pending: dict[Wire, Ends] = {}
        self._gone: set[Wire] = set()
        self.captions: dict[Wire, str] = {}
        self.selected: Wire | None = None
        self.hovered: Wire | None = None
        self.target: Wire | None = None
        self.calm = True
        self.plain = False
        self.weights = WeightLines()
        self.lit: tuple[Wire, tuple[int, int]] | None = None
        self._fanned = True
        self._lines: dict[Wire, Segments] = {}
        self._ordinary: Segments | None = None
        self._limits: Points = np.zeros((0, 4))
        self._bounds = QRectF()

    # --- what is shown -----------------------------------------------------------------------------

    @property
    def courses(self) -> dict[Wire, Course]:
        """The course of every wire."""
        self._settle()
        return self._courses

    @property
    def wires(self) -> set[Wire]:
        """The wires that there are, whether or not their courses have been worked out."""
        return (set(self._courses) - self._gone) | set(self._pending)

    def show_ends(
        self, changed: Iterable[Ends], gone: Iterable[Wire], captions: Mapping[Wire, str], area: QRectF
    ) -> None:
        """Run between cards that stand at other places now, and say other captions; wires in `gone` are not there.

        `area` holds all cards: no wire leads far out of it.
        """
        self.captions.update(captions)
        pending = {ends[0]: ends for ends in changed}
        gone = set(gone)
        if pending or gone:
            self.prepareGeometryChange()
            self._pending.update(pending)
            for wire in gone:
                self._pending.pop(wire, None)
                self.captions.pop(wire, None)
            self._gone = (self._gone - set(pending)) | gone
            aside = 48.0 + 0.3 * area.width()
            self._bounds = area.adjusted(-aside, -aside, aside, aside)
            self._ordinary = None
        self.update()

    def _settle(self) -> None:
        """Work out the courses that are not known yet."""
        if not self._pending and not self._gone:
            return
        found = courses(list(self._pending.values()))
        forgotten = [*self._gone, *self._pending]
        for wire in self._gone:
            self._courses.pop(wire, None)
        for one in found:
            self._courses.pop(one.wire, None)
            self._courses[one.wire] = one
        self._pending, self._gone = {}, set()
        fanned = sum(len(course.strands) for course in self._courses.values()) <= MOST_STRANDS
        if fanned != self._fanned:
            self._fanned = fanned
            self._lines.clear()
            forgotten = [*forgotten, *self._courses]
        for wire in forgotten:
            self._lines.pop(wire, None)
        self.weights.forget(forgotten)
        self._ordinary = None
        self._limits = np.array([course.limits for course in self._courses.values()]).reshape(-1, 4)

    def show_weights(self, weights: Mapping[Wire, Array | None]) -> None:
        """Draw these wires by their weights, [inputs, units]; all others, and those with None, are plain."""
        wires = self.wires
        known = {wire for wire in wires if self.weights.knows(wire)}
        self.weights.show(weights)
        if known != {wire for wire in wires if self.weights.knows(wire)}:
            self._ordinary = None
        self.update()

    def show_frozen(self, frozen: Mapping[str, Mask]) -> None:
        """Which weights of which layers are frozen one by one: their lines have padlocks."""
        if self.weights.show_frozen(frozen):
            self.update()

    def light(self, lit: tuple[Wire, tuple[int, int]] | None) -> None:
        """Draw one weight (input, unit) with emphasis."""
        if lit != self.lit:
            self.lit = lit
            self.update()

    def weight_at(self, point: QPointF, scale: float = 1.0) -> tuple[Wire, tuple[int, int]] | None:
        """The weight (input, unit) whose line is under a point of the scene; None where there is none of its own."""
        self._settle()
        if self.plain or not self._fanned:
            return None
        reach = REACH / max(scale, 0.25)
        best: tuple[float, Wire, tuple[int, int]] | None = None
        for wire, course in self._about(point, reach):
            weights = self.weights.weights(wire)
            if weights is None or course.docked:
                continue
            strand, distance = nearest_strand(course, point.x(), point.y())
            index = own_line(weights, course, strand)
            if index is not None and distance <= reach and (best is None or distance < best[0]):
                best = distance, wire, index
        return best[1:] if best is not None else None

    def own_lines(self, wire: Wire) -> list[tuple[int, int]]:
        """The weights (input, unit) of a wire that have each a line of its own, as they are seen now."""
        course, weights = self.courses.get(wire), self.weights.weights(wire)
        if self.plain or not self._fanned or course is None or weights is None or course.docked:
            return []
        found = (own_line(weights, course, strand) for strand in range(len(course.strands)))
        return [index for index in found if index is not None]

    def mark(self, *, selected: Wire | None, hovered: Wire | None, target: Wire | None) -> None:
        """Which wires are drawn with emphasis."""
        marks = (selected, hovered, target)
        if marks != (self.selected, self.hovered, self.target):
            self.selected, self.hovered, self.target = marks
            self._ordinary = None
            self.update()

    def nearest(self, point: QPointF, scale: float = 1.0) -> Wire | None:
        """The wire under a point of the scene, or None; `scale` is the view's."""
        reach = REACH / max(scale, 0.25)
        return self._closest(point, reach, [pair for pair in self._about(point, reach) if not pair[1].docked])

    def crossing(self, rect: QRectF) -> Wire | None:
        """The wire on which a card of that rectangle lies: the one that is nearest to its middle, or None."""
        middle, reach = rect.center(), min(rect.width(), rect.height()) / 2.0
        return self._closest(middle, reach, self._about(middle, reach))

    def _closest(self, point: QPointF, reach: float, found: list[tuple[Wire, Course]]) -> Wire | None:
        """The wire that is nearest to a point, if no further than `reach`."""
        if not found:
            return None
        distances = courses_distance([course for _, course in found], point.x(), point.y(), self._fanned)
        index = int(distances.argmin())
        return found[index][0] if distances[index] <= reach else None

    def _about(self, point: QPointF, reach: float) -> list[tuple[Wire, Course]]:
        """The wires that may be so near to a point: those whose rectangle is."""
        if not self.courses:
            return []
        left, top, right, bottom = self._limits.T
        across = (left - reach <= point.x()) & (point.x() <= right + reach)
        down = (top - reach <= point.y()) & (point.y() <= bottom + reach)
        pairs = list(self.courses.items())
        return [pairs[index] for index in np.flatnonzero(across & down).tolist()]

    # --- QGraphicsItem -----------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        """Room for every course, its pen and its caption."""
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Ordinary wires in one call, then the emphasised ones, then captions where they can be read."""
        self._settle()
        theme = themes.current()
        scale = max(option.levelOfDetailFromTransform(painter.worldTransform()), 0.05)
        emphasised = [wire for wire in (self.hovered, self.selected, self.target) if wire in self._courses]
        if self._ordinary is None:
            others = [
                self._lines_of(wire)
                for wire in self._courses
                if wire not in emphasised and (self.plain or not self.weights.knows(wire))
            ]
            self._ordinary = np.concatenate([NONE, *others])
        ordinary = QColor(theme.edge)
        if self.plain and len(self._ordinary) > _CROWDED:
            ordinary.setAlpha(_FAINT)
        painter.setPen(_pen(ordinary, max(1.3, 0.8 / scale) if self.calm else 0.0))
        draw_segments(painter, self._ordinary)
        if not self.plain:
            self._paint_weights(painter, scale)
        for wire in dict.fromkeys(emphasised):
            if not self.plain and wire != self.target and self.weights.knows(wire):
                # Its colours say something: only its caption is lit.
                continue
            painter.setPen(_pen(theme.accent, max(3.0 if wire == self.target else 2.0, 1.6 / scale)))
            draw_segments(painter, self._lines_of(wire))
        if scale >= 0.6 and not self.plain:
            self._paint_captions(painter, option.exposedRect, emphasised)

    def _lines_of(self, wire: Wire) -> Segments:
        """The segments of a wire, made when they are first painted."""
        lines = self._lines.get(wire)
        if lines is None:
            lines = self._lines[wire] = self._courses[wire].segments(self._fanned)
        return lines

    def _paint_weights(self, painter: QPainter, scale: float) -> None:
        """The thin lines first, and the one that is looked at last."""
        theme = themes.current()
        buckets = self.weights.buckets(self.courses, self._fanned)
        few = self.calm and sum(map(len, buckets)) <= _SEAMLESS
        for bucket, lines in enumerate(buckets):
            if len(lines):
                color, width = pen_of(bucket, theme)
                painter.setPen(_pen(color, max(width, 0.6 / scale), seamless=few and bucket % 2 == 1))
                draw_segments(painter, lines)
        draw_locks(painter, self.weights.locks(self.courses, self._fanned), theme.text, theme.surface, scale)
        if self.lit is not None and self.lit[0] in self.courses and self._fanned:
            strand = self.weights.strand(self.lit[0], self.courses[self.lit[0]], self.lit[1])
            if strand is not None:
                self._paint_lit(painter, scale, *strand)

    def _paint_lit(self, painter: QPainter, scale: float, whole: Segments, drawn: Segments, bucket: int) -> None:
        """A line of the text's colour with its own pen on it: what it says is still seen."""
        theme = themes.current()
        color, width = pen_of(bucket, theme)
        width = max(width, 1.2 / scale)
        painter.setPen(_pen(theme.text, width + 3.0 / max(scale, 0.5), seamless=True))
        draw_segments(painter, whole)
        painter.setPen(_pen(theme.surface, width + 1.0, seamless=True))
        draw_segments(painter, whole)
        painter.setPen(_pen(color, width, seamless=bucket % 2 == 1))
        draw_segments(painter, drawn)

    def _paint_captions(self, painter: QPainter, exposed: QRectF, emphasised: list[Wire]) -> None:
        theme = themes.current()
        painter.setFont(fonts.caption())
        for wire, course in self.courses.items():
            text = self.captions.get(wire, "")
            if not text or course.docked or abs(course.trunk[-1, 0] - course.trunk[0, 0]) < _CAPTIONED:
                continue
            middle = course.middle
            half = text_width(text) / 2.0 + 5.0
            pill = QRectF(middle.x() - half, middle.y() - CAPTION / 2.0 - 2.5, 2.0 * half, CAPTION + 5.0)
            if not exposed.intersects(pill):
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.surface)
            painter.drawRoundedRect(pill, pill.height() / 2.0, pill.height() / 2.0)
            painter.setPen(theme.accent if wire in emphasised else theme.muted)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _pen(color: QColor, width: float, *, seamless: bool = False) -> QPen:
    """With flat ends the segments of a smooth line show seams, and those of a dashed one need them."""
    cap = Qt.PenCapStyle.RoundCap if seamless else Qt.PenCapStyle.FlatCap
    return QPen(color, width, Qt.PenStyle.SolidLine, cap)
