"""The keys of the canvas, as a table. They act only while the canvas has the focus; Space and undo are the window's.

A letter is no command: whoever types one on the canvas searches for what to add (see `quick_add`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from playground.ui.canvas import actions
from playground.ui.canvas.connecting import ARROWS
from playground.ui.canvas.walking import step, tab_order

if TYPE_CHECKING:
    from playground.ui.canvas.view import CanvasView

Key, Modifier = Qt.Key, Qt.KeyboardModifier
_NONE, _CTRL, _SHIFT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.ShiftModifier
_ALT = Modifier.AltModifier

#: How far Ctrl and an arrow move a card, and with Shift.
_NEAR, _FAR = 4.0, 16.0
_WAYS = {Key.Key_Left: (-1, 0), Key.Key_Right: (1, 0), Key.Key_Up: (0, -1), Key.Key_Down: (0, 1)}

Act = Callable[["CanvasView"], object]

_TABLE: Mapping[tuple[Qt.KeyboardModifier, Qt.Key], Act] = {
    (_NONE, Key.Key_Delete): lambda view: view.delete(),
    (_NONE, Key.Key_Backspace): lambda view: view.delete(),
    (_CTRL, Key.Key_X): lambda view: view.cut(),
    (_CTRL, Key.Key_C): lambda view: view.copy(),
    (_CTRL, Key.Key_V): lambda view: view.paste(),
    (_CTRL, Key.Key_D): lambda view: view.duplicate(),
    (_CTRL, Key.Key_A): lambda view: view.select_all(),
    (_NONE, Key.Key_Insert): lambda view: view.quick_add(),
    (_CTRL, Key.Key_K): lambda view: view.connect_by_key(),
    (_NONE, Key.Key_F2): lambda view: view.rename(),
    (_SHIFT, Key.Key_F6): lambda view: view.toggle(),
    (_CTRL, Key.Key_T): lambda view: view.tidy(),
    (_NONE, Key.Key_Plus): lambda view: view.change_units(1),
    (_SHIFT, Key.Key_Plus): lambda view: view.change_units(1),
    (_NONE, Key.Key_Equal): lambda view: view.change_units(1),
    (_NONE, Key.Key_Minus): lambda view: view.change_units(-1),
    (_NONE, Key.Key_Return): lambda view: view.enter(),
    (_NONE, Key.Key_Enter): lambda view: view.enter(),
    (_ALT, Key.Key_Down): lambda view: view.step_weight(1),
    (_ALT, Key.Key_Right): lambda view: view.step_weight(1),
    (_ALT, Key.Key_Up): lambda view: view.step_weight(-1),
    (_ALT, Key.Key_Left): lambda view: view.step_weight(-1),
    (_CTRL, Key.Key_Plus): lambda view: view.zoom_in(),
    (_CTRL, Key.Key_Equal): lambda view: view.zoom_in(),
    (_CTRL | _SHIFT, Key.Key_Plus): lambda view: view.zoom_in(),
    (_CTRL | _SHIFT, Key.Key_Equal): lambda view: view.zoom_in(),
    (_CTRL, Key.Key_Minus): lambda view: view.zoom_out(),
    (_CTRL, Key.Key_0): lambda view: view.zoom_reset(),
    (_NONE, Key.Key_Home): lambda view: view.fit(),
    (_NONE, Key.Key_Escape): lambda view: view.session.select(()),
}


def _combination(event: QKeyEvent) -> tuple[Qt.KeyboardModifier, Qt.Key]:
    # A keypad is the same keyboard.
    return event.modifiers() & ~Modifier.KeypadModifier, Key(event.key())


def typed(event: QKeyEvent) -> str:
    """The letter of any script that a key types, or nothing."""
    plain = not event.modifiers() & ~(_SHIFT | Modifier.KeypadModifier | Modifier.GroupSwitchModifier)
    return event.text() if plain and event.text()[:1].isalpha() else ""


def claims(view: CanvasView, event: QKeyEvent) -> bool:
    """Whether the canvas, which has the focus, wants this key before any shortcut of the window."""
    modifiers, key = _combination(event)
    if view.composing is not None:
        return True
    if key == Key.Key_Escape:
        return view.gesture is not None or bool(view.session.selection) or view.selected_wire is not None
    return (
        (modifiers, key) in _TABLE
        or typed(event) != ""
        or (key in ARROWS and modifiers in (_NONE, _SHIFT, _CTRL, _CTRL | _SHIFT))
    )


def press(view: CanvasView, event: QKeyEvent) -> bool:
    """Do what the key means; whether it means anything here.

    Keys that a button or a field over the canvas leaves alone come here too: they mean nothing to the cards.
    """
    focus = QApplication.focusWidget()
    if focus is not None and focus is not view and view.isAncestorOf(focus):
        return False
    modifiers, key = _combination(event)
    if view.composing is not None:
        view.typed_on(event)
        return True
    if view.gesture is not None:
        if key == Key.Key_Escape:
            view.cancel_gesture()
            return True
        return view.gesture.key(key)
    if key in ARROWS and modifiers != _ALT:
        return _arrow(view, key, modifiers)
    act = _TABLE.get((modifiers, key))
    if act is None:
        if typed(event):
            view.quick_add(text=event.text())
        return typed(event) != ""
    if key == Key.Key_Escape and not claims(view, event):
        return False
    if key == Key.Key_Escape and view.pointed.held is not None:
        view.show_hover(None)
        return True
    if key == Key.Key_Escape:
        view.select_wire(None)
    act(view)
    return True


def _arrow(view: CanvasView, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    """Alone it walks, with Shift it takes the next card along, with Ctrl it moves the selected cards."""
    session, scene = view.session, view.canvas_scene
    if modifiers & _CTRL:
        distance = _FAR if modifiers & _SHIFT else _NEAR
        across, down = _WAYS[key]
        origins = {id: scene.rects[id].topLeft() for id in view.with_joints(session.selection)}
        places = view.stored_places(origins, QPointF(across * distance, down * distance))
        if actions.move(session, places, view.key_gesture(), view.shown_places()):
            view.reveal(places)
        return True
    order = tab_order(session.document.network)
    if not order:
        return True
    at = view.current
    if at is None:
        view.go_to(order[0])
        return True
    there = step(session.document.network, scene.rects, at, key)
    if there is not None:
        view.go_to(there, adds=bool(modifiers & _SHIFT))
    return True
