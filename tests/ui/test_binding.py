"""The binding and the interpreter agree on who owns None.

PySide6 6.12.0 on Python 3.11 gives one reference to None away at every call that returns nothing; after some twenty
thousand calls the process aborts. From Python 3.12 on None is immortal and the count stands still by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QGraphicsRectItem, QLabel

CALLS = 2_000  # of each setter, 20,000 in all
STRAY = CALLS // 20  # what the rest of the process may move meanwhile

SETTERS: dict[str, Callable[[QLabel, QGraphicsRectItem, QTimer, int], None]] = {
    "QWidget.update": lambda label, item, timer, i: label.update(),
    "QWidget.setVisible": lambda label, item, timer, i: label.setVisible(False),
    "QWidget.setEnabled": lambda label, item, timer, i: label.setEnabled(i % 2 == 0),
    "QWidget.setToolTip": lambda label, item, timer, i: label.setToolTip(str(i)),
    "QLabel.setText": lambda label, item, timer, i: label.setText(str(i)),
    "QGraphicsItem.setPos": lambda label, item, timer, i: item.setPos(QPointF(i, -i)),
    "QGraphicsItem.setZValue": lambda label, item, timer, i: item.setZValue(i),
    "QGraphicsItem.update": lambda label, item, timer, i: item.update(),
    "QGraphicsItem.parentItem": lambda label, item, timer, i: item.parentItem(),
    "QTimer.setInterval": lambda label, item, timer, i: timer.setInterval(i),
}


@pytest.mark.parametrize("name", SETTERS)
def test_that_a_call_which_returns_nothing_keeps_its_reference_to_none(qtbot, name):
    label = QLabel()
    qtbot.addWidget(label)
    item = QGraphicsRectItem(0, 0, 1, 1)  # in no scene: parentItem() makes Python the owner of an item without parent
    timer = QTimer()
    call = SETTERS[name]

    before = sys.getrefcount(None)
    for i in range(CALLS):
        call(label, item, timer, i)

    assert abs(sys.getrefcount(None) - before) < STRAY


def test_that_a_live_curve_survives_three_thousand_redraws(qtbot):
    painted = 0

    class Plot(pg.PlotWidget):
        def paintEvent(self, event):
            nonlocal painted
            painted += 1
            super().paintEvent(event)

    plot = Plot()
    qtbot.addWidget(plot)
    plot.resize(160, 100)
    plot.setRange(xRange=(0, 50), yRange=(-1, 1), disableAutoRange=True)
    curve = plot.plot(pen=pg.mkPen(width=1))
    with qtbot.waitExposed(plot):
        plot.show()
    x = np.arange(50.0)

    painted, before = 0, sys.getrefcount(None)
    for i in range(3_000):
        curve.setData(x, np.sin(x + i))
        plot.viewport().repaint()

    assert painted == 3_000
    assert sys.getrefcount(None) > before - STRAY
