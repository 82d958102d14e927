"""The page of the present step: the list of all steps, and beside it one of them, large, with formula and numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.engine.asked import Asked
from playground.engine.exact import exact
from playground.ui.microscope.equations import brief
from playground.ui.microscope.page import Page
from playground.ui.microscope.reader import Reader
from playground.ui.microscope.shown import Shown
from playground.ui.microscope.step_list import StepList
from playground.ui.microscope.step_table import StepTable
from playground.ui.microscope.step_turns import ask_for, ask_here, turn_of
from playground.ui.microscope.step_words import shown
from playground.ui.microscope.written import Written
from playground.ui.projector import projector, word_size
from playground.ui.theme import CONTROL, GRID, font, themes, title_font
from playground.ui.translation import tr
from playground.ui.widgets.chip import TextButton
from playground.ui.widgets.choice import DropDown
from playground.ui.widgets.elided import Elided
from playground.ui.widgets.room import Room


class StepsPage(Page):
    """Follows the reader's play head while it is seen."""

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._row = 0
        self._at: object = None
        self.steps = StepList(reader)
        self.title, self.note, self.units = QLabel(), Elided(), DropDown()
        self.digits = TextButton()
        self.written, self.table = Written(reader.typesetter), StepTable()
        self._inner = QWidget()
        self.area = Room(self._inner)
        self._lay_out()
        reader.pass_changed.connect(self._renew)
        reader.moved.connect(self._renew)
        reader.target_changed.connect(self._renew)
        reader.asking.changed.connect(self._renew)
        self.table.row_chosen.connect(self._choose)
        self.table.can_ask = self._can_ask
        self.table.cell_asked.connect(self._ask_for)
        self.table.cell_clicked.connect(self._clicked)
        self.units.activated.connect(reader.show_unit)
        self.digits.toggled.connect(self._renew)
        self.written.installEventFilter(self)
        projector.changed.connect(self._divide)
        self.retranslate()
        self.restyle()

    def _lay_out(self) -> None:
        self.digits.setCheckable(True)
        head = QHBoxLayout()
        head.setSpacing(3 * GRID)
        head.addWidget(self.title)
        head.addWidget(self.units)
        head.addWidget(self.note, 1)
        head.addWidget(self.digits)
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.written)
        column.addWidget(self.table)
        column.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addLayout(head)
        right.addWidget(self.area, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * GRID)
        row.addWidget(self.steps)
        row.addLayout(right, 1)

    # --- what is shown -----------------------------------------------------------------------------

    def _renew(self, _news: object = None) -> None:
        if not self.isVisible():
            return
        reader = self._reader
        at = reader.done, reader.unit
        if at != self._at:
            self._at, self._row = at, 0
        self.steps.renew()
        found = self.shown()
        self.title.setText(found.title)
        self.note.say(found.note)
        self._show_units()
        self.written.show_equations(found.equations)
        self.table.show_step(found)
        self.setAccessibleDescription(f"{found.title}. {found.text()}")

    def shown(self) -> Shown:
        """What is said of the present step."""
        reader = self._reader
        return shown(reader, exact if self.digits.isChecked() else brief, self._row, reader.asking.hidden)

    # --- questions ---------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask what the present step comes to, and so on with every step."""
        ask_here(self._reader, lambda: self._row)

    def _asked(self, row: int, column: int) -> Asked | None:
        rows = self.table.step_model.shown.rows
        return rows[row].asked(column) if row < len(rows) else None

    def _can_ask(self, row: int, column: int) -> bool:
        return turn_of(self._reader, self._asked(row, column)) is not None

    def _ask_for(self, row: int, column: int) -> None:
        """Cover one number, and ask for it."""
        asked = self._asked(row, column)
        if row != self._row:
            self._choose(row)
        ask_for(self._reader, asked, lambda: self._row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While questions are asked a click on the equations asks what they come to."""
        if watched is self.written and event.type() == QEvent.Type.MouseButtonPress and self._reader.asking.on:
            self.ask()
        return super().eventFilter(watched, event)

    def _clicked(self, row: int, column: int) -> None:
        """While questions are asked a click asks for the number under it."""
        if self._reader.asking.on:
            self._ask_for(row, column)

    def _show_units(self) -> None:
        reader, one = self._reader, self._reader.instruction
        several = one is not None and reader.units > 1
        self.units.setVisible(several)
        if several and one is not None:
            names = [reader.symbols.value(one.output, unit).text for unit in range(reader.units)]
            if names != [self.units.itemText(row) for row in range(self.units.count())]:
                self.units.clear()
                self.units.addItems(names)
            self.units.setCurrentIndex(reader.unit)

    def _choose(self, row: int) -> None:
        """A row of the table was taken: the equations are about it."""
        self._row = row
        number = self.table.number(row)
        if number is not None and number != self._reader.target and self._reader.stage in ("backward", "update"):
            self._reader.choose(*number)
        else:
            self._renew()

    # --- language, theme, keys ---------------------------------------------------------------------

    def keyboard(self) -> QWidget | None:
        """The table."""
        return self.table if self.table.isVisible() else None

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setAccessibleName(tr("The present step"))
        self.steps.setAccessibleName(tr("Steps of the pass"))
        self.table.setAccessibleName(tr("Numbers of this step"))
        self.units.setAccessibleName(tr("Unit"))
        self.units.setToolTip(tr("Which unit of the layer is shown (left and right in the list of steps)"))
        self.digits.setText(tr("All digits"))
        self.digits.setToolTip(tr("Write every number in full"))
        self._renew()

    def restyle(self) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        self.note.setStyleSheet(f"color: {theme.muted.name()};")
        self.written.restyle()
        self.steps.viewport().update()
        self.table.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the equations."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.written.text())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list gets its share."""
        super().resizeEvent(event)
        self._divide()

    def _divide(self, _on: object = None) -> None:
        wide = self.width()
        self.steps.setFixedWidth(
            max(190, min(260, wide * 30 // 100)) if projector.on else max(136, min(184, wide * 23 // 100))
        )
        self.title.setFont(title_font(word_size(14)))
        self.note.setFont(font(word_size(CONTROL)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line between the list and the step."""
        painter = QPainter(self)
        painter.setPen(QPen(themes.current().line, 1.0))
        x = self.steps.geometry().right() + 2 * GRID
        painter.drawLine(x, 2, x, self.height() - 2)
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was not seen."""
        super().showEvent(event)
        self._renew()
