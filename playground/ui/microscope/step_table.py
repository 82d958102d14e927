"""The rows of a step as a table: all of them are seen, or so many that the others scroll."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from playground.engine.formulas import Number
from playground.ui.microscope.covers import COVERED
from playground.ui.microscope.number_table import Index, NumberTable
from playground.ui.microscope.shown import Row, Shown
from playground.ui.microscope.written import color_of
from playground.ui.projector import number_size, projector
from playground.ui.theme import CONTROL, GRID, figure_font, themes
from playground.ui.translation import tr

Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()


class StepModel(QAbstractTableModel):
    """The rows of what is shown of a step."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = Shown("")

    def show_step(self, shown: Shown) -> None:
        """Show another step."""
        self.beginResetModel()
        self.shown = shown
        self.endResetModel()

    def row(self, row: int) -> Row:
        """One row."""
        return self.shown.rows[row]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """As many as the step has."""
        return 0 if parent.isValid() else len(self.shown.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """As many as the step has."""
        return 0 if parent.isValid() else len(self.shown.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """What the columns are."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self.shown.columns[section]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell."""
        row, column = index.row(), index.column()
        if role in (Role.DisplayRole, Role.EditRole, Role.AccessibleTextRole):
            text = self.shown.rows[row].cells[column]
            return tr("covered") if text == COVERED and role == Role.AccessibleTextRole else text
        if role == Role.ForegroundRole:
            return color_of(self.shown.inks[column], themes.current())
        if role == Role.FontRole:
            return self._font(row, column)
        return None

    def _font(self, row: int, column: int) -> QFont:
        return figure_font(number_size(CONTROL), bold=column == 0 or row == self.shown.chosen)


class StepTable(NumberTable):
    """All rows of a step, as high as they need up to a limit. `row_chosen` carries the row that the user took."""

    row_chosen = Signal(int)

    #: More rows than this scroll within the table.
    most = 12

    def __init__(self, parent: QWidget | None = None) -> None:
        self.step_model = StepModel()
        super().__init__(self.step_model, parent)
        self.step_model.setParent(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self._telling = False
        self._widest: list[int] = []
        projector.changed.connect(self._measure)
        self.selectionModel().currentRowChanged.connect(self._tell)

    def show_step(self, shown: Shown) -> None:
        """Show the rows of a step; the chosen one is selected where there is one."""
        focused, before = self._telling, self.currentIndex()
        row, column = before.row(), before.column()
        self._telling = True
        self.step_model.show_step(shown)
        self.setVisible(bool(shown.rows))
        if shown.chosen is not None:
            row = shown.chosen
        elif not self.hasFocus():
            row = -1
        if 0 <= row < len(shown.rows):
            # The keyboard stays in its column.
            self.setCurrentIndex(self.step_model.index(row, min(max(column, 0), len(shown.columns) - 1)))
        self._telling = focused
        self._measure()

    def _measure(self, _on: object = None) -> None:
        """As wide as the columns and as high as the rows are now."""
        self._widest = [self.sizeHintForColumn(column) for column in range(self.step_model.columnCount())]
        for column, wide in enumerate(self._widest):
            self.setColumnWidth(column, wide + self._apart)
        self._fit()

    @property
    def _apart(self) -> int:
        """The room between two columns."""
        return 1 if projector.on else 5 * GRID

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need a bar below."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the rows, and the bar below where the columns need one."""
        across = self.horizontalHeader()
        # The last column has no room behind it.
        wide = sum(self._widest) + self._apart * max(0, len(self._widest) - 1)
        bar = self.horizontalScrollBar().sizeHint().height() if wide > self.width() else 0
        rows, policies = self.step_model.rowCount(), Qt.ScrollBarPolicy
        few = rows <= self.most
        self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOff if few else policies.ScrollBarAsNeeded)
        self.setFixedHeight(across.height() + self.rowHeight(0) * min(rows, self.most) + bar + 2)

    def number(self, row: int) -> Number | None:
        """The weight or bias that a row is about."""
        return self.step_model.row(row).number

    def sizeHint(self) -> QSize:
        """Its height is its rows'."""
        return QSize(200, self.height())

    def sizeHintForColumn(self, column: int) -> int:
        """Wide enough for the title too."""
        return max(super().sizeHintForColumn(column), self.horizontalHeader().sectionSizeHint(column))

    def _tell(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._telling and current.isValid():
            self.row_chosen.emit(current.row())
