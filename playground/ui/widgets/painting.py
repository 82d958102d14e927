"""What all painted controls share: boxes with soft corners, a focus ring, and the keys that stay theirs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPaintDevice, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton

from playground.ui.theme import CORNER, Theme, contrast, themes

_PRESSING = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})
_ARROWS = frozenset(
    {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End}
)


def painter_on(device: QPaintDevice) -> QPainter:
    """A painter with smooth edges."""
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def box(
    painter: QPainter,
    rect: QRectF,
    fill: QColor | None,
    outline: QColor | None = None,
    *,
    radius: float = CORNER,
    width: float = 1.0,
) -> None:
    """A box with soft corners whose outline lies inside `rect`, on whole pixels where `rect` does."""
    inset = width / 2.0 if outline is not None else 0.0
    painter.setPen(QPen(outline, width) if outline is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    inner = rect.adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(inner, radius - inset, radius - inset)


def focus_ring(painter: QPainter, rect: QRectF, theme: Theme, ground: QColor | None, *, radius: float = CORNER) -> None:
    """The ring of a control that has the focus, along the inside of its edge.

    It is the accent on any ground but the accent itself; there it is the colour of the words, a little further in.
    """
    if ground is not None and contrast(theme.accent, ground) < 3.0:
        box(painter, rect.adjusted(2.0, 2.0, -2.0, -2.0), None, theme.on_accent, radius=radius - 2.0, width=2.0)
    else:
        box(painter, rect, None, theme.accent, radius=radius, width=2.0)


def ground_of(button: QAbstractButton, color: QColor) -> QColor:
    """The ground of a button that is at rest, under the pointer or held down."""
    theme = themes.current()
    if not button.isEnabled():
        return theme.chip
    if button.isDown():
        return theme.pressed(color)
    return theme.hover(color) if button.underMouse() else color


def text_baseline(painter: QPainter, rect: QRectF) -> float:
    """The baseline that puts capitals and digits in the vertical middle of `rect`."""
    metrics = painter.fontMetrics()
    return rect.center().y() + metrics.capHeight() / 2.0


def draw_text(painter: QPainter, left: float, rect: QRectF, text: str) -> None:
    """One line of text from `left`, in the vertical middle of `rect`."""
    painter.drawText(QPointF(left, text_baseline(painter, rect)), text)


def keeps_key(event: QEvent, *, arrows: bool = False) -> bool:
    """Whether a control with focus claims this key for itself before any shortcut of the window may have it.

    To be called from `event()`; accepts the event when it does. A Space that presses a focused button must not also
    start the training.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    if event.key() not in _PRESSING and not (arrows and event.key() in _ARROWS):
        return False
    event.accept()
    return True
