"""A slider for a share or an amount: coarse by hand, while the field beside it takes the exact number."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from playground.ui.theme import TARGET, themes
from playground.ui.widgets.painting import box, focus_ring, keeps_key, painter_on

_KNOB = 14.0
_GROOVE = 4.0


class AmountSlider(QSlider):
    """From `low` to `high` in steps. `moved` carries the amount, only when the user moved it.

    `gesture` is one object from a press to its release, so that a drag is one undo step; a key press is one of its own.
    """

    moved = Signal(float)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._low, self._step = 0.0, 0.01
        self.gesture = object()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.actionTriggered.connect(self._keys)
        self._silent = False
        self.valueChanged.connect(self._tell)

    def set_span(self, low: float, high: float, step: float) -> None:
        """The ends of the slider, and the least movement."""
        self._low, self._step = low, step
        self._silent = True
        self.setRange(0, round((high - low) / step))
        self.setPageStep(max(1, self.maximum() // 10))
        self._silent = False

    def amount(self) -> float:
        """What it stands at."""
        return round(self._low + self.value() * self._step, 10)

    def set_amount(self, amount: float) -> None:
        """Show an amount that came from elsewhere, without a signal; beyond an end it rests at that end."""
        self._silent = True
        self.setValue(round((amount - self._low) / self._step))
        self._silent = False

    def sizeHint(self) -> QSize:
        """Wide enough to aim at."""
        return QSize(84, TARGET)

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return QSize(48, TARGET)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move it from the shortcuts of the window."""
        return keeps_key(event, arrows=True) or super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the value, but only where the focus is."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the pointer and begin a drag."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.gesture = object()
        self.setSliderDown(True)
        self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self.isSliderDown():
            self._go_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        self.setSliderDown(False)
        self.gesture = object()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        middle, left = self.height() / 2.0, _KNOB / 2.0 + 2.0
        width = self.width() - 2.0 * left
        share = self.value() / self.maximum() if self.maximum() else 0.0
        on = theme.accent if self.isEnabled() else theme.line
        box(painter, QRectF(left, middle - _GROOVE / 2, width, _GROOVE), theme.edge, radius=_GROOVE / 2)
        box(painter, QRectF(left, middle - _GROOVE / 2, width * share, _GROOVE), on, radius=_GROOVE / 2)
        knob = QRectF(left + width * share - _KNOB / 2, middle - _KNOB / 2, _KNOB, _KNOB)
        box(painter, knob, theme.surface if not self.isSliderDown() else on, on, radius=_KNOB / 2, width=2.0)
        if self.hasFocus():
            focus_ring(painter, knob.adjusted(-4.0, -4.0, 4.0, 4.0), theme, None, radius=_KNOB / 2 + 4.0)
        painter.end()

    def _go_to(self, event: QMouseEvent) -> None:
        left = _KNOB / 2.0 + 2.0
        share = (event.position().x() - left) / max(1.0, self.width() - 2.0 * left)
        self.setValue(round(min(1.0, max(0.0, share)) * self.maximum()))
        event.accept()

    def _keys(self, action: int) -> None:
        if not self.isSliderDown():
            self.gesture = object()

    def _tell(self, value: int) -> None:
        if not self._silent:
            self.moved.emit(self.amount())
