"""Equations put together from pieces: the same outlines, in the same places, that the package draws as a whole."""

from __future__ import annotations

import warnings

import pytest
from PySide6.QtGui import QPainterPath

from playground.ui.microscope import composed
from playground.ui.microscope.composed import Composer
from playground.ui.microscope.pieces import UNIT, Pieces, outline

EQUATIONS = (
    r"\frac{\partial L}{\partial w_{1}} = \frac{\partial L}{\partial Q} \cdot \frac{\partial Q}{\partial w} = 3",
    r"\begin{matrix} \frac{\partial L}{\partial Q} & = & 3 & \cdot \\ & = & (-2.17) & = & 6 \end{matrix}",
    r"\begin{matrix} a & b & \\ & 12.5 & = {-3} \end{matrix}",
    r"z_{1} = w_{1} \cdot x_{1} + w_{2} \cdot x_{2} + b",
    r"{-\frac{1}{2}} + \left({-\frac{9}{2}}\right) \cdot 10^{-7}",
    r"\tfrac{1}{2} {\left(8 - 5\right)}^{2} = \frac{9}{2}",
    r"{\left(\frac{9}{2}\right)}^{2} - {(Q-C)}^{2}",
    r"h_{1} = \max(0, 1.25) + \tanh\left(0.5\right)",
    r"1.2\cdot 10^{-5}",
    r"{}+ \dots",
    r"\left[1, \; 2, \; \dots, \; {-3.14}\right]",
    r"\mathrm{gelu}(x) + \text{some words}",
    r"\frac{\partial L}{\partial \mathbf{z}^{(2)}} \cdot {\mathbf{W}^{(2)}}^{\top} \odot \left(1 - \mathbf{h}\right)",
    r"L: \; 4.5 \to 4.6",
    r"\hat{y}_{2} = \boxed{\,?\,} = \sqrt{v} + 2",
    r"w \leftarrow w - \eta \cdot \frac{\partial L}{\partial w}",
    r"\frac{\frac{1}{2} + 3}{6} = 0.5",
    r"\frac{e^{z_{1}}}{e^{z_{1}} + e^{z_{2}}} = \frac{1}{1 + e^{-0.25}}",
    r"\left(\left(\frac{a}{b}\right) \cdot 3\right) \cdot \left(x\right)_{1 \dots 3}",
    r"- \left[t \cdot \ln \sigma\left(y\right) + (1 - t) \cdot \ln\left(1 - \sigma\left(y\right)\right)\right]",
    r"|x| + \left|{-0.5}\right|",
    "1234567890.77",
)


def whole(latex: str) -> tuple[QPainterPath, tuple[float, float, float]]:
    """What the package makes of it by itself, and its width, height and baseline."""
    Pieces()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import ziamath

        image = ziamath.Latex(latex, size=UNIT).svgxml()
    left, top, width, height = (float(number) for number in image.attrib["viewBox"].split())
    return outline(image).translated(-left, 0.0), (width, height, -top)


def points(path: QPainterPath) -> list[tuple[float, float]]:
    elements = (path.elementAt(place) for place in range(path.elementCount()))
    return [(element.x, element.y) for element in elements]  # type: ignore[attr-defined]


@pytest.mark.parametrize("latex", EQUATIONS)
def test_that_every_outline_stands_where_the_package_has_it(latex: str) -> None:
    path, measures = whole(latex)
    made = Composer().draw(latex)
    assert (made.width, made.height, made.baseline) == pytest.approx(measures, abs=0.02)
    assert made.path.elementCount() == path.elementCount() > 0
    for (x, y), (other_x, other_y) in zip(points(made.path), points(path), strict=True):
        assert (x, y) == pytest.approx((other_x, other_y), abs=0.03)


@pytest.mark.parametrize("latex", EQUATIONS)
def test_that_known_pieces_give_the_same_equation_again(latex: str) -> None:
    composer = Composer()
    assert composer.known(latex) is None
    made = composer.draw(latex)
    again = composer.known(latex)
    assert again is not None
    assert points(again.path) == points(made.path)
    assert composer.known(latex + " + q_{77}") is None


def test_that_a_new_number_needs_no_new_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    composer = Composer()
    composer.draw(r"\frac{\partial L}{\partial w} = 1234567890.0 \cdot ({-1})")
    monkeypatch.setattr(Pieces, "piece", lambda *_given, **_how: pytest.fail("drawn anew"))
    composer.draw(r"\frac{\partial L}{\partial w} = 0.001 \cdot ({-98.76})")


def test_that_pieces_are_not_gathered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composed, "_KEPT", 5)
    composer = Composer()
    for number in range(40):
        composer.draw(f"w_{{{number}}}")
    assert len(composer._pieces) <= 6 + 1


@pytest.mark.parametrize("latex", ["", r"\frac{1", "}{", r"\left(", "   "])
def test_that_what_is_no_equation_raises_for_whoever_draws_and_is_unknown_to_others(latex: str) -> None:
    composer = Composer()
    composer.draw("1")
    assert composer.known(latex) is None
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the package says
        composer.draw(latex)
