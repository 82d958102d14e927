"""The chain rule written out, asked for factor by factor, and tried by a nudge: the lecture's own numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from looking import Looker, lecture, stack
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.ui.microscope.chain_page import ChainPage


@pytest.fixture
def page(looker: Looker, qtbot) -> Iterator[ChainPage]:
    looker.open(lecture())
    looker.begin((0,))
    page = ChainPage(looker.reader)
    qtbot.addWidget(page)
    page.resize(700, 300)
    page.show()
    qtbot.waitExposed(page)
    yield page
    page.hide()


def said(page: ChainPage) -> str:
    return page.equations.text()


@pytest.mark.parametrize(
    ("name", "index", "line"),
    [
        ("P.weight", (0, 0), "∂L/∂w₁ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₁ = 3 · 2 · 1 = 6"),
        ("P.weight", (1, 0), "∂L/∂w₂ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₂ = 3 · 2 · 2 = 12"),
        ("Q.weight", (0, 0), "∂L/∂w₃ = ∂L/∂Q · ∂Q/∂w₃ = 3 · 4 = 12"),
    ],
)
def test_that_the_lectures_gradients_are_written_out(
    page: ChainPage, looker: Looker, name: str, index: tuple[int, ...], line: str
) -> None:
    looker.reader.choose(name, index)
    assert said(page).splitlines()[0] == line
    assert "used 3 times" in said(page)
    assert page.choice.currentText() == line[4:6]


def test_that_the_list_chooses_the_weight(page: ChainPage, looker: Looker) -> None:
    assert [page.choice.itemText(row) for row in range(page.choice.count())] == ["w₁", "w₂", "w₃"]
    page.choice.setCurrentIndex(2)
    page.choice.activated.emit(2)
    assert looker.reader.target == ("Q.weight", (0, 0))
    assert said(page).startswith("∂L/∂w₃")


def test_that_a_nudge_shows_what_moved_beside_what_the_slopes_predicted(page: ChainPage) -> None:
    page.nudge()
    lines = said(page).splitlines()
    assert any(line.startswith("ΔP = 0.01 ") and line.endswith(" 0.01") for line in lines)
    assert any(line.startswith("ΔQ = 0.02 ") and line.endswith(" 0.02") for line in lines)
    assert any(line.startswith("ΔL = 0.0602 ") and line.endswith(" 0.06") for line in lines)
    assert "L = 4.5602" in lines
    page.nudge()
    assert "ΔP" not in said(page)


def test_that_one_formula_grows_beside_the_chain(page: ChainPage) -> None:
    page.one.setChecked(True)
    assert "L = ½" in said(page)
    assert "w₃ · (w₁ · A + w₂ · B)".replace(" ", "") in said(page).replace(" ", "")
    assert "layer put into layer" in said(page)


def test_that_a_network_of_many_paths_says_how_many_and_is_written_layer_by_layer(
    page: ChainPage, looker: Looker
) -> None:
    looker.open(stack(6, 8))
    looker.begin((0,))
    looker.reader.choose("h1.weight", (0, 0))
    assert "32,768 paths" in said(page)
    page.one.setChecked(True)
    assert "L = −" not in said(page), "too long to be written"


def test_that_what_is_copied_is_what_is_shown(page: ChainPage) -> None:
    page.text.click()
    assert QGuiApplication.clipboard().text() == said(page)
    page.latex.click()
    assert r"\frac{\partial L}{\partial w_{1}}" in QGuiApplication.clipboard().text()


def test_that_a_factor_is_covered_and_a_wrong_guess_gets_its_own_sentence(page: ChainPage) -> None:
    page.ask()
    bar = page.question
    assert said(page) == "∂L/∂w₁ = ∂L/∂Q · ∂Q/∂P · ∂P/∂w₁ = ? · 2 · 1 = ?"
    assert "∂L/∂Q" in bar.words.text()
    QTest.keyClicks(bar.guess, "-3")
    bar.check.click()
    assert "sign" in bar.verdict.text()
    assert not bar.guess.isReadOnly()
    bar.guess.setText("3")
    bar.check.click()
    assert bar.guess.isReadOnly(), "a right guess is locked"
    assert said(page).endswith("= 3 · 2 · 1 = ?")
    bar.next.click()
    assert said(page).endswith("= 3 · ? · 1 = ?")


def test_that_after_two_misses_the_step_is_worked(page: ChainPage) -> None:
    page.ask()
    for guess in ("100", "200"):
        page.question.guess.setText(guess)
        page.question.check.click()
    assert page.question.guess.isReadOnly()
    assert "It is 3." in page.question.verdict.text()


def test_that_the_product_is_asked_last_and_its_mistakes_are_known(page: ChainPage) -> None:
    page.ask()
    bar = page.question
    for right in ("3", "2", "1"):
        bar.guess.setText(right)
        bar.check.click()
        bar.next.click()
    assert "∂L/∂w₁" in bar.words.text()
    bar.guess.setText("-6")
    bar.check.click()
    assert "sign" in bar.verdict.text()
    bar.guess.setText("6")
    bar.check.click()
    bar.next.click()
    assert not bar.asking
    assert said(page).splitlines()[0].endswith("= 6")


def test_that_what_is_no_number_is_refused_without_a_miss(page: ChainPage) -> None:
    page.ask()
    page.question.guess.setText("three")
    page.question.check.click()
    assert "no number" in page.question.verdict.text()
    assert not page.question.guess.isReadOnly()


def test_that_another_weight_ends_the_question(page: ChainPage, looker: Looker) -> None:
    page.ask()
    looker.reader.choose("Q.weight", (0, 0))
    assert not page.question.asking
    assert page.question.isHidden()


def test_that_the_wheel_with_ctrl_makes_it_larger(page: ChainPage) -> None:
    before = page.equations.widget().sizeHint().height()
    spot = QPointF(page.equations.viewport().rect().center())
    event = QWheelEvent(spot, page.equations.viewport().mapToGlobal(spot), QPoint(), QPoint(0, 120),
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase,
                        False)  # fmt: skip
    QApplication.sendEvent(page.equations.viewport(), event)
    assert page.equations.widget().sizeHint().height() > before


def test_that_nothing_is_worked_out_while_nobody_looks(page: ChainPage, looker: Looker) -> None:
    page.hide()
    before = said(page)
    looker.reader.choose("Q.weight", (0, 0))
    assert said(page) == before
    page.show()
    assert said(page).startswith("∂L/∂w₃")


def test_that_all_digits_are_there_when_they_are_wanted(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(1, 3))
    looker.begin((0,))
    short = said(page).splitlines()[0]
    page.full.setChecked(True)
    full = said(page).splitlines()[0]
    gradient = looker.found.trace.parameters["h1.weight"].gradient[0, 0]
    assert full.endswith(repr(float(gradient)).replace("-", "−"))
    assert len(short) < len(full)
