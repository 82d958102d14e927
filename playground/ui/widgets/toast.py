"""A notice at the bottom of the window: one sentence, perhaps one action, and never a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from playground.messages import Message
from playground.ui.icons import draw_icon
from playground.ui.theme import GRID, themes
from playground.ui.translation import language_changed, tr
from playground.ui.widgets.chip import TextButton
from playground.ui.widgets.painting import box, painter_on

Mood = Literal["info", "ok", "warn", "error"]

_MARKS: dict[Mood, str] = {"info": "info", "ok": "check", "warn": "warn", "error": "error"}
_MARGIN, _MARK, _WIDEST = 24, 18, 720
#: Above the lower edge: the buttons over the canvas stay free.
_CLEAR = 64


class Toast(QWidget):
    """Lies over its window's lower edge. A new notice takes the place of the old one.

    A notice goes by itself after a time in which it can be read, but not while the pointer or the focus is on it, and
    an error stays until it is closed or replaced.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._said: str | Message = ""
        self._verb: str | Message = ""
        self._mood: Mood = "info"
        self._act: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(4 * GRID + _MARK + 2 * GRID, GRID, GRID, GRID)
        row.setSpacing(2 * GRID)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row.addWidget(self._words, 1)
        self._action = TextButton()
        self._action.clicked.connect(self._do)
        row.addWidget(self._action)
        self._close = TextButton(icon="close")
        self._close.clicked.connect(self.dismiss)
        row.addWidget(self._close)
        window.installEventFilter(self)
        language_changed.connect(self._retranslate)
        self.hide()

    def say(
        self,
        text: str | Message,
        *,
        mood: Mood = "info",
        action: str | Message = "",
        on_action: Callable[[], object] | None = None,
    ) -> None:
        """Show one sentence; `action` is the verb on its button, `on_action` what that does.

        Messages follow a change of the language, plain texts stay as they are.
        """
        self._said, self._verb, self._mood, self._act = text, action, mood, on_action
        self._retranslate()
        self.show()
        self.raise_()
        self.update()
        announcement = QAccessibleAnnouncementEvent(self, self.text())
        QAccessible.updateAccessibility(announcement)
        self._wait()

    def text(self) -> str:
        """The sentence that is shown, or was last."""
        return self._words.text()

    def mood(self) -> Mood:
        """What kind of notice it is."""
        return self._mood

    def dismiss(self) -> None:
        """Take the notice away."""
        self._timer.stop()
        self._act = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the keys of this control."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Wait while it is being read."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go on."""
        self._wait()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window changes."""
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        color = {"info": theme.accent, "ok": theme.ok, "warn": theme.warn, "error": theme.error}[self._mood]
        painter = painter_on(self)
        rect = QRectF(self.rect())
        box(painter, rect, theme.surface, color)
        draw_icon(painter, _MARKS[self._mood], QRectF(14.0, rect.center().y() - _MARK / 2.0, _MARK, _MARK), color)
        painter.end()

    def _retranslate(self, *language: object) -> None:
        words, verb = (tr(said) if isinstance(said, Message) else said for said in (self._said, self._verb))
        self._words.setText(words)
        self._action.setText(verb)
        self._action.setVisible(bool(verb))
        self._close.rename(tr("Close this notice"))
        self.setAccessibleName(words)
        self._place()

    def _do(self) -> None:
        act = self._act
        self.dismiss()
        if act is not None:
            act()

    def _wait(self) -> None:
        if self._mood != "error" and self.isVisible():
            self._timer.start(4000 + 60 * len(self._words.text()))

    def _place(self) -> None:
        window = self._window
        room = window.width() - 2 * _MARGIN
        words = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 4
        beside = self._row.contentsMargins().left() + self._close.sizeHint().width() + 5 * GRID
        if self._action.text():
            beside += self._action.sizeHint().width() + 2 * GRID
        width = max(160, min(words + beside, _WIDEST, room))
        height = max(44, self.heightForWidth(width))
        self.setGeometry((window.width() - width) // 2, window.height() - height - _CLEAR, width, height)
