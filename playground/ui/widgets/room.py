"""Room for more than fits: a scroll bar where it is needed, and only there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget


class Room(QScrollArea):
    """Scrolls a widget whose height follows from its width.

    Whether there is a bar is decided from the whole width alone. Left to itself Qt decides anew for the width beside
    the bar: it keeps one that only its own width makes necessary, or shows and hides it without end where something
    needs less height the narrower it is.
    """

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._inner = inner
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # Its height follows from its width alone: the least height of wrapped words is that of the narrowest column.
        inner.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        for ground in (inner, self.viewport()):
            ground.setAutoFillBackground(False)
        inner.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room may do without the scroll bar."""
        super().resizeEvent(event)
        self.settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is in it has become higher or lower."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inner:
            self.settle()
        return super().eventFilter(watched, event)

    def settle(self) -> None:
        """Have a scroll bar or none."""
        inner = self._inner
        wanted = inner.heightForWidth(self.width()) if inner.hasHeightForWidth() else inner.sizeHint().height()
        policies = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policies.ScrollBarAlwaysOn if wanted > self.height() else policies.ScrollBarAlwaysOff
        )
