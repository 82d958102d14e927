"""The chain rule written out, unfolded and tried by a nudge: the lecture's own numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from looking import Looker, lecture, stack
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.engine.exact import exact, in_latex
from playground.ui.microscope.chain_lines import brief
from playground.ui.microscope.chain_page import ChainPage
from playground.ui.theme import themes
from playground.ui.translation import set_language


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


def has_color(image: QImage, color: QColor) -> bool:
    return any(image.pixelColor(x, y) == color for x in range(image.width()) for y in range(image.height()))


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
    assert lines[1:5] == [
        "ΔP = 0.01    slope · δ = 0.01",
        "ΔQ = 0.02    slope · δ = 0.02",
        "ΔL = 0.0602    slope · δ = 0.06",
        "L: 4.5 → 4.5602",
    ]
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
    growth = next(line for line in said(page).splitlines() if line.startswith("Symbols in the formula"))
    sizes = [int(word.rstrip(".").replace(",", "")) for word in growth.split() if word[0].isdigit()]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 32_768


def test_that_what_is_copied_is_what_is_shown(page: ChainPage) -> None:
    page.text.click()
    assert QGuiApplication.clipboard().text() == said(page)
    page.latex.click()
    assert QGuiApplication.clipboard().text() == (
        r"\begin{matrix} \frac{\partial L}{\partial w_{1}} & = & \frac{\partial L}{\partial Q} & \cdot & "
        r"\frac{\partial Q}{\partial P} & \cdot & \frac{\partial P}{\partial w_{1}} &  &  \\  & = & 3 & \cdot & 2 "
        r"& \cdot & 1 & = & 6 \end{matrix}"
    )


def test_that_several_lines_are_copied_as_one_formula(page: ChainPage) -> None:
    page.one.setChecked(True)
    page.latex.click()
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == r"\begin{gathered}"
    assert copied[-1] == r"\end{gathered}"
    assert all(line.endswith(r" \\") for line in copied[1:-2])
    assert copied[-2].startswith(r"\frac{\partial L}{\partial w_{1}} = ")


def turn(page: ChainPage, delta: int) -> None:
    """Turn the wheel over the equations, with Ctrl."""
    spot = QPointF(page.equations.viewport().rect().center())
    event = QWheelEvent(spot, page.equations.viewport().mapToGlobal(spot), QPoint(), QPoint(0, delta),
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase,
                        False)  # fmt: skip
    QApplication.sendEvent(page.equations.viewport(), event)


def test_that_the_wheel_with_ctrl_makes_it_larger(page: ChainPage) -> None:
    before = page.equations.widget().sizeHint().height()
    turn(page, 120)
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


def test_that_the_row_and_the_mean_over_the_rows_are_told_apart(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(1, 3, batch_size=4))
    found = looker.begin()
    lines = said(page).splitlines()
    assert lines[0] == "This row alone:"
    mean = lines.index("The mean over the 4 rows:")
    gradient = found.trace.parameters["h1.weight"].gradient[0, 0]
    page.full.setChecked(True)
    assert said(page).splitlines()[mean + 1].endswith(f"/ 4 = {exact(float(gradient))}")


def test_that_the_other_row_is_written_when_it_is_looked_at(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(1, 3, batch_size=4))
    looker.begin()
    first = said(page).splitlines()
    looker.reader.show_row(2)
    second = said(page).splitlines()
    assert first[1] != second[1]
    assert first[-1] == second[-1], "the mean is the same"


def test_that_a_unit_of_a_whole_layer_is_unfolded(page: ChainPage, looker: Looker) -> None:
    assert page.unfold.isHidden(), "every path is written out"
    looker.open(stack(6, 8))
    found = looker.begin((0,))
    assert page.unfold.isVisible()
    named = [page.unfold.itemText(place) for place in range(page.unfold.count())]
    place = next(k for k, name in enumerate(named) if k and page._units[k - 1] == ("a5", 0))
    page.unfold.setCurrentIndex(place)
    page.unfold.activated.emit(place)
    lines = said(page).splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith(f"{named[place]} = ") and line.count(" + ") == 7)
    value = float(found.trace.gradients["a5"][0, 0])
    assert lines[at + 1].endswith(f" = {brief(value)}")
    page.unfold.setCurrentIndex(0)
    page.unfold.activated.emit(0)
    assert " + " not in said(page)


def test_that_the_numbers_of_a_layer_are_typeset_too(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(6, 8))
    found = looker.begin((0,))
    gradient = found.trace.gradients["h6"][0]
    first, last = (in_latex(brief(float(gradient[unit]))) for unit in (0, 7))
    assert any(
        f"[{first}, " in line.latex and rf"\dots, \; {last}\right]" in line.latex for line in page.equations.lines()
    )


def test_that_stepping_on_writes_nothing_anew(page: ChainPage, looker: Looker, monkeypatch) -> None:
    calls = []
    monkeypatch.setattr("playground.ui.microscope.chain_page.derive", lambda *given: calls.append(given))
    before = said(page)
    looker.reader.forward()
    looker.reader.forward()
    assert not calls
    assert said(page) == before


def test_that_it_speaks_the_language_of_the_window(page: ChainPage) -> None:
    page.nudge()
    page.one.setChecked(True)
    page.ask()
    english = (page.one.text(), said(page), page._reader.asking.words())
    set_language("ko")
    page.retranslate()
    assert page.one.text() != english[0]
    assert page._reader.asking.words() != english[2]
    page._reader.asking.end()
    assert "3번 씁니다" in said(page)


def test_that_another_theme_paints_the_equations_in_its_own_colours(page: ChainPage, looker: Looker, qtbot) -> None:
    looker.reader.typesetter.settle()
    light = page.equations.grab().toImage()
    themes.choose("dark")
    page.restyle()
    dark = page.equations.grab().toImage()
    gradient = themes.current().gradient
    assert not has_color(light, gradient)
    assert has_color(dark, gradient)


def test_that_the_keys_change_the_size_and_take_it_back(page: ChainPage) -> None:
    at_first = page.equations.size_of_type
    QTest.keyClick(page.equations, Qt.Key.Key_Plus)
    QTest.keyClick(page.equations, Qt.Key.Key_Plus)
    assert page.equations.size_of_type == at_first + 4
    QTest.keyClick(page.equations, Qt.Key.Key_Minus)
    assert page.equations.size_of_type == at_first + 2
    QTest.keyClick(page.equations, Qt.Key.Key_0)
    assert page.equations.size_of_type == at_first


def test_that_a_wheel_of_fine_steps_adds_them_up(page: ChainPage) -> None:
    at_first = page.equations.size_of_type
    for _ in range(3):
        turn(page, 40)
    assert page.equations.size_of_type == at_first + 2
    turn(page, 0)
    assert page.equations.size_of_type == at_first + 2


def test_that_a_line_that_is_too_long_is_set_smaller_and_a_longer_one_scrolls(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(2, 8))
    looker.begin((0,))
    looker.reader.typesetter.settle()
    page.resize(640, 300)
    page.equations.grab()
    looker.until(lambda: page.equations.widget().fitting < 1.0 and page.equations.horizontalScrollBar().maximum() == 0)
    page.full.setChecked(True)
    page.equations.grab()
    looker.reader.typesetter.settle()
    assert page.equations.horizontalScrollBar().maximum() > 0


def test_that_one_formula_is_brought_into_sight(page: ChainPage, looker: Looker) -> None:
    looker.open(stack(1, 3))
    looker.begin((0,))
    page.resize(700, 140)
    page.one.setChecked(True)
    assert page.equations.verticalScrollBar().value() > 0


def test_that_only_what_is_seen_is_typeset(page: ChainPage, looker: Looker) -> None:
    asked = []
    typesetter = looker.reader.typesetter
    looker.open(stack(2, 8))
    page.hide()
    put = typesetter._bench.put
    typesetter._bench.put = lambda latex, place: asked.append(latex) or put(latex, place)
    looker.begin((0,))
    looker.reader.choose("h2.weight", (1, 1))
    assert not asked
    page.show()
    page.equations.grab()
    assert asked
