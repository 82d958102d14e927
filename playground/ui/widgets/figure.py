"""A live figure under its caption: large enough for a projector, and it never dances."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.theme import CAPTION, FIGURE, figure_font, font, themes
from playground.ui.translation import NO_FIGURE
from playground.ui.widgets.painting import painter_on


class Figure(QWidget):
    """A caption and, under it, a figure of equally wide digits in room kept for the widest that will come.

    `widest` is such a text ("1,204,000"): a longer one still fits, and then keeps its room. `size` is the height of
    the digits' font.
    """

    def __init__(
        self, label: str, *, widest: str = "0.0000", size: int = FIGURE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label = label
        self._text = NO_FIGURE
        self._caption_font = font(CAPTION + (1 if size > FIGURE else 0))
        self._figure_font = figure_font(size)
        self._room = self._width_of(widest)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name()

    def text(self) -> str:
        """The figure shown now."""
        return self._text

    def label(self) -> str:
        """The caption."""
        return self._label

    def set_label(self, label: str) -> None:
        """Another caption (the language changed)."""
        self._label = label
        self._name()
        self.updateGeometry()
        self.update()

    def set_text(self, text: str) -> None:
        """Show this figure, formatted by `translation.figure`."""
        if text == self._text:
            return
        self._text = text
        self._name()
        width = self._width_of(text)
        if width > self._room:
            self._room = width
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The room that everything it shows needs."""
        caption = QFontMetricsF(self._caption_font)
        width = max(self._room, caption.horizontalAdvance(self._label))
        height = caption.height() + QFontMetricsF(self._figure_font).height() - 4.0
        return QSize(round(width + 0.49), round(height + 0.49))

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        rect = QRectF(self.rect())
        painter.setFont(self._caption_font)
        painter.setPen(theme.muted)
        painter.drawText(rect.adjusted(0.0, -2.0, 0.0, 0.0), Qt.AlignmentFlag.AlignTop, self._label)
        painter.setFont(self._figure_font)
        painter.setPen(theme.text if self.isEnabled() else theme.disabled)
        painter.drawText(rect.adjusted(0.0, 0.0, 0.0, 2.0), Qt.AlignmentFlag.AlignBottom, self._text)
        painter.end()

    def _width_of(self, text: str) -> float:
        return QFontMetricsF(self._figure_font).horizontalAdvance(text)

    def _name(self) -> None:
        self.setAccessibleName(f"{self._label} {self._text}")
