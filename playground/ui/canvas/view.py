"""The canvas as a widget: it turns presses, drags and keys into gestures, and hands the rest on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from playground.ui.canvas import keys, menus, pinch, presses, weight_keys
from playground.ui.canvas.commands import CanvasCommands
from playground.ui.canvas.connecting import KeyConnect
from playground.ui.canvas.gesture import (
    PanGesture,
)
from playground.ui.canvas.hits import NOTHING, Hit
from playground.ui.canvas.moving import alt_drag
from playground.ui.canvas.placeable import from_mime
from playground.ui.canvas.placing import PlaceGesture
from playground.ui.canvas.touch import Pointed, ValueField
from playground.ui.canvas.walking import tab_order
from playground.ui.session import Session

_Button, _Modifier, _Cursor = Qt.MouseButton, Qt.KeyboardModifier, Qt.CursorShape


class CanvasView(CanvasCommands):
    """The network of a session, to be looked at and edited.

    `inspect_wanted`: the user wants the settings of what is selected (Enter, a double click).
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._hit = NOTHING
        self._pointer: QPoint | None = None
        self.pointed = Pointed(self)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        pinch.listen(self)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._look_again)
        session.document_changed.connect(lambda _old, _new: self._again.start(0))

    # --- pointer -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the thing under the pointer is for."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        point, button, modifiers = self.mapToScene(event.position().toPoint()), event.button(), event.modifiers()
        event.accept()
        if self.gesture is not None:
            self.cancel_gesture()
            return
        if button == _Button.MiddleButton:
            self.begin(PanGesture(self, point))
        elif button == _Button.LeftButton and modifiers & _Modifier.AltModifier:
            self.begin(alt_drag(self, self.canvas_scene.hit(point, self.camera.scale), point))
        elif button == _Button.LeftButton:
            hit = self.canvas_scene.hit(point, self.camera.scale)
            self.begin(presses.gesture_of(self, hit, point, modifiers))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the gesture, or show what a press would do."""
        self._pointer = event.position().toPoint()
        point = self.mapToScene(event.position().toPoint())
        if self.gesture is not None:
            self.gesture.move(point, event.modifiers())
        else:
            self.show_hover(point, event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the gesture."""
        if self.gesture is not None and not isinstance(self.gesture, KeyConnect):
            self.finish_gesture(self.mapToScene(event.position().toPoint()), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a title: rename; elsewhere on a card: its settings; on nothing: add there."""
        point = self.mapToScene(event.position().toPoint())
        hit = self.canvas_scene.hit(point, self.camera.scale)
        if event.button() != _Button.LeftButton or hit.part not in ("card", "unit", "nothing"):
            self.mousePressEvent(event)
        elif hit.part == "nothing":
            self.quick_add(point)
        else:
            self.session.select([hit.node])
            titled = point.y() < self.canvas_scene.rects[hit.node].top() + 28.0
            self.rename() if titled else self.inspect_wanted.emit()

    def show_hover(self, point: QPointF | None, modifiers: Qt.KeyboardModifier = _Modifier.NoModifier) -> None:
        """Show what a press at a point of the scene would take."""
        hit = self.canvas_scene.hit(point, self.camera.scale) if point is not None else NOTHING
        for id in {self._hit.node, hit.node} & set(self.canvas_scene.cards):
            card = self.canvas_scene.cards[id]
            card.set_look(hovered=id == hit.node, switch_hovered=id == hit.node and hit.part == "switch")
        self._hit = hit
        for id, note in self.canvas_scene.notes.items():
            note.set_hovered(id == hit.node and hit.part == "remedy")
        wires = self.canvas_scene.wires
        wires.mark(selected=wires.selected, hovered=hit.wire if hit.part == "wire" else None, target=None)
        self.pointed.at(hit, point)
        alt = bool(modifiers & _Modifier.AltModifier)
        taken = _Cursor.DragCopyCursor if hit.node and hit.wire is None else _Cursor.OpenHandCursor
        self.viewport().setCursor(taken if alt else presses.CURSORS[hit.part])

    def _look_again(self) -> None:
        """The network has changed: what is under the pointer may be another thing, or none, without its moving.

        Asked once it has been painted: an edit works out no courses.
        """
        if self.gesture is not None:
            return
        held = self.pointed.held
        if held is not None and held in weight_keys.numbers_of(self.canvas_scene, held.node):
            self.pointed.renew()
        else:
            self.show_hover(self.mapToScene(self._pointer) if self._pointer is not None else None)

    def set_view(self, view: str) -> None:
        """Another view of the network; what was said at the pointer is gone."""
        for field in self.viewport().findChildren(ValueField):
            field.leave()
        self.show_hover(None)
        super().set_view(view)

    def type_number(self, hit: Hit, point: QPointF) -> ValueField:
        """Open a field for a weight or a bias at a point of the scene."""
        self.pointed.at(hit, point)
        self.pointed.hush()
        return ValueField(self, hit, self.mapFromScene(point))

    def step_weight(self, direction: int) -> None:
        """Go to the next weight or bias of the layer that the keyboard is at, or the one before."""
        weight_keys.step(self, direction)

    def enter(self) -> None:
        """Type a value for the weight that the keyboard is at, else show the settings of the selected card."""
        held = self.pointed.held
        if held is not None:
            self.type_number(held, weight_keys.place_of(self.canvas_scene, held))
        else:
            self.inspect_wanted.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Tooltips of cards and wires, a pinch, and the pointer's leaving."""
        if pinch.pinched(self, event):
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip(self.mapToScene(event.pos()))
            QToolTip.showText(event.globalPos(), text, self.viewport()) if text else QToolTip.hideText()
            return True
        if event.type() == QEvent.Type.Leave:
            self._pointer = None
            if self.gesture is None and self.pointed.held is None:
                self.show_hover(None)
        return super().viewportEvent(event)

    def tip(self, point: QPointF) -> str:
        """What is said of the thing at a point of the scene."""
        return presses.tip(self.canvas_scene.hit(point, self.camera.scale), self.canvas_scene.faces)

    # --- wheel, drop, menu -------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms at the pointer; two fingers on a touchpad pan, with Ctrl they zoom."""
        event.accept()
        pixels, angle = event.pixelDelta(), event.angleDelta()
        zooms = bool(event.modifiers() & _Modifier.ControlModifier)
        if not pixels.isNull() and not zooms:
            self.camera.pan(pixels)
        elif event.modifiers() & _Modifier.ShiftModifier:
            self.camera.pan(QPoint(angle.y() or angle.x(), 0) / 2)
        else:
            self.camera.zoom(1.0015 ** (angle.y() or angle.x()), event.position().toPoint())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A row of the palette comes in."""
        row = from_mime(event.mimeData())
        if row is None:
            event.ignore()
            return
        self.begin(PlaceGesture(self, self.mapToScene(event.position().toPoint()), row))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """It moves about."""
        if isinstance(self.gesture, PlaceGesture):
            self.gesture.move(self.mapToScene(event.position().toPoint()), event.modifiers())
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It left again."""
        if isinstance(self.gesture, PlaceGesture):
            self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        """It is dropped."""
        if isinstance(self.gesture, PlaceGesture):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.finish_gesture(self.mapToScene(event.position().toPoint()), event.modifiers())
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of what lies under the pointer, or by key of what is selected."""
        event.accept()
        if self.gesture is not None:
            self.cancel_gesture()
            return
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        point, where = self.mapToScene(event.pos()), event.globalPos()
        hit = self.canvas_scene.hit(point, self.camera.scale)
        if by_key:
            wire, held = self.selected_wire, self.pointed.held
            hit = Hit("card", self.current) if self.current else Hit("wire", wire=wire) if wire else NOTHING
            if held is not None:
                hit, point = held, weight_keys.place_of(self.canvas_scene, held)
                where = self.viewport().mapToGlobal(self.mapFromScene(point))
            elif self.current:
                middle = self.canvas_scene.rects[self.current].center()
                where, point = self.viewport().mapToGlobal(self.mapFromScene(middle)), middle
        self.open_menu(hit, point, where)

    def open_menu(self, hit: Hit, point: QPointF, where: QPoint) -> QMenu:
        """Open the menu of a thing; a card that is not selected is selected by it."""
        if hit.node and hit.part != "weight" and hit.node not in self.session.selection:
            self.session.select([hit.node])
        if hit.wire is not None:
            self.select_wire(hit.wire)
        menu = (
            menus.number_menu(self, hit, point) if hit.part in ("weight", "bias") else
            menus.card_menu(self) if hit.node else
            menus.wire_menu(self, hit.wire) if hit.wire is not None else
            menus.canvas_menu(self, point)
        )  # fmt: skip
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)
        return menu

    # --- keys --------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Claim the canvas's own keys from the shortcuts of the window, while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.claims(self, event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See `keys`; what means nothing here is the window's."""
        event.setAccepted(keys.press(self, event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held arrow is one undo step, the next press another."""
        if not event.isAutoRepeat():
            self._key_gesture = None
        event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks over the cards, and leaves the canvas after the last."""
        if isinstance(self.gesture, KeyConnect):
            return self.gesture.key(Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab)
        order = tab_order(self.session.document.network)
        if self.current in order:
            index = order.index(self.current) + (1 if forward else -1)
            if 0 <= index < len(order):
                self.go_to(order[index])
                return True
        return bool(super().focusNextPrevChild(forward))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by Tab, the first card (or the last) is taken, so that there is always somewhere to go on from."""
        super().focusInEvent(event)
        order = tab_order(self.session.document.network)
        reason = event.reason()
        if order and reason in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.go_to(order[0 if reason == Qt.FocusReason.TabFocusReason else -1])
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A choice by key ends where the keys go elsewhere."""
        super().focusOutEvent(event)
        if isinstance(self.gesture, KeyConnect):
            self.cancel_gesture()
        self.viewport().update()
