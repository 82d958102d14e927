"""A window's worth of the microscope: the canvas above, the drawer below."""

from __future__ import annotations

from looking import Looker
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from playground.ui.canvas.area import CanvasArea
from playground.ui.canvas.view import CanvasView
from playground.ui.microscope.panel import MicroscopePanel


class Bench(Looker):
    """A window's worth of it: canvas above, microscope below."""

    def __init__(self, looker: Looker, size: QSize) -> None:
        self.session, self.bot = looker.session, looker.bot
        self.canvas = CanvasView(self.session)
        self.area = CanvasArea(self.session, self.canvas)
        self.area.resize(size.width(), 420)
        self.panel = MicroscopePanel(self.session, self.canvas, self.area)
        self.reader = self.panel.reader
        self.panel.resize(size)
        self.area.show()
        self.panel.show()
        self.panel.activateWindow()

    def close(self) -> None:
        self.panel.shut_down()
        for widget in (self.panel, self.area):
            widget.close()
            widget.deleteLater()

    @property
    def steps(self) -> object:
        return self.panel.pages["steps"]

    def key(self, key: Qt.Key, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(QApplication.focusWidget() or self.panel, key)

    def go_to(self, words: str) -> None:
        """The step of these words in the list."""
        model = self.steps.steps.steps
        rows = [row for row in range(model.rowCount()) if model.words(row) == words]
        self.reader.go_to(rows[-1])
