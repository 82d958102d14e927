"""What lies over the operations: what is shown, of which row, and the sentence where there is nothing to show."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from playground.document.fields import Field
from playground.messages import message
from playground.ui.theme import CONTROL, GRID, font, themes, title_font
from playground.ui.translation import figure, tr
from playground.ui.widgets.number_field import NumberField

#: The height of the strip.
HEIGHT = 44


def colored(label: QLabel, color: QColor) -> None:
    """Words in a colour of their own: by a role, since the viewport would have them use its words' colour."""
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.PlaceholderText, color)
    label.setPalette(palette)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)


class Header(QWidget):
    """A title, a sentence, and the number of the row whose values are shown, counted from 1."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = 0
        self._sentence, self._warns = "", False
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(2 * GRID)
        self._title, self._words = QLabel(self), QLabel(self)
        self._before, self._after = QLabel(self), QLabel(self)
        row.addWidget(self._title)
        row.addWidget(self._words, 1)
        row.addWidget(self._before)
        self.field = self._made(1)
        row.addWidget(self.field)
        row.addWidget(self._after)
        self.setFixedHeight(HEIGHT)
        self.retranslate()
        self.restyle()

    def _made(self, rows: int) -> NumberField:
        field = NumberField(Field("row", message("Training row"), "int", 1, 1, max(rows, 1)), parent=self)
        field.setFixedWidth(64)
        field.value_changed.connect(lambda value: self.chosen.emit(int(value) - 1))
        return field

    def show_rows(self, rows: int, index: int) -> None:
        """There are so many rows, and the values are those of row `index`, from 0."""
        if rows != self._rows:
            self._rows = rows
            old, self.field = self.field, self._made(rows)
            self._row.replaceWidget(old, self.field)
            self.setTabOrder(old, self.field)
            old.hide()
            old.deleteLater()
        self.field.set_value(index + 1)
        for part in (self._before, self.field, self._after):
            part.setVisible(rows > 0)
        self.retranslate()

    def say(self, sentence: str, *, warns: bool = False) -> None:
        """What is shown, or why it is not the present network."""
        self._sentence, self._warns = sentence, warns
        self._words.setToolTip(sentence)
        self._show_words()
        self.restyle()

    def sentence(self) -> str:
        """The sentence in full."""
        return self._sentence

    def _show_words(self) -> None:
        room = max(self._words.width() - 2, 40)
        self._words.setText(self._words.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the sentence short where it has no room."""
        super().resizeEvent(event)
        self._row.activate()
        self._show_words()

    def retranslate(self) -> None:
        """The language has changed."""
        self._title.setText(tr("Operations"))
        self._before.setText(tr("Training row"))
        self._after.setText(tr("of {count}", count=figure(self._rows)))
        self._row.activate()
        self._show_words()

    def restyle(self) -> None:
        """The theme has changed."""
        theme = themes.current()
        self._title.setFont(title_font(CONTROL + 1))
        for label in (self._words, self._before, self._after):
            label.setFont(font(CONTROL - 1))
            label.setMinimumWidth(0)
        self._title.setForegroundRole(QPalette.ColorRole.WindowText)
        for label in (self._words, self._before, self._after):
            colored(label, theme.error if label is self._words and self._warns else theme.muted)

    def paintEvent(self, event: QPaintEvent) -> None:
        """On a ground of its own: nothing shows through of a panned or enlarged graph."""
        painter = QPainter(self)
        painter.fillRect(QRectF(self.rect()), QColor(themes.current().surface))


class Nothing(QWidget):
    """What is said where there are no operations yet."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        self._title, self._text = QLabel(self), QLabel(self)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedWidth(420)

    def say(self, title: str, text: str) -> None:
        """Say it."""
        self._title.setText(title)
        self._text.setText(text)
        self.restyle()

    def words(self) -> str:
        """What is said."""
        return f"{self._title.text()}. {self._text.text()}"

    def restyle(self) -> None:
        """The theme has changed."""
        theme = themes.current()
        self._title.setFont(title_font(20))
        self._text.setFont(font())
        self._title.setForegroundRole(QPalette.ColorRole.WindowText)
        colored(self._text, theme.muted)
        self.setFixedHeight(self._column.heightForWidth(self.width()))
