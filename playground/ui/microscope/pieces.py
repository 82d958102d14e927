"""Letters, signs and symbols of equations as outlines: ziamath draws each of them, and reads LaTeX as MathML.

All that is known of that package and of its font is known here; it is loaded by the first equation.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

#: The size in which everything is drawn, in pixels.
UNIT = 24.0
_COMMAND = re.compile(r"([MLQCZ])|(-?[0-9.]+)")

Part = tuple[QPainterPath, float, float]


@dataclass(frozen=True)
class Box:
    """A piece, or what was made of some: outlines and where they stand; heights are measured up from the baseline.

    Attributes:
        still: how low and high it is without the brackets that stretch with what is in them.
        italic: what a superscript keeps away from its last letter.
        foot: how low its first letter is.
    """

    tag: str
    parts: tuple[Part, ...]
    left: float
    right: float
    low: float
    high: float
    advance: float
    still: tuple[float, float]
    italic: float = 0.0
    foot: float = 0.0

    def at(self, x: float, y: float) -> Iterable[Part]:
        """Its outlines from that point on; y grows downwards."""
        return ((path, x + own_x, y + own_y) for path, own_x, own_y in self.parts)


@dataclass(frozen=True)
class Measures:
    """What the font says of fractions and exponents, in pixels at the unit size."""

    axis: float
    rule: float
    above: float
    above_gap: float
    below: float
    below_gap: float
    raised: float
    raised_foot: float
    raised_drop: float
    thin: float
    very_thin: float
    between: float


@dataclass(frozen=True)
class Signs:
    """What is known of the signs of operations: which are such, which open a bracket, and which stretch."""

    names: frozenset[str]
    left: frozenset[str]
    stretch: Callable[[str, str], bool]


class Pieces:
    """ziamath, as far as it is used: it reads LaTeX as MathML, and draws pieces of that."""

    def __init__(self) -> None:
        # It reads its font in a way that Python means to give up; nobody who uses this program can mend that.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="ziamath")
        import ziamath
        from ziamath import operators
        from ziamath.nodes import Mnode
        from ziamath.tex import tex2mml
        from ziamath.zmath import apply_mstyle, denamespace, unescape

        # Outlines in their place instead of references to them.
        ziamath.config.svg2 = False
        self._read, self._plain, self._styled, self._unescape = tex2mml, denamespace, apply_mstyle, unescape
        self._node = Mnode
        self.signs = Signs(
            frozenset(operators.names),
            frozenset(operators.leftfences),
            cache(lambda sign, form: operators.get_params(sign, form).get("stretchy", "false") != "false"),
        )
        self._parent: Any = ziamath.Math("<math><mrow /></math>", size=UNIT).node.nodes.pop()
        known, units = self._parent.font.math.consts, self._parent.units_to_points
        self.measures = Measures(
            axis=units(known.axisHeight),
            rule=units(known.fractionRuleThickness),
            above=units(known.fractionNumeratorDisplayStyleShiftUp),
            above_gap=units(known.fractionNumDisplayStyleGapMin),
            below=units(known.fractionDenominatorDisplayStyleShiftDown),
            below_gap=units(known.fractionDenomDisplayStyleGapMin),
            raised=units(known.superscriptShiftUp),
            raised_foot=units(known.superscriptBottomMin),
            raised_drop=units(known.superscriptBaselineDropMax),
            thin=self._parent.size_px("thinmathspace"),
            very_thin=self._parent.size_px("verythinmathspace"),
            between=self._parent.size_px("0.3em"),
        )

    def tree(self, latex: str) -> ElementTree.Element:
        """LaTeX as MathML."""
        read = self._unescape(self._read(latex))
        tree = self._plain(ElementTree.fromstring(read))
        return self._styled(tree) if "<mstyle" in read else tree

    def piece(self, element: ElementTree.Element, **how: Any) -> Box:
        """One piece, drawn."""
        node = self._node.fromelement(deepcopy(element), parent=self._parent, **how)
        image = ElementTree.Element("svg")
        node.draw(0.0, 0.0, image)
        box, last, first = node.bbox, node.lastglyph(), node.firstglyph()
        still = (box.ymin, box.ymax)
        if any(one.get("stretchy") == "true" for one in element.iter()):
            bare = self._node.fromelement(deepcopy(element), parent=self._parent, nostretch=True, **how).bbox
            still = (bare.ymin, bare.ymax)
        italics = node.font.math.italicsCorrection.getvalue(last.index) if last is not None else None
        return Box(
            node.mtag,
            ((outline(image), 0.0, 0.0),),
            box.xmin,
            box.xmax,
            box.ymin,
            box.ymax,
            node.xadvance(),
            still,
            italic=node.units_to_points(italics) if italics else 0.0,
            foot=self._parent.units_to_points(first.bbox.ymin) if first is not None else 0.0,
        )


def outline(image: ElementTree.Element) -> QPainterPath:
    """What ziamath has drawn: outlines and bars that are filled, and frames."""
    found = QPainterPath()
    for one in image.iter():
        if one.tag == "path" and one.get("stroke") is None:
            _trace(found, one.get("d", ""))
        elif one.tag == "rect":
            x, y, width, height = (float(one.get(name, "0")) for name in ("x", "y", "width", "height"))
            if one.get("stroke-width") is None:
                found.addRect(QRectF(x, y, width, height))
            else:
                # Bars, so that it is hollow however the whole is filled.
                wide = float(one.get("stroke-width", "0"))
                half = wide / 2.0
                for top in (y - half, y + height - half):
                    found.addRect(QRectF(x - half, top, width + wide, wide))
                for left in (x - half, x + width - half):
                    found.addRect(QRectF(left, y - half, wide, height + wide))
        elif one.tag not in ("svg", "g"):
            raise ValueError(one.tag)
    return found


def _trace(path: QPainterPath, written: str) -> None:
    """Follow an outline as SVG writes it, with absolute coordinates."""
    numbers: list[float] = []
    command = ""

    def go() -> None:
        match command:
            case "M":
                path.moveTo(*numbers)
            case "L":
                path.lineTo(*numbers)
            case "Q":
                path.quadTo(*numbers)
            case "C":
                path.cubicTo(*numbers)
            case "Z":
                path.closeSubpath()

    for letter, number in _COMMAND.findall(written):
        if letter:
            go()
            command = letter
            numbers.clear()
        else:
            numbers.append(float(number))
    go()
