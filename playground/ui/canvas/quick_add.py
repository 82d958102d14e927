"""Adding by keyboard: a small list over the canvas that narrows as one types; Enter adds after the selected card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from playground.ui.canvas.placeable import PLACEABLES, Placeable, rows_for
from playground.ui.icons import icon
from playground.ui.theme import themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box

_SIZE = QSize(240, 260)


class QuickAdd(QWidget):
    """Lives until a row is chosen or Esc is pressed (then `choose` gets the row or None), or the focus leaves it."""

    def __init__(self, parent: QWidget, at: QPoint, choose: Callable[[Placeable | None], None]) -> None:
        super().__init__(parent)
        self._choose: Callable[[Placeable | None], None] | None = choose
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(tr("Add… type to search"))
        self.filter.setAccessibleName(tr("Search for what to add"))
        self.rows = QListWidget(self)
        self.rows.setAccessibleName(tr("What can be added"))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setIconSize(QSize(20, 20))
        column.addWidget(self.filter)
        column.addWidget(self.rows)
        self.filter.textChanged.connect(self._narrow)
        self.filter.installEventFilter(self)
        self.rows.itemClicked.connect(lambda item: self._finish(item.data(Qt.ItemDataRole.UserRole)))
        self._narrow("")
        room = parent.rect()
        self.resize(min(_SIZE.width(), room.width() - 8), min(_SIZE.height(), room.height() - 8))
        left = min(max(at.x(), 4), room.width() - self.width() - 4)
        top = min(max(at.y(), 4), room.height() - self.height() - 4)
        self.move(left, top)
        self.show()
        self.raise_()
        self.filter.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, Down, Enter and Esc while typing; a composition under way keeps them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut:
            # The keys are elsewhere by now, and stay there.
            self._close()
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), self.rows.count()
        if key == Qt.Key.Key_Escape:
            self._finish(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            item = self.rows.currentItem()
            if item is not None:
                self._finish(item.data(Qt.ItemDataRole.UserRole))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.rows.setCurrentRow((self.rows.currentRow() + step) % count)
        else:
            return False
        return True

    def _narrow(self, text: str) -> None:
        """Rows whose name (in the window's language or in English) holds what was typed; better beginnings first."""
        wanted = text.strip().casefold()
        found: list[tuple[bool, Placeable]] = []
        for row in rows_for(set(), more=True):
            names = (tr(row.label).casefold(), str(row.label).casefold(), row.name.replace("_", " "))
            if any(wanted in name for name in names):
                found.append((not any(name.startswith(wanted) for name in names), row))
        self.rows.clear()
        for _, row in sorted(found, key=lambda pair: pair[0]):
            item = QListWidgetItem(icon(row.name), tr(row.label))
            item.setData(Qt.ItemDataRole.UserRole, row.name)
            item.setToolTip(tr(row.description))
            self.rows.addItem(item)
        self.rows.setCurrentRow(0)

    def _finish(self, name: str | None) -> None:
        choose, self._choose = self._choose, None
        if choose is not None:
            # First: a list that is hidden while it has the focus would hand it to whatever comes next.
            choose(PLACEABLES[name] if name is not None else None)
            self._close()

    def _close(self) -> None:
        self._choose = None
        self.hide()
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A small card."""
        theme = themes.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), theme.surface, theme.edge)
        painter.end()
