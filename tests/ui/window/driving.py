"""Hands for a window: what a person does with mouse and keys, by names that the person would use."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDragMoveEvent, QDropEvent, QInputMethodEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from playground.document.model import Wire
from playground.ui.canvas import shape
from playground.ui.canvas.placeable import PLACEABLES, to_mime
from playground.ui.main_window import MainWindow

NONE, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
PATIENCE = 10_000  # milliseconds


class Desk:
    """A person at a window. Keys go where the focus is, as they do from a real keyboard."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.session, self.canvas = window, window.session, window.canvas
        self.scene = window.canvas.canvas_scene
        self.said: list[str] = []
        self._bot = qtbot
        window.files.said.connect(lambda words, mood: self.said.append(str(words)))
        self.session.noticed.connect(lambda words: self.said.append(str(words)))

    # --- waiting -----------------------------------------------------------------------------------

    def until(self, holds: Callable[[], object]) -> None:
        self._bot.waitUntil(lambda: bool(holds()), timeout=PATIENCE)

    def runs(self) -> None:
        """Until the network as it stands now is in the trainer, and its figures are shown."""
        session = self.session
        self.until(
            lambda: (
                not self.window.files.errands.busy
                and session.first_error is None
                and session.plan is not None
                and session.plan.document.network == session.document.network
                and session.snapshot is not None
                and session.snapshot.plan is session.plan
            )
        )

    # --- keys --------------------------------------------------------------------------------------

    @property
    def focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def show_neurons(self) -> None:
        """View ▸ Neurons, by its key, and the way there."""
        self.key(Key.Key_2, CTRL)
        self.until(lambda: self.scene.manner.bare == 0.0)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        for _ in range(times):
            QTest.keyClick(self.focus, key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def compose(self, text: str) -> None:
        """What a Korean input method sends for one syllable: its parts as they grow, then the whole."""
        for part in ("ㅎ", "하", text):
            QApplication.sendEvent(self.focus, QInputMethodEvent(part, []))
        done = QInputMethodEvent("", [])
        done.setCommitString(text)
        QApplication.sendEvent(self.focus, done)

    # --- mouse -------------------------------------------------------------------------------------

    def click(self, widget: QWidget, modifiers: Qt.KeyboardModifier = NONE) -> None:
        assert widget.isVisible(), f"{widget.accessibleName()} cannot be seen"
        assert widget.isEnabled(), f"{widget.accessibleName()} cannot be pressed"
        QTest.mouseClick(widget, LEFT, modifiers, widget.rect().center())

    def double_click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, LEFT, NONE, widget.rect().center())
        QTest.mouseDClick(widget, LEFT, NONE, widget.rect().center())

    def row(self, name: str) -> QWidget:
        return next(row for row in self.window.palette_panel.rows() if row.row.name == name)

    def carry(self, name: str, end: QPointF) -> None:
        """A row of the palette over the canvas, as Qt delivers such a drag, dropped at a point of the scene."""
        data, view = to_mime(PLACEABLES[name]), self.canvas.viewport()
        actions, point = Qt.DropAction.CopyAction, self.canvas.mapFromScene(end)
        for event in (
            QDragEnterEvent(QPoint(2, 2), actions, data, LEFT, NONE),
            QDragMoveEvent(point, actions, data, LEFT, NONE),
            QDropEvent(QPointF(point), actions, data, LEFT, NONE),
        ):
            QApplication.sendEvent(view, event)
            assert event.isAccepted()

    def press(self, point: QPointF, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mousePress(self.canvas.viewport(), LEFT, modifiers, self.canvas.mapFromScene(point))

    def move(self, point: QPointF) -> None:
        at, viewport = self.canvas.mapFromScene(point), self.canvas.viewport()
        event = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(at), QPointF(viewport.mapToGlobal(at)), Qt.MouseButton.NoButton, LEFT, NONE
        )
        QApplication.sendEvent(viewport, event)

    def release(self, point: QPointF) -> None:
        QTest.mouseRelease(self.canvas.viewport(), LEFT, NONE, self.canvas.mapFromScene(point))

    def drag(self, start: QPointF, end: QPointF) -> None:
        self.press(start)
        for step in range(1, 5):
            self.move(start + (end - start) * step / 4.0)
        self.release(end)

    def click_at(self, point: QPointF, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.press(point, modifiers)
        self.release(point)

    # --- the canvas, by the names on its cards -----------------------------------------------------

    def id(self, title: str) -> str:
        found = [id for id, face in self.scene.faces.items() if face.title == title]
        assert len(found) == 1, f"{len(found)} cards are called {title}: {self.titles()}"
        return found[0]

    def titles(self) -> list[str]:
        """The titles of all cards as values flow, or as they stand where nothing flows."""
        return [face.title for face in sorted(self.scene.faces.values(), key=lambda face: self.left(face.id))]

    def left(self, id: str) -> float:
        return self.scene.rects[id].left()

    def grip(self, title: str) -> QPointF:
        return self.scene.rects[self.id(title)].topLeft() + QPointF(20.0, 12.0)

    def out(self, title: str) -> QPointF:
        return shape.out_port(self.scene.rects[self.id(title)])

    def into(self, title: str) -> QPointF:
        return shape.in_port(self.scene.rects[self.id(title)])

    def switch(self, title: str) -> QPointF:
        return shape.switch_rect(self.scene.rects[self.id(title)]).center()

    def middle(self, source: str, target: str) -> QPointF:
        return self.scene.wires.courses[Wire(self.id(source), self.id(target))].middle

    def wires(self) -> set[tuple[str, str]]:
        return {self.named(wire) for wire in self.session.document.network.wires}

    def named(self, wire: Wire) -> tuple[str, str]:
        return self.scene.faces[wire.source].title, self.scene.faces[wire.target].title

    def selected(self) -> str:
        """The title of the one selected card."""
        (id,) = self.session.selection
        return self.scene.faces[id].title

    # --- menus and dialogs -----------------------------------------------------------------------------------

    def choose(self, *path: str) -> None:
        """An entry of a menu, by the words on it, as a click on it does."""
        actions = self.window.menu_bar.actions()
        for words in path[:-1]:
            menu = next(action for action in actions if action.text() == words).menu()
            assert isinstance(menu, QMenu)
            actions = menu.actions()
        action = next(action for action in actions if action.text() == path[-1])
        assert action.isEnabled(), path
        action.trigger()

    def dialog(self) -> QDialog:
        """The dialog that is open, once it is."""
        self.until(self.dialogs)
        return self.dialogs()[-1]

    def dialogs(self) -> list[QDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]

    def accuracy(self) -> float:
        snapshot = self.session.snapshot
        assert snapshot is not None
        assert snapshot.figures.test_accuracy is not None
        return snapshot.figures.test_accuracy


def spoken_names(window: QWidget) -> list[tuple[str, str]]:
    """What a screen reader says of everything in a window that takes keys: the kind of widget, and its name."""
    found, waiting = [], [QAccessible.queryAccessibleInterface(window)]
    while waiting:
        interface = waiting.pop()
        if interface is None or not interface.isValid():
            continue
        state, widget = interface.state(), interface.object()
        # What hands the focus on (the inside of a scrolling view) never has it.
        if state.focusable and not state.invisible and not (isinstance(widget, QWidget) and widget.focusProxy()):
            found.append((type(widget).__name__, interface.text(QAccessible.Text.Name)))
        waiting.extend(interface.child(index) for index in range(interface.childCount()))
    return found
