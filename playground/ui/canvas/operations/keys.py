"""The keys of the operations view. They act only while it has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent

from playground.ui.canvas.operations.graph import Graph
from playground.ui.canvas.walking import neighbour

if TYPE_CHECKING:
    from playground.ui.canvas.operations.view import OperationsView

Key, Modifier = Qt.Key, Qt.KeyboardModifier
_NONE, _CTRL, _SHIFT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.ShiftModifier
_ARROWS = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down)

_TABLE: Mapping[tuple[Qt.KeyboardModifier, Qt.Key], Callable[[OperationsView], object]] = {
    (_NONE, Key.Key_Return): lambda view: view.take(),
    (_NONE, Key.Key_Enter): lambda view: view.take(),
    (_CTRL, Key.Key_Plus): lambda view: view.zoom_in(),
    (_CTRL, Key.Key_Equal): lambda view: view.zoom_in(),
    (_CTRL | _SHIFT, Key.Key_Plus): lambda view: view.zoom_in(),
    (_CTRL | _SHIFT, Key.Key_Equal): lambda view: view.zoom_in(),
    (_CTRL, Key.Key_Minus): lambda view: view.zoom_out(),
    (_CTRL, Key.Key_0): lambda view: view.zoom_reset(),
    (_NONE, Key.Key_Home): lambda view: view.fit(),
    (_NONE, Key.Key_Escape): lambda view: view.go_to(None),
}


def _combination(event: QKeyEvent) -> tuple[Qt.KeyboardModifier, Qt.Key]:
    # A keypad is the same keyboard.
    return event.modifiers() & ~Modifier.KeypadModifier, Key(event.key())


def claims(view: OperationsView, event: QKeyEvent) -> bool:
    """Whether the view, which has the focus, wants this key before any shortcut of the window."""
    modifiers, key = _combination(event)
    if key == Key.Key_Escape:
        return view.current is not None or bool(view.session.selection)
    return (modifiers, key) in _TABLE or (modifiers == _NONE and key in _ARROWS)


def press(view: OperationsView, event: QKeyEvent) -> bool:
    """Do what the key means; whether it means anything here."""
    if not claims(view, event):
        return False
    modifiers, key = _combination(event)
    if key not in _ARROWS:
        _TABLE[modifiers, key](view)
        return True
    graph = view.operations.graph
    if graph is None or not graph.operations:
        return True
    at = view.current
    if at is None:
        view.walk_to(view.start())
    else:
        rects = {name: item.rect for name, item in view.operations.items_by_key.items()}
        there = step(graph, rects, at, key)
        if there is not None:
            view.walk_to(there)
    return True


def step(graph: Graph, rects: Mapping[str, QRectF], at: str, key: Qt.Key) -> str | None:
    """Where an arrow leads: right and left along the edges where there are any, else to what lies there.

    Left goes back along the value, not to the parameter beside it: that lies up or down.
    """
    linked: list[str] = []
    if key == Key.Key_Right:
        linked = [edge.target for edge in graph.out_of[at]]
    elif key == Key.Key_Left:
        linked = [edge.source for edge in graph.into[at]]
        linked = [source for source in linked if not graph.by_key[source].host] or linked
    if linked:
        return min(linked, key=lambda name: abs(rects[name].center().y() - rects[at].center().y()))
    return neighbour(rects, at, key)
