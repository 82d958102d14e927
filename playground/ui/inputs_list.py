"""The inputs of a concat in the order in which it takes them, each of which can be moved up and down.

Alt with an arrow moves the input that the list is at, and so do the buttons below. It keeps nothing: it shows the
document of this moment, and every move is one named edit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from playground.ui.theme import GRID, font
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip

#: So many are seen at a time.
_MOST = 6
_ID = Qt.ItemDataRole.UserRole


class InputsList(QWidget):
    """A heading, the list and two buttons; `move` is called with the id of an input and how many places it moves."""

    def __init__(self, move: Callable[[str, int], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._move = move
        self._shown: tuple[tuple[str, str], ...] = ()
        self._heading = QLabel(self)
        self._heading.setFont(font(12))
        self.rows = _Rows(self._step, self)
        self.up, self.down = Chip(parent=self), Chip(parent=self)
        buttons = QVBoxLayout()
        buttons.setSpacing(GRID)
        for button, step in ((self.up, -1), (self.down, 1)):
            button.clicked.connect(partial(self._step, step))
            buttons.addWidget(button)
        buttons.addStretch(1)
        # Beside the list: below it they would be out of sight where the panel is low.
        beside = QHBoxLayout()
        beside.setSpacing(2 * GRID)
        beside.addWidget(self.rows, 1, Qt.AlignmentFlag.AlignTop)
        beside.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self._heading)
        column.addLayout(beside)
        self.rows.currentRowChanged.connect(self._enable)

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self._heading.setText(tr("Inputs, side by side in this order"))
        self.rows.setAccessibleName(self._heading.text())
        self.rows.setAccessibleDescription(tr("Alt with an arrow moves the input up or down."))
        self.up.setText(tr("Move up"))
        self.down.setText(tr("Move down"))
        self.up.setToolTip(tr("Take this input earlier (Alt+Up)"))
        self.down.setToolTip(tr("Take this input later (Alt+Down)"))

    def show_inputs(self, inputs: Sequence[tuple[str, str]]) -> None:
        """Show these inputs, an id and words for each; where the list is at stays at the same input."""
        if tuple(inputs) == self._shown:
            return
        current = self.current()
        self._shown = tuple(inputs)
        self.rows.clear()
        for place, (id, words) in enumerate(inputs, 1):
            item = QListWidgetItem(f"{place}.  {words}")
            item.setData(_ID, id)
            self.rows.addItem(item)
        ids = [id for id, _ in inputs]
        self.rows.setCurrentRow(ids.index(current) if current in ids else 0)
        self.rows.fit(min(len(ids), _MOST))

    def current(self) -> str | None:
        """The id of the input that the list is at."""
        item = self.rows.currentItem()
        return item.data(_ID) if item is not None else None

    def _step(self, step: int) -> None:
        current = self.current()
        if current is not None:
            self._move(current, step)

    def _enable(self, row: int) -> None:
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.rows.count() - 1)


class _Rows(QListWidget):
    """As high as what it shows."""

    def __init__(self, step: Callable[[int], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._step = step
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def fit(self, count: int) -> None:
        """Show so many rows."""
        self.setFixedHeight(count * max(self.sizeHintForRow(0), 1) + 2 * self.frameWidth() + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves the input; an arrow alone goes to the next."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain == Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
            event.accept()
        else:
            super().keyPressEvent(event)
