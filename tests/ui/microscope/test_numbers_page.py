"""Calculating by hand: own numbers for the row and the weights, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from looking import Looker, lecture, stack

from playground.ui.microscope.numbers_page import NumbersPage


@pytest.fixture
def page(looker: Looker, qtbot) -> Iterator[NumbersPage]:
    looker.open(lecture())
    looker.begin((0,))
    page = NumbersPage(looker.reader)
    qtbot.addWidget(page)
    page.resize(700, 300)
    page.show()
    yield page
    page.hide()


def give(page: NumbersPage, looker: Looker, **numbers: str) -> None:
    for name, text in numbers.items():
        page.fields[name].setText(text)
        page.fields[name].commit()
        looker.settle()


def follows(page: NumbersPage) -> list[str]:
    """All that follows, in one column or in two."""
    return [*page.results.text().splitlines(), *page.gradients.text().splitlines()]


def test_that_the_lectures_numbers_stand_there_with_all_that_follows(page: NumbersPage) -> None:
    assert {name: field.value() for name, field in page.fields.items()} == {
        "A": 1.0, "B": 2.0, "C": 5.0, "w₁": 2.0, "w₂": 1.0, "w₃": 2.0,
    }  # fmt: skip
    assert follows(page) == [
        "P = 4", "Q = 8", "L = 9/2", "∂L/∂w₁ = 6", "∂L/∂w₂ = 12", "∂L/∂w₃ = 12",
    ]  # fmt: skip


def test_that_own_numbers_give_what_paper_gives_and_can_be_undone(page: NumbersPage, looker: Looker) -> None:
    """The second numbers of the lessons: P = 10, Q = 5, L = 2; gradients −3, 4, −20."""
    before = looker.session.document
    give(page, looker, A="3", B="-4", C="7", **{"w₁": "2", "w₂": "-1", "w₃": "0.5"})
    looker.until(lambda: "L = 2" in page.results.text())
    assert follows(page) == [
        "P = 10", "Q = 5", "L = 2", "∂L/∂w₁ = −3", "∂L/∂w₂ = 4", "∂L/∂w₃ = −20",
    ]  # fmt: skip
    while looker.session.undo_stack.canUndo():
        looker.session.undo_stack.undo()
    looker.settle()
    assert looker.session.document == before
    looker.until(lambda: "L = 9/2" in page.results.text())


def test_that_a_large_network_is_not_typed(page: NumbersPage, looker: Looker) -> None:
    looker.open(stack(2, 6))
    looker.begin((0,))
    assert not page.fields
    assert "too many numbers" in page.note.text()
    assert follows(page) == []


def test_that_gradients_stand_beside_the_values_where_there_is_room(page: NumbersPage) -> None:
    values, gradients = ["P = 4", "Q = 8", "L = 9/2"], ["∂L/∂w₁ = 6", "∂L/∂w₂ = 12", "∂L/∂w₃ = 12"]
    page.resize(1300, 300)
    assert page.results.text().splitlines() == values
    assert page.gradients.text().splitlines() == gradients
    page.resize(420, 300)
    assert page.results.text().splitlines() == [*values, *gradients]
    assert not page.gradients.isVisible()
