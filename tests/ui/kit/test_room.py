"""A scroll bar where it is needed, decided once and for all widths."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from playground.ui.widgets.room import Room


class Odd(QWidget):
    """Needs 200 pixels of height, or 100 where it is narrower than 300: the wrong way round for a scroll bar."""

    def __init__(self) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.resized = 0

    def sizeHint(self) -> QSize:
        return QSize(100, 200)

    def heightForWidth(self, width: int) -> int:
        return 200 if width >= 300 else 100

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.resized += 1


@pytest.fixture
def odd(qtbot):
    inner, odd = QWidget(), Odd()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(odd)
    room = Room(inner)
    qtbot.addWidget(room)
    return room, odd


@pytest.mark.parametrize(("size", "barred"), [((305, 150), True), ((295, 150), False), ((305, 250), False)])
def test_that_what_is_lower_the_narrower_it_is_makes_no_bar_come_and_go(odd, qtbot, size, barred):
    room, inside = odd
    room.resize(*size)
    room.show()
    qtbot.waitUntil(lambda: room.verticalScrollBar().isVisible() == barred)
    assert inside.resized < 6


def test_that_the_bar_comes_and_goes_with_what_is_in_it(odd, qtbot):
    room, _ = odd
    more = QWidget()
    more.setFixedHeight(300)
    room.resize(295, 150)
    room.show()
    room.widget().layout().addWidget(more)
    qtbot.waitUntil(lambda: room.verticalScrollBar().isVisible())
    more.hide()
    qtbot.waitUntil(lambda: not room.verticalScrollBar().isVisible())
