"""Renaming a card in place: a text field over its title, Qt's own, so that Korean is composed in it as anywhere."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from playground.document.edits import LONGEST_NAME
from playground.ui.theme import title_font
from playground.ui.translation import tr


class NameField(QLineEdit):
    """Enter or leaving it takes the name, Esc gives the old one back. `done` carries the text, or None."""

    done = Signal(object)

    def __init__(self, text: str, place: QRect, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setAccessibleName(tr("Name of the card"))
        self.setMaxLength(LONGEST_NAME)
        self.setFont(title_font())
        self.setGeometry(place)
        self._over = False
        self.returnPressed.connect(lambda: self._finish(self.text()))
        self.show()
        self.selectAll()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the name as it was; all other keys are text, and none reaches the canvas."""
        if event.key() == Qt.Key.Key_Escape:
            self._finish(None)
            return
        super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving takes the name; a menu that opens over it does not."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._finish(self.text())

    def _finish(self, text: str | None) -> None:
        if not self._over:
            self._over = True
            self.done.emit(text)
            self.deleteLater()
