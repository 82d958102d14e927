"""A real session with its trainer and a canvas that is shown, closed after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from playground.document.model import Document, Network, Node, TrainingSpec, Wire
from playground.ui.canvas import shape
from playground.ui.canvas.view import CanvasView
from playground.ui.session import Session


def chain(*nodes: Node) -> Network:
    return Network(nodes, tuple(Wire(one.id, other.id) for one, other in pairwise(nodes)))


def two_four_one() -> Document:
    return Document(
        network=chain(
            Node("in", "input", {"features": ("x1", "x2")}),
            Node("h1", "dense", {"units": 4}),
            Node("a1", "activation", {"function": "tanh"}),
            Node("out", "dense", {"units": 1}),
            Node("loss", "loss", {"function": "binary_cross_entropy"}),
        )
    )


class Hand:
    """A hand at the mouse and the keyboard of a canvas."""

    def __init__(self, view: CanvasView, qtbot: QtBot) -> None:
        self.view, self.session, self.scene = view, view.session, view.canvas_scene
        self.said: list[str] = []
        self.session.noticed.connect(lambda message: self.said.append(str(message)))
        self._bot = qtbot

    def settle(self) -> None:
        """Until the table is there and the problems are known."""
        self._bot.waitUntil(lambda: self.session.table is not None, timeout=5000)

    def at(self, point: QPointF) -> QPoint:
        return self.view.mapFromScene(point)

    def title(self, id: str) -> QPointF:
        rect = self.scene.rects[id]
        return QPointF(rect.left() + 20.0, rect.top() + 14.0)

    def out(self, id: str) -> QPointF:
        return shape.out_port(self.scene.rects[id])

    def into(self, id: str) -> QPointF:
        return shape.in_port(self.scene.rects[id])

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.view.viewport(), Qt.MouseButton.LeftButton, modifiers, self.at(point))

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._moved(self.at(point), modifiers)

    def _moved(self, point: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        viewport = self.view.viewport()
        where = QPointF(viewport.mapToGlobal(point))
        held = Qt.MouseButton.LeftButton if self.view.gesture is not None else Qt.MouseButton.NoButton
        event = QMouseEvent(
            QMouseEvent.Type.MouseMove, QPointF(point), where, Qt.MouseButton.NoButton, held, modifiers,
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseRelease(self.view.viewport(), Qt.MouseButton.LeftButton, modifiers, self.at(point))

    def drag(
        self, start: QPointF, end: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.press(start, modifiers)
        self.move(start + (end - start) / 2.0, modifiers)
        self.move(end, modifiers)
        self.release(end, modifiers)

    def click(self, point: QPointF, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(point, modifiers)
        self.release(point, modifiers)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifiers)

    def node(self, id: str) -> Node:
        return self.session.document.network.node(id)

    def kinds(self) -> list[str]:
        return sorted(node.kind for node in self.session.document.network.nodes)

    def wires(self) -> set[tuple[str, str]]:
        return {(wire.source, wire.target) for wire in self.session.document.network.wires}


@pytest.fixture
def open_canvas(qtbot: QtBot) -> Iterator[Callable[[Document], Hand]]:
    opened: list[tuple[Session, CanvasView]] = []

    def open_(document: Document) -> Hand:
        session = Session(document)
        view = CanvasView(session)
        qtbot.addWidget(view)
        view.resize(900, 560)
        view.show()
        view.activateWindow()
        view.setFocus()
        opened.append((session, view))
        return Hand(view, qtbot)

    yield open_
    for session, view in opened:
        view.cancel_gesture()
        session.close()
        view.close()


@pytest.fixture
def small() -> Document:
    """A 2-4-1 network."""
    return two_four_one()


@pytest.fixture
def hand(open_canvas: Callable[[Document], Hand], small: Document) -> Hand:
    """The canvas of a 2-4-1 network whose table is there."""
    hand = open_canvas(small)
    hand.settle()
    return hand


@pytest.fixture
def at_work(open_canvas: Callable[[Document], Hand], small: Document, qtbot: QtBot) -> Hand:
    """The canvas of a 2-4-1 network whose weights are drawn; it does not train yet, and would never stop."""
    hand = open_canvas(replace(small, training=TrainingSpec(epochs=1_000_000)))
    wires = hand.scene.wires
    qtbot.waitUntil(lambda: wires.weights.knows(Wire("in", "h1")) and hand.session.snapshot is not None, timeout=8000)
    qtbot.waitUntil(lambda: getattr(hand.session.snapshot, "gradient", None) is not None, timeout=8000)
    return hand
