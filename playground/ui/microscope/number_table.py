"""A table of numbers in the look of the microscope: few rows that are all seen, or thousands that scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from playground.engine.formulas import Number
from playground.ui.microscope.covers import COVERED
from playground.ui.microscope.shown import Row, Shown
from playground.ui.microscope.written import color_of
from playground.ui.projector import WORDS, number_size, projector, row_height
from playground.ui.theme import CONTROL, GRID, figure_font, themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box, keeps_key

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()
#: The height of a row, and of the line of titles.
ROW, TITLES = 21, 22
#: The keys that ask for the number of a cell.
_ASKING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Cells(QStyledItemDelegate):
    """Paints a cell in its own colour, selected or not, on a quiet ground where it is selected."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        rect = QRectF(option.rect)
        ground = index.data(Role.BackgroundRole)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.chip)
        elif ground is not None:
            painter.fillRect(rect, ground)
        if option.state & QStyle.StateFlag.State_HasFocus:
            box(painter, rect.adjusted(0.0, 1.0, -1.0, -1.0), None, theme.accent, radius=4.0)
        painter.setFont(index.data(Role.FontRole))
        painter.setPen(index.data(Role.ForegroundRole) or theme.text)
        room = rect.adjusted(2.0 * GRID, 0.0, -GRID, 0.0)
        text = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as its words."""
        metrics = QFontMetricsF(index.data(Role.FontRole))
        return QSize(round(metrics.horizontalAdvance(str(index.data() or ""))) + 4 * GRID, row_height(ROW))


class NumberTable(QTableView):
    """A plain table without grid, row numbers or sorting; Ctrl+C copies what is selected, or everything.

    `cell_clicked` and `cell_asked` carry row and column: of a cell that was clicked, and of one that somebody wants to
    be asked for, with Space or Enter or in its menu; `can_ask` says of which that is possible.
    """

    cell_clicked = Signal(int, int)
    cell_asked = Signal(int, int)

    def __init__(self, model: QAbstractTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.can_ask: Callable[[int, int], bool] = lambda _row, _column: False
        self._pressed = (-1, -1)
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QTableView.Shape.NoFrame)
        # Between two bars the style would draw a corner.
        self.setCornerWidget(QWidget())
        self.setStyleSheet("QTableView { border: 0; background: transparent; }QHeaderView { background: transparent; }")
        down, across = self.verticalHeader(), self.horizontalHeader()
        down.hide()
        down.setMinimumSectionSize(ROW)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setHighlightSections(False)
        # Of many rows the first ones say how wide a column is.
        across.setResizeContentsPrecision(24)
        across.setSectionsClickable(False)
        across.setStretchLastSection(True)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.resize_type()
        projector.changed.connect(self.resize_type)

    def resize_type(self, _on: object = None) -> None:
        """As large as the numbers are now."""
        across = self.horizontalHeader()
        type_size = f"font-size: {WORDS}px;" if projector.on else ""
        across.setStyleSheet(f"QHeaderView::section {{ background: transparent; padding: 0 8px; {type_size} }}")
        across.setFixedHeight(row_height(TITLES))
        self.verticalHeader().setDefaultSectionSize(row_height(ROW))
        self.viewport().update()

    def selected_text(self) -> str:
        """The selected cells, or all rows with their titles, as a spreadsheet takes them."""
        model, selection = self.model(), self.selectionModel().selection().toList()
        rows = {row for part in selection for row in range(part.top(), part.bottom() + 1)}
        columns = {column for part in selection for column in range(part.left(), part.right() + 1)}
        lines = []
        if not rows:
            rows, columns = set(range(model.rowCount())), set(range(model.columnCount()))
            lines.append([str(model.headerData(column, Qt.Orientation.Horizontal)) for column in sorted(columns)])
        for row in sorted(rows):
            cells = (model.data(model.index(row, column), Role.EditRole) for column in sorted(columns))
            lines.append(["" if cell is None else str(cell) for cell in cells])
        return "\n".join("\t".join(line) for line in lines) + "\n"

    def copy(self) -> None:
        """Put that on the clipboard."""
        QApplication.clipboard().setText(self.selected_text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, ask for a cell, or walk over the cells."""
        here = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in _ASKING and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and here.isValid():
            self.cell_asked.emit(here.row(), here.column())
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that ask from the shortcuts of the window."""
        return keeps_key(event) or super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Which cell it is; the model may be another one when the button is let go."""
        index = self.indexAt(event.position().toPoint())
        self._pressed = (index.row(), index.column())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        if plain and index.isValid() and (index.row(), index.column()) == self._pressed:
            self.cell_clicked.emit(index.row(), index.column())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a cell."""
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        menu = self.menu_of(index.row(), index.column()) if index.isValid() else None
        if menu is not None:
            menu.popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft() if keyboard else event.pos()))

    def menu_of(self, row: int, column: int) -> QMenu:
        """The menu of a cell: to be asked for its number, where it has one, and to copy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking = menu.addAction(tr("Ask for this number"))
        asking.setEnabled(self.can_ask(row, column))
        asking.triggered.connect(lambda: self.cell_asked.emit(row, column))
        menu.addAction(tr("Copy")).triggered.connect(self.copy)
        return menu


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
