"""Numbers that are read from the last row: nothing in the microscope or beside operations is smaller than that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bench import Bench
from looking import lecture, stack
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from playground.document.model import Document
from playground.ui.microscope.math_sheet import MathLine
from playground.ui.projector import NUMBERS, number_size, projector, row_height, word_size

Benches = Callable[[Document], Bench]
DOCUMENTS = pytest.mark.parametrize("document", [lecture(), stack(1, 3), stack(6, 8)], ids=["lecture", "2-3-1", "6×8"])


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    projector.switch(False)


def show_operations(desk: Bench) -> None:
    """The operations on the canvas, where they have come to rest."""
    desk.canvas.set_view("operations")
    desk.until(lambda: desk.area.operations.isVisible() and not desk.area.operations.operations._moving)


def sizes_beside_operations(desk: Bench) -> set[float]:
    """Of the numbers beside operations, in pixels of the view."""
    view = desk.area.operations
    texts = [text for text in view.operations.texts.texts() if text.color != "muted"]
    assert texts
    return {text.size * view.camera.scale for text in texts}


def steps_sizes(desk: Bench) -> list[int]:
    written, table = desk.steps.written, desk.steps.table
    sizes = [equation.font.pixelSize() for line in written._laid_out for _, equation in line.found]
    model = table.model()
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            sizes.append(model.data(model.index(row, column), Qt.ItemDataRole.FontRole).pixelSize())
    return sizes


@DOCUMENTS
def test_that_no_number_of_a_step_is_small(bench: Benches, document: Document) -> None:
    desk = bench(document)
    desk.begin((0,))
    show_operations(desk)
    projector.switch(True)
    for done in range(1, len(desk.found.steps) + 1, 3):
        desk.reader.go_to(done)
        assert min(steps_sizes(desk)) >= NUMBERS
        assert desk.steps.table.rowHeight(0) > NUMBERS
        assert min(sizes_beside_operations(desk)) >= NUMBERS


@DOCUMENTS
@pytest.mark.parametrize("width", [420, 900])
def test_that_lines_of_mathematics_scroll_rather_than_shrink(bench: Benches, document: Document, width: int) -> None:
    desk = bench(document)
    desk.begin((0,))
    desk.panel.show_page("chain")
    desk.panel.resize(width, 300)
    projector.switch(True)
    desk.reader.typesetter.settle()
    sheet = desk.panel.pages["chain"].equations.widget()
    found, _ = sheet.set_lines()
    assert min(part.font.pixelSize() for one in found if one.line.latex for part in one.parts) >= NUMBERS
    assert sheet.base > NUMBERS


def test_that_small_lines_become_large_beside_type_that_was_large_already(bench: Benches) -> None:
    desk = bench(lecture())
    desk.begin((0,))
    desk.panel.show_page("chain")
    view = desk.panel.pages["chain"].equations
    view.zoom(4)
    view.show_lines((MathLine("x", "x"), MathLine("x", "x", size=0.5)))

    def sizes() -> list[int]:
        return [one.first.font.pixelSize() for one in view.widget().set_lines()[0]]

    assert sizes() == [view.size_of_type, view.size_of_type // 2]
    assert min(sizes()) < NUMBERS
    projector.switch(True)
    assert sizes() == [view.size_of_type, NUMBERS]


def test_that_words_between_lines_go_on_below_where_there_is_no_room(bench: Benches) -> None:
    desk = bench(lecture())
    desk.begin((0,))
    desk.panel.show_page("chain")
    projector.switch(True)
    view = desk.panel.pages["chain"].equations
    desk.panel.resize(460, 300)
    found, _ = view.widget().set_lines()
    words = [one for one in found if not one.line.latex]
    assert words
    assert all(one.first.size.width() <= view.viewport().width() for one in words)
    assert any("\n" in one.first.text for one in words)
    assert "\n" not in "".join(one.line.text for one in words)


def test_that_the_play_head_stays_in_sight_of_a_graph_that_is_larger_than_the_view(bench: Benches) -> None:
    desk = bench(lecture())
    desk.begin((0,))
    show_operations(desk)
    projector.switch(True)
    view = desk.area.operations
    assert view.operations.contents().width() * view.camera.scale > view.viewport().width()
    seen = []
    for done in range(1, len(desk.found.steps)):
        desk.reader.go_to(done)
        played = view.operations.items_by_key[view.operations.played].rect
        assert view.camera.visible().contains(played)
        seen.append(view.camera.visible().left())
    assert len(set(seen)) > 1, "it has moved"


@DOCUMENTS
def test_that_all_is_as_before_when_it_is_switched_off(bench: Benches, document: Document) -> None:
    desk = bench(document)
    desk.begin((0,))
    show_operations(desk)
    desk.reader.go_to(3)
    view = desk.area.operations

    def looks() -> tuple[object, ...]:
        places = {key: (item.pos().x(), item.pos().y()) for key, item in view.operations.items_by_key.items()}
        table: QTableView = desk.steps.table
        return places, view.camera.scale, sizes_beside_operations(desk), steps_sizes(desk), table.height()

    before = looks()
    projector.switch(True)
    assert looks() != before
    projector.switch(False)
    assert looks() == before


def test_that_it_makes_nothing_smaller() -> None:
    for size in (12, 24, 40):
        projector.switch(False)
        assert (number_size(size), word_size(size), row_height(size)) == (size, size, size)
        projector.switch(True)
        assert min(number_size(size), word_size(size), row_height(size)) >= size


def test_that_the_step_downhill_and_a_question_are_read_from_the_last_row(bench: Benches) -> None:
    desk = bench(lecture())
    desk.begin((0,))
    desk.panel.show_page("descent")
    page, bar = desk.panel.pages["descent"], desk.panel.bar
    numbers = (page._landing, page._whole, page._others, page._read, page.rate, bar.guess)
    words = (bar.words, bar.verdict)
    before = [one.font().pixelSize() for one in (*numbers, *words)]
    projector.switch(True)
    assert min(one.font().pixelSize() for one in numbers) >= NUMBERS
    assert min(one.font().pixelSize() for one in words) >= word_size(0)
    assert page.key._font.pixelSize() >= word_size(0)
    projector.switch(False)
    assert [one.font().pixelSize() for one in (*numbers, *words)] == before
