"""The bar under the pages of the microscope in which a question is put, answered and judged; see `asking`."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from playground.ui.microscope.asking import Asking
from playground.ui.projector import number_size, projector, word_size
from playground.ui.theme import CONTROL, GRID, figure_font, font, themes
from playground.ui.translation import tr
from playground.ui.widgets.chip import Chip, PrimaryButton


class AskBar(QWidget):
    """Shown while questions are asked. `left` says that the keyboard was here when they were over."""

    left = Signal()

    def __init__(self, asking: Asking, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asking = asking
        self._told, self._number = "", 0
        self.words, self.verdict = QLabel(), QLabel()
        self.verdict.setWordWrap(True)
        self.guess = QLineEdit()
        self.guess.setFixedWidth(120)
        self.check, self.next, self.stop = PrimaryButton(), PrimaryButton(), Chip()
        self.other = Chip(icon="right")
        self._row = row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        for widget in (self.words, self.guess, self.check, self.next, self.other):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addLayout(row)
        column.addWidget(self.verdict)
        self.guess.returnPressed.connect(self._enter)
        self.check.clicked.connect(lambda: asking.guess(self.guess.text()))
        self.next.clicked.connect(asking.go_on)
        self.other.clicked.connect(lambda: asking.other())
        self.stop.clicked.connect(asking.end)
        asking.said.connect(self._renew)
        asking.changed.connect(self._renew)
        asking.begun.connect(self.begin)
        projector.changed.connect(self._resize_type)
        self._resize_type()
        self.hide()
        self.retranslate()

    def begin(self) -> None:
        """Take the keyboard."""
        self.guess.setFocus()

    def _resize_type(self, _on: object = None) -> None:
        """As large as words and numbers are now; large words may go on below."""
        for label in (self.words, self.verdict):
            label.setFont(font(word_size(CONTROL)))
        self.guess.setFont(figure_font(number_size(CONTROL), bold=False))
        self.guess.setFixedWidth(160 if projector.on else 120)
        self.words.setWordWrap(projector.on)
        self._row.setStretchFactor(self.words, 20 if projector.on else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down choose among the questions that there are here."""
        if (
            event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self._asking.other(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if self._asking.locked:
            self._asking.go_on()
        else:
            self._asking.guess(self.guess.text())

    def _renew(self) -> None:
        asking = self._asking
        inside = self.isAncestorOf(self.focusWidget() or self) and (self.focusWidget() or self).hasFocus()
        if not asking.on:
            self.hide()
            self._told = ""
            self.guess.clear()
            if inside:
                self.left.emit()
            return
        asked = asking.turn is not None
        self.show()
        self.guess.setVisible(asked)
        self.guess.setReadOnly(asking.locked)
        if asking.number != self._number:
            self._number = asking.number
            self.guess.clear()
        self.next.setVisible(asking.locked)
        self.check.setVisible(asked and not asking.locked)
        self.other.setVisible(asking.covered and asking.others > 0)
        if inside:
            (self.next if asking.locked else self.guess if asked else self.stop).setFocus()
        if asking.judged is not None and not asking.locked:
            self.guess.selectAll()
        self._say()

    def _say(self) -> None:
        """The question, and what is to be said of the last guess; a screen reader is told what is new."""
        asking, theme = self._asking, themes.current()
        words, answer = asking.words(), asking.answer()
        news = answer if words == self._told else words
        changed = words != self._told or answer != self.verdict.text()
        self._told = words
        self.words.setText(words)
        self.guess.setAccessibleDescription(words)
        self.verdict.setText(answer)
        self.verdict.setVisible(bool(answer))
        right = asking.judged is not None and asking.judged.right
        self.verdict.setStyleSheet(f"color: {(theme.ok if right else theme.text).name()};")
        if changed and news and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, news))

    def retranslate(self) -> None:
        """Say everything in the language of the window."""
        self.setAccessibleName(tr("Question"))
        self.guess.setAccessibleName(tr("Your guess"))
        self.check.setText(tr("Check"))
        self.next.setText(tr("Next"))
        self.stop.setText(tr("Stop asking"))
        self.other.rename(tr("Another question (Up, Down)"))
        self._asking.refused = ""
        if self._asking.on:
            self._say()

    def restyle(self) -> None:
        """The theme has changed."""
        if self._asking.on:
            self._say()
