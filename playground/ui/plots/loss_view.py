"""The two curves themselves: ranges that grow in nice steps, ticks, and a cursor that reads them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGraphicsItem, QLabel, QSizePolicy, QWidget

from playground.data.table import Array, Range
from playground.ui import theme as themes
from playground.ui.plots.axes import Frame, linear_ticks, log_ticks, nice_above

#: What a logarithmic axis shows of a loss that reached 0, and the most decades it spans.
SMALLEST, MOST_DECADES = 1e-12, 8.0
LEFT, BOTTOM, TOP = 46, 22, 6
RIGHT = 10
#: Between the hint's words and the edge of its ground, and between that and the edge of the plot's area.
_INSIDE, _AROUND = 4, 3


@dataclass(frozen=True)
class Ranges:
    """What the axes cover: epochs, and losses (their decimal logarithms on a logarithmic axis)."""

    epochs: Range = (0.0, 10.0)
    losses: Range = (0.0, 1.0)


def ranges_of(history: Array, logarithmic: bool) -> Ranges:
    """Ranges in nice steps that hold a whole history, [3, points]: they change seldom, and never by a little."""
    epochs = (0.0, nice_above(max(10.0, float(history[0, -1])))) if history.shape[1] else Ranges().epochs
    losses = history[1:][np.isfinite(history[1:])]
    if not len(losses):
        return Ranges(epochs)
    top = float(losses.max())
    if not logarithmic:
        end = nice_above(top) if top > 0 else 1.0
        return Ranges(epochs, (-0.03 * end, end))
    high = math.ceil(math.log10(max(top, SMALLEST)) * 2.0 - 1e-9) / 2.0
    positive = losses[losses > 0]
    low = math.floor(math.log10(float(positive.min())) * 2.0 + 1e-9) / 2.0 if len(positive) else high - 1.0
    return Ranges(epochs, (max(min(low, high - 1.0), high - MOST_DECADES), high))


class LossView(Frame):
    """Training loss as a solid line, test loss dashed; `hint` says what will come, on an empty plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.train, self.test = pg.PlotDataItem(), pg.PlotDataItem()
        self.dots = pg.ScatterPlotItem(size=8)
        self.lines = pg.PlotCurveItem()
        self.cursor = pg.InfiniteLine(angle=90, movable=False)
        self.history: Array = np.empty((3, 0))
        self.logarithmic = False
        self.ranges = Ranges()
        self._live = False
        super().__init__(parent)
        for item in (self.lines, self.cursor, self.test, self.train, self.dots):
            self.box.addItem(item, ignoreBounds=True)
        self.cursor.hide()
        self.box.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, False)
        self.axes["left"].setWidth(LEFT)
        self.axes["bottom"].setHeight(BOTTOM)
        self.grid.setContentsMargins(0, TOP, RIGHT, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(140, 80)
        self.hint = QLabel(self)
        self.hint.setFont(themes.caption_font())
        self.hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        # On a ground of its own: lines of the grid run behind it.
        self.hint.setBackgroundRole(QPalette.ColorRole.Window)
        self.hint.setAutoFillBackground(True)
        self.hint.setMargin(_INSIDE)
        self.themed()
        self._set_ranges()

    def themed(self, theme: object = None) -> None:
        """Take the present theme."""
        super().themed(theme)
        now = themes.themes.current()
        width = 1 if self._live else 2
        self.train.setPen(pg.mkPen(now.accent, width=width))
        self.test.setPen(pg.mkPen(now.forward, width=width, dash=[5.0, 3.0]))
        self.cursor.setPen(pg.mkPen(now.edge, width=1, style=Qt.PenStyle.DotLine))
        self.lines.setPen(pg.mkPen(now.line, width=1))

    def sizeHint(self) -> QSize:
        """A comfortable size; the plot takes what it gets."""
        return QSize(380, 180)

    def fit(self) -> None:
        """More room has more ticks; the hint lies in the middle of the plot's area, wrapped to fit into it."""
        self._set_ticks()
        self._place_hint()

    def set_hint(self, words: str) -> None:
        """Other words for an empty plot."""
        self.hint.setText(words)
        self._place_hint()

    def _place_hint(self) -> None:
        area = QRect(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)
        room = area.adjusted(_AROUND, _AROUND, -_AROUND, -_AROUND)
        words = self.hint.fontMetrics().horizontalAdvance(self.hint.text()) + 2 * _INSIDE + 2
        width = max(0, min(words, room.width()))
        place = QRect(0, 0, width, min(self.hint.heightForWidth(width), max(0, room.height())))
        place.moveCenter(area.center())
        self.hint.setGeometry(place)

    def set_live(self, live: bool) -> None:
        """While it moves: no antialiasing, pens of width 1."""
        if live != self._live:
            self._live = live
            self.set_smooth(not live)
            self.themed()
            self.set_history(self.history)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Switch between a linear and a logarithmic axis."""
        self.logarithmic = logarithmic
        self.set_history(self.history)

    def set_history(self, history: Array) -> None:
        """Draw a history, [3, points]: epochs, training losses, test losses (NaN where there are none)."""
        self.history = history
        self.hint.setVisible(history.shape[1] < 2)
        ranges = ranges_of(history, self.logarithmic)
        if ranges != self.ranges:
            self.ranges = ranges
            self._set_ranges()
        for curve, losses in ((self.train, history[1]), (self.test, history[2])):
            finite = np.isfinite(losses)
            x, y = history[0][finite], self.height_of(losses[finite])
            # One point is no line: it is drawn as a dot.
            dot = "o" if len(x) == 1 else None
            curve.setData(x, y, symbol=dot, symbolSize=6, symbolPen=None, antialias=not self._live)
        if history.shape[1] == 1:
            now = themes.themes.current()
            self.train.setSymbolBrush(now.accent)
            self.test.setSymbolBrush(now.forward)

    def height_of(self, losses: Array) -> Array:
        """Losses in the units of the vertical axis."""
        if not self.logarithmic:
            return losses
        heights: Array = np.log10(np.maximum(losses, 10.0 ** self.ranges.losses[0]))
        return heights

    def _set_ranges(self) -> None:
        self.box.setXRange(*self.ranges.epochs, padding=0.0)
        self.box.setYRange(*self.ranges.losses, padding=0.0)
        self._set_ticks()

    def _set_ticks(self) -> None:
        width, height = self.width() - LEFT - RIGHT, self.height() - BOTTOM - TOP
        self.set_ticks("bottom", linear_ticks(*self.ranges.epochs, most=max(2, min(6, width // 56))))
        ticks = log_ticks if self.logarithmic else linear_ticks
        heights = ticks(*self.ranges.losses, most=max(2, min(5, height // 18)))
        self.set_ticks("left", heights)
        at = np.repeat([value for value, _ in heights], 2)
        self.lines.setData(np.tile(self.ranges.epochs, len(heights)), at, connect="pairs")

    def show_cursor(self, place: int | None) -> None:
        """Mark one point of the history on both curves, or none."""
        self.cursor.setVisible(place is not None)
        if place is None:
            self.dots.clear()
            return
        now = themes.themes.current()
        epoch, *losses = self.history[:, place]
        marked = [(loss, color) for loss, color in zip(losses, (now.accent, now.forward), strict=True) if loss == loss]
        self.cursor.setPos(epoch)
        self.dots.setData(
            x=[epoch] * len(marked),
            y=[float(self.height_of(np.array([loss]))[0]) for loss, _ in marked],
            brush=[pg.mkBrush(color) for _, color in marked],
            pen=pg.mkPen(now.surface, width=1.5),
        )

    def place_of(self, epoch: float) -> int | None:
        """The point of the history that is nearest to an epoch."""
        epochs = self.history[0]
        return int(np.abs(epochs - epoch).argmin()) if len(epochs) else None
