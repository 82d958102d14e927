"""A switch with its words: what the product is about has one of its own, *Activations*."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from playground.ui.theme import CONTROL, TARGET, Theme, font, mix, themes
from playground.ui.widgets.motion import duration, glide
from playground.ui.widgets.painting import box, draw_text, keeps_key, painter_on

Size = Literal["small", "normal", "large"]

#: Width and height of the track.
TRACKS: dict[Size, tuple[int, int]] = {"small": (26, 14), "normal": (34, 18), "large": (44, 24)}
_GAP = 10
_MARGIN = 4  # room for the focus ring around the track


def draw_switch(
    painter: QPainter, track: QRectF, theme: Theme, position: float, *, enabled: bool = True, hovered: bool = False
) -> None:
    """Draw a switch: `position` 0 is off, 1 is on, and between them it is moving. For cards on the canvas too."""
    off, on = theme.edge, theme.accent
    ground = mix(off, on, position) if enabled else theme.line
    if hovered and enabled:
        ground = theme.hover(ground)
    radius = track.height() / 2.0
    box(painter, track, ground, radius=radius)
    knob = mix(theme.surface, theme.on_accent, position) if enabled else theme.surface
    travel = track.width() - track.height()
    painter.setBrush(knob)
    centre = QPointF(track.left() + radius + travel * position, track.center().y())
    room = max(2.0, track.height() / 10.0)
    painter.drawEllipse(centre, radius - room, radius - room)


class Switch(QCheckBox):
    """On or off, with its words to the left; a press on the words switches too. Space or Enter from the keyboard."""

    def __init__(self, text: str = "", *, size: Size = "normal", name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._size: Size = size
        self._position = 0.0
        self._movement = glide(self)
        self._movement.valueChanged.connect(self._move)
        if name:
            self.setAccessibleName(name)
        self.setFont(font(CONTROL if size != "large" else CONTROL + 1, bold=size == "large"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.toggled.connect(self._travel)

    def position(self) -> float:
        """Where the knob is now: 0 off, 1 on."""
        return self._position

    def sizeHint(self) -> QSize:
        """The room that everything it shows needs."""
        width, height = TRACKS[self._size]
        words = QFontMetricsF(self.font()).horizontalAdvance(self.text()) if self.text() else 0.0
        return QSize(
            round(words + 0.49) + (_GAP if words else _MARGIN) + width + _MARGIN, max(height, TARGET) + 2 * _MARGIN
        )

    def minimumSizeHint(self) -> QSize:
        """It never gets smaller."""
        return self.sizeHint()

    def hitButton(self, position: object) -> bool:
        """The words switch too."""
        return True

    def event(self, event: QEvent) -> bool:
        """Keep the keys that press it from the shortcuts of the window."""
        return keeps_key(event) or super().event(event)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """Answer the keys of this control."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        whole = QRectF(self.rect())
        width, height = TRACKS[self._size]
        track = QRectF(whole.right() - _MARGIN - width, whole.center().y() - height / 2.0, width, height)
        if self.text():
            painter.setFont(self.font())
            painter.setPen(theme.text if self.isEnabled() else theme.disabled)
            draw_text(painter, 0.0, whole, self.text())
        draw_switch(
            painter, track, theme, self._position, enabled=self.isEnabled(), hovered=self.underMouse() or self.isDown()
        )
        if self.hasFocus():
            ring = track.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
            box(painter, ring, None, theme.accent, radius=ring.height() / 2.0, width=2.0)
        painter.end()

    def _travel(self, on: bool) -> None:
        self._movement.stop()
        end = 1.0 if on else 0.0
        if not self.isVisible() or duration() == 0:
            self._move(end)
            return
        self._movement.setStartValue(self._position)
        self._movement.setEndValue(end)
        self._movement.setDuration(duration())
        self._movement.start()

    def _move(self, position: float) -> None:
        self._position = position
        self.update()
