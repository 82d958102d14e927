"""Where the panels of the main window stand, and how they make room for one another as it grows and shrinks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QTabBar, QTabWidget

from playground.ui.panels import Panel

#: Below this width the left side folds to icons, and the settings of the selection and of training share one place.
NARROW = 1180
#: Below this height loss and what is going on share one place.
LOW = 800
#: The height of the microscope, where the window has room for it.
DRAWER = 320

_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
_AREAS = Qt.DockWidgetArea
_LEFT, _BOTTOM = ("data", "palette", "outline"), ("selection", "training", "microscope")
#: Hidden until they are asked for.
_HIDDEN = ("outline", "microscope")


class Arrangement:
    """The panels of a window: data and palette on the left, pictures on the right, settings below the canvas.

    Attributes:
        narrow, low: whether the window was last seen below these limits.
    """

    def __init__(self, window: QMainWindow, panels: Mapping[str, Panel]) -> None:
        self._window = window
        self._panels = panels
        self.narrow = self.low = False
        window.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks)
        window.setTabPosition(_AREAS.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomLeftCorner, _AREAS.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, _AREAS.RightDockWidgetArea)
        self._tidying = QTimer(window)
        self._tidying.setSingleShot(True)
        self._tidying.setInterval(0)
        self._tidying.timeout.connect(self._hide_lone_tabs)
        for panel in panels.values():
            panel.visibilityChanged.connect(lambda _visible: self._tidying.start())
        self.put_back()

    def put_back(self) -> None:
        """Put every panel where a new window has it."""
        for name, panel in self._panels.items():
            area = _AREAS.LeftDockWidgetArea if name in _LEFT else _AREAS.RightDockWidgetArea
            self._window.addDockWidget(_AREAS.BottomDockWidgetArea if name in _BOTTOM else area, panel)
        self._window.splitDockWidget(self._panels["selection"], self._panels["training"], _ACROSS)
        self._window.tabifyDockWidget(self._panels["palette"], self._panels["outline"])
        self._window.tabifyDockWidget(self._panels["training"], self._panels["microscope"])
        for name, panel in self._panels.items():
            panel.setVisible(name not in _HIDDEN)
        self.narrow = self.low = False

    def take_over(self) -> None:
        """Look at how the panels were left, maybe in a smaller window: `fold` then gives them what room there is."""
        self.narrow = self._tabbed("selection", "training")
        self.low = self._tabbed("loss", "insight")

    def fold(self) -> bool:
        """Let pairs of panels share one place where the window is small; returns whether anything moved."""
        narrow, low = self._window.width() < NARROW, self._window.height() < LOW
        moved = (narrow, low) != (self.narrow, self.low)
        if narrow != self.narrow:
            self._share("selection", "training", narrow, _ACROSS)
        if low != self.low:
            self._share("loss", "insight", low, _DOWN)
        self.narrow, self.low = narrow, low
        return moved

    def divide(self, more: bool) -> None:
        """Give every panel its share: left what it needs, right a quarter with a square region, the canvas the rest."""
        panels, resize = self._panels, self._window.resizeDocks
        right = max(320, min(640, round(0.27 * self._window.width())))
        resize([panels["data"], panels["region"]], [96 if self.narrow else 232, right], _ACROSS)
        resize([panels["region"], panels["loss"], panels["insight"]], [right + 80, 180, 200], _DOWN)
        # Icons alone are soon seen, and the experiments above them stand in one column.
        shares = [470, 330] if self.narrow and not more else [420, 380] if more else [340, 460]
        resize([panels["data"], panels["palette"]], shares, _DOWN)
        resize([panels["selection"], panels["training"]], [300, 480], _ACROSS)
        resize([panels["selection"]], [230], _DOWN)

    def _hide_lone_tabs(self) -> None:
        """Qt leaves the tabs of a place with one panel or none where they were, over what is there now."""
        shown = {panel.windowTitle() for panel in self._panels.values() if not panel.isHidden()}
        for bar in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if sum(bar.tabText(tab) in shown for tab in range(bar.count())) < 2:
                bar.hide()

    def open_drawer(self) -> None:
        """Give the microscope the height that its steps need, where the window has it."""
        drawer, window = self._panels["microscope"], self._window
        wanted = min(DRAWER, round(0.42 * window.height()))
        if drawer.height() < wanted:
            window.resizeDocks([drawer], [wanted], _DOWN)

    def _tabbed(self, one: str, other: str) -> bool:
        return self._panels[other] in self._window.tabifiedDockWidgets(self._panels[one])

    def _share(self, one: str, other: str, tabbed: bool, side: Qt.Orientation) -> None:
        """Two panels in one place, the first in front, or side by side."""
        first, second, window = self._panels[one], self._panels[other], self._window
        if tabbed:
            window.tabifyDockWidget(first, second)
            first.raise_()
            return
        shown = not second.isHidden()
        window.removeDockWidget(second)
        window.addDockWidget(window.dockWidgetArea(first), second)
        window.splitDockWidget(first, second, side)
        second.setVisible(shown)
