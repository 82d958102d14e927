"""Equations typeset beside the window's thread: text at once, then the picture, and text wherever that fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from playground.ui.microscope import bench, typeset
from playground.ui.microscope.typeset import Equation, Typesetter
from playground.ui.theme import DARK, LIGHT

CHAIN = r"\frac{\partial L}{\partial w_{1}} = 3 \cdot 2 \cdot 1 = 6"


@pytest.fixture
def typesetter(qapp: object) -> Iterator[Typesetter]:
    made = Typesetter()
    yield made
    made.close()


def painted(equation: Equation, scale: float = 1.0) -> QImage:
    image = QImage(int(scale * 400), int(scale * 120), QImage.Format.Format_RGB32)
    image.fill(LIGHT.surface)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    equation.paint(painter, QPointF(4.0, 4.0))
    painter.end()
    return image


def colors_in(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_that_text_stands_there_until_the_picture_is_ready(qtbot: object, typesetter: Typesetter) -> None:
    with qtbot.waitSignal(typesetter.ready, timeout=5_000):
        before = typesetter.equation(CHAIN, "∂L/∂w₁ = 6", 18, LIGHT.gradient)
        assert not before.typeset
        assert before.size.width() > 0
        assert LIGHT.surface.name() in colors_in(painted(before))
        assert len(colors_in(painted(before))) > 1
    after = typesetter.equation(CHAIN, "∂L/∂w₁ = 6", 18, LIGHT.gradient)
    assert after.typeset
    assert 0.0 < after.baseline < after.size.height()


def test_that_an_equation_has_the_colour_that_is_asked_for(typesetter: Typesetter) -> None:
    typesetter.equation(CHAIN, "", 18, LIGHT.gradient)
    typesetter.settle()
    for color in (LIGHT.gradient, LIGHT.forward, DARK.accent):
        shown = colors_in(painted(typesetter.equation(CHAIN, "", 18, color), scale=4.0))
        assert color.name() in shown


def test_that_it_is_crisp_at_every_zoom(typesetter: Typesetter) -> None:
    """Four times as large it is drawn anew: a bar of the fraction has sharp edges, not blurred ones."""
    typesetter.equation(CHAIN, "", 18, QColor("black"))
    typesetter.settle()
    image = painted(typesetter.equation(CHAIN, "", 18, QColor("black")), scale=8.0)
    pixels = [image.pixelColor(x, y).lightness() for x in range(0, image.width(), 3) for y in range(image.height())]
    between = sum(1 for light in pixels if 20 < light < 235)
    assert between < 0.25 * sum(1 for light in pixels if light <= 20)


def test_that_size_follows_the_type_without_typesetting_again(typesetter: Typesetter) -> None:
    typesetter.equation(CHAIN, "", 12, LIGHT.text)
    typesetter.settle()
    small, large = (typesetter.equation(CHAIN, "", size, LIGHT.text) for size in (12, 36))
    assert large.typeset
    assert not typesetter.busy
    assert large.size.height() == pytest.approx(3.0 * small.size.height())


@pytest.mark.parametrize("latex", [r"\frac{1", "", r"\mathrm{은닉}_{1}", r"\left(", "}{", r"\begin{matrix}"])
def test_that_what_cannot_be_typeset_stays_text_and_raises_nothing(typesetter: Typesetter, latex: str) -> None:
    for _ in range(2):
        shown = typesetter.equation(latex, "은닉₁", 18, LIGHT.text)
        typesetter.settle()
    assert not shown.typeset
    painted(shown)


def test_that_a_missing_package_leaves_text(typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ziamath", None)
    typesetter.equation(CHAIN, "six", 18, LIGHT.text)
    typesetter.settle()
    assert not typesetter.equation(CHAIN, "six", 18, LIGHT.text).typeset


def test_that_only_the_last_wish_of_a_place_is_typeset(typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    free, begun = threading.Event(), threading.Event()

    def slowly(_composer: object, latex: str) -> None:
        begun.set()
        free.wait(5.0)
        done.append(latex)

    monkeypatch.setattr(bench, "typeset", slowly)
    typesetter.equation("first", "", 18, LIGHT.text)
    assert begun.wait(5.0)
    for number in range(50):
        typesetter.equation(f"w = {number}", "", 18, LIGHT.text, place="weight")
    free.set()
    typesetter.settle()
    assert done == ["first", "w = 49"]


def test_that_closing_joins_the_thread_and_later_wishes_stay_text(qapp: object) -> None:
    typesetter = Typesetter()
    typesetter.warm()
    assert any(thread.name == "typesetting" for thread in threading.enumerate())
    typesetter.close()
    assert not any(thread.name == "typesetting" for thread in threading.enumerate())
    # Of none of the pieces that were warmed: those may have been drawn by then, and need no thread any more.
    assert not typesetter.equation(r"\Omega_{\Psi} = \aleph", "omega", 18, LIGHT.text).typeset
    assert not any(thread.name == "typesetting" for thread in threading.enumerate())
    typesetter.close()


def test_that_other_numbers_in_known_symbols_are_there_at_once(typesetter: Typesetter) -> None:
    first = typesetter.equation(CHAIN, "", 18, LIGHT.text)
    typesetter.settle()
    other = r"\frac{\partial L}{\partial w_{1}} = 6 \cdot 1 \cdot 3312 = 2"
    assert not first.typeset
    assert typesetter.equation(other, "", 18, LIGHT.text).typeset
    assert not typesetter.busy
    assert not typesetter.equation(other + r" \cdot h_{7}", "", 18, LIGHT.text).typeset


def test_that_what_was_warmed_is_there_at_once(typesetter: Typesetter, qtbot) -> None:
    typesetter.warm([r"\frac{\partial h_{7}}{\partial z_{7}}"])
    qtbot.waitUntil(lambda: typesetter._composer.known("z_{7} + h_{7}") is not None, timeout=5_000)
    assert not typesetter.busy
    assert typesetter.equation(r"h_{7} = z_{7} \cdot \left({-2}\right)", "", 18, LIGHT.text).typeset


def test_that_the_window_puts_together_no_more_at_once_than_it_has_time_for(
    typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    typesetter.equation("w_{1} = 1 + 2 + 3", "", 18, LIGHT.text)
    typesetter.settle()
    qtbot.waitUntil(lambda: typesetter._spent == 0.0)
    monkeypatch.setattr(typeset, "_AT_ONCE", 1e-9)
    assert typesetter.equation("w_{1} = 2 + 1", "", 18, LIGHT.text).typeset
    assert not typesetter.equation("w_{1} = 3 + 1", "", 18, LIGHT.text).typeset
    qtbot.waitUntil(lambda: typesetter._spent == 0.0)
    assert typesetter.equation("w_{1} = 3 + 2", "", 18, LIGHT.text).typeset


def test_that_old_equations_are_forgotten(typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeset, "_KEPT", 3)
    for number in range(6):
        typesetter.equation(f"w_{{{number}}}", "", 18, LIGHT.text)
    typesetter.settle()
    assert len(typesetter._drawn) == 3
    assert typesetter.equation("w_{5}", "", 18, LIGHT.text).typeset
