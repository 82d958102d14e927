"""What the two colours of maps and weights mean, and the padlock where there is one, at the foot of the canvas."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from playground.ui.canvas.locks import draw_locks
from playground.ui.theme import caption_font, themes
from playground.ui.translation import tr
from playground.ui.widgets.painting import box


class Legend(QWidget):
    """What the two colours of maps and weights mean: a sign, each with its shape; and what the padlock does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words: tuple[str, ...] = ()
        self._frozen = False
        self.retranslate()

    def show_frozen(self, frozen: bool) -> None:
        """Whether anything on the canvas is frozen; else there is no padlock to be explained."""
        if frozen != self._frozen:
            self._frozen = frozen
            self.retranslate()

    def retranslate(self) -> None:
        """Say it in the language of the window."""
        frozen = (tr("frozen: training leaves it as it is"),) if self._frozen else ()
        self._words = (tr("below 0, dashed"), tr("above 0 (a sign, not a class)"), *frozen)
        self.setAccessibleName(", ".join(self._words))
        metrics = QFontMetrics(caption_font())
        width = sum(metrics.horizontalAdvance(words) + 30 for words in self._words) + 2
        self.resize(width, metrics.height() + 4)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A square, a circle and a padlock, with their words."""
        theme = themes.current()
        ground = QColor(theme.surface)
        ground.setAlphaF(0.9)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box(painter, QRectF(self.rect()), ground)
        painter.setFont(caption_font())
        metrics, left, middle = QFontMetrics(caption_font()), 8, self.height() / 2.0
        for kind, words in enumerate(self._words):
            mark = QRectF(left, middle - 4.0, 8.0, 8.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush((theme.negative, theme.positive, theme.text)[kind])
            if kind == 0:
                painter.drawRect(mark)
            elif kind == 1:
                painter.drawEllipse(mark)
            else:
                draw_locks(painter, np.array([[mark.center().x(), mark.center().y()]]), theme.text, theme.surface)
            painter.setPen(theme.muted)
            width = metrics.horizontalAdvance(words)
            painter.drawText(QRectF(left + 14, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
            left += 16 + width + 14
        painter.end()
