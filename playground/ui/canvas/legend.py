"""What the two colours of maps and weights mean, at the foot of the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.theme import caption_font, themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box


class Legend(QWidget):
    """What the two colours of maps and weights mean: a sign, each with its shape."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words: tuple[str, str] = ("", "")
        self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language of the window."""
        self._words = tr("below 0, dashed"), tr("above 0 (a sign, not a class)")
        self.setAccessibleName(", ".join(self._words))
        metrics = QFontMetrics(caption_font())
        width = sum(metrics.horizontalAdvance(words) for words in self._words) + 2 * 16 + 16 + 14
        self.resize(width, metrics.height() + 4)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A square, a circle, and their words."""
        theme = themes.current()
        ground = QColor(theme.surface)
        ground.setAlphaF(0.9)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), ground)
        painter.setFont(caption_font())
        metrics, left, middle = QFontMetrics(caption_font()), 8, self.height() / 2.0
        for words, color, round_ in zip(self._words, (theme.negative, theme.positive), (False, True), strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            mark = QRectF(left, middle - 4.0, 8.0, 8.0)
            painter.drawEllipse(mark) if round_ else painter.drawRect(mark)
            painter.setPen(theme.muted)
            width = metrics.horizontalAdvance(words)
            painter.drawText(QRectF(left + 14, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            left += 16 + width + 14
        painter.end()
