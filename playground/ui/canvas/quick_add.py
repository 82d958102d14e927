"""Adding by keyboard: a small list over the canvas that narrows as one types, and a line that says what Enter will do.

What was typed may name a row, or a row with its number: "dense 8", "8", "tanh", "dropout 0.3".
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from playground.document.catalog import title
from playground.document.model import Node
from playground.messages import Message
from playground.ui.canvas.matching import rows_asked
from playground.ui.canvas.placeable import Placeable, Row
from playground.ui.icons import pixmap
from playground.ui.theme import caption_font, themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box

_SIZE = QSize(248, 292)
_ICON = 20
#: The buttons of the canvas stand there.
_BELOW = 48
_ROW = Qt.ItemDataRole.UserRole

Choose = Callable[[Row | None], None]
#: What choosing a row would do, in words, and whether it can be done.
Outlook = Callable[[Row], tuple[Message, bool]]


class SearchField(QLineEdit):
    """A text field that also tells of what is still being composed. `asked` carries all that is seen in it."""

    asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._composed = ""
        self.textChanged.connect(self._tell)

    @property
    def composing(self) -> bool:
        """Whether an input method has not finished its letters."""
        return bool(self._composed)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Letters of a syllable under way count already."""
        # First: what is committed with this event changes the text, and is told at once.
        self._composed = event.preeditString()
        super().inputMethodEvent(event)
        self._tell()

    def _tell(self) -> None:
        at = self.cursorPosition()
        self.asked.emit(self.text()[:at] + self._composed + self.text()[at:])


class QuickAdd(QWidget):
    """Lives until a row is chosen or Esc is pressed (then `choose` gets the row or None), or the focus leaves it.

    With `focus=False` the canvas keeps the keyboard for now: moving it would break off a composition that has begun
    there. What the input method sends is then handed on by `compose`, until the field can take the keyboard itself.
    """

    def __init__(
        self,
        parent: QWidget,
        at: QPoint,
        choose: Choose,
        outlook: Outlook,
        kinds: Collection[str] = (),
        *,
        text: str = "",
        focus: bool = True,
    ) -> None:
        super().__init__(parent)
        self._choose: Choose | None = choose
        self._outlook, self._kinds = outlook, kinds
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.filter = SearchField(self)
        self.filter.setPlaceholderText(tr("dense 8, tanh, dropout 0.3 …"))
        self.filter.setAccessibleName(tr("Search for what to add"))
        self.rows = QListWidget(self)
        self.rows.setAccessibleName(tr("What can be added"))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setIconSize(QSize(_ICON, _ICON))
        self.preview = QLabel(self)
        self.preview.setFont(caption_font())
        self.preview.setWordWrap(True)
        self.preview.setForegroundRole(QPalette.ColorRole.WindowText)
        for widget in (self.filter, self.rows, self.preview):
            column.addWidget(widget)
        self.filter.asked.connect(self._narrow)
        self.filter.installEventFilter(self)
        self.rows.itemClicked.connect(lambda item: self._finish(item.data(_ROW)))
        self.rows.currentItemChanged.connect(lambda *_: self._foretell())
        room = parent.rect().adjusted(0, 0, 0, -_BELOW)
        self.resize(min(_SIZE.width(), room.width() - 8), min(_SIZE.height(), room.height() - 8))
        left = min(max(at.x(), 4), room.width() - self.width() - 4)
        top = min(max(at.y(), 4), room.height() - self.height() - 4)
        self.move(left, top)
        self._narrow("")
        self.filter.setText(text)
        self.show()
        self.raise_()
        if focus:
            self.take_focus()

    def take_focus(self) -> None:
        """Have the keyboard from now on."""
        self.filter.setFocus(Qt.FocusReason.PopupFocusReason)
        self.filter.end(False)

    def compose(self, event: QInputMethodEvent) -> bool:
        """Take what an input method sent to the canvas; returns whether it may still send more there."""
        self.filter.inputMethodEvent(event)
        if self.filter.composing:
            return True
        if self.filter.text():
            self.take_focus()
        else:
            self._finish(None)
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, Down, Enter and Esc while typing; a composition under way keeps them."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut:
            # The keys are elsewhere by now, and stay there.
            self.close_quietly()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the field has no use for means nothing here; it is not the canvas's."""
        event.accept()

    def _key(self, event: QKeyEvent) -> bool:
        key, count = event.key(), self.rows.count()
        if key == Qt.Key.Key_Escape:
            self._finish(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self._current()
            if row is not None:
                self._finish(row)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and count:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.rows.setCurrentRow((self.rows.currentRow() + step) % count)
        else:
            return False
        return True

    def _current(self) -> Row | None:
        item = self.rows.currentItem()
        row: Row | None = item.data(_ROW) if item is not None else None
        return row

    def _narrow(self, text: str) -> None:
        """Show the rows that what was typed may mean; the first is what Enter takes."""
        self.rows.clear()
        for row in rows_asked(text, self._kinds):
            item = QListWidgetItem(self._icon(row.name), tr(_name(row)))
            item.setData(_ROW, row)
            item.setToolTip(tr(row.description))
            self.rows.addItem(item)
        self.rows.setCurrentRow(0)
        if not self.rows.count():
            self._say(
                tr("Nothing is called “{typed}”. Try “dense 8”, “tanh” or “dropout 0.3”.", typed=text.strip()), False
            )

    def _icon(self, name: str) -> QIcon:
        """The row's icon in the one size that is shown here: to draw all sizes of all rows would be felt."""
        theme, ratio = themes.current(), self.devicePixelRatioF()
        made = QIcon(pixmap(name, _ICON, ratio, theme.text))
        made.addPixmap(pixmap(name, _ICON, ratio, theme.on_accent), QIcon.Mode.Selected)
        return made

    def _foretell(self) -> None:
        row = self._current()
        if row is not None:
            words, possible = self._outlook(row)
            self._say(f"⏎  {tr(words)}" if possible else tr(words), possible)

    def _say(self, text: str, possible: bool) -> None:
        """Below the list, and to a screen reader while one types."""
        palette = self.preview.palette()
        theme = themes.current()
        palette.setColor(QPalette.ColorRole.WindowText, theme.accent if possible else theme.error)
        self.preview.setPalette(palette)
        self.preview.setText(text)
        self.filter.setAccessibleDescription(text)

    def _finish(self, row: Row | None) -> None:
        if row is not None and not self._outlook(row)[1]:
            return
        choose, self._choose = self._choose, None
        if choose is not None:
            # First: a list that is hidden while it has the focus would hand it to whatever comes next.
            choose(row)
            self.close_quietly()

    def close_quietly(self) -> None:
        """Be gone; nothing is chosen, and the keyboard stays where it is."""
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


def _name(row: Row) -> Message:
    """What a row is called, with its number where one was typed."""
    if isinstance(row, Placeable) and row.fields:
        return title(Node("", row.kind, row.fields))
    return row.label
