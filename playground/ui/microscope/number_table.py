"""A table of numbers in the look of the microscope, of a few rows or of thousands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
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

from playground.ui.projector import WORDS, projector, row_height
from playground.ui.theme import GRID, themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box, keeps_key

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
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
