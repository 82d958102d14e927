"""The page of the ledger: the table of all numbers, and a button that copies it to a spreadsheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.microscope.ledger_model import CHANGE, GRADIENT, NAME, NEW, PLACE, UNIT, VALUE, LedgerModel
from playground.ui.microscope.number_table import NumberTable
from playground.ui.microscope.page import Page
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.step_turns import ask_for, ask_here, turn_of
from playground.ui.projector import number_size, projector
from playground.ui.theme import CONTROL, GRID, themes
from playground.ui.translation import tr
from playground.ui.widgets.chip import TextButton

#: The widths of all columns but the three of numbers, which share the rest but are never narrower than in full.
_WIDTHS = {NAME: 56, PLACE: 86, UNIT: 40, CHANGE: 92}
_NUMBER = 158


class LedgerPage(Page):
    """Follows the reader while it is seen."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.model = LedgerModel(reader)
        self.model.setParent(self)
        self.table = NumberTable(self.model)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.note, self.copy = QLabel(), TextButton()
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.addWidget(self.note, 1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        reader.pass_changed.connect(self._renew)
        reader.moved.connect(self._renew)
        reader.asking.changed.connect(self._recover)
        self.copy.clicked.connect(self.table.copy)
        self.table.can_ask = lambda row, column: turn_of(reader, self.model.asked(row, column)) is not None
        self.table.cell_asked.connect(self._ask_for)
        self.table.cell_clicked.connect(self._clicked)
        projector.changed.connect(self._divide)
        self.retranslate()
        self.restyle()

    def _renew(self) -> None:
        if not self.isVisible():
            return
        self.model.renew()
        self._say()
        changed = self._first_changed()
        if changed is not None:
            self.table.scrollTo(self.model.index(changed, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _recover(self) -> None:
        """Something else is covered; the reader's place in the table stays."""
        if self.isVisible():
            self.model.renew()

    # --- questions ---------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for the number where the keyboard is, or else what the present step comes to."""
        here = self.table.currentIndex()
        if here.isValid() and self.table.can_ask(here.row(), here.column()):
            self._ask_for(here.row(), here.column())
        else:
            ask_here(self._reader, lambda: 0)

    def _ask_for(self, row: int, column: int) -> None:
        ask_for(self._reader, self.model.asked(row, column), lambda: 0)

    def _clicked(self, row: int, column: int) -> None:
        """While questions are asked a click asks for the number under it."""
        if self._reader.asking.on:
            self._ask_for(row, column)

    # --- what is shown -----------------------------------------------------------------------------

    def _first_changed(self) -> int | None:
        """The first row that the last step has brought: it is where one wants to look."""
        found = self._reader.found
        parts = [part for part in self.model.parts_changed() if found is None or part.name != found.program.input]
        return parts[0].first if parts else None

    def _say(self) -> None:
        reader = self._reader
        text = ""
        if reader.found is not None and reader.found.samples > 1:
            text = tr(
                "Values of row {row} of {rows}; gradients are those of the mean of all rows.",
                row=reader.row + 1,
                rows=reader.found.samples,
            )
        elif reader.found is not None:
            text = tr("Every number at this moment; what is not known yet is blank.")
        self.note.setText(text)
        self.note.setToolTip(text)

    def keyboard(self) -> QWidget | None:
        """The table."""
        return self.table if self.table.isVisible() else None

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setAccessibleName(tr("Ledger"))
        self.table.setAccessibleName(tr("All numbers at this moment"))
        self.copy.setText(tr("Copy all"))
        self.copy.setToolTip(tr("Copy the selected cells, or everything, for a spreadsheet (Ctrl+C)"))
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, GRADIENT, CHANGE)
        self._renew()

    def restyle(self) -> None:
        """Paint in the theme of this moment."""
        self.note.setStyleSheet(f"color: {themes.current().muted.name()};")
        self.table.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies, wherever on the page the focus is."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.table.copy()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers get what the words leave."""
        super().resizeEvent(event)
        self._divide()

    def _divide(self, _on: object = None) -> None:
        larger = number_size(CONTROL) / CONTROL
        words = {column: round(larger * width) for column, width in _WIDTHS.items()}
        share = max(round(larger * _NUMBER), (self.width() - sum(words.values()) - 16) // 3)
        for column, width in {**words, **dict.fromkeys((VALUE, GRADIENT, NEW), share)}.items():
            self.table.setColumnWidth(column, width)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was not seen."""
        super().showEvent(event)
        self._renew()
