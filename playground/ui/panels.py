"""Panels around the canvas: each can be moved, tabbed and hidden, none floats, and one command puts them all back."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QScrollArea, QVBoxLayout, QWidget

from playground.ui.theme import CORNER, GRID, themes
from playground.ui.widgets.painting import box, painter_on

_DOTS, _DOT, _GAP = 5, 2.0, 5.0


class _Grip(QWidget):
    """The strip that a panel is moved by: a few dots, seen when the pointer is near."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._dock = dock
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """As low as can be grasped without taking room from the panels."""
        return QSize(48, 3 * GRID)

    def minimumSizeHint(self) -> QSize:
        """It never gets lower."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dots under the pointer, nothing else."""
        if not self.underMouse():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(themes.current().edge)
        left = self.width() / 2.0 - (_DOTS - 1) * _GAP / 2.0
        for dot in range(_DOTS):
            painter.drawEllipse(QRectF(left + dot * _GAP - _DOT / 2.0, self.height() / 2.0 - _DOT / 2.0, _DOT, _DOT))
        painter.end()


class _Frame(QWidget):
    """A surface with soft corners and one thin line around what it holds."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint in the theme of this moment."""
        theme = themes.current()
        painter = painter_on(self)
        box(painter, QRectF(self.rect()).adjusted(0, 2 * GRID, 0, -2 * GRID), theme.surface, theme.line, radius=CORNER)
        painter.end()


def framed(content: QWidget) -> QWidget:
    """`content` as a card in the middle of the window."""
    frame = _Frame()
    column = QVBoxLayout(frame)
    # Inside the line and clear of its corners.
    column.setContentsMargins(3, 2 * GRID + 3, 3, 2 * GRID + 3)
    column.addWidget(content)
    return frame


class Panel(QDockWidget):
    """One panel: `name` is for the saved arrangement, the title for tabs, the View menu and screen readers.

    `scrolls` lets the content be higher than the panel.
    """

    def __init__(self, name: str, content: QWidget, *, scrolls: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetClosable
        )
        self.setTitleBarWidget(_Grip(self))
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        if scrolls:
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setFrameShape(QScrollArea.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(content)
            area.viewport().setAutoFillBackground(False)
            content.setAutoFillBackground(False)
            column.addWidget(area)
        else:
            # What is highest at less than all the room stands at the top of it.
            column.addWidget(content, 1000)
            column.addStretch(1)
        self.content = content
        self.setWidget(frame)

    def set_title(self, title: str) -> None:
        """Its name in tabs, menus and for screen readers."""
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.toggleViewAction().setText(title)
