"""Equations put together from pieces: each sign or symbol is drawn once, what stands around it is worked out here.

ziamath takes 5 to 60 ms for an equation, most of it for rows within rows, each of which it lays out twice. Here it only
draws letters, symbols and brackets (w₁, ∂, a bracket of some height), each of them once; rows, fractions, digits and
tables are put together from them by its own rules, to the same hundredths of a pixel. An equation of known symbols and
other numbers costs a millisecond.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainterPath

from playground.ui.microscope.pieces import Box, Measures, Part, Pieces, Signs

#: The room around an equation.
_MARGIN = 1.0
#: So many pieces are kept.
_KEPT = 4096
#: What a row is as low and as high as, before anything stands in it; the same for signs that stretch with it.
_NOTHING, _STRETCHED = (9999.0, -9999.0), (999.0, -999.0)
#: At most so many sizes of a bracket are tried; where heights differ by less they are the same.
_SIZES, _EDGE = 8, 1e-4
_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")
#: Fractions and exponents with one of these in them are drawn whole: they are smaller than those around them.
_DEEPER = ("mfrac", "mtable", "menclose", "msqrt", "mover")


@dataclass(frozen=True)
class Drawn:
    """An equation at the unit size, its baseline at y = 0 and its margin left of x = 0; measures include the margin."""

    path: QPainterPath
    width: float
    height: float
    baseline: float


class _Missing(Exception):
    """A piece that has not been drawn."""


class Composer:
    """Makes equations. `draw` belongs to one thread, the typesetting one; `known` may be asked from any."""

    def __init__(self) -> None:
        self._pieces: dict[object, Box] = {}
        self._source: Pieces | None = None

    def draw(self, latex: str) -> Drawn:
        """An equation; whatever is wrong with it raises."""
        if self._source is None:
            self._source = Pieces()
        if len(self._pieces) > _KEPT:
            self._pieces.clear()
        return self._equation(latex, self._source)

    def known(self, latex: str) -> Drawn | None:
        """An equation if all of its pieces have been drawn, and nothing is wrong with it."""
        if self._source is None:
            return None
        try:
            return self._equation(latex, None)
        except Exception:  # `_Missing`, or whatever the package has against it: `draw` will tell
            return None

    def _equation(self, latex: str, source: Pieces | None) -> Drawn:
        assert self._source is not None  # the callers have looked
        box = _Layout(self._pieces, self._source.measures, self._source.signs, source).row(self._source.tree(latex))
        if not box.parts:
            raise ValueError(latex)
        path = QPainterPath()
        for part, x, y in box.parts:
            path.addPath(part.translated(x + _MARGIN - box.left, y))
        path.setFillRule(Qt.FillRule.WindingFill)
        around = 2.0 * _MARGIN
        return Drawn(path, box.right - box.left + around, box.high - box.low + around, box.high + _MARGIN)


@dataclass(frozen=True)
class _Layout:
    """Puts pieces together. Without a `source` only those that are there; one that is not raises `_Missing`."""

    pieces: dict[object, Box]
    measures: Measures
    signs: Signs
    source: Pieces | None

    def piece(self, element: ElementTree.Element, **how: Any) -> Box:
        """A piece, from those that are there."""
        inside = ElementTree.tostring(element) if len(element) else element.text
        key = (element.tag, inside, *element.attrib.items(), *how.items())
        found = self.pieces.get(key)
        if found is None:
            if self.source is None:
                raise _Missing
            found = self.pieces[key] = self.source.piece(element, **how)
        return found

    def box(self, element: ElementTree.Element, *, follows: bool = False) -> Box:
        """Anything that stands in a row; `follows` tells whether something stands before it."""
        match element.tag:
            case "math" | "mrow" | "mtd":
                return self.row(element, follows=follows)
            case "mn" if not element.attrib and _DIGITS.fullmatch(element.text or ""):
                return self.number(element.text or "")
            case "mfrac" if not element.attrib and not _holds(element, _DEEPER):
                return self.fraction(element)
            case "msup" if element[0].tag == element[1].tag == "mrow" and not _holds(element[1], _DEEPER):
                return self.raised(element)
            case "mtable" if not element.attrib and not any(row.attrib for row in element):
                return self.table(element)
        return self.piece(element)

    def row(self, element: ElementTree.Element, *, follows: bool = False) -> Box:
        """Side by side; brackets become as high as what else there is."""
        children = self.with_forms(element)
        if any(child.get("linebreak") for child in children):
            return self.piece(element)
        boxes: list[Box | None] = []
        low, high = _NOTHING
        for place, child in enumerate(children):
            box = None if self.stretches(child) else self.box(child, follows=place > 0)
            boxes.append(box)
            still = _STRETCHED if box is None else box.still
            low, high = min(low, still[0]), max(high, still[1])
        still = (low, high)
        parts: list[Part] = []
        left, right, x = (_NOTHING[0] if boxes else 0.0), 0.0, 0.0
        low, high = _NOTHING
        before: Box | None = None
        for child, known in zip(children, boxes, strict=True):
            box = self.stretched(child, still) if known is None else known
            shift = 0.0
            if known is None and follows and (child.text or "").strip() in self.signs.left:
                shift = self.measures.very_thin
            elif box.tag == "mfrac" and before is not None:
                shift = self.measures.very_thin if before.tag == "mfrac" else self.measures.thin
            parts += box.at(x + shift, 0.0)
            left, right = min(left, x + box.left), max(right, x + shift + box.right)
            low, high = min(low, box.low), max(high, box.high)
            x += shift + box.advance
            before = box
        first, last = (boxes[0], boxes[-1]) if boxes else (None, None)
        return Box("mrow", tuple(parts), left, right, low, high, x, still,
                    italic=last.italic if last else 0.0, foot=first.foot if first else 0.0)  # fmt: skip

    def with_forms(self, element: ElementTree.Element) -> list[ElementTree.Element]:
        """What stands in a row; signs of operations know whether they are first, last or between others."""
        for place, child in enumerate(element):
            if child.tag == "mi" and (child.text or "").strip() in self.signs.names:
                child.tag = "mo"
            if child.tag == "mo" and child.get("form") is None:
                alone, end = len(element) == 1, place == len(element) - 1
                child.set("form", "none" if alone else "postfix" if end else "infix" if place else "prefix")
        return [child for child in element if child.tag != "mo" or (child.text or "").strip()]

    def stretches(self, element: ElementTree.Element) -> bool:
        """Whether it is a sign that becomes as high as its row."""
        if element.tag != "mo":
            return False
        told = element.get("stretchy")
        return (
            self.signs.stretch((element.text or "").strip(), element.get("form", ""))
            if told is None
            else told != "false"
        )

    def stretched(self, sign: ElementTree.Element, still: tuple[float, float]) -> Box:
        """The smallest bracket that covers these heights; what is larger than all sizes of it is put together."""
        low = high = 0.0
        for _ in range(_SIZES):
            box = self.piece(sign, rowymin=low, rowymax=high)
            if box.low <= still[0] + _EDGE and box.high >= still[1] - _EDGE:
                return box
            if box.low >= low and box.high <= high:
                break
            low, high = min(low, box.low - _EDGE), max(high, box.high + _EDGE)
        return self.piece(sign, rowymin=round(still[0], 3), rowymax=round(still[1], 3))

    def number(self, digits: str) -> Box:
        """Digits side by side: they are all equally wide, and no two of them stand closer than others."""
        boxes = [self.piece(_digit(digit)) for digit in digits]
        parts: list[Part] = []
        x = 0.0
        for box in boxes:
            parts += box.at(x, 0.0)
            x += box.advance
        low, high = min(box.low for box in boxes), max(box.high for box in boxes)
        return Box("mn", tuple(parts), boxes[0].left, x, low, high, x, (low, high), foot=boxes[0].foot)

    def fraction(self, element: ElementTree.Element) -> Box:
        """One row above the other, in the size of those around it."""
        measures = self.measures
        above, below = (self.box(part) for part in element)
        half = measures.rule / 2.0

        def heights(top: tuple[float, float], bottom: tuple[float, float]) -> tuple[float, float]:
            return (min(-measures.above, top[0] - measures.axis - measures.above_gap - half),
                    max(measures.below, bottom[1] - measures.axis + measures.below_gap + half))  # fmt: skip

        up, down = heights((above.low, above.high), (below.low, below.high))
        still_up, still_down = heights(above.still, below.still)
        width = max(above.right, below.right)
        bar = QPainterPath()
        bar.addRect(QRectF(0.0, -measures.axis - half, width, measures.rule))
        parts = (
            *above.at((width - above.right + above.left) / 2.0, up),
            *below.at((width - below.right + below.left) / 2.0, down),
            (bar, 0.0, 0.0),
        )
        right = width + measures.thin
        return Box("mfrac", parts, 0.0, right, below.low - down, above.high - up, right,
                    (below.still[0] - still_down, above.still[1] - still_up))  # fmt: skip

    def raised(self, element: ElementTree.Element) -> Box:
        """A row with an exponent."""
        measures = self.measures
        base, exponent = self.box(element[0]), self.piece(_smaller(element[1]), sup=True)
        up = max(measures.raised, measures.raised_foot - exponent.foot, base.high - measures.raised_drop)
        x = base.advance + base.italic
        right = max(x + exponent.right, base.right)
        still = min(base.still[0], up + exponent.still[0]), max(base.still[1], up + exponent.still[1])
        return Box("msup", (*base.parts, *exponent.at(x, -up)), min(base.left, x + exponent.left), right,
                   min(base.low, up + exponent.low), max(base.high, up + exponent.high), right, still)  # fmt: skip

    def table(self, element: ElementTree.Element) -> Box:
        """Rows of cells, each in the middle of its column; the whole is in the middle of the line."""
        gap = self.measures.between
        rows = [[self.box(cell) for cell in row] for row in element]
        columns = max(len(row) for row in rows)
        widths = [max((row[place].right for row in rows if place < len(row)), default=0.0) for place in range(columns)]
        widths = [max(width, 0.0) for width in widths]
        highs = [max(cell.high for cell in row) for row in rows]
        lows = [min(cell.low for cell in row) for row in rows]
        y = -(sum(highs) - sum(lows) + gap * (len(rows) - 1)) / 2.0 - self.measures.axis
        parts: list[Part] = []
        baselines = []
        for row, high, low in zip(rows, highs, lows, strict=True):
            baselines.append(y + high)
            x = 0.0
            for cell, width in zip(row, widths, strict=False):
                parts += cell.at(x + (width - cell.right + cell.left) / 2.0, y + high)
                x += width + gap
            y += high - low + gap
        width, low, high = sum(widths) + gap * (columns - 1), lows[-1] - baselines[-1], highs[0] - baselines[0]
        return Box("mtable", tuple(parts), 0.0, width, low, high, width, (low, high))


def _digit(digit: str) -> ElementTree.Element:
    element = ElementTree.Element("mn")
    element.text = digit
    return element


def _smaller(element: ElementTree.Element) -> ElementTree.Element:
    """As an exponent."""
    element.attrib.setdefault("scriptlevel", "1")
    return element


def _holds(element: ElementTree.Element, tags: Sequence[str]) -> bool:
    return any(one.tag in tags for one in element.iter() if one is not element)
