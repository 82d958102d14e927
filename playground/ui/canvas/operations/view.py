"""The operations view as a widget: it keeps up with its session, moves, and answers pointer and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from playground.ui.canvas.operations import keys
from playground.ui.canvas.operations.display import OperationsDisplay
from playground.ui.canvas.operations.words import Cover, edge_tip, tip
from playground.ui.session import Session
from playground.ui.widgets.motion import duration, glide

_Button, _Cursor = Qt.MouseButton, Qt.CursorShape
#: How long the change from another view takes, in milliseconds.
_CHANGE = 180

Unit = tuple[str, int]


class OperationsView(OperationsDisplay):
    """The computation graph of a session's network, to be looked at and walked over."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._pressed: QPoint | None = None
        self._panned = False
        self._origins: Mapping[str, QPointF] = {}
        self._left: Callable[[], None] | None = None
        self._change = glide(self)
        self._change.valueChanged.connect(lambda share: self.operations.move(self._origins, float(share)))
        self._change.finished.connect(self._arrived)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.zoom_bar.smaller.clicked.connect(self.zoom_out)
        self.zoom_bar.larger.clicked.connect(self.zoom_in)
        self.zoom_bar.fit.clicked.connect(self.fit)

    # --- what others may ask -----------------------------------------------------------------------

    def set_shown(self, forward: bool, gradient: bool) -> None:
        """Which numbers stand at the lines: values flowing forward, gradients flowing back."""
        if (forward, gradient) != (self.operations.forward, self.operations.gradient):
            self.operations.forward, self.operations.gradient = forward, gradient
            self.operations.write()
            self._say_what()
            self._describe()

    def set_play_head(self, key: str | None, words: str = "") -> None:
        """Put the play head at an operation (None: nowhere), with a few words below it."""
        if (key, words) != (self.operations.played, self.operations.played_words):
            self.operations.played, self.operations.played_words = key, words
            self.operations.write()
        self._mark()
        if key is not None and key in self.operations.items_by_key:
            self.camera.reveal(self.operations.items_by_key[key].rect)

    def show_path(self, number: tuple[str, tuple[int, ...]] | None) -> None:
        """Light every way from the loss to a weight or bias; None: no longer."""
        self.operations.show_path(number)

    def set_covered(self, keys: Iterable[Cover]) -> None:
        """Show "?" for these operations and edges, by key: both numbers of one, or with a side only that one."""
        covered = tuple(keys)
        if covered != self.covered:
            self.covered = covered
            self.renew_numbers()

    def unit_places(self) -> dict[Unit, QPointF]:
        """Where the value of every unit is, in the viewport: where a change to another view begins."""
        places: dict[Unit, QPointF] = {}
        for key, item in self.operations.items_by_key.items():
            operation = item.operation
            if operation.unit is not None and operation.kind not in ("parameter", "times", "plus", "target", "minus"):
                places[operation.node, operation.unit] = self._pixel(self.operations.items_by_key[key].pos())
            elif operation.unit is None:
                for unit in range(operation.width):
                    places[operation.node, unit] = self._pixel(item.pos())
        return places

    def _pixel(self, point: QPointF) -> QPointF:
        return self.viewportTransform().map(point)

    # --- the change from and to another view -------------------------------------------------------

    def enter_from(self, origins: Mapping[Unit, QPointF]) -> None:
        """Let every operation come from the place of its unit, (node id, unit) → a point of the viewport."""
        self._begin(origins, 0.0, 1.0, None)

    def leave(self, destinations: Mapping[Unit, QPointF], done: Callable[[], None]) -> None:
        """Let every operation go to the place of its unit, then call `done`."""
        self._begin(destinations, 1.0, 0.0, done)

    def _begin(self, units: Mapping[Unit, QPointF], start: float, end: float, done: Callable[[], None] | None) -> None:
        self._change.stop()
        self._left = done
        back, solvable = self.viewportTransform().inverted()
        self._origins = {}
        if solvable:
            self._origins = {
                key: back.map(units[unit])
                for key, item in self.operations.items_by_key.items()
                if (unit := (item.operation.node, item.operation.unit or 0)) in units
            }
        time = duration(_CHANGE)
        if time == 0 or not self._origins or not self.isVisible():
            self._arrived()
            return
        self._change.setStartValue(start)
        self._change.setEndValue(end)
        self._change.setDuration(time)
        self.operations.move(self._origins, start)
        self.operations.write()
        self._change.start()

    def _arrived(self) -> None:
        done, self._left = self._left, None
        if done is not None:
            done()
        self.operations.move({}, 1.0)
        self.operations.write()

    # --- looking around ----------------------------------------------------------------------------

    def zoom_in(self) -> None:
        """Nearer."""
        self.camera.zoom(1.25)

    def zoom_out(self) -> None:
        """Further away."""
        self.camera.zoom(1.0 / 1.25)

    def zoom_reset(self) -> None:
        """Real size."""
        self.camera.reset()

    def fit(self) -> None:
        """Show the whole graph."""
        self.camera.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms at the pointer; two fingers on a touchpad pan, with Ctrl they zoom."""
        event.accept()
        pixels, angle = event.pixelDelta(), event.angleDelta()
        zooms = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not pixels.isNull() and not zooms:
            self.camera.pan(pixels)
        elif angle.y() or angle.x():
            self.camera.zoom(1.0015 ** (angle.y() or angle.x()), event.position().toPoint())

    # --- pointer -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On an operation: take it; on the ground: the beginning of a pan."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()
        if event.button() not in (_Button.LeftButton, _Button.MiddleButton):
            return
        self._pressed, self._panned = event.position().toPoint(), event.button() == _Button.MiddleButton
        self.viewport().setCursor(_Cursor.ClosedHandCursor if self._panned else _Cursor.ArrowCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, or show what a press would take."""
        point = event.position().toPoint()
        if self._pressed is None or not event.buttons():
            self._pressed = None
            self._hover(self.mapToScene(point))
            return
        if not self._panned and (point - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._panned = True
            self.viewport().setCursor(_Cursor.ClosedHandCursor)
        if self._panned:
            self.camera.pan(point - self._pressed)
            self._pressed = point

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not move takes the operation, and selects the card that it belongs to."""
        pressed, self._pressed = self._pressed, None
        point = self.mapToScene(event.position().toPoint())
        if pressed is not None and not self._panned:
            self.go_to(self.operations.operation_at(point), reveal=False)
        self._hover(point)

    def _hover(self, point: QPointF | None) -> None:
        key = self.operations.operation_at(point) if point is not None else None
        if key is None and point is not None:
            edge = self.operations.edge_at(point, self.camera.scale)
            key = edge.key if edge is not None else None
        taken = key is not None and key in self.operations.items_by_key
        self.viewport().setCursor(_Cursor.PointingHandCursor if taken else _Cursor.ArrowCursor)
        if key != self.hovered:
            self.hovered = key
            self._mark()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips, and the pointer's leaving."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip(self.mapToScene(event.pos()))
            QToolTip.showText(event.globalPos(), text, self.viewport()) if text else QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().viewportEvent(event)

    def tip(self, point: QPointF) -> str:
        """What is said of the operation or the edge at a point of the scene."""
        numbers, graph = self.operations.numbers, self.operations.graph
        if numbers is None or graph is None:
            return ""
        gradient = self.operations.gradient
        key = self.operations.operation_at(point)
        if key is not None:
            return tip(numbers, graph.by_key[key], gradient=gradient)
        edge = self.operations.edge_at(point, self.camera.scale)
        return edge_tip(numbers, edge, gradient=gradient) if edge is not None else ""

    # --- keys --------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Claim the view's own keys from the shortcuts of the window, while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.claims(self, event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See `keys`; what means nothing here is the window's."""
        event.setAccepted(keys.press(self, event))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks over the operations as values flow, and leaves after the last."""
        order = self.order()
        if self.current in order:
            index = order.index(self.current) + (1 if forward else -1)
            if 0 <= index < len(order):
                self.walk_to(order[index])
                return True
        return bool(super().focusNextPrevChild(forward))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab, the first operation (or the last) is taken, so that there is somewhere to go on from."""
        super().focusInEvent(event)
        order, reason = self.order(), event.reason()
        if order and reason in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.walk_to(order[0 if reason == Qt.FocusReason.TabFocusReason else -1])
        self._mark()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The mark of the keyboard goes."""
        super().focusOutEvent(event)
        self._mark()
