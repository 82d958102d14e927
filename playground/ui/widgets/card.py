"""A panel: a card with soft corners, a title, room for a few controls beside it, and a body."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from playground.ui.theme import CORNER, GRID, themes, title_font
from playground.ui.widgets.painting import box, painter_on


class Card(QWidget):
    """A titled panel; put widgets into `body`, small controls into `header` (to the right of the title).

    `framed` draws the surface and its outline; without, the panel lies on the window's ground, as the left side does.
    """

    def __init__(self, title: str = "", *, framed: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._framed = framed
        margin = 4 * GRID if framed else 0
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, 3 * GRID if framed else 0, margin, margin)
        column.setSpacing(2 * GRID)
        self.header = QHBoxLayout()
        self.header.setSpacing(2 * GRID)
        self._title = QLabel(title)
        self._title.setFont(title_font())
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._title.setVisible(bool(title))
        self.header.addWidget(self._title, 1)
        column.addLayout(self.header)
        self.body = QVBoxLayout()
        self.body.setSpacing(2 * GRID)
        column.addLayout(self.body, 1)
        self.setAccessibleName(title)

    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Another title (the language or the content changed)."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        if not self._framed:
            return
        theme = themes.current()
        painter = painter_on(self)
        box(painter, QRectF(self.rect()), theme.surface, theme.line, radius=CORNER)
        painter.end()
