"""A plot of which any point can be read, with the pointer or with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QWidget

from playground.data.table import Array
from playground.engine.exact import decimal
from playground.ui import theme as themes
from playground.ui.plots.axes import Frame, Ticks, linear_ticks

#: A picture that gets so much wider or narrower for its height is another one.
_OTHER_SHAPE = 0.03
#: The room of the ticks to the left at least, and beside their words.
_MARGIN, _BESIDE = 44.0, 12.0
#: Beyond so many widths of the picture nothing is drawn.
LOST = 10.0
#: Ticks at most, across and upwards.
_ACROSS, _UPWARDS = 6, 4


def told_apart(ticks: Ticks) -> Ticks:
    """The same ticks; where some of them read the same, with more digits."""
    for digits in range(4, 10):
        if len({text for _, text in ticks}) == len(ticks):
            break
        ticks = [(value, decimal(float(f"{value:.{digits}g}"))) for value, _ in ticks]
    return ticks


def near(points: Array, view: Sequence[Sequence[float]]) -> Array:
    """Those rows of [points, 2] that are finite, and not so far out of the picture that a painter would be lost."""
    ranges = np.array(view)
    size = ranges[:, 1] - ranges[:, 0]
    inside = np.abs(points - ranges.mean(axis=1)) <= LOST * size
    return points[inside.all(axis=1)] if len(points) else np.empty((0, 2))


def line_item() -> pg.PlotCurveItem:
    """A line that stands still: its edges are smooth."""
    return pg.PlotCurveItem(antialias=True)


class ReadingFrame(Frame):
    """What is read are the points that were worked out, so that every number is a true one.

    `read` carries the numbers there and the height, (w, L) or (w, v, L), and None where nothing is read any more;
    `reshaped` says that the picture has other proportions.

    Attributes:
        here, there: the present numbers, a circle, and where the step lands.
        other, before: where another optimizer would, a hollow diamond, and where the last steps were.
    """

    read = Signal(object)
    reshaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        self.cross = pg.ScatterPlotItem(size=15, symbol="+")
        self.here, self.there, self.other, self.before = (
            pg.ScatterPlotItem(size=size, symbol=symbol) for size, symbol in ((11, "o"), (12, "t"), (11, "d"), (6, "o"))
        )
        self.names = {side: pg.TextItem(anchor=anchor) for side, anchor in (("bottom", (1, 1)), ("left", (0, 0)))}
        self._place: tuple[int, ...] | None = None
        self._numbers: tuple[float, ...] = ()
        self._shape, self._margin = 0.0, _MARGIN
        super().__init__(parent)
        self.setMinimumSize(220, 120)
        self.set_smooth(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pointed.connect(self._point)
        self.key_moved.connect(self._move)

    # --- what a plot has to say of itself ----------------------------------------------------------

    def grid_lines(self) -> tuple[Array, ...]:
        """The places along each axis that were worked out; empty where nothing is shown."""
        raise NotImplementedError

    def height(self, place: tuple[int, ...]) -> float:
        """The height at one of them."""
        raise NotImplementedError

    def start(self) -> tuple[float, ...]:
        """From where the arrow keys lead away: the present place."""
        raise NotImplementedError

    # --- reading -----------------------------------------------------------------------------------

    def clear_points(self) -> None:
        """Show none of them."""
        for points in (self.here, self.there, self.other, self.before):
            points.setData([], [])

    def _nearest(self, at: tuple[float, ...]) -> tuple[int, ...] | None:
        lines = self.grid_lines()
        if not lines:
            return None
        return tuple(int(np.abs(line - value).argmin()) for line, value in zip(lines, at, strict=False))

    def _point(self, at: tuple[float, float] | None) -> None:
        self._read(None if at is None else self._nearest(at))

    def _move(self, right: int, up: int) -> None:
        lines = self.grid_lines()
        if not lines or right == up == 0:
            self._read(None)
            return
        before = self._place or self._nearest(self.start())
        assert before is not None, "there are lines"
        steps = (right, up) if len(lines) > 1 else (right or up,)
        self._read(
            tuple(min(max(k + step, 0), len(line) - 1) for k, step, line in zip(before, steps, lines, strict=True))
        )

    def _read(self, place: tuple[int, ...] | None) -> None:
        if place is None and self._place is None:
            return
        self._place = place
        if place is None:
            self.cross.setData([], [])
            self.read.emit(None)
            return
        numbers = [float(line[k]) for line, k in zip(self.grid_lines(), place, strict=True)]
        height = self.height(place)
        self._numbers = tuple(numbers)
        self.cross.setData([numbers[0]], [numbers[1] if len(numbers) > 1 else height])
        self.read.emit((*numbers, height))

    def read_anew(self, *, keep: bool = False) -> None:
        """Other heights are shown: what was read is over, or read where the place is among them now."""
        place = self._nearest(self._numbers) if keep and self._place is not None else None
        self._read(place)

    # --- the frame ---------------------------------------------------------------------------------

    def show_names(self, across: str, up: str) -> None:
        """Write the axes' names inside, where they take no room from a low picture."""
        (left, right), (low, high) = self.box.viewRange()
        for side, text, x, y in (("bottom", across, right, low), ("left", up, left, high)):
            self.names[side].setPlainText(text)
            self.names[side].setPos(x, y)

    def themed(self, theme: object = None) -> None:
        """Take the present theme."""
        super().themed(theme)
        now = themes.themes.current()
        self.setBackground(now.surface)
        self.cross.setBrush(now.text)
        self.cross.setPen(pg.mkPen(now.surface, width=1))
        self.here.setBrush(now.surface)
        self.here.setPen(pg.mkPen(now.text, width=2))
        self.there.setBrush(now.accent)
        self.there.setPen(pg.mkPen(now.surface, width=1))
        self.other.setBrush(now.surface)
        self.other.setPen(pg.mkPen(now.text, width=1))
        self.before.setPen(None)
        for item in self.names.values():
            item.setFont(themes.font(themes.CONTROL))
            item.setColor(now.text)
            item.update()
        self._frame()

    def _frame(self) -> None:
        now = themes.themes.current()
        self.box.setBorder(pg.mkPen(now.accent if self.hasFocus() else now.line, width=1))

    def put_ticks(self) -> None:
        """Ticks for the present ranges, as many as there is room for, each with the digits that tell it from others."""
        (left, right), (low, high) = self.box.viewRange()
        metrics = QFontMetricsF(themes.caption_font())
        upwards = told_apart(linear_ticks(low, high, most=_UPWARDS))
        self.set_ticks("left", upwards)
        widest = max((metrics.horizontalAdvance(text) for _, text in upwards), default=0.0)
        self._margin = max(_MARGIN, widest + _BESIDE)
        for most in range(_ACROSS, 0, -1):
            across = told_apart(linear_ticks(left, right, most=most))
            if sum(metrics.horizontalAdvance(text) + _BESIDE for _, text in across) <= self.box.width():
                break
        self.set_ticks("bottom", across)

    def fit(self) -> None:
        """Leave room for the ticks."""
        self.axes["left"].setWidth(self._margin)
        self.axes["bottom"].setHeight(20)
        self.grid.setContentsMargins(2, 4, 8, 2)
        self.grid.activate()

    def aspect(self) -> float:
        """How many times as wide as high the picture is."""
        return max(self.box.width(), 1.0) / max(self.box.height(), 1.0)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Tell where that makes another picture."""
        super().resizeEvent(event)
        if event is not None and abs(self.aspect() - self._shape) > _OTHER_SHAPE * self._shape:
            self._shape = self.aspect()
            self.reshaped.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show who has the keyboard."""
        super().focusInEvent(event)
        self._frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was read by keys is over."""
        super().focusOutEvent(event)
        self._frame()
        self._read(None)
