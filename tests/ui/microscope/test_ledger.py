"""The ledger: every number once, none before it is known, in full precision, ready for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from looking import Looker, lecture, stack
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.ui.microscope.ledger_model import CHANGE, GRADIENT, NAME, NEW, VALUE
from playground.ui.microscope.ledger_page import LedgerPage


@pytest.fixture
def page(looker: Looker) -> Iterator[LedgerPage]:
    page = LedgerPage(looker.reader)
    page.resize(760, 300)
    page.show()
    yield page
    page.close()
    page.deleteLater()


def column(page: LedgerPage, which: int) -> dict[str, str]:
    model = page.model
    return {model.text(row, NAME): model.text(row, which) for row in range(model.rowCount())}


def test_that_every_number_has_one_row(looker: Looker, page: LedgerPage) -> None:
    looker.open(stack(2, 3, batch_size=5))
    found = looker.begin()
    program = found.program
    buffers = sum(program.widths[one.output] for one in program.instructions) + program.widths[program.input]
    assert page.model.rowCount() == buffers + program.size + 2
    assert len(column(page, NAME)) == page.model.rowCount(), "no name stands for two numbers"


def test_that_what_is_not_known_yet_is_blank(looker: Looker, page: LedgerPage) -> None:
    looker.open(lecture())
    looker.begin()
    looker.reader.go_to(1)
    assert column(page, VALUE) == {
        "A": "1", "B": "2", "P": "4", "Q": "", "C": "5", "L": "", "w₁": "2", "w₂": "1", "w₃": "2",
    }  # fmt: skip
    assert set(column(page, GRADIENT).values()) == {""}
    looker.reader.go_to(5)
    assert column(page, GRADIENT)["w₃"] == "12"
    assert column(page, GRADIENT)["w₁"] == ""
    assert set(column(page, NEW).values()) == {""}
    looker.reader.go_to(7)
    new = column(page, NEW)
    assert [new[name] for name in ("w₁", "w₂", "w₃", "P", "L")] == ["1.94", "0.88", "1.88", "", ""]


def test_that_what_the_last_step_brought_is_marked_in_words_and_colour(looker: Looker, page: LedgerPage) -> None:
    looker.open(lecture())
    looker.begin()
    looker.reader.go_to(5)
    marked = {name: word for name, word in column(page, CHANGE).items() if word}
    assert marked == {"P": "gradient", "w₃": "gradient"}
    ground = Qt.ItemDataRole.BackgroundRole
    rows = range(page.model.rowCount())
    colored = {page.model.text(row, NAME) for row in rows if page.model.index(row, GRADIENT).data(ground) is not None}
    assert colored == {"P", "w₃"}
    looker.reader.go_to(0)
    assert not any(column(page, CHANGE).values())


def test_that_all_of_it_can_be_read_back_from_the_clipboard(looker: Looker, page: LedgerPage) -> None:
    looker.open(stack(1, 3, batch_size=5))
    found = looker.begin()
    looker.reader.go_to(len(found.steps))
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert lines[0] == ["name", "where", "unit", "value", "gradient", "new value", "last step"]
    assert len(lines) == page.model.rowCount() + 1
    weights = lines[-found.program.size :]
    assert [float(line[VALUE]) for line in weights] == found.before.values.tolist()
    assert [float(line[NEW]) for line in weights] == found.after.values.tolist()


def test_that_a_selection_copies_its_cells_alone(looker: Looker, page: LedgerPage) -> None:
    looker.open(lecture())
    looker.begin()
    looker.reader.go_to(2)
    select = QItemSelectionModel.SelectionFlag.Select
    for row in (2, 3):
        for place in (NAME, VALUE):
            page.table.selectionModel().select(page.model.index(row, place), select)
    assert page.table.selected_text() == "P\t4\nQ\t8\n"


def test_that_another_row_of_the_batch_shows_its_values(looker: Looker, page: LedgerPage) -> None:
    looker.open(stack(1, 2, batch_size=4))
    found = looker.begin()
    looker.reader.show_row(3)
    assert float(column(page, VALUE)["x₁"].replace("−", "-")) == found.x[3, 0]
    assert "row 4 of 4" in page.note.text()
