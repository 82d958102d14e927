"""The key under a plot: what each marker, line or shade stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from playground.ui.icons import marker_path
from playground.ui.plots.picture import STRENGTH
from playground.ui.theme import CAPTION, font, themes
from playground.ui.widgets.painting import painter_on

_SAMPLE, _LINE, _BAR, _GAP, _BETWEEN = 9.0, 20.0, 64.0, 6.0, 14.0


@dataclass(frozen=True)
class Entry:
    """One line of the key.

    Attributes:
        kind: "marker", "hollow" (a marker's outline), "line", "dashes", "scale" (from negative to
            positive) or "none" (words alone).
        color: of the sample; a scale has its own.
        marker: see `icons.marker_path`.
    """

    text: str
    kind: str
    color: QColor | None = None
    marker: str = "circle"


class Key(QWidget):
    """Entries side by side; what does not fit is left out at the end, and the accessible name says it all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()
        self._font = font(CAPTION)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What it shows."""
        return self._entries

    def set_type(self, size: int) -> None:
        """The height of its words, in logical pixels."""
        self._font = font(size)
        self.updateGeometry()
        self.update()

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Show these entries."""
        self._entries = tuple(entries)
        self.setAccessibleName(", ".join(entry.text for entry in self._entries))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all entries."""
        metrics = QFontMetricsF(self._font)
        width = sum(_sample(entry) + _GAP + metrics.horizontalAdvance(entry.text) for entry in self._entries)
        return QSize(round(width + _BETWEEN * max(0, len(self._entries) - 1) + 1), max(20, round(metrics.height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        painter = painter_on(self)
        painter.setFont(self._font)
        metrics = QFontMetricsF(self._font)
        baseline = self.height() / 2.0 + metrics.capHeight() / 2.0
        left = 1.0
        for entry in self._entries:
            right = left + _sample(entry) + _GAP + metrics.horizontalAdvance(entry.text)
            if right > self.width():
                break
            _draw_sample(painter, entry, left, self.height() / 2.0)
            painter.setPen(themes.current().muted)
            painter.drawText(QPointF(left + _sample(entry) + _GAP, baseline), entry.text)
            left = right + _BETWEEN
        painter.end()


def _sample(entry: Entry) -> float:
    return {"line": _LINE, "dashes": _LINE, "scale": _BAR, "none": -_GAP}.get(entry.kind, _SAMPLE)


def _draw_sample(painter: QPainter, entry: Entry, left: float, middle: float) -> None:
    theme = themes.current()
    color = entry.color or theme.text
    if entry.kind == "scale":
        bar = QRectF(left, middle - 4.0, _BAR, 8.0)
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        for at in (0.0, 0.5, 1.0):
            shades.setColorAt(at, theme.signed(2.0 * at - 1.0, STRENGTH))
        painter.setPen(QPen(theme.line, 1.0))
        painter.setBrush(shades)
        painter.drawRect(bar)
        return
    if entry.kind in ("line", "dashes"):
        pen = QPen(color, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
        if entry.kind == "dashes":
            pen.setDashPattern([3.0, 2.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(left, middle), QPointF(left + _LINE, middle))
        return
    if entry.kind == "none":
        return
    hollow = entry.kind == "hollow"
    painter.setPen(QPen(color, 1.6) if hollow else Qt.PenStyle.NoPen)
    painter.setBrush(theme.surface if hollow else color)
    painter.translate(left + _SAMPLE / 2.0, middle)
    painter.drawPath(marker_path(entry.marker, _SAMPLE - 2.0 if hollow else _SAMPLE))
    painter.translate(-left - _SAMPLE / 2.0, -middle)
