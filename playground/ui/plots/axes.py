"""Axes that stand still: ranges in nice steps, ticks at round numbers, and the frame that both plots share."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QWidget

from playground.ui import theme as themes
from playground.ui.translation import figure

#: What an axis may end at, times a power of ten: near enough to each other that a curve never fills less than ⅔.
_ENDS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

Ticks = list[tuple[float, str]]


def nice_above(value: float) -> float:
    """The smallest round number that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(end * power for end in (*_ENDS, 12.0) if end * power >= value * (1.0 - 1e-12))


def linear_ticks(low: float, high: float, most: int) -> Ticks:
    """At most `most` + 1 ticks at round numbers from low to high, each with its text."""
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in (*_STEPS, 20.0) if step * power >= rough * (1.0 - 1e-9))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if f"{step:e}".startswith("2.5") else 0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(number * step, _tick_text(number * step, decimals)) for number in range(first, last + 1)]


def _tick_text(value: float, decimals: int) -> str:
    """A tick's number with all the decimals of its step, and the minus sign of a textbook."""
    if decimals > 5 or abs(value) >= 1e7:
        return "0" if value == 0 else f"{value:.3g}".replace("-", "−")
    return f"{value:,.{decimals}f}".replace("-", "−") if value else "0"


def log_ticks(low: float, high: float, most: int) -> Ticks:
    """Ticks for a range of decimal logarithms: at the powers of ten, and between them at 3 where there is room."""
    decades = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    every = max(1, math.ceil(len(decades) / max(1, most)))
    ticks = [(float(power), _power_text(1, power)) for power in decades if power % every == 0]
    between = math.log10(3.0)
    if len(decades) * 2 <= most:
        powers = range(math.floor(low), math.ceil(high) + 1)
        ticks += [(power + between, _power_text(3, power)) for power in powers if low <= power + between <= high]
    return sorted(ticks)


def _power_text(digit: int, power: int) -> str:
    return (
        f"{digit}e{power}".replace("-", "−") if abs(power) > 4 else figure(digit * 10.0**power).rstrip("0").rstrip(".")
    )


class Frame(pg.GraphicsView):
    """A plot whose ranges, ticks and margins are set from outside, which neither pans nor zooms and has no menus.

    `box` holds what is drawn, `axes` are the two axes by side, `grid` is their layout.

    `pointed` tells where the pointer is over the plot's area, as (x, y) in its own units, None where it has left;
    `key_moved` tells arrow keys as (right, up) steps, (0, 0) for Escape. `picked` tells a click, as `pointed` does, and
    None for Enter: there where the keys have led.
    """

    pointed = Signal(object)
    picked = Signal(object)
    key_moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.box.disableAutoRange()
        self.box.setZValue(-100)
        self.axes = {side: pg.AxisItem(side) for side in ("left", "bottom")}
        middle = pg.GraphicsWidget()
        self.grid = QGraphicsGridLayout(middle)
        self.grid.setSpacing(0)
        self.grid.addItem(self.axes["left"], 0, 0)
        self.grid.addItem(self.box, 0, 1)
        self.grid.addItem(self.axes["bottom"], 1, 1)
        self.grid.setColumnStretchFactor(1, 1)
        self.grid.setRowStretchFactor(0, 1)
        self.setCentralItem(middle)
        for axis in self.axes.values():
            axis.linkToView(self.box)
            axis.setStyle(tickLength=-4, tickTextOffset=4, autoReduceTextSpace=False, hideOverlappingLabels=False)
            axis.enableAutoSIPrefix(False)
        self.themed()
        themes.themes.changed.connect(self.themed)

    def themed(self, theme: object = None) -> None:
        """Take the colours and fonts of the present theme; subclasses add those of their own items."""
        now = themes.themes.current()
        self.setBackground(None)
        self.box.setBorder(pg.mkPen(now.line, width=1))
        for axis in self.axes.values():
            axis.setPen(pg.mkPen(now.line, width=1))
            axis.setTextPen(pg.mkPen(now.muted))
            axis.setTickFont(themes.caption_font())

    def fit(self) -> None:
        """Settle margins and ticks for the present size."""

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Settle into another size; the base class also calls this before there is anything to settle."""
        super().resizeEvent(event)
        if event is not None:
            self.fit()

    def set_label(self, side: str, text: str) -> None:
        """Name an axis; an empty text takes no room."""
        axis = self.axes[side]
        axis.showLabel(bool(text))
        axis.setLabel(text, **{"color": themes.themes.current().muted.name(), "font-size": f"{themes.CAPTION}px"})

    def set_ticks(self, side: str, ticks: Ticks) -> None:
        """Put ticks at these values."""
        self.axes[side].setTicks([ticks])

    def set_smooth(self, smooth: bool) -> None:
        """Antialiasing: on while the picture stands still, off while it moves."""
        if smooth != bool(self.renderHints() & QPainter.RenderHint.Antialiasing):
            self.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is; nothing is dragged here."""
        inside = self.box.sceneBoundingRect().contains(event.position())
        point = self.box.mapSceneToView(event.position()) if inside else None
        self.pointed.emit(None if point is None else (point.x(), point.y()))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click picks what is there."""
        if event.button() == Qt.MouseButton.LeftButton and self.box.sceneBoundingRect().contains(event.position()):
            point = self.box.mapSceneToView(event.position())
            self.picked.emit((point.x(), point.y()))
        event.accept()

    def leaveEvent(self, event: object) -> None:
        """The pointer is gone."""
        self.pointed.emit(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to whatever scrolls around the plot."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys read the plot as the pointer does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.picked.emit(None)
            event.accept()
            return
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
            Qt.Key.Key_Escape: (0, 0),
        }.get(Qt.Key(event.key()))
        if steps is None:
            event.ignore()
            return
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self.key_moved.emit(steps[0] * far, steps[1] * far)
        event.accept()
